import type { BusinessDate } from '../kernel/business-date.ts'

/** A change of a payment after its outcome, as it is told to whoever reads the history. */
export type PaymentEvent = {
  readonly kind:
    | 'captured'
    /** No other capture follows it: with it the bank releases whatever is left of the hold. */
    | 'captured_last'
    | 'reversing'
    | 'reversed'
    | 'refund_sent'
    | 'refunded'
    | 'refund_declined'
  /** The caller's name for a capture or a refund, unique within the payment. */
  readonly name: string | null
  readonly amountMinor: bigint | null
  readonly responseCode: string | null
  readonly stan: string | null
  readonly rrn: string | null
  readonly businessDate: BusinessDate
  readonly recordedAt: Date
}

export type StoredEvent = PaymentEvent & { readonly version: number }

export const isCapture = ({ kind }: Pick<PaymentEvent, 'kind'>): boolean =>
  kind === 'captured' || kind === 'captured_last'
