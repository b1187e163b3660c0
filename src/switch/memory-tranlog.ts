import { assert } from '../kernel/assert.ts'
import type { ShardKey } from '../kernel/bucket.ts'
import type { PaymentKey, RequestKey } from '../kernel/ids.ts'
import { ok, type Result } from '../kernel/result.ts'
import type { MemoryBooks } from '../ledger/index.ts'
import type { Advice } from './issuer-port.ts'
import type { Payment, SentFacts } from './payment.ts'
import type { StoredEvent } from './payment-event.ts'
import type { AdviceName, Fact, StoredTask, TaskName, Tranlog } from './tranlog.ts'

/** What survives a crash of the process in the simulation: the same object is opened again. */
export class MemoryTranlog implements Tranlog {
  readonly #books: MemoryBooks
  readonly #sent = new Map<string, SentFacts>()
  readonly #payments = new Map<string, Payment>()
  readonly #events = new Map<string, StoredEvent[]>()
  readonly #advices = new Map<string, { advice: Advice; acknowledged: boolean }>()
  readonly #tasks = new Map<string, StoredTask>()
  #settledBeforeMs = -Infinity

  constructor(books: MemoryBooks) {
    this.#books = books
  }

  recordSent(facts: SentFacts): Promise<Result<{ duplicateOf: SentFacts | null }, never>> {
    const name = requestName(facts.key.shardKey, facts.key.requestKey)
    const known = this.#sent.get(name)
    if (known === undefined) this.#sent.set(name, facts)
    return Promise.resolve(ok({ duplicateOf: known ?? null }))
  }

  record(fact: Fact): Promise<void> {
    this.#check(fact)
    if (fact.transfers !== undefined) this.#books.append(fact.transfers)
    const stored = fact.outcome ?? fact.change?.payment
    if (stored !== undefined) this.#payments.set(paymentName(stored.sent.key), stored)
    if (fact.change !== undefined) {
      const { payment, event } = fact.change
      const events = this.#events.get(paymentName(payment.sent.key)) ?? []
      this.#events.set(paymentName(payment.sent.key), [
        ...events,
        { ...event, version: payment.version },
      ])
    }
    for (const advice of fact.advices ?? []) {
      this.#advices.set(adviceName(advice), { advice, acknowledged: false })
    }
    for (const task of fact.tasks ?? []) {
      const name = taskName(nameOf(task))
      if (!this.#tasks.has(name)) this.#tasks.set(name, task)
    }
    const acknowledged =
      fact.acknowledged && this.#advices.get(adviceName(fact.acknowledged.advice))
    if (acknowledged !== undefined) acknowledged.acknowledged = true
    if (fact.taskDone !== undefined) this.#tasks.delete(taskName(fact.taskDone))
    if (fact.taskRetry !== undefined) {
      const { task, dueAt, tries } = fact.taskRetry
      const waiting = this.#tasks.get(taskName(task))
      if (waiting !== undefined) this.#tasks.set(taskName(task), { ...waiting, dueAt, tries })
    }
    return Promise.resolve()
  }

  /** Everything that would be refused is refused before anything is changed. */
  #check(fact: Fact): void {
    if (fact.outcome !== undefined) {
      const name = paymentName(fact.outcome.sent.key)
      assert(!this.#payments.has(name), `a second outcome of ${name}`)
    }
    if (fact.change !== undefined) {
      const { payment } = fact.change
      const version = this.#payments.get(paymentName(payment.sent.key))?.version
      assert(
        version === payment.version - 1,
        `a change of version ${version} to ${payment.version}`,
      )
    }
    for (const advice of fact.advices ?? []) {
      assert(!this.#advices.has(adviceName(advice)), `a second advice ${adviceName(advice)}`)
    }
  }

  findSent(shardKey: ShardKey, requestKey: RequestKey): Promise<SentFacts | undefined> {
    return Promise.resolve(this.#sent.get(requestName(shardKey, requestKey)))
  }

  find(key: PaymentKey): Promise<Payment | undefined> {
    return Promise.resolve(this.#payments.get(paymentName(key)))
  }

  events(key: PaymentKey): Promise<readonly StoredEvent[]> {
    return Promise.resolve(this.#events.get(paymentName(key)) ?? [])
  }

  unresolved(): Promise<readonly SentFacts[]> {
    const open = [...this.#sent.values()]
      .filter(({ sentAt }) => sentAt.getTime() >= this.#settledBeforeMs)
      .filter(({ key }) => !this.#payments.has(paymentName(key)))
    return Promise.resolve(open.sort(bySent))
  }

  pendingRefunds(): Promise<readonly Payment[]> {
    const pending = this.payments().filter(
      ({ status }) => status.state === 'captured' && status.refundPending > 0n,
    )
    return Promise.resolve(pending.sort((a, b) => bySent(a.sent, b.sent)))
  }

  pendingAdvices(): Promise<readonly Advice[]> {
    const pending = [...this.#advices.values()].filter(({ acknowledged }) => !acknowledged)
    return Promise.resolve(pending.map(({ advice }) => advice).sort(byMessage))
  }

  tasksDue(before: Date, limit: number): Promise<readonly StoredTask[]> {
    const due = [...this.#tasks.values()].filter((task) => task.dueAt <= before).sort(byDue)
    return Promise.resolve(due.slice(0, limit))
  }

  moveWatermark(settledBefore: Date): Promise<void> {
    this.#settledBeforeMs = Math.max(this.#settledBeforeMs, settledBefore.getTime())
    return Promise.resolve()
  }

  payments(): Payment[] {
    return [...this.#payments.values()]
  }
}

// The orders are those of the statements in sql.ts, to the last tie: a seed is then the same life
// on either store.

const bySent = (a: SentFacts, b: SentFacts): number =>
  a.sentAt.getTime() - b.sentAt.getTime() || order(a.rrn, b.rrn)

const byMessage = (a: Advice, b: Advice): number =>
  a.message.sentAt.getTime() - b.message.sentAt.getTime() ||
  order(a.kind, b.kind) ||
  a.part - b.part ||
  order(a.message.stan, b.message.stan)

const byDue = (a: StoredTask, b: StoredTask): number =>
  a.dueAt.getTime() - b.dueAt.getTime() || order(a.payment.requestKey, b.payment.requestKey)

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const requestName = (shardKey: ShardKey, requestKey: RequestKey): string =>
  `${shardKey}/${requestKey}`

const paymentName = ({ shardKey, businessDate, requestKey }: PaymentKey): string =>
  `${shardKey}/${businessDate}/${requestKey}`

const adviceName = ({ payment, businessDate, kind, part }: AdviceName): string =>
  `${paymentName(payment)}/${businessDate}/${kind}/${part}`

const taskName = ({ payment, topic, name }: TaskName): string =>
  `${payment.shardKey}/${payment.requestKey}/${topic}/${name}`

const nameOf = ({ payment, task }: StoredTask): TaskName => ({
  payment,
  topic: task.topic,
  name: task.name,
})
