import { sqlText, type Duckdb } from '../../platform/duckdb.ts'
import type { BusinessDate } from '../../kernel/business-date.ts'
import { lakeColumns, rowKinds, type DayTotals } from '../../wire/lake/index.ts'

/** The files as one relation; columns are known by their names. */
export const parquetOf = (paths: readonly string[]): string =>
  `read_parquet([${paths.map(sqlText).join(', ')}])`

/** Operations in one currency: amounts of two are never added up. */
export const inCurrency = (operations: string, currency: string): string =>
  `(FROM ${operations} WHERE currency = ${sqlText(currency)})`

/** How every file of the lake is written. */
export const parquetOptions = '(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)'

/** A sentence that names the first column that is not as the lake's files have it. */
export async function wrongColumn(engine: Duckdb, path: string): Promise<string | undefined> {
  const found = await engine.query<{ column_name: string; column_type: string }>(
    `DESCRIBE SELECT * FROM ${parquetOf([path])}`,
  )
  for (const [index, [name, type]] of lakeColumns.entries()) {
    const column = found[index]
    if (column === undefined) return `has no column ${name}`
    if (column.column_name !== name) return `has ${column.column_name} in the place of ${name}`
    if (column.column_type !== type) return `has ${name} as ${column.column_type}, not ${type}`
  }
  const more = found[lakeColumns.length]
  return more === undefined ? undefined : `has a column ${more.column_name} that is not the lake’s`
}

/** Of the operations of files, in order. */
export async function currenciesIn(
  engine: Duckdb,
  paths: readonly string[],
): Promise<readonly string[]> {
  const rows = await engine.query<{ currency: string }>(
    `SELECT DISTINCT currency FROM ${parquetOf(paths)} ORDER BY 1`,
  )
  return rows.map(({ currency }) => currency)
}

export type FoundDay = DayTotals & {
  /** Rows that break a rule of the columns. */
  readonly wrong: number
}

const mayBeNull: ReadonlySet<string> = new Set(['reason', 'reference'])

const wrongRow = [
  ...lakeColumns.flatMap(([name]) => (mayBeNull.has(name) ? [] : [`${name} IS NULL`])),
  `kind NOT IN (${rowKinds.map(sqlText).join(', ')})`,
  'amount_minor < 0',
  'hour > 23',
  'approved > 1',
  "channel NOT IN ('internet', 'terminal')",
  "card_origin NOT IN ('moroccan', 'foreign')",
].join(' OR ')

/** What files really hold, by date. */
export async function countDays(engine: Duckdb, paths: readonly string[]): Promise<FoundDay[]> {
  const rows = await engine.query<{
    date: BusinessDate
    rows: bigint
    operations: bigint
    amount_minor: bigint
    wrong: bigint
  }>(
    `SELECT business_date::VARCHAR AS date, count(*) AS rows,
       count(*) FILTER (kind = 'operation') AS operations,
       coalesce(sum(amount_minor) FILTER (kind IN ('operation', 'capture')), 0)::BIGINT
         AS amount_minor,
       count(*) FILTER (${wrongRow}) AS wrong
     FROM ${parquetOf(paths)} GROUP BY 1 ORDER BY 1`,
  )
  return rows.map((row) => ({
    date: row.date,
    rows: Number(row.rows),
    operations: Number(row.operations),
    amountMinor: row.amount_minor,
    wrong: Number(row.wrong),
  }))
}
