import { unreachable } from '../kernel/assert.ts'
import type { BusinessDate } from '../kernel/business-date.ts'
import { minorUnits, type MinorUnits } from '../kernel/money.ts'
import type { DeclineReason, PaymentState, ReversalCause } from './payment.ts'

/** What happened to a payment after its outcome. Amounts in the payment's own currency. */
export type Change =
  | { readonly kind: 'captured'; readonly amount: MinorUnits; readonly on: BusinessDate }
  | { readonly kind: 'reversing'; readonly cause: ReversalCause; readonly on: BusinessDate }
  | { readonly kind: 'reversed' }
  | { readonly kind: 'refund_sent'; readonly amount: MinorUnits }
  | { readonly kind: 'refunded'; readonly amount: MinorUnits }
  | { readonly kind: 'refund_declined'; readonly amount: MinorUnits }

/**
 * The state after a change; undefined when the change does not fit the state, and so changes
 * nothing. Pure: no clock, no I/O. The sums hold here [DESIGN §4]: captures within what was
 * authorized, refunds within what was captured.
 */
export function next(status: PaymentState, change: Change): PaymentState | undefined {
  switch (change.kind) {
    case 'captured':
      return afterCapture(status, change.amount, change.on)
    case 'reversing':
      return afterReversing(status, change.cause, change.on)
    case 'reversed':
      return status.state === 'reversing' ? { ...status, state: 'reversed' } : undefined
    case 'refund_sent':
    case 'refunded':
    case 'refund_declined':
      return changeRefund(status, change)
    default:
      return unreachable(change)
  }
}

function afterCapture(
  status: PaymentState,
  amount: MinorUnits,
  on: BusinessDate,
): PaymentState | undefined {
  if (amount <= 0n) return undefined
  if (status.state === 'approved') {
    if (amount > status.authorized) return undefined
    const first = { captured: amount, parts: 1, dueOn: on }
    return { ...status, ...first, state: 'captured', refunded: none, refundPending: none }
  }
  if (status.state !== 'captured' || status.captured + amount > status.authorized) return undefined
  return { ...status, captured: minorUnits(status.captured + amount), parts: status.parts + 1 }
}

const none = minorUnits(0n)

function afterReversing(
  status: PaymentState,
  cause: ReversalCause,
  reversedOn: BusinessDate,
): PaymentState | undefined {
  if (status.state !== 'approved' && status.state !== 'captured') return undefined
  if (status.state === 'captured' && status.refunded + status.refundPending > 0n) return undefined
  const { answeredAt, responseCode, approvalCode, authorized } = status
  return {
    state: 'reversing',
    cause,
    reason: null,
    reversedOn,
    answeredAt,
    responseCode,
    approval: { answeredAt, responseCode, approvalCode, authorized },
    capture:
      status.state === 'captured'
        ? { captured: status.captured, parts: status.parts, dueOn: status.dueOn }
        : null,
  }
}

/** What is sent is pending until it is refunded or declined. A refund of nothing moves nothing. */
function changeRefund(
  status: PaymentState,
  { kind, amount }: Extract<Change, { kind: 'refund_sent' | 'refunded' | 'refund_declined' }>,
): PaymentState | undefined {
  if (status.state !== 'captured' || amount <= 0n) return undefined
  const refunded = status.refunded + (kind === 'refunded' ? amount : 0n)
  const refundPending = status.refundPending + (kind === 'refund_sent' ? amount : -amount)
  if (refundPending < 0n || refunded + refundPending > status.captured) return undefined
  return {
    ...status,
    refunded: minorUnits(refunded),
    refundPending: minorUnits(refundPending),
  }
}

type Answer = { readonly answeredAt: Date; readonly responseCode: string | null }

/** The first state of a payment that its bank approved; a purchase is captured by that alone. */
export function approved(
  kind: 'preauthorization' | 'purchase',
  approval: Answer & {
    readonly responseCode: string
    readonly approvalCode: string
    readonly authorized: MinorUnits
  },
  on: BusinessDate,
): PaymentState {
  const { answeredAt, responseCode, approvalCode, authorized } = approval
  if (kind === 'preauthorization') {
    return { state: 'approved', answeredAt, responseCode, approvalCode, authorized }
  }
  return {
    state: 'captured',
    answeredAt,
    responseCode,
    approvalCode,
    authorized,
    captured: authorized,
    parts: 1,
    dueOn: on,
    refunded: none,
    refundPending: none,
  }
}

export const declined = (answer: Answer, reason: DeclineReason): PaymentState => ({
  state: 'declined',
  reason,
  ...answer,
})

/** Declined for the customer, and to be undone at the bank whatever it did. */
export const reversing = (
  answer: Answer,
  undone: {
    readonly cause: ReversalCause
    readonly reason: DeclineReason
    readonly on: BusinessDate
  },
): PaymentState => ({
  state: 'reversing',
  cause: undone.cause,
  reason: undone.reason,
  reversedOn: undone.on,
  approval: null,
  capture: null,
  ...answer,
})
