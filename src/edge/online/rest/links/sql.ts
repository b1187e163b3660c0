import type { ShardKey } from '../../../../kernel/bucket.ts'
import type { BusinessDate } from '../../../../kernel/business-date.ts'
import type { CurrencyCode } from '../../../../kernel/currency.ts'
import type { RequestKey, SiteId } from '../../../../kernel/ids.ts'
import type { Queryable } from '../../../../platform/postgres/database.ts'
import type { Language, WebSession } from '../../checkout/session.ts'
import type { Cursor } from '../page-of.ts'

export type LinkRow = {
  readonly shard_key: ShardKey
  readonly link_key: RequestKey
  readonly business_date: BusinessDate
  readonly site_id: SiteId
  readonly kind: WebSession['kind']
  readonly amount_minor: bigint
  readonly currency: CurrencyCode
  readonly reference: string
  readonly description: string | null
  readonly return_url: string | null
  readonly language: Language
  readonly max_payments: number
  readonly expires_at: Date | null
  readonly deactivated_at: Date | null
  readonly created_at: Date
}

const columns = `shard_key, replace(link_key::text, '-', '') AS link_key, business_date, site_id,
  kind, amount_minor, currency, reference, description, return_url, language, max_payments,
  expires_at, deactivated_at, created_at`

/** Made again under its key, as after a crash, it is the one that was made. */
export async function insertLink(database: Queryable, link: LinkRow): Promise<void> {
  await database.query(
    `INSERT INTO payment_link (shard_key, link_key, business_date, site_id, kind, amount_minor,
       currency, reference, description, return_url, language, max_payments, expires_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     ON CONFLICT (shard_key, link_key) DO NOTHING`,
    [
      link.shard_key,
      link.link_key,
      link.business_date,
      link.site_id,
      link.kind,
      link.amount_minor,
      link.currency,
      link.reference,
      link.description,
      link.return_url,
      link.language,
      link.max_payments,
      link.expires_at,
      link.created_at,
    ],
  )
}

export async function selectLink(
  database: Queryable,
  shardKey: ShardKey,
  linkKey: RequestKey,
): Promise<LinkRow | undefined> {
  const { rows } = await database.query<LinkRow>(
    `SELECT ${columns} FROM payment_link WHERE shard_key = $1 AND link_key = $2`,
    [shardKey, linkKey],
  )
  return rows[0]
}

export async function selectLinkPage(
  database: Queryable,
  asked: {
    readonly bucket: ShardKey
    readonly site: SiteId
    readonly after: Cursor | null
    readonly limit: number
  },
): Promise<readonly LinkRow[]> {
  const { rows } = await database.query<LinkRow>(
    `SELECT ${columns} FROM payment_link l
     WHERE l.shard_key = $1 AND l.site_id = $2
       AND ($3::timestamptz IS NULL OR (l.created_at, l.link_key) < ($3, $4::uuid))
     ORDER BY l.created_at DESC, l.link_key DESC LIMIT $5`,
    [asked.bucket, asked.site, asked.after?.at ?? null, asked.after?.key ?? null, asked.limit],
  )
  return rows
}

export async function deactivateLink(
  database: Queryable,
  { shard_key, link_key }: LinkRow,
  at: Date,
): Promise<void> {
  await database.query(
    `UPDATE payment_link SET deactivated_at = coalesce(deactivated_at, $3)
     WHERE shard_key = $1 AND link_key = $2`,
    [shard_key, link_key, at],
  )
}

/** How often each of these links was paid; what was voided later counts too. */
export async function countPaid(
  database: Queryable,
  buckets: readonly ShardKey[],
  links: readonly RequestKey[],
): Promise<ReadonlyMap<RequestKey, number>> {
  const { rows } = await database.query<{ link_key: RequestKey; paid: bigint }>(
    `SELECT replace(link_key::text, '-', '') AS link_key, count(*) AS paid FROM web_order
     WHERE shard_key = ANY($1::int4[]) AND link_key = ANY($2::uuid[]) AND paid_payment IS NOT NULL
     GROUP BY link_key`,
    [buckets, links],
  )
  return new Map(rows.map(({ link_key, paid }) => [link_key, Number(paid)]))
}
