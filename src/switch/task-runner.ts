import type { Clock, Timers } from '../kernel/clock.ts'
import type { PaymentKey } from '../kernel/ids.ts'
import type { FollowUps, Happened, TaskHandler, Tasks } from './face.ts'
import type { Payment } from './payment.ts'
import type { Task } from './task.ts'
import type { StoredTask, TaskName, Tranlog } from './tranlog.ts'

export type TaskRunnerOptions = {
  readonly tranlog: () => Tranlog
  readonly clock: Clock
  readonly timers: Timers
  readonly alert: (what: string, facts: Readonly<Record<string, string | number>>) => void
}

const pollEveryMs = 5_000
const pageSize = 500
/** Of one topic at once: work that waits for merchants' servers leaves room for all other. */
const runningPerTopicMax = 200
/** Work that found no room is looked for again so soon. */
const pollSoonMs = 500

/**
 * Durable work after an outcome. A new task starts at once; those of a process that died, those
 * that failed and those for later are found in the tranlog. At least once: handlers are idempotent.
 */
export class TaskRunner implements Tasks {
  readonly #options: TaskRunnerOptions
  readonly #handlers = new Map<string, TaskHandler>()
  readonly #followUps: FollowUps[] = []
  readonly #running = new Set<string>()
  readonly #runningOf = new Map<string, number>()
  #stopped = false
  #cancelPoll: (() => void) | undefined

  constructor(options: TaskRunnerOptions) {
    this.#options = options
  }

  handle(topic: string, handler: TaskHandler): void {
    this.#handlers.set(topic, handler)
  }

  follow(name: FollowUps): void {
    this.#followUps.push(name)
  }

  /** What must become durable with this change, due from now on. */
  following(payment: Payment, change: Happened): readonly StoredTask[] {
    return this.stored(
      payment.sent.key,
      this.#followUps.flatMap((name) => name(payment, change)),
    )
  }

  stored(payment: PaymentKey, tasks: readonly Task[]): readonly StoredTask[] {
    if (tasks.length === 0) return []
    const nowMs = this.#options.clock.now().getTime()
    return tasks.map((task) => ({
      payment,
      task,
      dueAt: new Date(nowMs + task.delayMs),
      tries: 0,
    }))
  }

  async add(payment: PaymentKey, added: readonly Task[]): Promise<void> {
    const tasks = this.stored(payment, added)
    await this.#options.tranlog().record({ tasks })
    this.schedule(tasks)
  }

  /** How many tasks are being worked on. */
  get running(): number {
    return this.#running.size
  }

  start(): void {
    void this.#poll()
  }

  stop(): void {
    this.#stopped = true
    this.#cancelPoll?.()
  }

  /** Tasks that have just become durable: those due now are run without waiting for a poll. */
  schedule(tasks: readonly StoredTask[], known?: Payment): void {
    const now = this.#options.clock.now()
    for (const task of tasks) if (task.dueAt <= now) this.#begin(task, known)
  }

  async #poll(): Promise<void> {
    if (this.#stopped) return
    let delayMs = pollEveryMs
    try {
      const { tranlog, clock } = this.#options
      const due = await tranlog().tasksDue(clock.now(), pageSize)
      const left = due.filter((task) => !this.#begin(task)).length
      if (left > 0 || due.length === pageSize) delayMs = pollSoonMs
    } catch (thrown) {
      this.#options.alert('tasks could not be read', { reason: String(thrown) })
    }
    this.#cancelPoll = this.#options.timers.after(delayMs, () => void this.#poll())
  }

  /** False when there is no room for it now. */
  #begin(task: StoredTask, known?: Payment): boolean {
    const { topic } = task.task
    const id = `${task.payment.requestKey}/${topic}/${task.task.name}`
    if (this.#stopped || this.#running.has(id)) return true
    const busy = this.#runningOf.get(topic) ?? 0
    if (busy >= runningPerTopicMax) return false
    this.#running.add(id)
    this.#runningOf.set(topic, busy + 1)
    void this.#run(task, known)
      .catch((thrown: unknown) => {
        this.#options.alert('a task failed', { topic, reason: String(thrown) })
      })
      .finally(() => {
        this.#running.delete(id)
        this.#runningOf.set(topic, (this.#runningOf.get(topic) ?? 1) - 1)
      })
    return true
  }

  async #run({ task, payment, tries }: StoredTask, known?: Payment): Promise<void> {
    const { tranlog, clock, timers } = this.#options
    const name: TaskName = { payment, topic: task.topic, name: task.name }
    const handler = this.#handlers.get(task.topic)
    if (handler === undefined) {
      this.#options.alert('a task has no handler', { topic: task.topic })
      return
    }
    const result = await handler(task, payment, tries, known)
    if ('done' in result) {
      const tasks = this.stored(payment, result.followedBy ?? [])
      await tranlog().record({ taskDone: name, tasks })
      this.schedule(tasks)
      return
    }
    const dueAt = new Date(clock.now().getTime() + result.retryInMs)
    await tranlog().record({ taskRetry: { task: name, dueAt, tries: tries + 1 } })
    if (result.retryInMs < pollEveryMs) {
      timers.after(result.retryInMs, () => {
        this.schedule([{ task, payment, tries: tries + 1, dueAt }])
      })
    }
  }
}
