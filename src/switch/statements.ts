import { dayNumber } from '../kernel/business-date.ts'
import { appendTransfers } from '../ledger/index.ts'
import { ArrayColumn, copyRows, oid } from '../platform/postgres/binary.ts'
import type { Step } from '../platform/postgres/pipeline.ts'
import { closingSteps, isChange } from './closing-steps.ts'
import { messageToJson, sentToJson } from './json.ts'
import type { Payment, SentFacts } from './payment.ts'
import { paymentColumns, statusColumns, writePayment } from './payment-row.ts'
import type { Advice } from './issuer-port.ts'
import type { PaymentEvent } from './payment-event.ts'
import type { Fact, StoredTask } from './tranlog.ts'

/** A request about to be sent, and who sends it: our own row is told from a duplicate by it. */
export type SentWrite = {
  readonly kind: 'sent'
  readonly facts: SentFacts
  /** 32 hexadecimal digits, unique. */
  readonly owner: string
}

export type FactWrite = { readonly kind: 'fact'; readonly fact: Fact }

/**
 * The statements of one flush. The requests come first: their count tells whether a duplicate is
 * among them. Everything that needs no conflict rule is COPY.
 */
export function stepsFor(sent: readonly SentWrite[], facts: readonly Fact[]): Step[] {
  const steps: Step[] = []
  if (sent.length > 0) steps.push(insertRequests(sent))
  const outcomes = facts.flatMap(({ outcome }) => outcome ?? [])
  if (outcomes.length > 0) steps.push(copyPayments(outcomes))
  for (const { change } of facts)
    if (change !== undefined) steps.push(updatePayment(change.payment))
  const changes = facts.flatMap(({ change }) => change ?? [])
  if (changes.length > 0) steps.push(copyEvents(changes))
  const transfers = facts.flatMap((fact) => fact.transfers ?? [])
  if (transfers.length > 0) steps.push(appendTransfers(transfers))
  const advices = facts.flatMap((fact) => fact.advices ?? [])
  if (advices.length > 0) steps.push(copyAdvices(advices))
  const tasks = facts.flatMap((fact) => (isChange(fact) ? (fact.tasks ?? []) : []))
  if (tasks.length > 0) steps.push(copyTasks(tasks))
  for (const fact of facts) steps.push(...closingSteps(fact))
  return steps
}

function insertRequests(sent: readonly SentWrite[]): Step {
  const count = sent.length
  const columns = {
    shardKey: new ArrayColumn(oid.int4, count, 4),
    requestKey: new ArrayColumn(oid.uuid, count, 16),
    businessDate: new ArrayColumn(oid.date, count, 4),
    owner: new ArrayColumn(oid.uuid, count, 16),
    issuer: new ArrayColumn(oid.text, count, 8),
    stan: new ArrayColumn(oid.text, count, 6),
    rrn: new ArrayColumn(oid.text, count, 12),
    sentAt: new ArrayColumn(oid.timestamptz, count, 8),
    facts: new ArrayColumn(oid.json, count, 440),
  }
  for (const { facts, owner } of sent) {
    columns.shardKey.writer.int4(facts.key.shardKey)
    columns.requestKey.writer.uuid(facts.key.requestKey)
    columns.businessDate.writer.date(dayNumber(facts.key.businessDate))
    columns.owner.writer.uuid(owner)
    if (facts.issuer === null) columns.issuer.writer.null()
    else columns.issuer.writer.text(facts.issuer)
    columns.stan.writer.text(facts.stan)
    columns.rrn.writer.text(facts.rrn)
    columns.sentAt.writer.timestamptz(facts.sentAt)
    columns.facts.writer.text(sentToJson(facts))
  }
  return {
    name: 'insert_requests',
    text: `INSERT INTO request (shard_key, request_key, business_date, owner, issuer_id, stan, rrn,
        sent_at, facts)
      SELECT * FROM unnest($1::int4[], $2::uuid[], $3::date[], $4::uuid[], $5::text[], $6::text[],
        $7::text[], $8::timestamptz[], $9::json[])
      ON CONFLICT (shard_key, request_key) DO NOTHING`,
    values: Object.values(columns).map((column) => column.bytes()),
  }
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

function copyEvents(
  changes: readonly { readonly payment: Payment; readonly event: PaymentEvent }[],
): Step {
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
