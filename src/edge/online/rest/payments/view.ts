import type { ShardKey } from '../../../../kernel/bucket.ts'
import type { BusinessDate } from '../../../../kernel/business-date.ts'
import type { CurrencyCode } from '../../../../kernel/currency.ts'
import type { RequestKey, SiteId } from '../../../../kernel/ids.ts'
import { limits } from '../../../../kernel/limits.ts'
import type { Queryable } from '../../../../platform/postgres/database.ts'
import type { DeclineReason, OnFileUse, Payment } from '../../../../switch/index.ts'
import type { Cursor } from '../page-of.ts'
import type { PaymentBody } from '../shapes.ts'

/** An order as the API shows it, with its paid or else its last decided attempt (`p_`). */
export type PaymentView = {
  readonly shard_key: ShardKey
  readonly site_id: SiteId
  readonly reference: string
  readonly order_key: RequestKey
  readonly business_date: BusinessDate
  readonly kind: Payment['sent']['kind']
  readonly amount_minor: bigint
  readonly currency: CurrencyCode
  readonly description: string | null
  readonly customer: PaymentBody['customer']
  readonly metadata: PaymentBody['metadata']
  readonly customer_id: string | null
  readonly page_sealed: Buffer | null
  readonly created_at: Date
  readonly expires_at: Date
  readonly status: PaymentBody['status']
  readonly p_state: Payment['status']['state'] | null
  readonly p_kind: Payment['sent']['kind'] | null
  readonly p_key: RequestKey | null
  readonly p_date: BusinessDate | null
  readonly p_amount_minor: bigint | null
  readonly p_captured_minor: bigint | null
  readonly p_refunded_minor: bigint | null
  readonly p_approved: boolean
  readonly p_decline_reason: DeclineReason | null
  readonly p_card_brand: string | null
  readonly p_card_masked: string | null
  readonly p_card_origin: 'moroccan' | 'foreign' | null
  readonly p_card_expiry: string | null
  readonly p_on_file: OnFileUse | null
}

/** Of an order that no card was tried for. */
export const noAttempt = {
  p_state: null,
  p_kind: null,
  p_key: null,
  p_date: null,
  p_amount_minor: null,
  p_captured_minor: null,
  p_refunded_minor: null,
  p_approved: false,
  p_decline_reason: null,
  p_card_brand: null,
  p_card_masked: null,
  p_card_origin: null,
  p_card_expiry: null,
  p_on_file: null,
} as const satisfies Partial<PaymentView>

const orderColumns = `o.shard_key, o.site_id, o.reference,
    replace(o.order_key::text, '-', '') AS order_key, o.business_date, o.kind, o.amount_minor,
    o.currency, o.description, o.customer, o.metadata, o.customer_id, o.page_sealed, o.created_at,
    o.expires_at`

// The current attempt's request and outcome (r, c); the paid attempt, or else the one before (v).
// The order's own row only says which attempt it is at: what became of it is the tranlog's word.
// LIMIT 1 keeps each payment a look-up by its key, whatever the planner thinks of the tables.
const view = `
  SELECT ${orderColumns}, p.on_file AS p_on_file, p.state AS p_state, p.kind AS p_kind,
    replace(p.request_key::text, '-', '') AS p_key, p.business_date AS p_date,
    p.amount_minor AS p_amount_minor, p.captured_minor AS p_captured_minor,
    p.refunded_minor AS p_refunded_minor, p.authorized_minor IS NOT NULL AS p_approved,
    p.decline_reason AS p_decline_reason, p.card_brand AS p_card_brand,
    p.card_masked AS p_card_masked, p.card_origin AS p_card_origin,
    p.card_expiry AS p_card_expiry,
    CASE
      WHEN p.state = 'captured' AND p.refunded_minor = p.captured_minor THEN 'refunded'
      WHEN p.state = 'captured' THEN 'captured'
      WHEN p.state = 'approved' THEN 'authorized'
      WHEN p.authorized_minor IS NOT NULL THEN 'voided'
      WHEN r.request_key IS NOT NULL AND c.request_key IS NULL THEN 'processing'
      WHEN c.request_key IS NOT NULL AND o.attempt >= ${limits.attemptsPerOrderMax} THEN 'declined'
      WHEN o.expires_at <= $1 THEN 'expired'
      ELSE 'requires_action'
    END AS status
  FROM web_order o
    LEFT JOIN web_attempt a ON a.shard_key = o.shard_key AND a.site_id = o.site_id
      AND a.reference = o.reference AND a.attempt = o.attempt AND o.payment_key IS NULL
    LEFT JOIN request r ON r.shard_key = a.shard_key AND r.request_key = a.request_key
    LEFT JOIN LATERAL (SELECT * FROM payment p WHERE p.shard_key = r.shard_key
      AND p.business_date = r.business_date AND p.request_key = r.request_key LIMIT 1) c ON true
    LEFT JOIN web_attempt b ON b.shard_key = o.shard_key AND b.site_id = o.site_id
      AND b.reference = o.reference AND b.attempt = o.attempt - 1 AND o.payment_key IS NULL
    LEFT JOIN request q ON q.shard_key = b.shard_key AND q.request_key = b.request_key
    LEFT JOIN LATERAL (SELECT * FROM payment p WHERE p.shard_key = o.shard_key
      AND p.business_date = coalesce(o.payment_date, q.business_date)
      AND p.request_key = coalesce(o.payment_key, q.request_key) LIMIT 1) v ON true
    CROSS JOIN LATERAL (SELECT c.* WHERE c.request_key IS NOT NULL
      UNION ALL SELECT v.* WHERE c.request_key IS NULL) p`

export type ViewKey = { readonly shardKey: ShardKey; readonly orderKey: RequestKey }

export async function selectView(
  database: Queryable,
  { shardKey, orderKey }: ViewKey,
  now: Date,
): Promise<PaymentView | undefined> {
  const { rows } = await database.query<PaymentView>(
    `/* kept plan */ ${view} WHERE o.shard_key = $2 AND o.order_key = $3`,
    [now, shardKey, orderKey],
  )
  return rows[0]
}

/** The order alone, for whoever knows its attempt and its status already. */
export async function selectOrderView(
  database: Queryable,
  { shardKey, orderKey }: ViewKey,
): Promise<PaymentView | undefined> {
  type OrderOnly = Omit<PaymentView, keyof typeof noAttempt | 'status'>
  const { rows } = await database.query<OrderOnly>(
    `/* kept plan */ SELECT ${orderColumns} FROM web_order o
     WHERE o.shard_key = $1 AND o.order_key = $2`,
    [shardKey, orderKey],
  )
  const [order] = rows
  return order === undefined ? undefined : { ...order, ...noAttempt, status: 'processing' }
}

export type ViewFilter = {
  readonly bucket: ShardKey
  readonly site: SiteId
  readonly status: string | null
  readonly order: string | null
  readonly from: string | null
  readonly to: string | null
  readonly after: Cursor | null
  readonly limit: number
}

/** Of one bucket, newest first. */
export async function selectViews(
  database: Queryable,
  filter: ViewFilter,
  now: Date,
): Promise<readonly PaymentView[]> {
  const { bucket, site, order, from, to, after, status, limit } = filter
  const { rows } = await database.query<PaymentView>(
    `SELECT * FROM (${view}
       WHERE o.shard_key = $2 AND o.site_id = $3
         AND ($4::text IS NULL OR o.reference = $4)
         AND ($5::date IS NULL OR o.business_date >= $5)
         AND ($6::date IS NULL OR o.business_date <= $6)
         -- No card was tried for it: its payment need not be looked for.
         AND ($9::text IS NULL OR $9 IN ('requires_action', 'expired')
           OR o.payment_key IS NOT NULL OR a.request_key IS NOT NULL)
         AND ($7::timestamptz IS NULL OR (o.created_at, o.order_key) < ($7, $8::uuid))) found
     WHERE $9::text IS NULL OR status = $9
     ORDER BY created_at DESC, order_key DESC LIMIT $10`,
    [now, bucket, site, order, from, to, after?.at ?? null, after?.key ?? null, status, limit],
  )
  return rows
}
