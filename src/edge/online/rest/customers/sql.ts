import type { ShardKey } from '../../../../kernel/bucket.ts'
import type { BusinessDate } from '../../../../kernel/business-date.ts'
import type { RequestKey, SiteId } from '../../../../kernel/ids.ts'
import type { Queryable } from '../../../../platform/postgres/database.ts'
import type { CardOnFile, Place } from '../../checkout/card-on-file.ts'
import { cardOf, selectCards, type CardRow } from '../../checkout/sql-cards-on-file.ts'
import type { Cursor } from '../page-of.ts'

export type CustomerRow = {
  readonly shard_key: ShardKey
  readonly customer_key: RequestKey
  readonly business_date: BusinessDate
  readonly site_id: SiteId
  readonly reference: string | null
  readonly name: string | null
  readonly email: string | null
  readonly created_at: Date
}

const columns = `shard_key, replace(customer_key::text, '-', '') AS customer_key, business_date,
  site_id, reference, name, email, created_at`

/** Made again under its key, as after a crash, it is the one that was made. */
export async function insertCustomer(database: Queryable, customer: CustomerRow): Promise<void> {
  await database.query(
    `INSERT INTO customer (shard_key, customer_key, business_date, site_id, reference, name, email,
       created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (shard_key, customer_key) DO NOTHING`,
    [
      customer.shard_key,
      customer.customer_key,
      customer.business_date,
      customer.site_id,
      customer.reference,
      customer.name,
      customer.email,
      customer.created_at,
    ],
  )
}

export async function selectCustomer(
  database: Queryable,
  { shardKey, requestKey }: Place,
): Promise<CustomerRow | undefined> {
  const { rows } = await database.query<CustomerRow>(
    `SELECT ${columns} FROM customer
     WHERE shard_key = $1 AND customer_key = $2 AND deleted_at IS NULL`,
    [shardKey, requestKey],
  )
  return rows[0]
}

export async function selectCustomerPage(
  database: Queryable,
  asked: {
    readonly bucket: ShardKey
    readonly site: SiteId
    readonly reference: string | null
    readonly after: Cursor | null
    readonly limit: number
  },
): Promise<readonly CustomerRow[]> {
  const { bucket, site, reference, after, limit } = asked
  const { rows } = await database.query<CustomerRow>(
    `SELECT ${columns} FROM customer c
     WHERE c.shard_key = $1 AND c.site_id = $2 AND c.deleted_at IS NULL
       AND ($6::text IS NULL OR c.reference = $6)
       AND ($3::timestamptz IS NULL OR (c.created_at, c.customer_key) < ($3, $4::uuid))
     ORDER BY c.created_at DESC, c.customer_key DESC LIMIT $5`,
    [bucket, site, after?.at ?? null, after?.key ?? null, limit, reference],
  )
  return rows
}

/** Nothing of the customer is left but that there was one; their cards go in the same dbTransaction. */
export async function deleteCustomer(
  database: Queryable,
  { shard_key, customer_key }: CustomerRow,
  at: Date,
): Promise<void> {
  await database.query(
    `WITH gone AS (
       UPDATE customer SET deleted_at = $3, reference = NULL, name = NULL, email = NULL
       WHERE shard_key = $1 AND customer_key = $2 AND deleted_at IS NULL
     )
     UPDATE card_on_file SET removed_at = $3, card_token = NULL
     WHERE shard_key = $1 AND customer_key = $2 AND removed_at IS NULL`,
    [shard_key, customer_key, at],
  )
}

export async function selectCardPage(
  database: Queryable,
  asked: {
    readonly customer: CustomerRow
    readonly after: Cursor | null
    readonly limit: number
  },
): Promise<readonly CardOnFile[]> {
  const { customer, after, limit } = asked
  const { rows } = await database.query<CardRow>(
    `${selectCards}
     WHERE c.shard_key = $1 AND c.customer_key = $2 AND c.removed_at IS NULL
       AND ($3::timestamptz IS NULL OR (c.created_at, c.card_key) < ($3, $4::uuid))
     ORDER BY c.created_at DESC, c.card_key DESC LIMIT $5`,
    [customer.shard_key, customer.customer_key, after?.at ?? null, after?.key ?? null, limit],
  )
  return rows.map(cardOf)
}

export async function removeCard(
  database: Queryable,
  { shardKey, requestKey }: Place,
  at: Date,
): Promise<void> {
  await database.query(
    `UPDATE card_on_file SET removed_at = $3, card_token = NULL
     WHERE shard_key = $1 AND card_key = $2 AND removed_at IS NULL`,
    [shardKey, requestKey, at],
  )
}
