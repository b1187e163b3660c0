import { assert } from '../kernel/assert.ts'
import type { BusinessDate } from '../kernel/business-date.ts'
import { MAD } from '../kernel/currency.ts'
import type { Database } from '../platform/postgres/database.ts'
import { anyBucket } from './lake/export-sql.ts'

export type Today = {
  readonly count: number
  /** In dirhams' minor units. */
  readonly amountMinor: bigint
}

/**
 * The operations in dirhams of one business date, from the ledger alone: whoever wants no more of an
 * open day needs no engine. It says what a cut of that date says.
 */
export async function selectToday(database: Database, date: BusinessDate): Promise<Today> {
  const { rows } = await database.query<{ count: bigint; amount: bigint }>(
    `/* scatter: the operations of a date */
     SELECT count(*) FILTER (WHERE t.part = 1) AS count,
       coalesce(sum(t.amount_minor), 0)::bigint AS amount
     FROM transfer t WHERE t.business_date = $1 AND t.${anyBucket} AND t.currency = $2
       AND t.cause IN ('purchase', 'capture') AND NOT EXISTS (
         SELECT 1 FROM transfer v WHERE v.business_date = $1 AND v.${anyBucket}
           AND v.shard_key = t.shard_key AND v.request_key = t.request_key
           AND v.payment_date = t.payment_date AND v.cause IN ('void', 'reversal'))`,
    [date, MAD],
  )
  const [found] = rows
  assert(found !== undefined, 'an aggregate has one row')
  return { count: Number(found.count), amountMinor: found.amount }
}
