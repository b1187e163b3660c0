import type { PaymentId } from '../../src/kernel/ids.ts'
import {
  isCapture,
  type AuthorizationRequest,
  type CaptureRequest,
  type Payment,
  type RefundRequest,
  type StoredEvent,
} from '../../src/switch/index.ts'
import type { Kept } from './stores.ts'

/** What a customer or a merchant was told about a payment: it may never be untold. */
export type Told = {
  readonly request: AuthorizationRequest
  answer: 'approved' | 'declined' | undefined
  id: PaymentId | undefined
  /** What was asked for, and what of it was granted. */
  readonly captures: CaptureRequest[]
  readonly captured: Set<CaptureRequest>
  readonly refunds: RefundRequest[]
  readonly refunded: Set<RefundRequest>
  voided: boolean
}

/** What the customer was told, whatever became of the payment later. */
export function answerOf({ status }: Payment): 'approved' | 'declined' {
  if (status.state === 'approved' || status.state === 'captured') return 'approved'
  return status.state !== 'declined' && status.approval !== null ? 'approved' : 'declined'
}

/** Which of the things that were told is not what is stored, in words. */
export function untoldProblem(
  told: Told | undefined,
  { payment, events }: Kept,
): string | undefined {
  if (told === undefined) return 'nobody asked for it'
  const { answer, voided } = told
  const { state } = payment.status
  if (answer !== undefined && answer !== answerOf(payment)) return `the customer heard ${answer}`
  if (voided && state !== 'reversing' && state !== 'reversed') return 'the merchant heard of a void'
  for (const { name, amount } of told.captured) {
    const problem = onceProblem(events.filter(isCapture), name, amount?.minor)
    if (problem !== undefined) return `a capture that the merchant heard of, ${problem}`
  }
  const refunded = events.filter(({ kind }) => kind === 'refunded')
  for (const { name, amount } of told.refunded) {
    const problem = onceProblem(refunded, name, amount?.minor)
    if (problem !== undefined) return `a refund that the merchant heard of, ${problem}`
  }
  return undefined
}

function onceProblem(
  events: readonly StoredEvent[],
  wanted: string,
  amountMinor: bigint | undefined,
): string | undefined {
  const [event, ...more] = events.filter(({ name }) => name === wanted)
  if (event === undefined) return `${wanted}, was not made`
  if (more.length > 0) return `${wanted}, was made twice`
  const asked = amountMinor === undefined || event.amountMinor === amountMinor
  return asked ? undefined : `${wanted} of ${amountMinor}, was of ${event.amountMinor}`
}
