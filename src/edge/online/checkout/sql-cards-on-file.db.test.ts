import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { withTestDatabase } from '../../../../test/support/database.ts'
import { approved, sent } from '../../../../test/support/tranlog-facts.ts'
import type { ShardKey } from '../../../kernel/bucket.ts'
import type { BusinessDate } from '../../../kernel/business-date.ts'
import { requestKeyOf, type SiteId } from '../../../kernel/ids.ts'
import type { Queryable } from '../../../platform/postgres/database.ts'
import {
  deleteCustomer,
  insertCustomer,
  removeCard,
  selectCardPage,
  selectCustomer,
  type CustomerRow,
} from '../rest/customers/sql.ts'
import type { Place } from './card-on-file.ts'
import { sqlCardsOnFile } from './sql-cards-on-file.ts'

let database: Queryable

before(async () => {
  database = (await withTestDatabase()).app
})

const at = new Date('2013-09-15T14:30:25.000Z')

/** In another bucket than the payments, which the contract of the tranlog keeps in 17. */
async function aCustomer(name: string): Promise<{ place: Place; row: CustomerRow }> {
  const place = {
    shardKey: 4095 as ShardKey,
    businessDate: '2013-09-14' as BusinessDate,
    requestKey: requestKeyOf(name),
  }
  const row: CustomerRow = {
    shard_key: place.shardKey,
    customer_key: place.requestKey,
    business_date: place.businessDate,
    site_id: '600000001' as SiteId,
    reference: name,
    name: null,
    email: null,
    created_at: at,
  }
  await insertCustomer(database, row)
  return { place, row }
}

const cardsOf = (customer: CustomerRow) =>
  selectCardPage(database, { customer, after: null, limit: 100 })

test('kept ten times at once it is one card, which says whose and since when', async () => {
  const { place, row } = await aCustomer('ten')
  const cards = sqlCardsOnFile(database)
  const payment = approved(sent())
  await Promise.all(Array.from({ length: 10 }, () => cards.keep(payment, place)))
  const [card, ...others] = await cardsOf(row)
  assert.ok(card !== undefined && others.length === 0)
  assert.deepEqual(card.customer, place)
  assert.equal(card.firstReference, payment.sent.rrn)
  assert.equal(card.token, payment.sent.card.token)
  assert.deepEqual(await cards.find(card.place), card)
})

test('another payment with the card renews its date and leaves its first reference', async () => {
  const { place, row } = await aCustomer('renewed')
  const cards = sqlCardsOnFile(database)
  const first = approved(sent())
  await cards.keep(first, place)
  const { card } = first.sent
  await cards.keep(approved(sent({ card: { ...card, expiry: '9913' } })), place)
  await cards.keep(approved(sent({ card: { ...card, expiry: '9911' } })), place)
  const kept = await cardsOf(row)
  assert.deepEqual(
    kept.map(({ expiry, firstReference }) => [expiry, firstReference]),
    [['9913', first.sent.rrn]],
  )
})

test('a card that was removed does not come back by its own payment', async () => {
  const { place, row } = await aCustomer('removed')
  const cards = sqlCardsOnFile(database)
  const payment = approved(sent())
  await cards.keep(payment, place)
  const [card] = await cardsOf(row)
  assert.ok(card !== undefined)
  await removeCard(database, card.place, at)
  await cards.keep(payment, place)
  assert.deepEqual(await cardsOf(row), [])
  assert.equal((await cards.find(card.place))?.token, null)
  await cards.keep(approved(sent()), place)
  assert.equal((await cardsOf(row)).length, 1, 'by another payment it does')
})

test('nothing is kept for whom was deleted, who never was, or is another site’s', async () => {
  const { place, row } = await aCustomer('deleted')
  const cards = sqlCardsOnFile(database)
  await cards.keep(approved(sent({ site: '600000002' as SiteId })), place)
  assert.deepEqual(await cardsOf(row), [])
  await cards.keep(approved(sent()), { ...place, requestKey: requestKeyOf('nobody') })
  await cards.keep(approved(sent()), place)
  assert.equal((await cardsOf(row)).length, 1)
  await deleteCustomer(database, row, at)
  await cards.keep(approved(sent()), place)
  assert.equal(await selectCustomer(database, place), undefined)
  assert.deepEqual(await cardsOf(row), [])
})
