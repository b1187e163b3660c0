import { sqlText, type Duckdb } from '../../platform/duckdb.ts'
import type { BusinessDate } from '../../kernel/business-date.ts'
import { lakeColumns, rowKinds, type DayTotals } from '../../wire/lake/index.ts'

/** The files as one relation; columns are known by their names. */
export const parquetOf = (paths: readonly string[]): string =>
  `read_parquet([${paths.map(sqlText).join(', ')}])`

/** Files that `CsvFile` wrote, as one relation: an end of line is its own, not the first one in a text. */
export const csv = (
  paths: readonly string[],
  columns: readonly (readonly [name: string, type: string])[],
): string =>
  `read_csv([${paths.map(sqlText).join(', ')}], auto_detect = false, header = false, delim = ',',
    new_line = '\\n', quote = '"', escape = '"', nullstr = '',
    columns = {${columns.map(([name, type]) => `${name}: ${sqlText(type)}`).join(', ')}})`

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

/** The dimensions of the cube: every one but merchant, site, card and hour. */
const cubeKeys = 'business_date, channel, gateway, door, card_origin, brand, sector, issuer'

/** Counts and sums that are added up again over any of its dimensions. */
export const cubeOf = (source: string): string => sumsOf(cubeKeys, source)

/** The same by the hour, of fewer dimensions. */
export const hoursOf = (source: string): string =>
  sumsOf('business_date, hour, channel, gateway, card_origin', source)

const sumsOf = (keys: string, source: string): string => `
  SELECT ${keys},
    count(*) FILTER (kind = 'operation') AS operations,
    coalesce(sum(amount_minor) FILTER (kind IN ('operation', 'capture')), 0)::BIGINT
      AS amount_minor,
    count(*) FILTER (kind = 'refund') AS refunds,
    coalesce(sum(amount_minor) FILTER (kind = 'refund'), 0)::BIGINT AS refund_amount_minor,
    count(*) FILTER (kind = 'reversal') AS reversals,
    coalesce(sum(amount_minor) FILTER (kind = 'reversal'), 0)::BIGINT AS reversal_amount_minor,
    count(*) FILTER (kind = 'operation' AND site <> 'none') AS site_operations,
    coalesce(sum(approved), 0)::BIGINT AS approved,
    count(*) FILTER (kind = 'decline') AS declined
  FROM ${source} GROUP BY ALL ORDER BY ALL`

/** On which dates a site was active, by what a site's operations are usually asked by. */
export const sitesOf = (source: string): string => `
  SELECT business_date, channel, gateway, door, card_origin, sector, site,
    count(*) AS operations
  FROM ${source} WHERE kind = 'operation' AND site <> 'none' GROUP BY ALL ORDER BY ALL`
