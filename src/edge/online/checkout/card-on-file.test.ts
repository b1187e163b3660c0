import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ShardKey } from '../../../kernel/bucket.ts'
import type { BusinessDate } from '../../../kernel/business-date.ts'
import { requestKeyOf, type CardToken } from '../../../kernel/ids.ts'
import {
  cardIdOf,
  customerIdOf,
  isByMerchant,
  notChargeable,
  parseCardId,
  parseCustomerId,
} from './card-on-file.ts'

const place = {
  shardKey: 4095 as ShardKey,
  businessDate: '2013-09-15' as BusinessDate,
  requestKey: requestKeyOf('a customer'),
}

test('an id finds its place, and no id is taken for another kind', () => {
  assert.deepEqual(parseCardId(cardIdOf(place)), place)
  assert.deepEqual(parseCustomerId(customerIdOf(place)), place)
  assert.equal(parseCardId(customerIdOf(place)), undefined)
  assert.equal(parseCustomerId(cardIdOf(place)), undefined)
  for (const id of ['', 'card_', `card_${'l'.repeat(32)}`, `${cardIdOf(place)}0`]) {
    assert.equal(parseCardId(id), undefined, id)
  }
})

test('a card is charged to the last day of its month, and not once it was removed', () => {
  const token = 'card_00' as CardToken
  const today = '2013-09-30'
  assert.equal(notChargeable({ token, expiry: '1309' }, today), undefined)
  assert.equal(notChargeable({ token, expiry: '1308' }, today), 'expired')
  assert.equal(notChargeable({ token, expiry: '1401' }, '2013-12-31'), undefined)
  assert.equal(notChargeable({ token: null, expiry: '1401' }, today), 'removed')
})

test('the merchant alone charges for the reasons that are a merchant’s', () => {
  for (const use of ['first', 'customer'] as const) assert.equal(isByMerchant({ use }), false)
  for (const use of ['recurring', 'unscheduled', 'instalment'] as const) {
    assert.equal(isByMerchant({ use }), true)
  }
})
