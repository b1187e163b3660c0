import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '../../../kernel/limits.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { silentLog } from '../../../platform/log.ts'
import type { ChangeRefusal, Payment, TaskResult, Unavailable } from '../../../switch/index.ts'
import { readUrlencoded } from '../../../wire/nestpay/index.ts'
import type { CallError, MerchantAnswer } from '../checkout/merchant-call.ts'
import type { Delivery } from '../checkout/store.ts'
import { Callbacks } from '../checkout/callbacks.ts'
import { nestpayCallback } from './callback.ts'
import { approved, calendar, declined, session, site } from './testing.ts'

type Called = Result<MerchantAnswer, CallError>

const says = (text: string, status = 200): Called => ok({ status, body: Buffer.from(text) })

const task = { topic: 'nestpay-callback', name: '1', body: { session: 'd' }, delayMs: 0 }

function bench(payment: Payment, answer: () => Called | Promise<Called>) {
  const captures: string[] = []
  const rows: Delivery[] = []
  const waits: (() => void)[] = []
  let calls = 0
  let refusal: ChangeRefusal | Unavailable | null = null
  const callbacks = new Callbacks({
    dialect: nestpayCallback(calendar),
    switch: {
      find: () => Promise.resolve(payment),
      capture: (_id, { name }) => {
        captures.push(name)
        return Promise.resolve(refusal === null ? ok(payment) : fail(refusal))
      },
      void: () => Promise.resolve(fail('wrong_state')),
    },
    directory: { site: () => site },
    store: {
      session: () => Promise.resolve(session),
      deliveries: () => Promise.resolve(rows),
      recordDelivery: (row) => Promise.resolve(void rows.push(row)),
    },
    call: (url, form) => {
      calls += 1
      assert.equal(url, 'https://shop.ma/cb')
      assert.ok(readUrlencoded(Buffer.from(form)).ok)
      return Promise.resolve(answer())
    },
    clock: { now: () => new Date(0), monotonicMs: () => 0 },
    timers: {
      after: (_ms, act) => {
        waits.push(act)
        return () => undefined
      },
    },
    log: silentLog,
  })
  return {
    callbacks,
    captures,
    rows,
    waits,
    calls: () => calls,
    refuse: (error: ChangeRefusal | Unavailable | null) => (refusal = error),
    deliver: (tries = 0): Promise<TaskResult> => callbacks.deliver(task, payment.sent.key, tries),
  }
}

const done = { done: true } as const
const again = { retryInMs: limits.callbackRetryMinMs }

test('what each answer makes of an approved and of a declined payment', async () => {
  const cases: readonly (readonly [Called, TaskResult, TaskResult, number])[] = [
    [says(' \n<b>'), again, again, 0],
    [says('\ufeffAction=PostAuth\r\n'), done, done, 1],
    [says(' Approved'), done, done, 0],
    [says('FAILURE\n'), done, done, 0],
    [says(''), again, done, 0],
    [says('ACTION=POSTAUTH', 500), again, again, 0],
    [says('ACTION=POSTAUTH', 302), again, again, 0],
    [fail({ kind: 'timeout' }), again, again, 0],
    [fail({ kind: 'too_large', status: 200 }), again, again, 0],
  ]
  for (const [answer, forApproved, forDeclined, captures] of cases) {
    const yes = bench(approved, () => answer)
    assert.deepEqual(await yes.deliver(), forApproved)
    assert.equal(yes.captures.length, captures)
    assert.equal(yes.rows.length, 1)
    const no = bench(declined('51'), () => answer)
    assert.deepEqual(await no.deliver(), forDeclined)
    assert.equal(no.captures.length, 0)
  }
})

test('back-off doubles to its bound, and ends', async () => {
  const { deliver, rows } = bench(approved, () => says('?'))
  let waitMs: number = limits.callbackRetryMinMs
  for (let tries = 0; tries < limits.callbackTriesMax - 1; tries++) {
    assert.deepEqual(await deliver(tries), { retryInMs: waitMs })
    waitMs = Math.min(waitMs * 2, limits.callbackRetryMaxMs)
  }
  assert.deepEqual(await deliver(limits.callbackTriesMax - 1), done)
  assert.deepEqual(
    rows.map(({ tryNumber }) => tryNumber),
    rows.map((_row, i) => i + 1),
  )
})

test('a capture that has to wait is tried again without asking the merchant again', async () => {
  const one = bench(approved, () => says('ACTION=POSTAUTH'))
  one.refuse('database_unavailable')
  assert.deepEqual(await one.deliver(), again)
  one.refuse(null)
  assert.deepEqual(await one.deliver(1), done)
  assert.deepEqual([one.captures, one.calls()], [['postauth', 'postauth'], 1])
  // A process that died before it noted that the task was done begins with the first try again.
  assert.deepEqual(await one.deliver(0), done)
  assert.equal(one.calls(), 1)
  const never = bench(approved, () => says('ACTION=POSTAUTH'))
  never.refuse('wrong_state')
  assert.deepEqual(await never.deliver(), done)
})

test('browsers wait for the first try only, never past the bound, and tries never overlap', async () => {
  let release = (_answer: Called): void => undefined
  const held = () => new Promise<Called>((resolve) => (release = resolve))
  const one = bench(approved, held)
  await one.callbacks.firstAnswer(approved)
  const both = [one.deliver(), one.deliver()]
  let told = 0
  const waiting = one.callbacks.firstAnswer(approved).then(() => (told += 1))
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual([told, one.calls()], [0, 1])
  release(says('?'))
  await Promise.all([...both, waiting])
  assert.equal(told, 1)

  const second = one.deliver(1)
  await one.callbacks.firstAnswer(approved)
  await new Promise((resolve) => setImmediate(resolve))
  release(says('APPROVED'))
  assert.deepEqual(await second, done)

  const slow = bench(approved, held)
  const trying = slow.deliver()
  await new Promise((resolve) => setImmediate(resolve))
  const bounded = slow.callbacks.firstAnswer(approved)
  for (const act of slow.waits) act()
  await bounded
  release(says('APPROVED'))
  await trying
})
