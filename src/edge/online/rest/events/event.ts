import {
  parsePaymentId,
  paymentIdOf,
  requestKeyOf,
  type PaymentKey,
  type RequestKey,
} from '../../../../kernel/ids.ts'
import { limits } from '../../../../kernel/limits.ts'
import type { FollowUps, Payment, PaymentEvent, Task } from '../../../../switch/index.ts'
import { outcomeOf } from '../../checkout/outcome.ts'
import type { PaymentBody } from '../shapes.ts'

export const eventTypes = [
  'payment.authorized',
  'payment.captured',
  'payment.declined',
  'payment.voided',
  'payment.refunded',
] as const

export type EventType = (typeof eventTypes)[number]

export const eventTopic = 'event'

/** What of a payment's state is told by the event of one version, whatever comes after it. */
export type EventFacts = {
  readonly type: EventType
  readonly version: number
  readonly occurredAt: Date
} & Pick<PaymentBody, 'status' | 'capturedMinor' | 'refundedMinor'>

/** The work of telling a site, named with the change itself. Terminals' payments have no site. */
export const eventFollowUps: FollowUps = (payment, change) => {
  if (change === 'recovered') return []
  const { site, order } = payment.sent
  const type = typeOf(payment, change)
  if (site === null || order === null || type === undefined) return []
  const occurredAt = change === 'outcome' ? payment.status.answeredAt : change.recordedAt
  const { status, version } = payment
  const due = status.state === 'captured' ? status : { captured: 0n, refunded: 0n }
  const body = {
    type,
    status: statusOf(payment),
    capturedMinor: due.captured.toString(),
    refundedMinor: due.refunded.toString(),
    occurredAt: occurredAt.toISOString(),
  }
  return [{ topic: eventTopic, name: String(version), body, delayMs: 0 }]
}

export function factsOf(task: Task): EventFacts {
  const text = (name: string): string => task.body[name] ?? ''
  return {
    type: text('type') as EventType,
    status: text('status') as PaymentBody['status'],
    version: Number(task.name),
    capturedMinor: text('capturedMinor'),
    refundedMinor: text('refundedMinor'),
    occurredAt: new Date(text('occurredAt')),
  }
}

/** Undefined for what is of no concern to a merchant: a reversal's end, a refund on its way. */
function typeOf(payment: Payment, change: 'outcome' | PaymentEvent): EventType | undefined {
  if (change === 'outcome') {
    if (outcomeOf(payment).outcome === 'declined') return 'payment.declined'
    return payment.status.state === 'approved' ? 'payment.authorized' : 'payment.captured'
  }
  switch (change.kind) {
    case 'captured':
    case 'captured_last':
      return 'payment.captured'
    case 'reversing':
      return 'payment.voided'
    case 'refunded':
      return 'payment.refunded'
    case 'reversed':
    case 'refund_sent':
    case 'refund_declined':
      return undefined
  }
}

function statusOf(payment: Payment): PaymentBody['status'] {
  const { status, sent } = payment
  switch (outcomeOf(payment).outcome) {
    case 'undone':
      return 'voided'
    case 'declined': {
      const last = (sent.order?.attempt ?? 1) >= limits.attemptsPerOrderMax
      return last ? 'declined' : 'requires_action'
    }
    case 'approved':
      if (status.state !== 'captured') return 'authorized'
      return status.refunded === status.captured ? 'refunded' : 'captured'
  }
}

/** `evt_` and, like a payment's id, its bucket, its payment's date and its key. */
export const eventId = (key: PaymentKey): string => `evt_${paymentIdOf(key).slice(4)}`

export const parseEventId = (id: string): PaymentKey | undefined =>
  id.startsWith('evt_') ? parsePaymentId(`pay_${id.slice(4)}`) : undefined

/** One event for each version of a payment, whoever tells it and how often. */
export const eventKeyOf = (requestKey: RequestKey, version: number): RequestKey =>
  requestKeyOf('event', requestKey, String(version))
