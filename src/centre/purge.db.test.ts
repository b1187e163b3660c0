/** Old requests go, in pages; whatever recovery or a duplicate check may need stays. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import {
  approvedState,
  declinedState,
  openRecorded,
  record,
  recordStory,
  sentOn,
  type Recorded,
} from '../../test/support/recorded.ts'
import { settleOrders } from '../edge/online/checkout/settle-orders.ts'
import { sqlCheckoutStore } from '../edge/online/checkout/sql.ts'
import type { CheckoutStore, WebOrder } from '../edge/online/checkout/store.ts'
import { orderState } from '../edge/online/checkout/order-state.ts'
import { addDays, type BusinessDate } from '../kernel/business-date.ts'
import { limits } from '../kernel/limits.ts'
import { systemClock } from '../platform/clock.ts'
import { silentLog } from '../platform/log.ts'
import type { SentFacts, Switch } from '../switch/index.ts'
import { deleteOldRequests } from '../switch/index.ts'
import { openPurge } from './purge.ts'

const closed = '2013-12-20' as BusinessDate
const oldest = addDays(closed, -limits.requestRetentionDays)
const old = addDays(oldest, -1)

let recorded: Recorded
let store: CheckoutStore
let source: Parameters<typeof orderState>[0] & { store: CheckoutStore }

before(async () => {
  recorded = await openRecorded()
  store = sqlCheckoutStore(recorded.app, { current: () => '2013-09-15' as BusinessDate })
  const { tranlog } = recorded
  const theSwitch: Pick<Switch, 'find' | 'findByRequest'> = {
    find: (key) => tranlog.find(key),
    findByRequest: async (shardKey, requestKey) => {
      const sent = await tranlog.findSent(shardKey, requestKey)
      if (sent === undefined) return { status: 'unknown' }
      return (await tranlog.find(sent.key)) ?? { status: 'pending' }
    },
  }
  source = { switch: theSwitch, store, clock: systemClock }
})

const sent = (date: BusinessDate, reference?: string, attempt?: number): SentFacts =>
  sentOn(recorded.directory, {
    date,
    ...(reference === undefined ? {} : { reference }),
    ...(attempt === undefined ? {} : { attempt }),
  })

const isThere = async ({ key }: SentFacts): Promise<boolean> =>
  (await recorded.tranlog.findSent(key.shardKey, key.requestKey)) !== undefined

async function purge(): Promise<number> {
  let count = 0
  const running = openPurge({
    database: recorded.app,
    settleOrders: (page) => settleOrders(source, page),
    onPurged: (purged) => (count = purged),
    log: silentLog,
  })
  running.after(closed)
  for (let waits = 0; count === 0 && waits < 400; waits++) {
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  await running.stop()
  return count
}

test('old requests with an outcome go; young ones and those without an outcome stay', async () => {
  const [settled, declined, dead, young] = [sent(old), sent(old), sent(old), sent(oldest)]
  await record(recorded, settled, approvedState(settled))
  await record(recorded, declined, declinedState(declined))
  await record(recorded, dead)
  await record(recorded, young, approvedState(young))
  assert.equal(await purge(), 2)
  assert.deepEqual(await Promise.all([settled, declined, dead, young].map(isThere)), [
    false,
    false,
    true,
    true,
  ])
  const unresolved = await recorded.tranlog.unresolved()
  assert.deepEqual(
    unresolved.map(({ rrn }) => rrn),
    [dead.rrn],
    'recovery finds what has no outcome, and nothing that was purged',
  )
  const again = await recorded.tranlog.recordSent(young)
  assert.ok(again.ok && again.value.duplicateOf !== null, 'a young request is still a duplicate')
  assert.notEqual(await recorded.tranlog.find(settled.key), undefined, 'its payment stays')
})

test('one statement deletes no more than its page, of its buckets only', async () => {
  const facts = Array.from({ length: 5 }, () => sent(old))
  for (const one of facts) await record(recorded, one, declinedState(one))
  const bucket = facts[0]?.key.shardKey ?? 0
  const page = { before: oldest, fromBucket: bucket, toBucket: bucket + 1, limit: 3 }
  const elsewhere = { ...page, fromBucket: bucket + 1, toBucket: bucket + 2 }
  assert.equal(await deleteOldRequests(recorded.app, elsewhere), 0)
  assert.equal(await deleteOldRequests(recorded.app, page), 3)
  assert.equal(await deleteOldRequests(recorded.app, page), 2)
})

async function orderWith(facts: SentFacts): Promise<WebOrder> {
  const { key, order, amount } = facts
  return await store.open({
    shardKey: key.shardKey,
    digest: key.requestKey,
    gateway: 'nestpay',
    site: facts.site ?? ('' as never),
    reference: order?.reference ?? '',
    kind: facts.kind,
    amount,
    language: 'fr',
    clientIp: '::1',
    form: Buffer.alloc(0),
    createdAt: facts.sentAt,
    expiresAt: facts.sentAt,
  })
}

test('sessions that were over before that date go, with their forms; later ones stay', async () => {
  const gone = sent(old, 'S-1')
  const stays = sent(oldest, 'S-2')
  for (const facts of [gone, stays]) {
    await orderWith(facts)
    await record(recorded, facts, declinedState(facts))
  }
  assert.equal(await purge(), 1)
  const session = ({ key }: SentFacts) =>
    store.session({ shardKey: key.shardKey, digest: key.requestKey })
  assert.equal(await session(gone), undefined)
  assert.notEqual(await session(stays), undefined)
})

test('an order that missed its outcome learns it before the request goes', async () => {
  const paid = sent(old, 'P-1')
  const voided = sent(old, 'V-1')
  const refused = sent(old, 'D-1')
  const orders: WebOrder[] = []
  for (const facts of [paid, voided, refused]) orders.push(await orderWith(facts))
  await record(recorded, paid, approvedState(paid))
  await recordStory(recorded, voided, [
    { kind: 'captured', on: old, amountMinor: 10_000n },
    { kind: 'reversing', on: old, amountMinor: 10_000n },
  ])
  await record(recorded, refused, declinedState(refused))
  assert.equal(await purge(), 3)
  const states: string[] = []
  for (const order of orders) {
    const now = await store.order(order)
    assert.ok(now !== undefined)
    states.push(`${(await orderState(source, now)).at} ${now.attempt}`)
  }
  assert.deepEqual(states, ['paid 1', 'undone 1', 'open 2'])
})
