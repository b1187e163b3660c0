import type { BusinessDate } from '../kernel/business-date.ts'
import type { MinorUnits, Money } from '../kernel/money.ts'
import type {
  CardToken,
  IssuerId,
  MerchantId,
  PaymentKey,
  Rrn,
  SiteId,
  Stan,
  TerminalId,
} from '../kernel/ids.ts'

export type Channel = 'internet' | 'terminal'

/** The protocol through which a payment came in. */
export type Door = 'nestpay' | 'mtc' | 'rest' | 'link' | 'terminal'

/** Why a customer is told no. Edges translate it; a new reason does not compile until they do. */
export type DeclineReason =
  | 'do_not_honour'
  | 'invalid_card'
  | 'lost_card'
  | 'stolen_card'
  | 'insufficient_funds'
  | 'expired_card'
  | 'not_permitted'
  | 'exceeds_limit'
  | 'authentication_required'
  | 'wrong_cvc'
  | 'suspected_fraud'
  | 'no_route'
  | 'issuer_unavailable'
  | 'no_answer'
  | 'other'

/** A card as the tranlog may keep it: no number, no CVV. */
export type CardFacts = {
  readonly token: CardToken
  /** `541033***4358`. */
  readonly masked: string
  /** `YYMM`, as DE14. */
  readonly expiry: string
  readonly brand: string
  readonly origin: 'moroccan' | 'foreign'
}

/** The web order and the attempt at it that a payment is; none for a terminal. */
export type OrderAttempt = { readonly reference: string; readonly attempt: number }

/**
 * What a payment has to do with a card that its merchant keeps. `first`: its holder agrees that the
 * card is kept. The others charge it: asked for by its holder (`customer`), or by the merchant alone,
 * and why.
 */
export type OnFileUse = 'first' | 'customer' | 'recurring' | 'unscheduled' | 'instalment'

export type OnFile = {
  readonly use: OnFileUse
  /** The RRN of the payment with which the holder agreed; null for `first`, which is that payment. */
  readonly firstReference: Rrn | null
}

/** What is durable before a byte leaves for the bank, and all that a reversal needs. */
export type SentFacts = {
  readonly key: PaymentKey
  readonly kind: 'preauthorization' | 'purchase'
  readonly channel: Channel
  readonly door: Door
  readonly merchant: MerchantId
  readonly site: SiteId | null
  readonly terminal: TerminalId
  readonly order: OrderAttempt | null
  readonly amount: Money
  readonly card: CardFacts
  /** Null when no bank answers for the card: declined at once. */
  readonly issuer: IssuerId | null
  readonly stan: Stan
  readonly rrn: Rrn
  /** DE22, DE25 and DE48 42 (ECI) as sent, which a capture repeats. */
  readonly entryMode: string
  readonly conditionCode: string
  readonly eci: string | null
  /** DE48 22 and 63 as sent; null for a card that nobody keeps. */
  readonly onFile: OnFile | null
  /** Business time to the millisecond; DE7, DE12 and DE13 derive from it. */
  readonly sentAt: Date
}

type Answered = {
  readonly answeredAt: Date
  /** DE39 as the bank gave it; null where no bank was asked or none answered. */
  readonly responseCode: string | null
}

export type Approval = Answered & { readonly approvalCode: string; readonly authorized: MinorUnits }

export type Captured = {
  readonly captured: MinorUnits
  /** How many captures there were; a purchase is its own first part. */
  readonly parts: number
  /** The business date of the first capture: the date on which the operation counts. */
  readonly dueOn: BusinessDate
}

/**
 * The state of a payment: each holds only the facts that it has [DESIGN §4].
 * `reversing`: declined or voided for the merchant, and the bank has not acknowledged it yet.
 */
export type PaymentState =
  | ({ readonly state: 'declined'; readonly reason: DeclineReason } & Answered)
  | ({ readonly state: 'approved' } & Approval)
  | ({ readonly state: 'captured' } & Approval &
      Captured & { readonly refunded: MinorUnits; readonly refundPending: MinorUnits })
  | ({
      readonly state: 'reversing' | 'reversed'
      /** `no_answer`: nobody knows what the bank did. The others undo an approval. */
      readonly cause: ReversalCause
      readonly reason: DeclineReason | null
      readonly reversedOn: BusinessDate
      readonly approval: Approval | null
      readonly capture: Captured | null
    } & Answered)

export type ReversalCause = 'no_answer' | 'void' | 'hold_expired' | 'acceptor'

/** A payment once its outcome is known. `version` counts its changes, from 1. */
export type Payment = {
  readonly sent: SentFacts
  readonly status: PaymentState
  readonly version: number
}
