import type { ShardKey } from '../../../kernel/bucket.ts'
import type { CurrencyCode } from '../../../kernel/currency.ts'
import type { BusinessDate } from '../../../kernel/business-date.ts'
import {
  parsePaymentId,
  paymentIdOf,
  requestKeyOf,
  type PaymentId,
  type RequestKey,
  type SiteId,
} from '../../../kernel/ids.ts'
import { limits } from '../../../kernel/limits.ts'
import { money } from '../../../kernel/money.ts'
import type { Database } from '../../../platform/postgres/database.ts'
import { requestKeyFor } from './order-state.ts'
import type { Language, WebSession } from './session.ts'
import { sqlDeliveries } from './sql-deliveries.ts'
import type { AttemptName, CheckoutStore, OrderDetails, OrderName, WebOrder } from './store.ts'

const orderColumns = `shard_key, site_id, reference, order_key, business_date, attempt, kind,
  amount_minor, currency, paid_payment, created_at`

// What a paid order says stays as it was when it was paid.
const openSession = `
  /* kept plan */ WITH the_order AS (
    INSERT INTO web_order AS held (shard_key, site_id, reference, attempt, latest_session,
      amount_minor, currency, created_at, updated_at, order_key, business_date, kind, expires_at,
      description, customer, metadata, page_sealed, link_key, customer_id)
    VALUES ($1, $3, $4, 1, $2, $7, $8, $12, $12, $14, $15, $6, $13, $16, $17, $18, $19, $20, $21)
    ON CONFLICT (shard_key, site_id, reference) DO UPDATE SET
      (latest_session, amount_minor, currency, kind, expires_at, page_sealed, description, customer,
        metadata, link_key, customer_id) =
        (SELECT excluded.latest_session, excluded.amount_minor, excluded.currency, excluded.kind,
          excluded.expires_at, excluded.page_sealed,
          coalesce(excluded.description, held.description),
          coalesce(excluded.customer, held.customer), coalesce(excluded.metadata, held.metadata),
          coalesce(excluded.link_key, held.link_key),
          coalesce(excluded.customer_id, held.customer_id)
        WHERE held.paid_payment IS NULL
        UNION ALL
        SELECT held.latest_session, held.amount_minor, held.currency, held.kind, held.expires_at,
          held.page_sealed, held.description, held.customer, held.metadata, held.link_key,
          held.customer_id
        WHERE held.paid_payment IS NOT NULL),
      updated_at = excluded.updated_at
    RETURNING ${orderColumns}
  ), the_session AS (
    INSERT INTO web_session (shard_key, session_digest, site_id, reference, gateway, kind,
      amount_minor, currency, language, client_ip, form, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  )
  SELECT ${orderColumns} FROM the_order`

const selectSession = `
  /* kept plan */ SELECT shard_key, session_digest, site_id, reference, gateway, kind, amount_minor, currency,
    language, client_ip, form, created_at, expires_at
  FROM web_session WHERE shard_key = $1 AND session_digest = $2`

const updateLanguage = `
  UPDATE web_session SET language = $3 WHERE shard_key = $1 AND session_digest = $2`

const selectOrder = `
  /* kept plan */ SELECT ${orderColumns}
  FROM web_order WHERE shard_key = $1 AND site_id = $2 AND reference = $3`

// The update without effect makes RETURNING give the row that was there, whoever inserted it.
const claimAttempt = `
  /* kept plan */ INSERT INTO web_attempt AS held (shard_key, site_id, reference, attempt, session_digest, claimed_at,
    request_key)
  VALUES ($1, $2, $3, $4, $5, $6, $8)
  ON CONFLICT (shard_key, site_id, reference, attempt) DO UPDATE SET
    session_digest = CASE WHEN held.claimed_at < $7 THEN excluded.session_digest
      ELSE held.session_digest END,
    claimed_at = CASE WHEN held.claimed_at < $7 THEN excluded.claimed_at ELSE held.claimed_at END
  RETURNING session_digest`

const selectClaimant = `
  /* kept plan */ SELECT session_digest FROM web_attempt
  WHERE shard_key = $1 AND site_id = $2 AND reference = $3 AND attempt = $4`

// The last attempt that an order may have stays its current one: declined, the order is over.
const advanceAttempt = `
  /* kept plan */ UPDATE web_order SET attempt = attempt + 1, updated_at = $5
  WHERE shard_key = $1 AND site_id = $2 AND reference = $3 AND attempt = $4
    AND attempt < ${limits.attemptsPerOrderMax} AND paid_payment IS NULL`

const markOrderPaid = `
  /* kept plan */ UPDATE web_order SET paid_payment = $4, updated_at = $5, payment_date = $6, payment_key = $7
  WHERE shard_key = $1 AND site_id = $2 AND reference = $3 AND paid_payment IS NULL`

// An order at its last attempt stays there when declined: only an approval is news to it.
const selectBehind = `
  /* scatter: orders that missed an outcome, before the purge of requests */
  SELECT o.shard_key, o.site_id, o.reference, o.order_key, o.business_date, o.attempt, o.kind,
    o.amount_minor, o.currency, o.paid_payment, o.created_at
  FROM request r
    JOIN payment p ON p.shard_key = r.shard_key AND p.business_date = r.business_date
      AND p.request_key = r.request_key
    JOIN web_order o ON o.shard_key = p.shard_key AND o.site_id = p.site_id
      AND o.reference = p.order_reference AND o.attempt = p.attempt
  WHERE r.shard_key >= $2 AND r.shard_key < $3 AND r.business_date < $1
    AND o.paid_payment IS NULL AND (o.attempt < $5 OR p.authorized_minor IS NOT NULL)
  LIMIT $4`

const deleteOldSessions = `
  /* scatter: sessions that were over long ago */
  DELETE FROM web_session WHERE (shard_key, session_digest) IN (
    SELECT shard_key, session_digest FROM web_session
    WHERE shard_key >= $2 AND shard_key < $3 AND expires_at < $1::date LIMIT $4)`

type OrderRow = {
  shard_key: ShardKey
  site_id: SiteId
  reference: string
  order_key: string
  business_date: BusinessDate
  attempt: number
  kind: WebOrder['kind']
  amount_minor: bigint
  currency: CurrencyCode
  paid_payment: PaymentId | null
  created_at: Date
}

type SessionRow = {
  shard_key: ShardKey
  session_digest: string
  site_id: SiteId
  reference: string
  gateway: WebSession['gateway']
  kind: WebSession['kind']
  amount_minor: bigint
  currency: CurrencyCode
  language: Language
  client_ip: string
  form: Buffer
  created_at: Date
  expires_at: Date
}

/**
 * The store of record. Each statement is a dbTransaction of its own and names one bucket. An order
 * is stamped with the business date once, when it is new.
 */
export function sqlCheckoutStore(
  database: Pick<Database, 'query'>,
  businessDay: { current(): BusinessDate },
): CheckoutStore {
  return {
    async open(session, details) {
      const values = [
        ...sessionValues(session),
        requestKeyOf('order', session.site, session.reference),
        businessDay.current(),
        ...detailValues(details),
      ]
      const { rows } = await database.query<OrderRow>(openSession, values)
      return orderOf(first(rows))
    },
    async session({ shardKey, digest }) {
      const { rows } = await database.query<SessionRow>(selectSession, [shardKey, digest])
      return rows[0] === undefined ? undefined : sessionOf(rows[0])
    },
    async speak({ shardKey, digest }, language) {
      await database.query(updateLanguage, [shardKey, digest, language])
    },
    async order(name) {
      const { rows } = await database.query<OrderRow>(selectOrder, orderKey(name))
      return rows[0] === undefined ? undefined : orderOf(rows[0])
    },
    async claim({ session, at, staleBefore, ...name }) {
      const requestKey = requestKeyFor(name)
      const values = [...attemptKey(name), session, at, staleBefore, requestKey]
      const { rows } = await database.query<{ session_digest: string }>(claimAttempt, values)
      return first(rows).session_digest
    },
    async claimant(name) {
      const values = attemptKey(name)
      const { rows } = await database.query<{ session_digest: string }>(selectClaimant, values)
      return rows[0]?.session_digest
    },
    async advance(name, at) {
      await database.query(advanceAttempt, [...attemptKey(name), at])
    },
    async markPaid(name, payment, at) {
      const key = parsePaymentId(payment)
      const values = [...orderKey(name), payment, at, key?.businessDate, key?.requestKey]
      await database.query(markOrderPaid, values)
    },
    async behind({ before, fromBucket, toBucket, limit }) {
      const values = [before, fromBucket, toBucket, limit, limits.attemptsPerOrderMax]
      const { rows } = await database.query<OrderRow>(selectBehind, values)
      return rows.map(orderOf)
    },
    async forgetSessions({ before, fromBucket, toBucket, limit }) {
      const values = [before, fromBucket, toBucket, limit]
      const { rowCount } = await database.query(deleteOldSessions, values)
      return rowCount ?? 0
    },
    ...sqlDeliveries(database),
  }
}

const orderKey = ({ shardKey, site, reference }: OrderName): unknown[] => [
  shardKey,
  site,
  reference,
]

const attemptKey = (name: AttemptName): unknown[] => [...orderKey(name), name.attempt]

function first<Row>(rows: readonly Row[]): Row {
  const row = rows[0]
  if (row === undefined) throw new Error('invariant broken: RETURNING gave no row')
  return row
}

const sessionValues = (session: WebSession): unknown[] => [
  session.shardKey,
  session.digest,
  session.site,
  session.reference,
  session.gateway,
  session.kind,
  session.amount.minor,
  session.amount.currency,
  session.language,
  session.clientIp,
  session.form,
  session.createdAt,
  session.expiresAt,
]

const detailValues = (details: OrderDetails | undefined): unknown[] => [
  details?.description ?? null,
  details?.customer ?? null,
  details?.metadata ?? null,
  details?.pageSealed ?? null,
  details?.linkKey ?? null,
  details?.customerId ?? null,
]

const orderOf = (row: OrderRow): WebOrder => ({
  shardKey: row.shard_key,
  site: row.site_id,
  reference: row.reference,
  id: paymentIdOf({
    shardKey: row.shard_key,
    businessDate: row.business_date,
    requestKey: row.order_key.replaceAll('-', '') as RequestKey,
  }),
  createdAt: row.created_at,
  kind: row.kind,
  amount: money(row.amount_minor, row.currency),
  attempt: row.attempt,
  paidBy: row.paid_payment,
})

const sessionOf = (row: SessionRow): WebSession => ({
  shardKey: row.shard_key,
  digest: row.session_digest,
  gateway: row.gateway,
  site: row.site_id,
  reference: row.reference,
  kind: row.kind,
  amount: money(row.amount_minor, row.currency),
  language: row.language,
  clientIp: row.client_ip,
  form: row.form,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
})
