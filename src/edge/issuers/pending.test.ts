import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { IssuerReply } from '../../switch/index.ts'
import { exchangeNumber } from './inbound.ts'
import { Pending, type Exchange } from './pending.ts'

/** Time that moves when the test says so; what is due fires in order. */
class ManualTime {
  ms = 0
  timers: { atMs: number; act: () => void }[] = []
  readonly now = (): Date => new Date(this.ms)
  readonly monotonicMs = (): number => this.ms

  readonly after = (delayMs: number, act: () => void): (() => void) => {
    this.timers.push({ atMs: this.ms + delayMs, act })
    return () => undefined
  }

  async move(byMs: number): Promise<void> {
    const untilMs = this.ms + byMs
    for (;;) {
      const due = this.timers.filter(({ atMs }) => atMs <= untilMs)
      const [first] = due.sort((a, b) => a.atMs - b.atMs)
      if (first === undefined) break
      this.timers = this.timers.filter((timer) => timer !== first)
      this.ms = first.atMs
      first.act()
      await settled()
    }
    this.ms = untilMs
    await settled()
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const approval: IssuerReply = {
  kind: 'answered',
  responseCode: '00',
  approvalCode: 'A1B2C3',
  amountMinor: null,
}

const asked: Exchange = {
  exchange: exchangeNumber('011', '000001'),
  terminal: 'WEB00001',
  rrn: '325800000001',
}

test('an answer is matched on class, STAN and terminal, and on DE37 where both carry it', async () => {
  const time = new ManualTime()
  const pending = new Pending(time, time, () => undefined)
  const reply = pending.add(asked, 5_000)
  for (const other of [
    { rrn: '325800000002' },
    { terminal: 'WEB00002' },
    { terminal: '' },
    { exchange: exchangeNumber('011', '000002') },
    { exchange: exchangeNumber('021', '000001') },
  ]) {
    assert.equal(pending.settle({ ...asked, ...other }, approval), false)
  }
  assert.equal(pending.settle(asked, approval), true)
  assert.deepEqual(await reply, approval)
  assert.equal(pending.settle(asked, approval), false)
})

test('an answer without DE37 is matched on the rest', async () => {
  const time = new ManualTime()
  const pending = new Pending(time, time, () => undefined)
  const reply = pending.add(asked, 5_000)
  assert.equal(pending.settle({ ...asked, rrn: undefined }, approval), true)
  assert.deepEqual(await reply, approval)
})

test('a lost line ends all that waits on it, at once', async () => {
  const time = new ManualTime()
  const pending = new Pending(time, time, () => undefined)
  const replies = [1, 2].map((exchange) => pending.add({ ...asked, exchange }, 5_000))
  pending.abandon()
  assert.deepEqual(await Promise.all(replies), [{ kind: 'no_answer' }, { kind: 'no_answer' }])
  assert.equal(pending.size, 0)
})

const deadlineMs = 5_000
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('ask' as const), key: fc.nat(5) }),
    fc.record({ kind: fc.constant('answer' as const), key: fc.nat(5) }),
    fc.record({ kind: fc.constant('wait' as const), key: fc.nat(4_000) }),
  ),
  { maxLength: 60 },
)

test('every request ends once: by its answer, or at its deadline to the millisecond', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const time = new ManualTime()
      const pending = new Pending(time, time, () => undefined)
      const waiting = new Map<number, number>()
      const ends: { startedMs: number; endedMs: number; kind: IssuerReply['kind'] }[] = []
      let requests = 0
      for (const { kind, key } of sequence) {
        const one = { ...asked, exchange: key }
        if (kind === 'wait') await time.move(key)
        else if (kind === 'answer') {
          const due = waiting.get(key)
          const waits = due !== undefined && time.ms < due
          assert.equal(pending.settle(one, approval), waits)
          waiting.delete(key)
          await settled()
        } else if (!pending.has(key)) {
          requests += 1
          const startedMs = time.ms
          waiting.set(key, startedMs + deadlineMs)
          void pending.add(one, deadlineMs).then((reply) => {
            ends.push({ startedMs, endedMs: time.ms, kind: reply.kind })
          })
        }
      }
      await time.move(deadlineMs)
      assert.equal(ends.length, requests)
      assert.equal(pending.size, 0)
      for (const { startedMs, endedMs, kind } of ends) {
        const lastedMs = endedMs - startedMs
        assert.ok(kind === 'answered' ? lastedMs < deadlineMs : lastedMs === deadlineMs)
      }
    }),
    { numRuns: 300 },
  )
})
