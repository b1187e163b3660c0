import { dayNumber, type BusinessDate } from '../kernel/business-date.ts'
import type { PaymentKey } from '../kernel/ids.ts'
import type { Money } from '../kernel/money.ts'
import { copyRows } from '../platform/postgres/binary.ts'
import type { Step } from '../platform/postgres/pipeline.ts'
import type { AccountId, Chart } from './accounts.ts'

export type TransferCause = 'purchase' | 'capture' | 'void' | 'refund' | 'reversal'

/**
 * The ledger's row: one debit, one credit, one amount, its cause. Balanced by construction,
 * appended and never changed; a mistake is corrected by another transfer [DESIGN §3.5].
 */
export type Transfer = {
  /** The payment that it belongs to; (payment, cause, part) names it. */
  readonly payment: PaymentKey
  readonly businessDate: BusinessDate
  readonly cause: TransferCause
  readonly part: number
  readonly debit: AccountId
  readonly credit: AccountId
  readonly amount: Money
  readonly recordedAt: Date
}

export type Movement = {
  readonly payment: PaymentKey
  readonly businessDate: BusinessDate
  readonly part: number
  readonly amount: Money
  readonly issuer: string
  readonly merchant: string
  readonly recordedAt: Date
}

/** Money that became due: the card's bank owes the centre, and the centre owes the merchant. */
export function due(chart: Chart, cause: 'purchase' | 'capture', moved: Movement): Transfer {
  const { receivable, payable } = accountsOf(chart, moved)
  return transfer(cause, moved, { debit: receivable, credit: payable })
}

/** Money that is due no longer, or goes back to the cardholder. */
export function undue(
  chart: Chart,
  cause: 'void' | 'refund' | 'reversal',
  moved: Movement,
): Transfer {
  const { receivable, payable } = accountsOf(chart, moved)
  return transfer(cause, moved, { debit: payable, credit: receivable })
}

function accountsOf(
  chart: Chart,
  { issuer, merchant, amount }: Movement,
): { receivable: AccountId; payable: AccountId } {
  const { currency } = amount
  return {
    receivable: chart.account({ kind: 'issuer_receivable', participant: issuer, currency }),
    payable: chart.account({ kind: 'merchant_payable', participant: merchant, currency }),
  }
}

function transfer(
  cause: TransferCause,
  { payment, businessDate, part, amount, recordedAt }: Movement,
  sides: { debit: AccountId; credit: AccountId },
): Transfer {
  return { payment, businessDate, cause, part, ...sides, amount, recordedAt }
}

/** The statement that appends transfers, for the dbTransaction that records their cause. */
export function appendTransfers(transfers: readonly Transfer[]): Step {
  const copy = copyRows(11, transfers, (row, t) => {
    row.int4(t.payment.shardKey)
    row.date(dayNumber(t.businessDate))
    row.date(dayNumber(t.payment.businessDate))
    row.uuid(t.payment.requestKey)
    row.text(t.cause)
    row.int4(t.part)
    row.int4(t.debit)
    row.int4(t.credit)
    row.int8(t.amount.minor)
    row.text(t.amount.currency)
    row.timestamptz(t.recordedAt)
  })
  return {
    name: 'append_transfers',
    text: `COPY transfer (shard_key, business_date, payment_date, request_key, cause, part,
      debit_account, credit_account, amount_minor, currency, recorded_at)
      FROM STDIN WITH (FORMAT binary)`,
    copy,
  }
}
