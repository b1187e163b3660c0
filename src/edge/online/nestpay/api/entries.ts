import type { BusinessDate } from '../../../../kernel/business-date.ts'
import { isCapture, type Payment, type StoredEvent } from '../../../../switch/index.ts'
import { resultOf } from '../result-fields.ts'
import { transIdOf } from '../trans-id.ts'

/**
 * What merchants call the state of one entry [CMI §5]: A authorized, C captured and its day open,
 * S settled, V voided, D failed, R to be reversed, PN pending, CNCL released by the gateway.
 */
export type EntryStatus = 'A' | 'C' | 'S' | 'V' | 'D' | 'R' | 'PN' | 'CNCL'

/** One line of an order's history: an authorization, a capture or a refund. */
export type OrderEntry = {
  /** S for what takes money, C for what gives it back. */
  readonly chargeType: 'S' | 'C'
  readonly status: EntryStatus
  readonly amountMinor: bigint
  readonly capturedMinor: bigint | null
  readonly authorizedAt: Date
  readonly capturedAt: Date | null
  readonly voidedAt: Date | null
  readonly rrn: string
  readonly approvalCode: string
  readonly code: string
  readonly transId: string
  /** The business date on which it counts; null where it moves no money. */
  readonly countsOn: BusinessDate | null
}

/** Entries that happened: the others failed, or nobody knows yet. */
export const isDone = ({ status }: OrderEntry): boolean => !['D', 'R', 'PN'].includes(status)

/** All entries of one payment, oldest first. A void is a state of what it undoes, not an entry. */
export function entriesOf(
  payment: Payment,
  events: readonly StoredEvent[],
  today: BusinessDate,
): readonly OrderEntry[] {
  const voided = voidOf(payment, events)
  const ended = new Map(
    events
      .filter(({ kind }) => kind === 'refunded' || kind === 'refund_declined')
      .map((event) => [`${event.stan ?? ''}/${event.rrn ?? ''}`, event]),
  )
  const later = events.flatMap((event): OrderEntry[] => {
    if (isCapture(event)) return [captureEntry(payment, event, voided, today)]
    if (event.kind !== 'refund_sent') return []
    const end = ended.get(`${event.stan ?? ''}/${event.rrn ?? ''}`)
    return [refundEntry(payment, { sent: event, end }, today)]
  })
  return [authorizationEntry(payment, voided, today), ...later]
}

type Voided = { readonly at: Date | null; readonly status: 'V' | 'CNCL' } | null

function voidOf({ status }: Payment, events: readonly StoredEvent[]): Voided {
  if (status.state !== 'reversing' && status.state !== 'reversed') return null
  if (status.approval === null) return null
  const at = events.find(({ kind }) => kind === 'reversing')?.recordedAt ?? null
  return { at, status: status.cause === 'hold_expired' ? 'CNCL' : 'V' }
}

function authorizationEntry(payment: Payment, voided: Voided, today: BusinessDate): OrderEntry {
  const { sent, status } = payment
  const capture = sent.kind === 'purchase' ? captureOf(payment) : null
  const approval = approvalOf(payment)
  return {
    chargeType: 'S',
    status: voided?.status ?? statusOf(payment, today),
    amountMinor: sent.amount.minor,
    capturedMinor: capture?.captured ?? null,
    authorizedAt: status.answeredAt,
    capturedAt: capture === null ? null : status.answeredAt,
    voidedAt: voided?.at ?? null,
    rrn: sent.rrn,
    approvalCode: approval,
    code: approval === '' ? resultOf(payment).code : '00',
    transId: transIdOf(sent.key),
    countsOn: capture?.dueOn ?? null,
  }
}

/** Of an authorization that was not undone after its approval. */
function statusOf({ sent, status }: Payment, today: BusinessDate): EntryStatus {
  switch (status.state) {
    case 'declined':
    case 'reversed':
      return 'D'
    case 'reversing':
      return 'R'
    case 'approved':
      return 'A'
    case 'captured':
      return sent.kind === 'preauthorization' ? 'A' : status.dueOn < today ? 'S' : 'C'
  }
}

function captureOf({ status }: Payment): { captured: bigint; dueOn: BusinessDate } | null {
  if (status.state === 'captured') return status
  return status.state === 'reversing' || status.state === 'reversed' ? status.capture : null
}

export function approvalOf({ status }: Payment): string {
  if (status.state === 'approved' || status.state === 'captured') return status.approvalCode
  return status.state === 'declined' ? '' : (status.approval?.approvalCode ?? '')
}

function captureEntry(
  payment: Payment,
  event: StoredEvent,
  voided: Voided,
  today: BusinessDate,
): OrderEntry {
  return {
    chargeType: 'S',
    status: voided?.status ?? (event.businessDate < today ? 'S' : 'C'),
    amountMinor: payment.sent.amount.minor,
    capturedMinor: event.amountMinor,
    authorizedAt: payment.status.answeredAt,
    capturedAt: event.recordedAt,
    voidedAt: voided?.at ?? null,
    rrn: event.rrn ?? '',
    approvalCode: approvalOf(payment),
    code: '00',
    transId: transIdOf(payment.sent.key, event.version),
    countsOn: event.businessDate,
  }
}

function refundEntry(
  payment: Payment,
  { sent, end }: { readonly sent: StoredEvent; readonly end: StoredEvent | undefined },
  today: BusinessDate,
): OrderEntry {
  const done = end?.kind === 'refunded'
  const settled = done && end.businessDate < today ? 'S' : 'C'
  return {
    chargeType: 'C',
    status: end === undefined ? 'PN' : done ? settled : 'D',
    amountMinor: sent.amountMinor ?? 0n,
    capturedMinor: done ? sent.amountMinor : null,
    authorizedAt: sent.recordedAt,
    capturedAt: done ? end.recordedAt : null,
    voidedAt: null,
    rrn: sent.rrn ?? '',
    approvalCode: '',
    code: end === undefined ? '' : done ? '00' : (end.responseCode ?? '91'),
    transId: transIdOf(payment.sent.key, sent.version),
    countsOn: done ? end.businessDate : null,
  }
}
