import type { ShardKey } from '../kernel/bucket.ts'
import type { Money } from '../kernel/money.ts'
import type { PaymentId, PaymentKey, RequestKey } from '../kernel/ids.ts'
import type { Result } from '../kernel/result.ts'
import type { Payment } from './payment.ts'
import type { AuthorizationRequest, Decision } from './request.ts'
import type { Task } from './task.ts'
import type { PaymentEvent, StoredEvent } from './payment-event.ts'

/** The centre cannot take a request now; nothing was sent and nothing is stored. */
export type Unavailable = 'overloaded' | 'stopping' | 'database_unavailable'

export type ChangeRefusal =
  | 'unknown_payment'
  /** The payment's state does not allow it: a capture of a declined payment. */
  | 'wrong_state'
  | 'wrong_currency'
  /** More than was authorized (capture) or captured (refund), less what was done already. */
  | 'amount_too_large'
  /** A void after the business day of the capture closed. */
  | 'day_closed'
  /** A refund that the bank declined, or did not answer: nothing moved. */
  | 'declined'

export type CaptureRequest = {
  /** Names this capture within the payment: the same name again returns the first result. */
  readonly name: string
  /** Without it, all that is left of the authorized amount. */
  readonly amount?: Money
  /** The merchant says that no other capture follows: the rest of the hold is released. */
  readonly final?: boolean
}

export type VoidRequest = { readonly cause: 'void' | 'hold_expired' | 'acceptor' }

export type RefundRequest = { readonly name: string; readonly amount?: Money }

/** One payment from request to answer, or to reversal: the face that every edge calls. */
export type Switch = {
  /** Resolves once the outcome is durable. The same duplicate key gives the stored outcome. */
  authorize(request: AuthorizationRequest): Promise<Result<Decision, Unavailable>>
  capture(
    id: PaymentId,
    request: CaptureRequest,
  ): Promise<Result<Payment, ChangeRefusal | Unavailable>>
  /** Undoes an approval, captured or not: a reversal goes to the bank until acknowledged. */
  void(id: PaymentId, request: VoidRequest): Promise<Result<Payment, ChangeRefusal | Unavailable>>
  refund(
    id: PaymentId,
    request: RefundRequest,
  ): Promise<Result<Payment, ChangeRefusal | Unavailable>>
  /** The payment as it stands; undefined while its bank has not answered, or if it never was. */
  find(key: PaymentKey): Promise<Payment | undefined>
  /** Each change of a payment after its outcome, oldest first. */
  history(key: PaymentKey): Promise<readonly StoredEvent[]>
  /** By what made it unique, for whoever lost the answer. `pending`: sent, no outcome yet. */
  findByRequest(
    shardKey: ShardKey,
    requestKey: RequestKey,
  ): Promise<{ readonly status: 'unknown' | 'pending' } | Payment>
}

/**
 * What a task's handler made of it. A failure is retried later; `done` is never run again, and what
 * is to follow it is durable with its end.
 */
export type TaskResult =
  { readonly done: true; readonly followedBy?: readonly Task[] } | { readonly retryInMs: number }

/**
 * `known`: the payment as the change left it, where the task runs at once in the process that made
 * the change; whoever needs it otherwise finds it.
 */
export type TaskHandler = (
  task: Task,
  key: PaymentKey,
  tries: number,
  known?: Payment,
) => Promise<TaskResult>

/**
 * What happened to a payment. `recovered`, beside `outcome`: given by recovery, as the request's own
 * tasks died with the process that had sent it.
 */
export type Happened = 'outcome' | 'recovered' | PaymentEvent

/** Names the work that must follow a change of a payment, whoever caused it. Pure. */
export type FollowUps = (payment: Payment, change: Happened) => readonly Task[]

/** Durable work after a change [DESIGN §3.6]; all is registered before the start. */
export type Tasks = {
  handle(topic: string, handler: TaskHandler): void
  /** What it names is durable with the change itself. */
  follow(name: FollowUps): void
  /** Work that somebody asks for later. The same name again is the same task. */
  add(payment: PaymentKey, tasks: readonly Task[]): Promise<void>
}
