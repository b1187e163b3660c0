import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fail, ok } from '../../../kernel/result.ts'
import { silentLog } from '../../../platform/log.ts'
import type { Payment, Switch, TaskHandler, TaskResult } from '../../../switch/index.ts'
import { approved, declined, site } from '../nestpay/testing.ts'
import { handleHoldExpiry, holdExpiryTask, holdExpiryTopic } from './hold-expiry.ts'

type Voided = Awaited<ReturnType<Switch['void']>>

/** Runs the handler on a payment as it stands when the hold ends; says how often it was voided. */
async function expire(
  found: Payment | undefined,
  voided: Voided = ok(approved),
): Promise<{ result: TaskResult; voids: number }> {
  let voids = 0
  const handlers = new Map<string, TaskHandler>()
  const never = (): Promise<never> => Promise.reject(new Error('not expected'))
  handleHoldExpiry(
    { handle: (topic, handler) => handlers.set(topic, handler) },
    {
      log: silentLog,
      switch: {
        authorize: never,
        capture: never,
        refund: never,
        findByRequest: never,
        history: never,
        find: () => Promise.resolve(found),
        void: (_id, { cause }) => {
          assert.equal(cause, 'hold_expired')
          voids += 1
          return Promise.resolve(voided)
        },
      },
    },
  )
  const task = { topic: holdExpiryTopic, name: 'hold', body: {}, delayMs: 0 }
  const result = await handlers.get(holdExpiryTopic)?.(task, approved.sent.key, 0)
  assert.ok(result !== undefined)
  return { result, voids }
}

test('only an approved pre-authorization has a hold that ends', () => {
  const [task, ...more] = holdExpiryTask({ ...site, holdValidityMs: 42 }, approved)
  assert.equal(more.length, 0)
  assert.equal(task?.delayMs, 42)
  assert.deepEqual(holdExpiryTask(site, declined('05')), [])
  const purchase = { ...approved, sent: { ...approved.sent, kind: 'purchase' as const } }
  assert.deepEqual(holdExpiryTask(site, purchase), [])
})

test('a hold that nobody captured is voided; any other state is left alone', async () => {
  assert.deepEqual(await expire(approved), { result: { done: true }, voids: 1 })
  assert.deepEqual(await expire(declined('05')), { result: { done: true }, voids: 0 })
  assert.deepEqual(await expire(undefined), { result: { done: true }, voids: 0 })
})

test('captured in the meantime is done; a switch that cannot now is asked again', async () => {
  assert.deepEqual((await expire(approved, fail('wrong_state'))).result, { done: true })
  const { result } = await expire(approved, fail('database_unavailable'))
  assert.ok('retryInMs' in result && result.retryInMs > 0)
})
