import type { Pan } from '../kernel/pan.ts'
import type { Money } from '../kernel/money.ts'
import type { MerchantId, SiteId, TerminalId } from '../kernel/ids.ts'
import type { Channel, Door, OnFile, OrderAttempt, Payment } from './payment.ts'
import type { Task } from './task.ts'

/**
 * A card as presented. The CVC is a function so that it cannot be printed or serialized by
 * accident; it is called once, when the message to the bank is built, and never stored.
 */
export type PresentedCard = {
  readonly pan: Pan
  /** `YYMM`, as DE14. */
  readonly expiry: string
  readonly cvc?: () => string
}

export type AuthorizationRequest = {
  readonly kind: 'preauthorization' | 'purchase'
  readonly channel: Channel
  readonly door: Door
  readonly merchant: MerchantId
  readonly site: SiteId | null
  readonly terminal: TerminalId
  readonly order: OrderAttempt | null
  /** All that makes this request unique; the same parts again are a duplicate [DESIGN §4]. */
  readonly duplicateKey: readonly string[]
  /** What stays in one bucket: the order's reference, or DE41. */
  readonly routingKey: string
  readonly amount: Money
  readonly card: PresentedCard
  readonly entryMode: string
  readonly conditionCode: string
  readonly eci: string | null
  readonly onFile: OnFile | null
  /** Work that must follow the outcome, durable with it: the merchant's callback. */
  readonly tasks?: (payment: Payment) => readonly Task[]
}

/** The bank's word, or ours in its place. Both are answers: a decline is not an error. */
export type Decision = {
  readonly payment: Payment
  /** True when this very request had been decided before: the stored answer. */
  readonly duplicate: boolean
}
