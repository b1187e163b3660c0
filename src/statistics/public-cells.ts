import { sqlText, type Duckdb, type Row } from '../platform/duckdb.ts'
import type { CountedCell } from './disclosure/index.ts'
import { publicGateways } from './disclosure/index.ts'
import type { Period } from './period.ts'
import { dimensions, type Dimension } from './question.ts'
import { everything, isEmpty, type Source } from './relations.ts'

/**
 * The tables from which free cuts are told to the public: `sectors`, of the Internet by month, and
 * `hours`, of everything by weekday and hour.
 */
export type PublicTable = 'sectors' | 'hours'

const finest: readonly Dimension[] = ['channel', 'cardOrigin', 'gateway']

/** By what each table's cells are cut, the finest first: the others are sums of those. */
const cuts: Readonly<Record<PublicTable, readonly (readonly Dimension[])[]>> = {
  sectors: [
    ['month', 'sector', ...finest],
    ['month', 'sector', 'cardOrigin'],
    ['month', 'sector', 'channel', 'gateway'],
    ['month', ...finest],
  ],
  // Their sums are judged at their worst instead: merchants by the hour are many to count again.
  hours: [['weekday', 'hour', ...finest]],
}

const whereOf: Readonly<Record<PublicTable, string>> = {
  sectors: "channel = 'internet'",
  hours: 'true',
}

/** Nobody can filter by another gateway. */
const expressionOf = (name: Dimension): string =>
  name === 'gateway'
    ? `CASE WHEN gateway IN (${publicGateways.map(sqlText).join(', ')}) THEN gateway ELSE 'none' END`
    : dimensions[name]

type Counted = Row & {
  readonly operations: bigint
  readonly amount: bigint
  readonly merchants: bigint
  readonly largest: string
  /** Of the largest merchant and of the next one. */
  readonly amounts: readonly bigint[]
}

/** Each cell with its operations, its dirhams in minor units, and whom it is made of. */
export async function countPublicCells(
  engine: Duckdb,
  source: Source,
  { from, to }: Period,
  table: PublicTable,
): Promise<readonly CountedCell[]> {
  if (isEmpty(source)) return []
  const [whole = []] = cuts[table]
  const keys = whole.map((name) => `${expressionOf(name)} AS "${name}"`)
  const selects = cuts[table].map((by) => {
    const names = by.map((name) => `"${name}"`).join(', ')
    return `SELECT ${names}, sum(operations)::BIGINT AS operations, sum(amount)::BIGINT AS amount,
        count(*) AS merchants, arg_max(merchant, amount) AS largest,
        max(amount, 2)::BIGINT[] AS amounts
      FROM (SELECT ${names}, merchant, sum(operations) AS operations, sum(amount) AS amount
        FROM taken GROUP BY ALL) GROUP BY ALL`
  })
  const rows = await engine.query<Counted>(
    `WITH taken AS MATERIALIZED (
       SELECT ${keys.join(', ')}, merchant, count(*) FILTER (kind = 'operation') AS operations,
         sum(amount_minor) AS amount
       FROM ${everything(source)}
       WHERE kind IN ('operation', 'capture') AND ${whereOf[table]}
         AND business_date BETWEEN DATE '${from}' AND DATE '${to}'
       GROUP BY ALL)
     ${selects.join('\nUNION ALL BY NAME ')}`,
  )
  return rows.map((row) => ({
    key: Object.fromEntries(
      whole.flatMap((name) => (typeof row[name] === 'string' ? [[name, row[name]]] : [])),
    ),
    cell: {
      count: Number(row.operations),
      amountMinor: row.amount,
      merchants: Number(row.merchants),
      largest: row.largest,
      largestAmountMinor: row.amounts[0] ?? 0n,
      secondAmountMinor: row.amounts[1] ?? 0n,
    },
  }))
}
