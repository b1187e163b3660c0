import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { BusinessDate } from '../kernel/business-date.ts'
import { requestKeyOf, type IssuerId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { Pan } from '../kernel/pan.ts'
import type { Advice, IssuerMessage, IssuerReply } from './issuer-port.ts'
import { StoreAndForward } from './store-and-forward.ts'
import { anAdviceMessage, aPaymentKey } from './testing.ts'

const pan = Pan.parse('4000000000000010')

/** A bank that answers when the test says so, in whatever order. */
class Desk {
  readonly asked: { advice: string; repeat: boolean; answer: (reply: IssuerReply) => void }[] = []
  readonly writing: { advice: string; done: () => void }[] = []
  readonly timers: { delayMs: number; act: () => void }[] = []
  readonly acknowledged: string[] = []
  readonly alerts: string[] = []
  readonly forward: StoreAndForward

  constructor() {
    this.forward = new StoreAndForward({
      issuers: {
        send: (_issuer, message, _card, { repeat }) =>
          new Promise((answer) => this.asked.push({ advice: nameIn(message), repeat, answer })),
      },
      vault: {
        tokenize: () => Promise.reject(new Error('no new card comes by an advice')),
        reveal: () => Promise.resolve(pan.ok ? pan.value : undefined),
      },
      clock: { now: () => new Date(0), monotonicMs: () => 0 },
      timers: {
        after: (delayMs, act) => {
          this.timers.push({ delayMs, act })
          return () => undefined
        },
      },
      acknowledged: (advice) =>
        new Promise((resolve) => {
          const name = nameIn(advice.message)
          const done = (): void => {
            this.acknowledged.push(name)
            resolve()
          }
          this.writing.push({ advice: name, done })
        }),
      alert: (what) => this.alerts.push(what),
    })
  }
}

const nameIn = ({ rrn }: IssuerMessage): string => rrn

const answered = (responseCode: string): IssuerReply => ({
  kind: 'answered',
  responseCode,
  approvalCode: null,
  amountMinor: null,
})

function advice(payment: number, part: number, issuer = 'atlas'): Advice {
  return {
    payment: { ...aPaymentKey, requestKey: requestKeyOf('forward', String(payment)) },
    businessDate: '2013-09-15' as BusinessDate,
    kind: 'capture',
    part,
    issuer: issuer as IssuerId,
    message: anAdviceMessage({ rrn: `${payment}/${part}`, part }),
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('an advice is not sent again while its acknowledgement is being written', async () => {
  const desk = new Desk()
  desk.forward.enqueue(advice(1, 1))
  await settled()
  desk.asked.shift()?.answer(answered('00'))
  await settled()
  // Another advice makes the queue look again, as did the one of seed 257.
  desk.forward.enqueue(advice(2, 1))
  await settled()
  assert.deepEqual(
    desk.asked.map((one) => one.advice),
    ['2/1'],
  )
  desk.writing.shift()?.done()
  await settled()
  assert.equal(desk.forward.depth, 1)
})

test('a line that is down is looked at soon; a bank that refuses is asked later each time, by a repeat', async () => {
  const desk = new Desk()
  desk.forward.enqueue(advice(1, 1))
  const delays: number[] = []
  for (const reply of [{ kind: 'not_sent' } as const, answered('91'), answered('96')]) {
    await settled()
    desk.asked.shift()?.answer(reply)
    await settled()
    const timer = desk.timers.shift()
    assert.ok(timer !== undefined)
    delays.push(timer.delayMs)
    timer.act()
  }
  await settled()
  const { adviceRetryMinMs } = limits
  assert.deepEqual(delays, [adviceRetryMinMs, adviceRetryMinMs, 2 * adviceRetryMinMs])
  assert.equal(desk.asked[0]?.repeat, true)
})

test('an advice that a bank refuses is taken, and an operator hears of it', async () => {
  const desk = new Desk()
  desk.forward.enqueue(advice(1, 1))
  await settled()
  desk.asked.shift()?.answer(answered('13'))
  await settled()
  desk.writing.shift()?.done()
  await settled()
  assert.equal(desk.forward.depth, 0)
  assert.deepEqual(desk.alerts, ['a bank answered an advice with an error'])
})

test('however banks answer, each advice is acknowledged once, a payment’s own in order', async () => {
  const steps = fc.array(fc.tuple(fc.nat(99), fc.nat(4)), { minLength: 1, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(4), { minLength: 1, maxLength: 20 }), steps, live),
    { numRuns: 200 },
  )
})

/** Each number is a payment's next advice; each step an answer, a write that ends, or a timer. */
async function live(payments: readonly number[], steps: readonly (readonly [number, number])[]) {
  const desk = new Desk()
  const parts = new Map<number, number>()
  const wanted: string[] = []
  for (const payment of payments) {
    const part = (parts.get(payment) ?? 0) + 1
    parts.set(payment, part)
    wanted.push(`${payment}/${part}`)
    desk.forward.enqueue(advice(payment, part, payment % 2 === 0 ? 'atlas' : 'rif'))
  }
  const step = async (which: number, dice: number): Promise<void> => {
    const asked = desk.asked.map((one) => one.advice.split('/')[0])
    assert.equal(new Set(asked).size, asked.length, 'two of one payment are under way')
    const one = <T>(list: T[]): T | undefined => list.splice(which % Math.max(1, list.length), 1)[0]
    if (dice === 0) one(desk.asked)?.answer({ kind: 'no_answer' })
    else if (dice === 1) one(desk.timers)?.act()
    else if (dice === 2) one(desk.writing)?.done()
    else one(desk.asked)?.answer(answered('00'))
    await settled()
  }
  await settled()
  for (const [which, dice] of steps) await step(which, dice)
  for (let i = 0; desk.forward.depth > 0; i++) {
    assert.ok(i < 1_000, `${desk.forward.depth} advices are forgotten`)
    for (const dice of [1, 2, 3]) await step(0, dice)
  }
  assert.deepEqual([...desk.acknowledged].sort(), [...wanted].sort())
  for (const payment of parts.keys()) {
    const own = desk.acknowledged.filter((name) => name.startsWith(`${payment}/`))
    const inOrder = wanted.filter((name) => name.startsWith(`${payment}/`))
    assert.deepEqual(own, inOrder)
  }
}
