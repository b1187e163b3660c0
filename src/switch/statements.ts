import { dayNumber } from '../kernel/business-date.ts'
import { appendTransfers, type Transfer } from '../ledger/index.ts'
import { copyRows } from '../platform/postgres/binary.ts'
import type { Step } from '../platform/postgres/pipeline.ts'
import { addClosingSteps, isChange } from './closing-steps.ts'
import { messageToJson } from './json.ts'
import type { Payment } from './payment.ts'
import { paymentColumns, statusColumns, writePayment } from './payment-row.ts'
import type { Advice } from './issuer-port.ts'
import { copyRequests, insertRequests, type SentWrite } from './request-statements.ts'
import type { Fact, StoredTask } from './tranlog.ts'

export type FactWrite = { readonly kind: 'fact'; readonly fact: Fact }

type Flush = {
  readonly sent: readonly SentWrite[]
  readonly facts: readonly Fact[]
  /** Some of the requests may be there already. */
  readonly doubt: boolean
}

/**
 * The statements of one flush. The requests come first: their count tells whether a duplicate is
 * among them. Everything that needs no conflict rule is COPY.
 */
export function stepsFor({ sent, facts, doubt }: Flush): Step[] {
  const steps: Step[] = []
  if (sent.length > 0) steps.push(doubt ? insertRequests(sent) : copyRequests(sent))
  const { outcomes, changes, transfers, advices, tasks } = gather(facts)
  if (outcomes.length > 0) steps.push(copyPayments(outcomes))
  for (const { payment } of changes) steps.push(updatePayment(payment))
  if (changes.length > 0) steps.push(copyEvents(changes))
  if (transfers.length > 0) steps.push(appendTransfers(transfers))
  if (advices.length > 0) steps.push(copyAdvices(advices))
  if (tasks.length > 0) steps.push(copyTasks(tasks))
  for (const fact of facts) addClosingSteps(steps, fact)
  return steps
}

type Rows = {
  readonly outcomes: Payment[]
  readonly changes: NonNullable<Fact['change']>[]
  readonly transfers: Transfer[]
  readonly advices: Advice[]
  readonly tasks: StoredTask[]
}

/** One pass, as a flush holds hundreds of facts of which most are an outcome and nothing else. */
function gather(facts: readonly Fact[]): Rows {
  const rows: Rows = { outcomes: [], changes: [], transfers: [], advices: [], tasks: [] }
  for (const fact of facts) {
    const { outcome, change, transfers, advices, tasks } = fact
    if (outcome !== undefined) rows.outcomes.push(outcome)
    if (change !== undefined) rows.changes.push(change)
    if (transfers !== undefined) rows.transfers.push(...transfers)
    if (advices !== undefined) rows.advices.push(...advices)
    if (tasks !== undefined && isChange(fact)) rows.tasks.push(...tasks)
  }
  return rows
}

function copyPayments(payments: readonly Payment[]): Step {
  return {
    name: 'copy_payments',
    text: `COPY payment (${paymentColumns.join(', ')}) FROM STDIN WITH (FORMAT binary)`,
    copy: copyRows(paymentColumns.length, payments, writePayment),
  }
}

/** Ends the whole flush when the payment is not at the version before: nothing moves on it. */
function updatePayment({ sent, status, version }: Payment): Step {
  const columns = statusColumns(status)
  return {
    name: 'update_payment',
    text: `WITH changed AS (
        UPDATE payment SET version = $4, state = $5, captured_minor = $6, capture_parts = $7,
          refunded_minor = $8, refund_pending_minor = $9, due_on = $10, reversed_on = $11,
          reversal_cause = $12
        WHERE shard_key = $1 AND business_date = $2 AND request_key = $3 AND version = $4 - 1
        RETURNING 1
      ) SELECT must_equal(count(*), 1) FROM changed`,
    values: [
      String(sent.key.shardKey),
      sent.key.businessDate,
      sent.key.requestKey,
      String(version),
      columns.state,
      columns.captured_minor.toString(),
      String(columns.capture_parts),
      columns.refunded_minor.toString(),
      columns.refund_pending_minor.toString(),
      columns.due_on,
      columns.reversed_on,
      columns.reversal_cause,
    ],
  }
}

function copyEvents(changes: Rows['changes']): Step {
  const copy = copyRows(12, changes, (row, { payment, event }) => {
    row.int4(payment.sent.key.shardKey)
    row.date(dayNumber(event.businessDate))
    row.date(dayNumber(payment.sent.key.businessDate))
    row.uuid(payment.sent.key.requestKey)
    row.int4(payment.version)
    row.text(event.kind)
    for (const [column, value] of [
      ['name', event.name],
      ['amount', event.amountMinor],
      ['response_code', event.responseCode],
      ['stan', event.stan],
      ['rrn', event.rrn],
    ] as const) {
      if (value === null) row.null()
      else if (column === 'amount') row.int8(value)
      else row.text(value)
    }
    row.timestamptz(event.recordedAt)
  })
  return {
    name: 'copy_events',
    text: `COPY payment_event (shard_key, business_date, payment_date, request_key, version, kind,
      name, amount_minor, response_code, stan, rrn, recorded_at) FROM STDIN WITH (FORMAT binary)`,
    copy,
  }
}

function copyAdvices(advices: readonly Advice[]): Step {
  const copy = copyRows(10, advices, (row, advice) => {
    row.int4(advice.payment.shardKey)
    row.date(dayNumber(advice.businessDate))
    row.date(dayNumber(advice.payment.businessDate))
    row.uuid(advice.payment.requestKey)
    row.text(advice.kind)
    row.int4(advice.part)
    row.text(advice.issuer)
    row.text(advice.message.stan)
    row.timestamptz(advice.message.sentAt)
    row.text(messageToJson(advice.message))
  })
  return {
    name: 'copy_advices',
    text: `COPY advice (shard_key, business_date, payment_date, request_key, kind, part, issuer_id,
      stan, sent_at, facts) FROM STDIN WITH (FORMAT binary)`,
    copy,
  }
}

function copyTasks(tasks: readonly StoredTask[]): Step {
  const copy = copyRows(8, tasks, (row, { payment, task, dueAt, tries }) => {
    row.int4(payment.shardKey)
    row.date(dayNumber(payment.businessDate))
    row.uuid(payment.requestKey)
    row.text(task.topic)
    row.text(task.name)
    row.text(JSON.stringify(task.body))
    row.timestamptz(dueAt)
    row.int4(tries)
  })
  return {
    name: 'copy_tasks',
    text: `COPY task (shard_key, payment_date, request_key, topic, name, body, due_at, tries)
      FROM STDIN WITH (FORMAT binary)`,
    copy,
  }
}
