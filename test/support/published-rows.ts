/** The rows of national-2013.json or of a file of targets, counted over Parquet files by plain SQL. */
import { readFileSync } from 'node:fs'
import type { Duckdb } from '../../src/platform/duckdb.ts'

export type CheckedRow = {
  readonly id: string
  readonly what: 'value' | 'previous' | 'growth' | 'share'
  readonly published: number
  readonly tolerance: number
  readonly found: number
  readonly holds: boolean
}

type Row = Readonly<Record<string, string | number>>
type Published = {
  readonly periods: Readonly<Record<string, readonly [string, string]>>
  readonly rows: readonly Row[]
}

/** Counts and amounts of a smaller nation are as many times smaller; so are their tolerances. */
export async function checkPublishedRows(
  engine: Duckdb,
  files: string,
  options: { readonly rows: string; readonly scale?: number },
): Promise<readonly CheckedRow[]> {
  const { scale = 1 } = options
  const published = JSON.parse(readFileSync(options.rows, 'utf8')) as Published
  const checked: CheckedRow[] = []
  for (const row of published.rows) {
    const [from, to] = published.periods[String(row['period'])] ?? ['', '']
    const measured = (first: string, last: string, isWhole = false): Promise<number> =>
      measure(engine, files, { row, first, last, isWhole })
    const before = (date: string): string => `${Number(date.slice(0, 4)) - 1}${date.slice(4)}`
    const now = await measured(from, to)
    const isDistinct = row['measure'] === 'activeSites'
    const times = isDistinct ? 1 : scale
    const add = (
      what: CheckedRow['what'],
      value: string,
      tolerance: string,
      found: number,
    ): void => {
      const factor = what === 'value' || what === 'previous' ? times : 1
      const [wanted, width] = [Number(row[value]) * factor, Number(row[tolerance] ?? 0) * factor]
      // A smaller nation's figures are as fine as one operation.
      const grain = scale === 1 ? 1e-6 : what === 'value' || what === 'previous' ? 1 : 0.05
      const holds = Math.abs(found - wanted) <= width + grain
      checked.push({
        id: String(row['id']),
        what,
        published: wanted,
        tolerance: width,
        found,
        holds,
      })
    }
    if (row['value'] !== undefined) add('value', 'value', 'tolerance', now)
    if (row['sharePct'] !== undefined) {
      const whole = await measured(from, to, true)
      add('share', 'sharePct', 'shareTolerance', (100 * now) / whole)
    }
    if (row['growth'] === undefined && row['previous'] === undefined) continue
    const then = await measured(before(from), before(to))
    if (row['previous'] !== undefined) add('previous', 'previous', 'tolerance', then)
    if (row['growth'] !== undefined) {
      add('growth', 'growth', 'growthTolerance', 100 * (now / then - 1))
    }
  }
  return checked
}

async function measure(
  engine: Duckdb,
  files: string,
  asked: {
    readonly row: Row
    readonly first: string
    readonly last: string
    readonly isWhole: boolean
  },
): Promise<number> {
  const { row, first, last, isWhole } = asked
  const expressions: Readonly<Record<string, string>> = {
    count: "count(*) FILTER (kind = 'operation')",
    amount: "sum(amount_minor) FILTER (kind IN ('operation', 'capture')) / 100.0",
    activeSites: "count(DISTINCT site) FILTER (kind = 'operation')",
    activeCards: "count(DISTINCT card) FILTER (kind = 'operation')",
  }
  const where = [`business_date BETWEEN '${first}' AND '${last}'`]
  const { channel, sector, cardOrigin } = row
  if (channel !== undefined && channel !== 'all') where.push(`channel = '${channel}'`)
  if (sector !== undefined) where.push(`sector = '${sector}'`)
  if (cardOrigin !== undefined && !isWhole) where.push(`card_origin = '${cardOrigin}'`)
  const [found] = await engine.query<{ value: number }>(
    `SELECT (${expressions[String(row['measure'])] ?? 'NULL'})::DOUBLE AS value
     FROM read_parquet('${files}') WHERE ${where.join(' AND ')}`,
  )
  return found?.value ?? Number.NaN
}
