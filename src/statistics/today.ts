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

const ofDate = `business_date = $1 AND ${anyBucket} AND currency = $2`
const due = "cause IN ('purchase', 'capture')"
const sums = `count(*) FILTER (WHERE t.part = 1) AS count,
  coalesce(sum(t.amount_minor), 0)::bigint AS amount`

/**
 * The operations in dirhams of one business date, from the ledger alone: whoever wants no more of an
 * open day needs no engine. It says what a cut of that date says. What was taken back on the date is
 * looked up payment by payment: few are, of however many.
 */
export async function selectToday(database: Database, date: BusinessDate): Promise<Today> {
  const { rows } = await database.query<{ count: bigint; amount: bigint }>(
    `/* scatter: the operations of a date */
     WITH whole AS (SELECT ${sums} FROM transfer t WHERE ${ofDate} AND ${due}),
       undone AS (SELECT ${sums}
         FROM (SELECT DISTINCT shard_key, payment_date, request_key FROM transfer
           WHERE ${ofDate} AND cause IN ('void', 'reversal')) v
         CROSS JOIN LATERAL (SELECT part, amount_minor FROM transfer
           WHERE shard_key = v.shard_key AND business_date = $1 AND request_key = v.request_key
             AND payment_date = v.payment_date AND ${due} OFFSET 0) t)
     SELECT whole.count - undone.count AS count, whole.amount - undone.amount AS amount
     FROM whole, undone`,
    [date, MAD],
  )
  const [found] = rows
  assert(found !== undefined, 'an aggregate has one row')
  return { count: Number(found.count), amountMinor: found.amount }
}
