import assert from 'node:assert/strict'
import { test } from 'node:test'
import { requestKeyOf } from '../kernel/ids.ts'
import type { IssuerReply } from './issuer-port.ts'
import type { SentFacts } from './payment.ts'
import { aRequest, aSwitch } from './testing.ts'

const approval: IssuerReply = {
  kind: 'answered',
  responseCode: '00',
  approvalCode: 'A1B2C3',
  amountMinor: null,
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('the watermark stays behind a request that waits for its numbers', async () => {
  let now = new Date('2013-09-15T14:30:25Z')
  let give: (first: bigint) => void = () => undefined
  const timers: (() => void)[] = []
  // What recovery would find, were the process to die while the bank is asked.
  let found: readonly SentFacts[] = []
  const opened = aSwitch(
    async () => {
      found = await opened.tranlog.unresolved()
      return approval
    },
    {
      now: () => now,
      lease: () => new Promise((resolve) => (give = resolve)),
      timers: {
        after: (_delayMs, act) => {
          timers.push(act)
          return () => undefined
        },
      },
    },
  )
  await opened.switch.start()
  const begunAt = now
  const decided = opened.switch.authorize(aRequest('O-1'))
  await settled()
  now = new Date(now.getTime() + 60_000)
  for (const act of timers.splice(0)) act()
  await settled()
  give(1n)
  assert.ok((await decided).ok)
  assert.deepEqual(
    found.map(({ sentAt }) => sentAt),
    [begunAt],
  )
})

test('after a crash, what was sent is declined here and reversed at its bank', async () => {
  const { switch: running, tranlog, asked } = aSwitch(() => approval)
  const decided = await running.authorize(aRequest('O-2'))
  assert.ok(decided.ok)
  const { sent } = decided.value.payment
  const lost = { ...sent, key: { ...sent.key, requestKey: requestKeyOf('lost') } }
  await tranlog.recordSent(lost)
  assert.deepEqual(await running.start(), { recovered: 1 })
  await settled()
  const found = await tranlog.find(lost.key)
  assert.ok(found?.status.state === 'reversed' && found.status.cause === 'no_answer')
  assert.deepEqual(
    asked.map(({ mti }) => mti),
    ['0100', '0420'],
  )
  assert.deepEqual(asked[1]?.original, { mti: '0100', stan: sent.stan, sentAt: sent.sentAt })
})

test('the same request twice at once is sent once, and both have the one answer', async () => {
  const { switch: running, asked } = aSwitch(() => approval)
  const [one, other] = await Promise.all([
    running.authorize(aRequest('O-3')),
    running.authorize(aRequest('O-3')),
  ])
  assert.ok(one.ok && other.ok)
  assert.deepEqual(other.value.payment, one.value.payment)
  assert.deepEqual([one.value.duplicate, other.value.duplicate], [false, true])
  assert.equal(asked.length, 1)
})
