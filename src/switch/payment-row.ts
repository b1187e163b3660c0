import { dayNumber, type BusinessDate } from '../kernel/business-date.ts'
import type { CurrencyCode } from '../kernel/currency.ts'
import type {
  CardToken,
  IssuerId,
  MerchantId,
  PaymentKey,
  RequestKey,
  Rrn,
  SiteId,
  Stan,
  TerminalId,
} from '../kernel/ids.ts'
import type { ShardKey } from '../kernel/bucket.ts'
import { minorUnits, money } from '../kernel/money.ts'
import type { BinaryWriter } from '../platform/postgres/binary.ts'
import type {
  Approval,
  Captured,
  CardFacts,
  DeclineReason,
  OnFileUse,
  Payment,
  PaymentState,
  ReversalCause,
  SentFacts,
} from './payment.ts'

/** The columns of `payment` in the order in which a row is written. */
export const paymentColumns = [
  'shard_key',
  'business_date',
  'request_key',
  'version',
  'state',
  'kind',
  'channel',
  'door',
  'merchant_id',
  'site_id',
  'terminal_id',
  'order_reference',
  'attempt',
  'currency',
  'amount_minor',
  'authorized_minor',
  'captured_minor',
  'capture_parts',
  'refunded_minor',
  'refund_pending_minor',
  'due_on',
  'reversed_on',
  'reversal_cause',
  'decline_reason',
  'response_code',
  'approval_code',
  'card_token',
  'card_masked',
  'card_expiry',
  'card_brand',
  'card_origin',
  'issuer_id',
  'stan',
  'rrn',
  'entry_mode',
  'condition_code',
  'eci',
  'on_file',
  'first_reference',
  'sent_at',
  'answered_at',
] as const

/** What of a row changes with the payment's state. */
export type StatusColumns = {
  readonly state: PaymentState['state']
  readonly authorized_minor: bigint | null
  readonly captured_minor: bigint
  readonly capture_parts: number
  readonly refunded_minor: bigint
  readonly refund_pending_minor: bigint
  readonly due_on: BusinessDate | null
  readonly reversed_on: BusinessDate | null
  readonly reversal_cause: ReversalCause | null
  readonly decline_reason: DeclineReason | null
  readonly response_code: string | null
  readonly approval_code: string | null
  readonly answered_at: Date
}

/** Written out, as each is made once per payment: spreads would cost more than the row itself. */
export function statusColumns(status: PaymentState): StatusColumns {
  const approval = approvalOf(status)
  const capture = captureOf(status)
  const undone = status.state === 'reversing' || status.state === 'reversed' ? status : null
  const refunds = status.state === 'captured' ? status : null
  return {
    state: status.state,
    authorized_minor: approval === null ? null : approval.authorized,
    captured_minor: capture === null ? 0n : capture.captured,
    capture_parts: capture === null ? 0 : capture.parts,
    refunded_minor: refunds === null ? 0n : refunds.refunded,
    refund_pending_minor: refunds === null ? 0n : refunds.refundPending,
    due_on: capture === null ? null : capture.dueOn,
    reversed_on: undone === null ? null : undone.reversedOn,
    reversal_cause: undone === null ? null : undone.cause,
    decline_reason: 'reason' in status ? status.reason : null,
    response_code: status.responseCode,
    approval_code: approval === null ? null : approval.approvalCode,
    answered_at: status.answeredAt,
  }
}

function approvalOf(status: PaymentState): Approval | null {
  if (status.state === 'approved' || status.state === 'captured') return status
  return status.state === 'declined' ? null : status.approval
}

function captureOf(status: PaymentState): Captured | null {
  if (status.state === 'captured') return status
  return status.state === 'reversing' || status.state === 'reversed' ? status.capture : null
}

/** One row of COPY payment, in the order of `paymentColumns`. */
export function writePayment(row: BinaryWriter, { sent, status, version }: Payment): void {
  const columns = statusColumns(status)
  row.int4(sent.key.shardKey)
  row.date(dayNumber(sent.key.businessDate))
  row.uuid(sent.key.requestKey)
  row.int4(version)
  row.text(columns.state)
  row.text(sent.kind)
  row.text(sent.channel)
  row.text(sent.door)
  row.text(sent.merchant)
  text(row, sent.site)
  row.text(sent.terminal)
  text(row, sent.order?.reference ?? null)
  if (sent.order === null) row.null()
  else row.int4(sent.order.attempt)
  row.text(sent.amount.currency)
  row.int8(sent.amount.minor)
  if (columns.authorized_minor === null) row.null()
  else row.int8(columns.authorized_minor)
  row.int8(columns.captured_minor)
  row.int4(columns.capture_parts)
  row.int8(columns.refunded_minor)
  row.int8(columns.refund_pending_minor)
  date(row, columns.due_on)
  date(row, columns.reversed_on)
  text(row, columns.reversal_cause)
  text(row, columns.decline_reason)
  text(row, columns.response_code)
  text(row, columns.approval_code)
  row.text(sent.card.token)
  row.text(sent.card.masked)
  row.text(sent.card.expiry)
  row.text(sent.card.brand)
  row.text(sent.card.origin)
  text(row, sent.issuer)
  row.text(sent.stan)
  row.text(sent.rrn)
  row.text(sent.entryMode)
  row.text(sent.conditionCode)
  text(row, sent.eci)
  text(row, sent.onFile?.use ?? null)
  text(row, sent.onFile?.firstReference ?? null)
  row.timestamptz(sent.sentAt)
  row.timestamptz(columns.answered_at)
}

function text(row: BinaryWriter, value: string | null): void {
  if (value === null) row.null()
  else row.text(value)
}

function date(row: BinaryWriter, value: BusinessDate | null): void {
  if (value === null) row.null()
  else row.date(dayNumber(value))
}

/** A row as the driver reads it: dates as text, int8 as bigint. */
export type PaymentRow = StatusColumns & {
  readonly shard_key: ShardKey
  readonly business_date: BusinessDate
  readonly request_key: string
  readonly version: number
  readonly kind: SentFacts['kind']
  readonly channel: SentFacts['channel']
  readonly door: SentFacts['door']
  readonly merchant_id: MerchantId
  readonly site_id: SiteId | null
  readonly terminal_id: TerminalId
  readonly order_reference: string | null
  readonly attempt: number | null
  readonly currency: CurrencyCode
  readonly amount_minor: bigint
  readonly card_token: CardToken
  readonly card_masked: string
  readonly card_expiry: string
  readonly card_brand: string
  readonly card_origin: CardFacts['origin']
  readonly issuer_id: IssuerId | null
  readonly stan: Stan
  readonly rrn: Rrn
  readonly entry_mode: string
  readonly condition_code: string
  readonly eci: string | null
  readonly on_file: OnFileUse | null
  readonly first_reference: Rrn | null
  readonly sent_at: Date
}

export function paymentOf(row: PaymentRow): Payment {
  return { sent: sentOf(row), status: statusOf(row), version: row.version }
}

function sentOf(row: PaymentRow): SentFacts {
  const key: PaymentKey = {
    shardKey: row.shard_key,
    businessDate: row.business_date,
    requestKey: row.request_key.replaceAll('-', '') as RequestKey,
  }
  const { order_reference: reference, attempt } = row
  return {
    key,
    kind: row.kind,
    channel: row.channel,
    door: row.door,
    merchant: row.merchant_id,
    site: row.site_id,
    terminal: row.terminal_id,
    order: reference === null || attempt === null ? null : { reference, attempt },
    amount: money(row.amount_minor, row.currency),
    card: {
      token: row.card_token,
      masked: row.card_masked,
      expiry: row.card_expiry,
      brand: row.card_brand,
      origin: row.card_origin,
    },
    issuer: row.issuer_id,
    stan: row.stan,
    rrn: row.rrn,
    entryMode: row.entry_mode,
    conditionCode: row.condition_code,
    eci: row.eci,
    onFile: row.on_file === null ? null : { use: row.on_file, firstReference: row.first_reference },
    sentAt: row.sent_at,
  }
}

function statusOf(row: PaymentRow): PaymentState {
  const answered = { answeredAt: row.answered_at, responseCode: row.response_code }
  const approval: Approval | null =
    row.authorized_minor === null
      ? null
      : {
          ...answered,
          approvalCode: row.approval_code ?? '',
          authorized: minorUnits(row.authorized_minor),
        }
  const capture: Captured | null =
    row.due_on === null
      ? null
      : {
          captured: minorUnits(row.captured_minor),
          parts: row.capture_parts,
          dueOn: row.due_on,
        }
  switch (row.state) {
    case 'declined':
      return { ...answered, state: 'declined', reason: row.decline_reason ?? 'other' }
    case 'approved':
      return { ...stored(approval, row), state: 'approved' }
    case 'captured':
      return {
        ...stored(approval, row),
        ...stored(capture, row),
        state: 'captured',
        refunded: minorUnits(row.refunded_minor),
        refundPending: minorUnits(row.refund_pending_minor),
      }
    case 'reversing':
    case 'reversed':
      return {
        ...answered,
        state: row.state,
        cause: stored(row.reversal_cause, row),
        reason: row.decline_reason,
        reversedOn: stored(row.reversed_on, row),
        approval,
        capture,
      }
  }
}

/** The table's CHECKs say that it is there: one who writes around them is found here. */
function stored<T>(value: T | null, row: PaymentRow): T {
  if (value !== null) return value
  throw new Error(`invariant broken: ${row.state} payment ${row.request_key} lacks its facts`)
}
