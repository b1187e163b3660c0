import type { ShardKey } from '../../../kernel/bucket.ts'
import type { BusinessDate } from '../../../kernel/business-date.ts'
import {
  paymentIdOf,
  requestKeyOf,
  type CardToken,
  type RequestKey,
  type Rrn,
  type SiteId,
} from '../../../kernel/ids.ts'
import type { Queryable } from '../../../platform/postgres/database.ts'
import type { CardOnFile, CardsOnFile, Place } from './card-on-file.ts'

export type CardRow = {
  readonly shard_key: ShardKey
  readonly card_key: RequestKey
  readonly business_date: BusinessDate
  readonly customer_key: RequestKey
  readonly customer_date: BusinessDate
  readonly site_id: SiteId
  readonly card_token: CardToken | null
  readonly card_masked: string
  readonly card_expiry: string
  readonly card_brand: string
  readonly card_origin: CardOnFile['origin']
  readonly first_reference: Rrn
  readonly first_payment: string
  readonly created_at: Date
}

/** A customer's business date is in its id: a card tells whose it is. */
export const selectCards = `
  SELECT c.shard_key, replace(c.card_key::text, '-', '') AS card_key, c.business_date,
    replace(c.customer_key::text, '-', '') AS customer_key, o.business_date AS customer_date,
    c.site_id, c.card_token, c.card_masked, c.card_expiry, c.card_brand, c.card_origin,
    c.first_reference, c.first_payment, c.created_at
  FROM card_on_file c
    JOIN customer o ON o.shard_key = c.shard_key AND o.customer_key = c.customer_key`

export const cardOf = (row: CardRow): CardOnFile => ({
  place: {
    shardKey: row.shard_key,
    businessDate: row.business_date,
    requestKey: row.card_key,
  },
  customer: {
    shardKey: row.shard_key,
    businessDate: row.customer_date,
    requestKey: row.customer_key,
  },
  site: row.site_id,
  token: row.card_token,
  masked: row.card_masked,
  expiry: row.card_expiry,
  brand: row.card_brand,
  origin: row.card_origin,
  firstReference: row.first_reference,
  firstPayment: row.first_payment,
  createdAt: row.created_at,
})

// The customer's row is locked, so that no card is kept of one who is being deleted. A card that is
// kept already learns its latest expiry and stays what it is: its first reference too.
const keepCard = `
  WITH owner AS (
    SELECT 1 FROM customer
    WHERE shard_key = $1 AND customer_key = $4 AND site_id = $5 AND deleted_at IS NULL FOR UPDATE
  ), renewed AS (
    UPDATE card_on_file SET card_expiry = greatest(card_expiry, $8)
    WHERE shard_key = $1 AND customer_key = $4 AND card_token = $6 AND removed_at IS NULL
  )
  INSERT INTO card_on_file (shard_key, card_key, business_date, customer_key, site_id, card_token,
    card_masked, card_expiry, card_brand, card_origin, first_reference, first_payment, created_at)
  SELECT $1::int, $2::uuid, $3::date, $4::uuid, $5, $6, $7, $8, $9, $10, $11, $12, $13::timestamptz
  FROM owner
  ON CONFLICT DO NOTHING`

/** The store of record: one statement each, in the customer's own bucket. */
export const sqlCardsOnFile = (database: Queryable): CardsOnFile => ({
  async find({ shardKey, requestKey }: Place) {
    const { rows } = await database.query<CardRow>(
      `${selectCards} WHERE c.shard_key = $1 AND c.card_key = $2`,
      [shardKey, requestKey],
    )
    return rows[0] === undefined ? undefined : cardOf(rows[0])
  },
  async keep({ sent, status }, customer) {
    const { token, masked, expiry, brand, origin } = sent.card
    await database.query(keepCard, [
      customer.shardKey,
      requestKeyOf('card', customer.requestKey, sent.key.requestKey),
      sent.key.businessDate,
      customer.requestKey,
      sent.site,
      token,
      masked,
      expiry,
      brand,
      origin,
      sent.rrn,
      paymentIdOf(sent.key),
      status.answeredAt,
    ])
  },
})
