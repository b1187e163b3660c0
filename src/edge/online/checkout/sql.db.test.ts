import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { withTestDatabase } from '../../../../test/support/database.ts'
import type { BusinessDate } from '../../../kernel/business-date.ts'
import type { ShardKey } from '../../../kernel/bucket.ts'
import { MAD } from '../../../kernel/currency.ts'
import { paymentIdOf, requestKeyOf, type PaymentId, type SiteId } from '../../../kernel/ids.ts'
import { money } from '../../../kernel/money.ts'
import type { WebSession } from './session.ts'
import { sqlCheckoutStore } from './sql.ts'
import type { AttemptName, CheckoutStore, Delivery } from './store.ts'

const at = (second: number): Date => new Date(Date.UTC(2013, 8, 15, 12, 0, second))
const shardKey = 4095 as ShardKey
const site = '600000001' as SiteId
const digestOf = (number: number): string => number.toString(16).padStart(32, '0')

const session = (number: number, reference: string): WebSession => ({
  shardKey,
  digest: digestOf(number),
  gateway: 'nestpay',
  site,
  reference,
  kind: 'preauthorization',
  amount: money(BigInt(100 + number), MAD),
  language: 'ar',
  clientIp: '::1',
  form: Buffer.from('a=%C9\u0000'),
  createdAt: at(0),
  expiresAt: at(30),
})

const attemptOf = (reference: string, attempt = 1): AttemptName => ({
  shardKey,
  site,
  reference,
  attempt,
})

let store: CheckoutStore

before(async () => {
  store = sqlCheckoutStore((await withTestDatabase()).app, {
    current: () => '2013-09-15' as BusinessDate,
  })
})

test('a session comes back as it was stored; an order keeps its attempt over new forms', async () => {
  const first = session(1, 'S|é\\')
  const order = await store.open(first)
  const requestKey = requestKeyOf('order', site, 'S|é\\')
  const businessDate = '2013-09-15' as BusinessDate
  assert.deepEqual(order, {
    ...{ shardKey, site, reference: 'S|é\\', attempt: 1, paidBy: null },
    ...{ kind: 'preauthorization', amount: first.amount, createdAt: at(0) },
    id: paymentIdOf({ shardKey, businessDate, requestKey }),
  })
  assert.deepEqual(await store.session(first), first)
  await store.advance(attemptOf('S|é\\'), at(1))
  assert.equal((await store.open(session(2, 'S|é\\'))).attempt, 2)
  assert.equal(await store.session({ shardKey, digest: digestOf(99) }), undefined)
  const elsewhere = { shardKey: 0 as ShardKey, digest: first.digest }
  assert.equal(await store.session(elsewhere), undefined, 'a session is looked for in its bucket')
})

test('an attempt belongs to whoever claims it first, until the claim is stale', async () => {
  const claim = (number: number, second: number): Promise<string> =>
    store.claim({
      ...attemptOf('C'),
      session: digestOf(number),
      at: at(second),
      staleBefore: at(second - 10),
    })
  const claims = await Promise.all(Array.from({ length: 20 }, (_, i) => claim(i, 0)))
  const [winner = '', ...others] = new Set(claims)
  assert.deepEqual(others, [])
  assert.equal(await claim(77, 10), winner)
  assert.equal(await store.claimant(attemptOf('C')), winner)
  assert.equal(await claim(77, 11), digestOf(77))
  assert.equal(await store.claimant(attemptOf('C')), digestOf(77))
  assert.equal(await store.claimant(attemptOf('C', 2)), undefined)
})

test('an attempt advances once, and a paid order is what it was when it was paid', async () => {
  await store.open(session(10, 'P'))
  await Promise.all(Array.from({ length: 10 }, () => store.advance(attemptOf('P'), at(1))))
  assert.equal((await store.order(attemptOf('P')))?.attempt, 2)
  await store.markPaid(attemptOf('P'), 'pay_first' as PaymentId, at(2))
  await store.markPaid(attemptOf('P'), 'pay_second' as PaymentId, at(3))
  await store.advance(attemptOf('P', 2), at(4))
  const again = await store.open(session(11, 'P'))
  assert.deepEqual([again.attempt, again.paidBy], [2, 'pay_first'])
})

test('each try is a row; the same number a second time changes nothing', async () => {
  const delivery: Delivery = {
    ...attemptOf('D'),
    tryNumber: 1,
    paymentId: 'pay_x' as PaymentId,
    sentAt: at(0),
    durationMs: 12,
    urlHost: 'shop.ma',
    httpStatus: null,
    answer: 'timeout',
    excerpt: '',
    outcome: 'unacknowledged',
  }
  const second: Delivery = {
    ...delivery,
    tryNumber: 2,
    httpStatus: 200,
    answer: 'post_auth',
    excerpt: 'ACTION=POSTAUTH',
    outcome: 'acknowledged',
  }
  await store.recordDelivery(delivery)
  await store.recordDelivery({ ...delivery, answer: 'failure' })
  await store.recordDelivery(second)
  assert.deepEqual(await store.deliveries(attemptOf('D')), [delivery, second])
  assert.deepEqual(await store.deliveries(attemptOf('D', 2)), [])
})
