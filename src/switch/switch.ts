import type { BusinessDate } from '../kernel/business-date.ts'
import { acknowledgement, capture, voidPayment } from './change.ts'
import { authorize, outcomeOf, type Deciding } from './authorize.ts'
import { InFlight, PaymentLocks, type Core, type SwitchPorts } from './core.ts'
import type { Switch } from './face.ts'
import { fail } from '../kernel/result.ts'
import type { Advice } from './issuer-port.ts'
import { recoverRefunds, refund } from './refund.ts'
import { StoreAndForward } from './store-and-forward.ts'
import { TaskRunner } from './task-runner.ts'

/** A switch and what its process needs to run it. */
export type RunningSwitch = Switch & {
  readonly tasks: TaskRunner
  readonly storeAndForward: StoreAndForward
  readonly inFlight: InFlight
  /** Gives an outcome to whatever a dead process left, then takes up its advices and tasks. */
  start(): Promise<{ readonly recovered: number }>
  /** Refuses new work, ends what is under way. The tranlog is stopped after it. */
  stop(): Promise<void>
}

const watermarkEveryMs = 30_000

export function createSwitch(ports: SwitchPorts): RunningSwitch {
  const tasks = new TaskRunner({
    tranlog: () => ports.tranlog,
    clock: ports.clock,
    timers: ports.timers,
    alert: ports.observe.alert,
  })
  const storeAndForward = new StoreAndForward({
    ...ports,
    acknowledged: (advice, code) => acknowledged(core, advice, code),
    alert: ports.observe.alert,
  })
  const inFlight = new InFlight()
  const core: Core = { ...ports, storeAndForward, tasks, locks: new PaymentLocks(), inFlight }
  const deciding: Deciding = new Map()
  let stopping = false
  let cancelWatermark = (): void => undefined

  const watermark = (): void => {
    const settledBefore = new Date(inFlight.oldestMs() ?? ports.clock.now().getTime() - 1_000)
    ports.tranlog.moveWatermark(settledBefore).catch((thrown: unknown) => {
      ports.observe.alert('the watermark was not moved', { reason: String(thrown) })
    })
    cancelWatermark = ports.timers.after(watermarkEveryMs, watermark)
  }

  return {
    tasks,
    storeAndForward,
    inFlight,
    authorize: (request) =>
      stopping ? Promise.resolve(fail('stopping')) : authorize(core, deciding, request),
    capture: async (id, request) =>
      stopping ? fail('stopping') : await capture(core, id, request),
    void: async (id, request) =>
      stopping ? fail('stopping') : await voidPayment(core, id, request),
    refund: async (id, request) => (stopping ? fail('stopping') : await refund(core, id, request)),
    find: (key) => ports.tranlog.find(key),
    history: (key) => ports.tranlog.events(key),
    findByRequest: async (shardKey, requestKey) => {
      const sent = await ports.tranlog.findSent(shardKey, requestKey)
      if (sent === undefined) return { status: 'unknown' }
      return (await ports.tranlog.find(sent.key)) ?? { status: 'pending' }
    },
    start: async () => {
      const recovered = await recover(core)
      tasks.start()
      watermark()
      return { recovered }
    },
    stop: async () => {
      stopping = true
      cancelWatermark()
      tasks.stop()
      await inFlight.drained(null)
      storeAndForward.stop()
    },
  }
}

/**
 * Whoever sent these is gone, and its answer with it: nobody knows what the bank did, so each is
 * declined and reversed. Then what banks had not acknowledged goes on being sent, in order.
 */
async function recover(core: Core): Promise<number> {
  const unresolved = await core.tranlog.unresolved()
  const waiting = await core.tranlog.pendingAdvices()
  for (const advice of waiting) core.storeAndForward.enqueue(advice)
  for (const sent of unresolved) {
    const reply =
      sent.issuer === null ? ({ kind: 'no_route' } as const) : ({ kind: 'no_answer' } as const)
    const { status, transfers, advices } = await outcomeOf(core, sent, reply)
    const outcome = { sent, status, version: 1 }
    const tasks = [
      ...core.tasks.following(outcome, 'outcome'),
      ...core.tasks.following(outcome, 'recovered'),
    ]
    await core.tranlog.record({ outcome, transfers, advices, tasks })
    for (const advice of advices) core.storeAndForward.enqueue(advice)
  }
  for (const payment of await core.tranlog.pendingRefunds()) await recoverRefunds(core, payment)
  return unresolved.length
}

/** A bank took an advice; a reversal that was the payment's own ends it. */
async function acknowledged(core: Core, advice: Advice, code: string): Promise<void> {
  await core.locks.hold(advice.payment, async () => {
    const at = core.clock.now()
    const on: BusinessDate = core.businessDay.current()
    const payment = advice.kind === 'reversal' ? await core.tranlog.find(advice.payment) : undefined
    const end = acknowledgement(payment, { code, at, on })
    await core.tranlog.record({ acknowledged: { advice, at, code }, ...end })
  })
}
