import type { ShardKey } from '../../../../kernel/bucket.ts'
import type { BusinessDate } from '../../../../kernel/business-date.ts'
import type { RequestKey, SiteId } from '../../../../kernel/ids.ts'
import type { Queryable } from '../../../../platform/postgres/database.ts'
import type { Cursor } from '../page-of.ts'
import type { PaymentBody } from '../shapes.ts'
import type { EventType } from './event.ts'

export type EventRow = {
  readonly shard_key: ShardKey
  readonly event_key: RequestKey
  readonly site_id: SiteId
  readonly type: EventType
  readonly payment_date: BusinessDate
  readonly request_key: RequestKey
  readonly data: PaymentBody
  readonly occurred_at: Date
  readonly created_at: Date
}

const columns = `shard_key, replace(event_key::text, '-', '') AS event_key, site_id, type,
  payment_date, replace(request_key::text, '-', '') AS request_key, data, occurred_at, created_at`

/** A second time it changes nothing: the event is what it was first told as. */
export async function insertEvent(database: Queryable, event: EventRow): Promise<void> {
  await database.query(
    `/* kept plan */ INSERT INTO api_event (shard_key, event_key, site_id, type, payment_date, request_key, data,
       occurred_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (shard_key, event_key) DO NOTHING`,
    [
      event.shard_key,
      event.event_key,
      event.site_id,
      event.type,
      event.payment_date,
      event.request_key,
      JSON.stringify(event.data),
      event.occurred_at,
      event.created_at,
    ],
  )
}

export async function selectEvent(
  database: Queryable,
  shardKey: ShardKey,
  eventKey: RequestKey,
): Promise<EventRow | undefined> {
  const { rows } = await database.query<EventRow>(
    `SELECT ${columns} FROM api_event WHERE shard_key = $1 AND event_key = $2`,
    [shardKey, eventKey],
  )
  return rows[0]
}

export async function selectEventPage(
  database: Queryable,
  asked: {
    readonly bucket: ShardKey
    readonly site: SiteId
    readonly type: string | null
    readonly after: Cursor | null
    readonly limit: number
  },
): Promise<readonly EventRow[]> {
  const { bucket, site, type, after, limit } = asked
  const { rows } = await database.query<EventRow>(
    `SELECT ${columns} FROM api_event e
     WHERE e.shard_key = $1 AND e.site_id = $2 AND ($3::text IS NULL OR e.type = $3)
       AND ($4::timestamptz IS NULL OR (e.created_at, e.event_key) < ($4, $5::uuid))
     ORDER BY e.created_at DESC, e.event_key DESC LIMIT $6`,
    [bucket, site, type, after?.at ?? null, after?.key ?? null, limit],
  )
  return rows
}

/** Events older than the merchants are promised, so many at a time. */
export async function deleteOldEvents(
  database: Queryable,
  before: Date,
  limit: number,
): Promise<number> {
  const { rowCount } = await database.query(
    `/* scatter: purge of events */ DELETE FROM api_event WHERE (shard_key, event_key) IN (
       SELECT shard_key, event_key FROM api_event WHERE created_at < $1 LIMIT $2)`,
    [before, limit],
  )
  return rowCount ?? 0
}
