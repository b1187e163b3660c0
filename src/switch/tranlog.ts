import type { ShardKey } from '../kernel/bucket.ts'
import type { PaymentKey, RequestKey } from '../kernel/ids.ts'
import type { Result } from '../kernel/result.ts'
import type { Transfer } from '../ledger/index.ts'
import type { Unavailable } from './face.ts'
import type { Advice } from './issuer-port.ts'
import type { PaymentEvent, StoredEvent } from './payment-event.ts'
import type { Payment, SentFacts } from './payment.ts'
import type { Task } from './task.ts'

export type AdviceName = Pick<Advice, 'payment' | 'businessDate' | 'kind' | 'part'>

export type StoredTask = {
  readonly payment: PaymentKey
  readonly task: Task
  readonly dueAt: Date
  readonly tries: number
}

export type TaskName = {
  readonly payment: PaymentKey
  readonly topic: string
  readonly name: string
}

/** What becomes durable together, or not at all: state, money, and what must follow. */
export type Fact = {
  /** The outcome of a request: the payment's first version. */
  readonly outcome?: Payment
  /** A payment's next version; refused when the stored one is not the version before it. */
  readonly change?: { readonly payment: Payment; readonly event: PaymentEvent }
  readonly transfers?: readonly Transfer[]
  readonly advices?: readonly Advice[]
  readonly tasks?: readonly StoredTask[]
  readonly acknowledged?: { readonly advice: AdviceName; readonly at: Date; readonly code: string }
  readonly taskDone?: TaskName
  readonly taskRetry?: { readonly task: TaskName; readonly dueAt: Date; readonly tries: number }
}

/**
 * The switch's record [DESIGN §3]. Two implementations, PostgreSQL and a model in memory, are
 * held equal by one contract test. Everything resolves once it is durable.
 */
export type Tranlog = {
  /** Before a byte leaves. The stored facts when this request key is there already. */
  recordSent(facts: SentFacts): Promise<Result<{ duplicateOf: SentFacts | null }, Unavailable>>
  /** Waits for the database, however long: it has happened. Rejects only on a broken invariant. */
  record(fact: Fact): Promise<void>
  findSent(shardKey: ShardKey, requestKey: RequestKey): Promise<SentFacts | undefined>
  find(key: PaymentKey): Promise<Payment | undefined>
  events(key: PaymentKey): Promise<readonly StoredEvent[]>
  /** Requests without an outcome, for recovery: whoever sent them is gone. Oldest first. */
  unresolved(): Promise<readonly SentFacts[]>
  /** Payments with a refund that was sent and has no outcome, for recovery. Oldest first. */
  pendingRefunds(): Promise<readonly Payment[]>
  /** Oldest first; of one instant, captures before reversals and a payment's own by their part. */
  pendingAdvices(): Promise<readonly Advice[]>
  /** Tasks due before an instant, at most so many, earliest first. */
  tasksDue(before: Date, limit: number): Promise<readonly StoredTask[]>
  /** Every request sent before this instant has its outcome. */
  moveWatermark(settledBefore: Date): Promise<void>
}
