import type { BusinessDate } from '../kernel/business-date.ts'
import type { ShardKey } from '../kernel/bucket.ts'
import type { IssuerId, PaymentKey, RequestKey, Rrn, Stan } from '../kernel/ids.ts'
import type { Queryable } from '../platform/postgres/database.ts'
import type { Advice } from './issuer-port.ts'
import { messageFromJson, sentFromJson } from './json.ts'
import type { Payment, SentFacts } from './payment.ts'
import { paymentColumns, paymentOf, type PaymentRow } from './payment-row.ts'
import type { StoredEvent } from './payment-event.ts'
import type { StoredTask } from './tranlog.ts'

type RequestRow = {
  readonly shard_key: ShardKey
  readonly request_key: string
  readonly business_date: BusinessDate
  readonly owner: string
  readonly issuer_id: IssuerId | null
  readonly stan: Stan
  readonly rrn: Rrn
  readonly sent_at: Date
  readonly facts: unknown
}

const requestColumns =
  'shard_key, request_key, business_date, owner, issuer_id, stan, rrn, sent_at, facts'

function sentOf(row: RequestRow): SentFacts {
  return sentFromJson(row.facts, {
    key: {
      shardKey: row.shard_key,
      businessDate: row.business_date,
      requestKey: bare(row.request_key) as RequestKey,
    },
    issuer: row.issuer_id,
    stan: row.stan,
    rrn: row.rrn,
    sentAt: row.sent_at,
  })
}

export type StoredRequest = { readonly owner: string; readonly facts: SentFacts }

const bare = (uuid: string): string => uuid.replaceAll('-', '')

/** Whose rows stand under these keys, by request key. */
export async function selectRequests(
  database: Queryable,
  keys: readonly PaymentKey[],
): Promise<Map<RequestKey, StoredRequest>> {
  const { rows } = await database.query<RequestRow>(
    `SELECT ${requestColumns} FROM request
     WHERE shard_key = ANY($1::int4[]) AND request_key = ANY($2::uuid[])`,
    [keys.map(({ shardKey }) => shardKey), keys.map(({ requestKey }) => requestKey)],
  )
  return new Map(
    rows.map((row) => [
      bare(row.request_key) as RequestKey,
      { owner: bare(row.owner), facts: sentOf(row) },
    ]),
  )
}

export async function selectSent(
  database: Queryable,
  shardKey: ShardKey,
  requestKey: RequestKey,
): Promise<SentFacts | undefined> {
  const { rows } = await database.query<RequestRow>(
    `/* kept plan */ SELECT ${requestColumns} FROM request
     WHERE shard_key = $1 AND request_key = $2`,
    [shardKey, requestKey],
  )
  return rows[0] === undefined ? undefined : sentOf(rows[0])
}

export async function selectPayment(
  database: Queryable,
  { shardKey, businessDate, requestKey }: PaymentKey,
): Promise<Payment | undefined> {
  const { rows } = await database.query<PaymentRow>(
    `/* kept plan */ SELECT ${paymentColumns.join(', ')} FROM payment
     WHERE shard_key = $1 AND business_date = $2 AND request_key = $3`,
    [shardKey, businessDate, requestKey],
  )
  return rows[0] === undefined ? undefined : paymentOf(rows[0])
}

type EventRow = {
  readonly version: number
  readonly kind: StoredEvent['kind']
  readonly name: string | null
  readonly amount_minor: bigint | null
  readonly response_code: string | null
  readonly stan: string | null
  readonly rrn: string | null
  readonly business_date: BusinessDate
  readonly recorded_at: Date
}

/** A payment's history; changes come on its own date or later. */
export async function selectEvents(
  database: Queryable,
  { shardKey, businessDate, requestKey }: PaymentKey,
): Promise<StoredEvent[]> {
  const { rows } = await database.query<EventRow>(
    `/* kept plan */
     SELECT version, kind, name, amount_minor, response_code, stan, rrn, business_date, recorded_at
     FROM payment_event WHERE shard_key = $1 AND business_date >= $2 AND request_key = $3
       AND payment_date = $2 ORDER BY version`,
    [shardKey, businessDate, requestKey],
  )
  return rows.map((row) => ({
    version: row.version,
    kind: row.kind,
    name: row.name,
    amountMinor: row.amount_minor,
    responseCode: row.response_code,
    stan: row.stan,
    rrn: row.rrn,
    businessDate: row.business_date,
    recordedAt: row.recorded_at,
  }))
}

/** Requests since the watermark that have no outcome. The scan is bounded by a BRIN index. */
export async function selectUnresolved(database: Queryable): Promise<SentFacts[]> {
  const { rows } = await database.query<RequestRow>(
    `/* scatter: recovery */ SELECT ${requestColumns} FROM request r
     WHERE sent_at >= coalesce(
         (SELECT settled_before FROM tranlog_watermark WHERE name = 'switch'), '-infinity')
       AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.shard_key = r.shard_key
         AND p.business_date = r.business_date AND p.request_key = r.request_key)
     ORDER BY sent_at, rrn`,
  )
  return rows.map(sentOf)
}

export async function selectPendingRefunds(database: Queryable): Promise<Payment[]> {
  const { rows } = await database.query<PaymentRow>(
    `/* scatter: recovery */ SELECT ${paymentColumns.join(', ')} FROM payment
     WHERE refund_pending_minor > 0 ORDER BY sent_at, rrn`,
  )
  return rows.map(paymentOf)
}

export async function upsertWatermark(database: Queryable, settledBefore: Date): Promise<void> {
  await database.query(
    `INSERT INTO tranlog_watermark (name, settled_before) VALUES ('switch', $1)
     ON CONFLICT (name) DO UPDATE
       SET settled_before = greatest(tranlog_watermark.settled_before, excluded.settled_before)`,
    [settledBefore],
  )
}

type AdviceRow = {
  readonly shard_key: ShardKey
  readonly business_date: BusinessDate
  readonly payment_date: BusinessDate
  readonly request_key: string
  readonly kind: Advice['kind']
  readonly part: number
  readonly issuer_id: IssuerId
  readonly facts: unknown
}

export async function selectPendingAdvices(database: Queryable): Promise<Advice[]> {
  const { rows } = await database.query<AdviceRow>(
    `/* scatter: recovery */
     SELECT shard_key, business_date, payment_date, request_key, kind, part, issuer_id, facts
     FROM advice WHERE acknowledged_at IS NULL ORDER BY sent_at, kind, part, stan`,
  )
  return rows.map((row) => ({
    payment: paymentKey(row),
    businessDate: row.business_date,
    kind: row.kind,
    part: row.part,
    issuer: row.issuer_id,
    message: messageFromJson(row.facts),
  }))
}

type TaskRow = {
  readonly shard_key: ShardKey
  readonly payment_date: BusinessDate
  readonly request_key: string
  readonly topic: string
  readonly name: string
  readonly body: Readonly<Record<string, string>>
  readonly due_at: Date
  readonly tries: number
}

export async function selectTasksDue(
  database: Queryable,
  before: Date,
  limit: number,
): Promise<StoredTask[]> {
  const { rows } = await database.query<TaskRow>(
    `/* scatter: tasks of every bucket */
     SELECT shard_key, payment_date, request_key, topic, name, body, due_at, tries
     FROM task WHERE due_at <= $1 ORDER BY due_at, request_key LIMIT $2`,
    [before, limit],
  )
  return rows.map((row) => ({
    payment: paymentKey(row),
    task: { topic: row.topic, name: row.name, body: row.body, delayMs: 0 },
    dueAt: row.due_at,
    tries: row.tries,
  }))
}

function paymentKey(row: {
  readonly shard_key: ShardKey
  readonly payment_date: BusinessDate
  readonly request_key: string
}): PaymentKey {
  return {
    shardKey: row.shard_key,
    businessDate: row.payment_date,
    requestKey: bare(row.request_key) as RequestKey,
  }
}

/** Which requests one statement of a purge may delete. */
export type PurgePage = {
  /** Requests of this business date and later stay. */
  readonly before: BusinessDate
  readonly fromBucket: number
  /** Excluded. */
  readonly toBucket: number
  readonly limit: number
}

/**
 * Deletes requests that are too old to be repeated, at most `limit` of them. One without an outcome
 * stays whatever its age: recovery finds it there, and nothing else knows of it.
 */
export async function deleteOldRequests(database: Queryable, page: PurgePage): Promise<number> {
  const { rowCount } = await database.query(
    `/* scatter: purge of settled requests */ DELETE FROM request
     WHERE (shard_key, request_key) IN (
       SELECT r.shard_key, r.request_key FROM request r
       WHERE r.shard_key >= $2 AND r.shard_key < $3 AND r.business_date < $1
         AND EXISTS (SELECT 1 FROM payment p WHERE p.shard_key = r.shard_key
           AND p.business_date = r.business_date AND p.request_key = r.request_key)
       LIMIT $4)`,
    [page.before, page.fromBucket, page.toBucket, page.limit],
  )
  return rowCount ?? 0
}
