import type { Approval, DeclineReason, Payment } from '../../../switch/index.ts'

/** What a merchant and a cardholder are told of a payment. */
export type Outcome =
  | { readonly outcome: 'approved'; readonly approval: Approval }
  | {
      readonly outcome: 'declined'
      readonly reason: DeclineReason
      readonly responseCode: string | null
    }
  /** It was approved, and is no more: voided, or nobody captured it in time. */
  | { readonly outcome: 'undone' }

export function outcomeOf({ status }: Payment): Outcome {
  switch (status.state) {
    case 'approved':
    case 'captured':
      return { outcome: 'approved', approval: status }
    case 'declined':
      return { outcome: 'declined', reason: status.reason, responseCode: status.responseCode }
    case 'reversing':
    case 'reversed':
      // Given back to the bank before anyone was told yes: a decline, and the order stays open.
      if (status.approval !== null) return { outcome: 'undone' }
      return {
        outcome: 'declined',
        reason: status.reason ?? 'no_answer',
        responseCode: status.responseCode,
      }
  }
}
