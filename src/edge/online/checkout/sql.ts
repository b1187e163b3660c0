import type { ShardKey } from '../../../kernel/bucket.ts'
import type { CurrencyCode } from '../../../kernel/currency.ts'
import type { PaymentId, SiteId } from '../../../kernel/ids.ts'
import { limits } from '../../../kernel/limits.ts'
import { money } from '../../../kernel/money.ts'
import type { Database } from '../../../platform/postgres/database.ts'
import type { Language, WebSession } from './session.ts'
import type { AttemptName, CheckoutStore, Delivery, OrderName, WebOrder } from './store.ts'

const openSession = `
  WITH the_order AS (
    INSERT INTO web_order AS held (shard_key, site_id, reference, attempt, latest_session,
      amount_minor, currency, created_at, updated_at)
    VALUES ($1, $3, $4, 1, $2, $7, $8, $12, $12)
    ON CONFLICT (shard_key, site_id, reference) DO UPDATE SET
      latest_session = CASE WHEN held.paid_payment IS NULL THEN excluded.latest_session
        ELSE held.latest_session END,
      amount_minor = CASE WHEN held.paid_payment IS NULL THEN excluded.amount_minor
        ELSE held.amount_minor END,
      updated_at = excluded.updated_at
    RETURNING shard_key, site_id, reference, attempt, paid_payment
  ), the_session AS (
    INSERT INTO web_session (shard_key, session_digest, site_id, reference, gateway, kind,
      amount_minor, currency, language, client_ip, form, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  )
  SELECT shard_key, site_id, reference, attempt, paid_payment FROM the_order`

const selectSession = `
  SELECT shard_key, session_digest, site_id, reference, gateway, kind, amount_minor, currency,
    language, client_ip, form, created_at, expires_at
  FROM web_session WHERE shard_key = $1 AND session_digest = $2`

const updateLanguage = `
  UPDATE web_session SET language = $3 WHERE shard_key = $1 AND session_digest = $2`

const selectOrder = `
  SELECT shard_key, site_id, reference, attempt, paid_payment
  FROM web_order WHERE shard_key = $1 AND site_id = $2 AND reference = $3`

// The update without effect makes RETURNING give the row that was there, whoever inserted it.
const claimAttempt = `
  INSERT INTO web_attempt AS held (shard_key, site_id, reference, attempt, session_digest, claimed_at)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (shard_key, site_id, reference, attempt) DO UPDATE SET
    session_digest = CASE WHEN held.claimed_at < $7 THEN excluded.session_digest
      ELSE held.session_digest END,
    claimed_at = CASE WHEN held.claimed_at < $7 THEN excluded.claimed_at ELSE held.claimed_at END
  RETURNING session_digest`

const selectClaimant = `
  SELECT session_digest FROM web_attempt
  WHERE shard_key = $1 AND site_id = $2 AND reference = $3 AND attempt = $4`

const advanceAttempt = `
  UPDATE web_order SET attempt = attempt + 1, updated_at = $5
  WHERE shard_key = $1 AND site_id = $2 AND reference = $3 AND attempt = $4
    AND paid_payment IS NULL`

const markOrderPaid = `
  UPDATE web_order SET paid_payment = $4, updated_at = $5
  WHERE shard_key = $1 AND site_id = $2 AND reference = $3 AND paid_payment IS NULL`

// An order at its last attempt stays there when declined: only an approval is news to it.
const selectBehind = `
  /* scatter: orders that missed an outcome, before the purge of requests */
  SELECT o.shard_key, o.site_id, o.reference, o.attempt, o.paid_payment
  FROM request r
    JOIN payment p ON p.shard_key = r.shard_key AND p.business_date = r.business_date
      AND p.request_key = r.request_key
    JOIN web_order o ON o.shard_key = p.shard_key AND o.site_id = p.site_id
      AND o.reference = p.order_reference AND o.attempt = p.attempt
  WHERE r.shard_key >= $2 AND r.shard_key < $3 AND r.business_date < $1
    AND o.paid_payment IS NULL AND (o.attempt < $5 OR p.authorized_minor IS NOT NULL)
  LIMIT $4`

// Two processes may try at once after a take-over: the second of one number changes nothing.
const insertDelivery = `
  INSERT INTO callback_delivery (shard_key, site_id, reference, attempt, try_number, payment_id,
    sent_at, duration_ms, url_host, http_status, answer, excerpt, outcome)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
  ON CONFLICT (shard_key, site_id, reference, attempt, try_number) DO NOTHING`

const selectDeliveries = `
  SELECT shard_key, site_id, reference, attempt, try_number, payment_id, sent_at, duration_ms,
    url_host, http_status, answer, excerpt, outcome
  FROM callback_delivery
  WHERE shard_key = $1 AND site_id = $2 AND reference = $3 AND attempt = $4
  ORDER BY try_number`

type OrderRow = {
  shard_key: ShardKey
  site_id: SiteId
  reference: string
  attempt: number
  paid_payment: PaymentId | null
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

/** The store of record. Each statement is a dbTransaction of its own and names one bucket. */
export function sqlCheckoutStore(database: Pick<Database, 'query'>): CheckoutStore {
  return {
    async open(session) {
      const { rows } = await database.query<OrderRow>(openSession, sessionValues(session))
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
      const values = [...attemptKey(name), session, at, staleBefore]
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
      await database.query(markOrderPaid, [...orderKey(name), payment, at])
    },
    async behind({ before, fromBucket, toBucket, limit }) {
      const values = [before, fromBucket, toBucket, limit, limits.attemptsPerOrderMax]
      const { rows } = await database.query<OrderRow>(selectBehind, values)
      return rows.map(orderOf)
    },
    async recordDelivery(delivery) {
      await database.query(insertDelivery, deliveryValues(delivery))
    },
    async deliveries(name) {
      const { rows } = await database.query<DeliveryRow>(selectDeliveries, attemptKey(name))
      return rows.map(deliveryOf)
    },
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

const orderOf = (row: OrderRow): WebOrder => ({
  shardKey: row.shard_key,
  site: row.site_id,
  reference: row.reference,
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
