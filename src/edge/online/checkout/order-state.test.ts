import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ShardKey } from '../../../kernel/bucket.ts'
import { paymentIdOf, type PaymentId, type RequestKey } from '../../../kernel/ids.ts'
import { limits } from '../../../kernel/limits.ts'
import type { Payment } from '../../../switch/index.ts'
import { approved, declined, site } from '../nestpay/testing.ts'
import { orderState, requestKeyFor, type OrderState } from './order-state.ts'
import type { WebOrder } from './store.ts'

const order: WebOrder = {
  shardKey: 7 as ShardKey,
  site: site.id,
  reference: 'A-1',
  id: 'pay_order' as PaymentId,
  createdAt: new Date(0),
  kind: 'preauthorization',
  amount: approved.sent.amount,
  attempt: 1,
  paidBy: null,
}

type Known = Readonly<Record<number, Payment | 'pending'>>

/** The state of an order whose attempts the tranlog knows so, and what was written down of it. */
async function stateOf(
  known: Known,
  changes: Partial<WebOrder> = {},
): Promise<{ state: OrderState; advanced: number[]; paid: string[] }> {
  const advanced: number[] = []
  const paid: string[] = []
  const found = new Map<RequestKey, Payment | { status: 'pending' }>()
  for (const [attempt, payment] of Object.entries(known)) {
    const key = requestKeyFor({ ...order, attempt: Number(attempt) })
    found.set(key, payment === 'pending' ? { status: 'pending' } : payment)
  }
  const state = await orderState(
    {
      switch: {
        find: () => Promise.resolve(approved),
        findByRequest: (_shardKey, key) => Promise.resolve(found.get(key) ?? { status: 'unknown' }),
      },
      store: {
        advance: ({ attempt }) => Promise.resolve(void advanced.push(attempt)),
        markPaid: (_name, id) => Promise.resolve(void paid.push(id)),
      },
      clock: { now: () => new Date(0), monotonicMs: () => 0 },
    },
    { ...order, ...changes },
  )
  return { state, advanced, paid }
}

test('a new order is open; one whose bank was asked is pending', async () => {
  assert.deepEqual((await stateOf({})).state, { at: 'open', attempt: 1, lastDecline: null })
  assert.deepEqual((await stateOf({ 1: 'pending' })).state, { at: 'pending', attempt: 1 })
})

test('an outcome that a dead process never wrote down is found, and written down', async () => {
  const paid = await stateOf({ 1: declined('51'), 2: declined('05'), 3: approved })
  assert.equal(paid.state.at, 'paid')
  assert.deepEqual(paid.advanced, [1, 2])
  assert.deepEqual(paid.paid, [paymentIdOf(approved.sent.key)])
  const open = await stateOf({ 1: declined('51') })
  assert.deepEqual(open.state, { at: 'open', attempt: 2, lastDecline: declined('51') })
})

test('the reason of the attempt before, where the tranlog still has it', async () => {
  const { state } = await stateOf({ 1: declined('51') }, { attempt: 2 })
  assert.deepEqual(state, { at: 'open', attempt: 2, lastDecline: declined('51') })
  const old = await stateOf({}, { attempt: 2 })
  assert.deepEqual(old.state, { at: 'open', attempt: 2, lastDecline: null })
})

test('an order seen as paid stays so, when its request is long purged', async () => {
  const { state } = await stateOf({}, { paidBy: paymentIdOf(approved.sent.key) })
  assert.equal(state.at, 'paid')
})

test('approved, then undone: final all the same', async () => {
  assert.ok(approved.status.state === 'approved')
  const undone: Payment = {
    ...approved,
    status: {
      state: 'reversed',
      cause: 'hold_expired',
      reason: null,
      reversedOn: approved.sent.key.businessDate,
      approval: approved.status,
      capture: null,
      answeredAt: approved.status.answeredAt,
      responseCode: '00',
    },
  }
  assert.equal((await stateOf({ 1: undone })).state.at, 'undone')
})

test('given back to the bank before anyone was told yes: declined, and to be tried again', async () => {
  const { answeredAt } = approved.status
  const partial: Payment = {
    ...approved,
    status: {
      ...{ state: 'reversing', cause: 'acceptor', reason: 'other', responseCode: '10', answeredAt },
      ...{ reversedOn: approved.sent.key.businessDate, approval: null, capture: null },
    },
  }
  const { state, paid, advanced } = await stateOf({ 1: partial })
  assert.deepEqual([state.at, paid, advanced], ['open', [], [1]])
})

test('attempts are bounded', async () => {
  const last = { attempt: limits.attemptsPerOrderMax }
  const { state, advanced } = await stateOf({ [last.attempt]: declined('05') }, last)
  assert.equal(state.at, 'exhausted')
  assert.deepEqual(advanced, [])
})
