import type { ShardKey } from '../../../../kernel/bucket.ts'
import type { BusinessDate } from '../../../../kernel/business-date.ts'
import type { RequestKey } from '../../../../kernel/ids.ts'
import type { Queryable } from '../../../../platform/postgres/database.ts'
import type { Cursor } from '../page-of.ts'

export type DeliveryResult =
  | 'delivered'
  | 'http_status'
  | 'redirect'
  | 'too_large'
  | 'timeout'
  | 'connection'
  | 'address_refused'

export type WebhookDelivery = {
  readonly shard_key: ShardKey
  readonly endpoint_id: string
  readonly event_key: RequestKey
  /** Part of the event's id. */
  readonly payment_date: BusinessDate
  readonly try_number: number
  readonly sent_at: Date
  readonly duration_ms: number
  readonly url_host: string
  readonly http_status: number | null
  readonly result: DeliveryResult
  /** The first 200 printable characters of the answer. */
  readonly excerpt: string
}

export async function insertDelivery(database: Queryable, row: WebhookDelivery): Promise<void> {
  await database.query(
    `INSERT INTO webhook_delivery (shard_key, endpoint_id, event_key, try_number, sent_at,
       duration_ms, url_host, http_status, result, excerpt, payment_date)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (shard_key, endpoint_id, event_key, try_number) DO NOTHING`,
    [
      row.shard_key,
      row.endpoint_id,
      row.event_key,
      row.try_number,
      row.sent_at,
      row.duration_ms,
      row.url_host,
      row.http_status,
      row.result,
      row.excerpt,
      row.payment_date,
    ],
  )
}

export async function countTries(
  database: Queryable,
  name: Pick<WebhookDelivery, 'shard_key' | 'endpoint_id' | 'event_key'>,
): Promise<number> {
  const { rows } = await database.query<{ tries: number }>(
    `SELECT coalesce(max(try_number), 0) AS tries FROM webhook_delivery
     WHERE shard_key = $1 AND endpoint_id = $2 AND event_key = $3`,
    [name.shard_key, name.endpoint_id, name.event_key],
  )
  return rows[0]?.tries ?? 0
}

/** Newest first; the cursor's key is the event's and the number of the try. */
export async function selectDeliveryPage(
  database: Queryable,
  asked: {
    readonly bucket: ShardKey
    readonly endpointId: string
    readonly after: Cursor | null
    readonly limit: number
  },
): Promise<readonly WebhookDelivery[]> {
  const { bucket, endpointId, after, limit } = asked
  const [eventKey = null, tryNumber = null] = after?.key.split('/') ?? []
  const { rows } = await database.query<WebhookDelivery>(
    `SELECT shard_key, endpoint_id, replace(event_key::text, '-', '') AS event_key, payment_date,
       try_number, sent_at, duration_ms, url_host, http_status, result, excerpt
     FROM webhook_delivery d
     WHERE d.shard_key = $1 AND d.endpoint_id = $2 AND ($3::timestamptz IS NULL
       OR (d.sent_at, d.event_key, d.try_number) < ($3, $4::uuid, $5::int))
     ORDER BY d.sent_at DESC, d.event_key DESC, d.try_number DESC LIMIT $6`,
    [bucket, endpointId, after?.at ?? null, eventKey, tryNumber, limit],
  )
  return rows
}

export async function deleteOldDeliveries(
  database: Queryable,
  before: Date,
  limit: number,
): Promise<number> {
  const { rowCount } = await database.query(
    `/* scatter: purge of webhook deliveries */ DELETE FROM webhook_delivery
     WHERE (shard_key, endpoint_id, event_key, try_number) IN (
       SELECT shard_key, endpoint_id, event_key, try_number FROM webhook_delivery
       WHERE sent_at < $1 LIMIT $2)`,
    [before, limit],
  )
  return rowCount ?? 0
}
