import type { ShardKey } from '../../../kernel/bucket.ts'
import type { PaymentId, SiteId } from '../../../kernel/ids.ts'
import type { Queryable } from '../../../platform/postgres/database.ts'
import type { AttemptName, CheckoutStore, Delivery } from './store.ts'

// Two processes may try at once after a take-over: the second of one number changes nothing.
const insertDelivery = `
  /* kept plan */ INSERT INTO callback_delivery (shard_key, site_id, reference, attempt, try_number, payment_id,
    sent_at, duration_ms, url_host, http_status, answer, excerpt, outcome)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  ON CONFLICT (shard_key, site_id, reference, attempt, try_number) DO NOTHING`

const selectDeliveries = `
  /* kept plan */ SELECT shard_key, site_id, reference, attempt, try_number, payment_id, sent_at, duration_ms,
    url_host, http_status, answer, excerpt, outcome
  FROM callback_delivery
  WHERE shard_key = $1 AND site_id = $2 AND reference = $3 AND attempt = $4
  ORDER BY try_number`

type DeliveryRow = {
  shard_key: ShardKey
  site_id: SiteId
  reference: string
  attempt: number
  try_number: number
  payment_id: PaymentId
  sent_at: Date
  duration_ms: number
  url_host: string
  http_status: number | null
  answer: Delivery['answer']
  excerpt: string
  outcome: Delivery['outcome']
}

/** What merchants' servers were told, and said. */
export function sqlDeliveries(
  database: Queryable,
): Pick<CheckoutStore, 'recordDelivery' | 'deliveries'> {
  return {
    async recordDelivery(delivery) {
      await database.query(insertDelivery, deliveryValues(delivery))
    },
    async deliveries(name) {
      const { rows } = await database.query<DeliveryRow>(selectDeliveries, attemptKey(name))
      return rows.map(deliveryOf)
    },
  }
}

const attemptKey = ({ shardKey, site, reference, attempt }: AttemptName): unknown[] => [
  shardKey,
  site,
  reference,
  attempt,
]

const deliveryValues = (delivery: Delivery): unknown[] => [
  ...attemptKey(delivery),
  delivery.tryNumber,
  delivery.paymentId,
  delivery.sentAt,
  delivery.durationMs,
  delivery.urlHost,
  delivery.httpStatus,
  delivery.answer,
  delivery.excerpt,
  delivery.outcome,
]

const deliveryOf = (row: DeliveryRow): Delivery => ({
  shardKey: row.shard_key,
  site: row.site_id,
  reference: row.reference,
  attempt: row.attempt,
  tryNumber: row.try_number,
  paymentId: row.payment_id,
  sentAt: row.sent_at,
  durationMs: row.duration_ms,
  urlHost: row.url_host,
  httpStatus: row.http_status,
  answer: row.answer,
  excerpt: row.excerpt,
  outcome: row.outcome,
})
