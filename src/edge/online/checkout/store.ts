import type { ShardKey } from '../../../kernel/bucket.ts'
import type { PaymentId, RequestKey, SiteId } from '../../../kernel/ids.ts'
import type { Money } from '../../../kernel/money.ts'
import type { PurgePage } from '../../../switch/index.ts'
import type { Language, SessionPlace, WebSession } from './session.ts'

export type OrderName = {
  readonly shardKey: ShardKey
  readonly site: SiteId
  readonly reference: string
}

export type WebOrder = OrderName & {
  /** What the API calls a payment: the order, whatever attempts are made at it. */
  readonly id: PaymentId
  readonly createdAt: Date
  /** As the form accepted last says; a paid order is what its payment says. */
  readonly kind: WebSession['kind']
  readonly amount: Money
  /** The attempt that the next card is for; every earlier one was declined. */
  readonly attempt: number
  readonly paidBy: PaymentId | null
}

/** What the API may say of an order beside its amount; null leaves what is known already. */
export type OrderDetails = {
  readonly description: string | null
  readonly customer: Readonly<Record<string, string>> | null
  readonly metadata: Readonly<Record<string, string>> | null
  /** Of the site's customers, cus_…; one whose cards may be kept. */
  readonly customerId: string | null
  /** The payment link whose visit opened the page. */
  readonly linkKey: RequestKey | null
  /** The token in the page's address, sealed. */
  readonly pageSealed: Buffer
}

export type AttemptName = OrderName & { readonly attempt: number }

/** What a merchant's server made of a callback; `other_text` and below do not acknowledge it. */
export type AnswerKind =
  | 'post_auth'
  | 'booked'
  | 'not_booked'
  | 'approved'
  | 'failure'
  | 'empty'
  | 'other_text'
  | 'http_status'
  | 'redirect'
  | 'too_large'
  | 'timeout'
  | 'connection'
  | 'address_refused'

export type Answered = {
  readonly kind: AnswerKind
  readonly httpStatus: number | null
  /** The first 200 printable characters, for whoever looks into a merchant's trouble. */
  readonly excerpt: string
}

export type Delivery = AttemptName & {
  readonly tryNumber: number
  readonly paymentId: PaymentId
  readonly sentAt: Date
  readonly durationMs: number
  readonly urlHost: string
  readonly httpStatus: number | null
  readonly answer: AnswerKind
  /** The first 200 printable characters of the answer. */
  readonly excerpt: string
  readonly outcome: 'acknowledged' | 'refused' | 'unacknowledged'
}

/** A claim older than `staleBefore` whose payment never was may be taken over. */
export type AttemptClaim = AttemptName & {
  readonly session: string
  readonly at: Date
  readonly staleBefore: Date
}

/** Orders, sessions and deliveries, durable on return. */
export type CheckoutStore = {
  /** Stores the session, and the order if it is new. */
  open(session: WebSession, details?: OrderDetails): Promise<WebOrder>
  session(place: SessionPlace): Promise<WebSession | undefined>
  /** The language that the customer has chosen, from now on. */
  speak(place: SessionPlace, language: Language): Promise<void>
  order(name: OrderName): Promise<WebOrder | undefined>
  /** The digest of the session that the attempt belongs to: the first that claimed it. */
  claim(claim: AttemptClaim): Promise<string>
  claimant(name: AttemptName): Promise<string | undefined>
  /** From this attempt, now declined, to the next; nothing if that was done already. */
  advance(name: AttemptName, at: Date): Promise<void>
  markPaid(name: OrderName, payment: PaymentId, at: Date): Promise<void>
  /** Orders that do not know yet how their current attempt ended, though it did long ago. */
  behind(page: PurgePage): Promise<readonly WebOrder[]>
  /** Deletes sessions that were over before the page's date, at most its limit; how many went. */
  forgetSessions(page: PurgePage): Promise<number>
  recordDelivery(delivery: Delivery): Promise<void>
  deliveries(name: AttemptName): Promise<readonly Delivery[]>
}
