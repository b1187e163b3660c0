import { sqlText, type Duckdb, type Row } from '../platform/duckdb.ts'
import type { BusinessDate } from '../kernel/business-date.ts'
import { limits } from '../kernel/limits.ts'
import { TooManyRows } from './lake-error.ts'
import { cubeOf, hoursOf, parquetOf, sitesOf } from './lake/sql.ts'
import type { Period } from './period.ts'
import {
  dimensions,
  fitsCube,
  fitsHours,
  fitsSites,
  isDimension,
  type Dimension,
  type Filters,
  type Question,
} from './question.ts'

/** Where the rows of a period are: files, and the dates of the period that they hold. */
export type Source = {
  /** Of operations, published. */
  readonly parts: readonly string[]
  /** Of operations, of dates that are not published. */
  readonly live: readonly string[]
  /** Rollups of the published parts; undefined where one is missing. */
  readonly cube: readonly string[] | undefined
  readonly sites: readonly string[] | undefined
  readonly hours: readonly string[] | undefined
  readonly dates: readonly BusinessDate[]
}

/** One cell as the engine gives it: its key, or none for the total. */
export type Cell<M> = { readonly key: readonly string[] | null; readonly measured: M }

export type CoreRow = Row & {
  readonly operations: bigint
  readonly amount_minor: bigint
  readonly refunds: bigint
  readonly refund_amount_minor: bigint
  readonly reversals: bigint
  readonly reversal_amount_minor: bigint
  readonly site_operations: bigint
  readonly approved: bigint
  readonly declined: bigint
}

type Asked = Period & Pick<Question, 'by' | 'where'>

export async function countCore(
  engine: Duckdb,
  source: Source,
  question: Question,
): Promise<Cell<CoreRow>[]> {
  return await cells(engine, coreRelation(source, question), question, [
    'coalesce(sum(operations), 0)::BIGINT AS operations',
    'coalesce(sum(amount_minor), 0)::BIGINT AS amount_minor',
    'coalesce(sum(refunds), 0)::BIGINT AS refunds',
    'coalesce(sum(refund_amount_minor), 0)::BIGINT AS refund_amount_minor',
    'coalesce(sum(reversals), 0)::BIGINT AS reversals',
    'coalesce(sum(reversal_amount_minor), 0)::BIGINT AS reversal_amount_minor',
    'coalesce(sum(site_operations), 0)::BIGINT AS site_operations',
    'coalesce(sum(approved), 0)::BIGINT AS approved',
    'coalesce(sum(declined), 0)::BIGINT AS declined',
  ])
}

/** The smallest relation that has the counts and sums of every cell. */
function coreRelation(source: Source, question: Question): string {
  const rolledUp = (files: readonly string[], sums: (operations: string) => string): string =>
    both(files, source.live.length === 0 ? undefined : sums(parquetOf(source.live)))
  if (fitsCube(question) && source.cube !== undefined) return rolledUp(source.cube, cubeOf)
  if (fitsHours(question) && source.hours !== undefined) return rolledUp(source.hours, hoursOf)
  return cellsOf(question, everything(source))
}

/** Presence of sites in several sources as one relation; undefined where there is none. */
export function sitesRelation(
  sources: readonly Source[],
  fromOperations: boolean,
): string | undefined {
  const files = sources.flatMap(({ sites }) => sites ?? [])
  const known = sources.every(({ sites }) => sites !== undefined) && !fromOperations
  const published = known ? [] : sources.flatMap(({ parts }) => parts)
  const operations = [...published, ...sources.flatMap(({ live }) => live)]
  if (!known) return operations.length === 0 ? undefined : `(${atSites(operations)})`
  const relation = both(files, operations.length === 0 ? undefined : atSites(operations))
  return relation === nothing ? undefined : relation
}

const atSites = (operations: readonly string[]): string =>
  `SELECT business_date, channel, gateway, card_origin, sector, site
   FROM ${parquetOf([...new Set(operations)])} WHERE kind = 'operation' AND site <> 'none'`

export type DistinctRow = Row & { readonly distinct_count: bigint }

export async function countSites(
  engine: Duckdb,
  source: Source,
  question: Question,
): Promise<Cell<DistinctRow>[]> {
  const sites = fitsSites(question) ? source.sites : undefined
  const relation =
    sites === undefined
      ? `(SELECT * FROM ${everything(source)} WHERE kind = 'operation' AND site <> 'none')`
      : both(sites, source.live.length === 0 ? undefined : sitesOf(parquetOf(source.live)))
  return await cells(engine, relation, question, ['count(DISTINCT site) AS distinct_count'])
}

export async function countCards(
  engine: Duckdb,
  source: Source,
  question: Question,
): Promise<Cell<DistinctRow>[]> {
  const relation = `(SELECT * FROM ${everything(source)} WHERE kind = 'operation')`
  return await cells(engine, relation, question, ['count(DISTINCT card) AS distinct_count'])
}

export type ReasonRow = Row & { readonly reason: string; readonly declined: bigint }

export async function countReasons(
  engine: Duckdb,
  source: Source,
  question: Question,
): Promise<Cell<ReasonRow>[]> {
  const { by } = question
  const keys = by.map((name) => `${dimensions[name]} AS "${name}"`)
  const names = by.map((name) => `"${name}"`)
  const sets =
    by.length === 0 ? 'reason' : `GROUPING SETS ((reason, ${names.join(', ')}), (reason))`
  const total = by.length === 0 ? 'true' : `grouping(${names[0] ?? ''}) = 1`
  const rows = await engine.query<ReasonRow>(
    `SELECT ${[...names, ''].join(', ')} reason, count(*) AS declined, ${total} AS is_total
     FROM (SELECT ${[...keys, ''].join(', ')} coalesce(reason, 'none') AS reason
       FROM ${everything(source)} WHERE kind = 'decline' AND ${conditions(question)})
     GROUP BY ${sets} ORDER BY reason`,
  )
  return rows.map((row) => cellOf(row, by))
}

/** Published and live as one relation of operations. */
const everything = (source: Source): string => parquetOf([...source.parts, ...source.live])

const both = (files: readonly string[], live: string | undefined): string => {
  if (files.length === 0) return live === undefined ? nothing : `(${live})`
  const published = `SELECT * FROM ${parquetOf(files)}`
  return live === undefined ? `(${published})` : `(${published} UNION ALL BY NAME (${live}))`
}

const nothing = '(SELECT * FROM (VALUES (NULL)) WHERE false)'

/** Each row of operations as a cell of the cube of its own, so that one statement counts both. */
const cellsOf = (question: Question, source: string): string => {
  const needed = [...question.by, ...Object.keys(question.where ?? {})].filter(isDimension)
  const columns = new Set(['business_date', ...needed.map((name) => columnOf[name])])
  const due = "kind IN ('operation', 'capture')"
  return `(SELECT ${[...columns].join(', ')},
      (kind = 'operation')::UTINYINT AS operations,
      CASE WHEN ${due} THEN amount_minor ELSE 0 END AS amount_minor,
      (kind = 'refund')::UTINYINT AS refunds,
      CASE WHEN kind = 'refund' THEN amount_minor ELSE 0 END AS refund_amount_minor,
      (kind = 'reversal')::UTINYINT AS reversals,
      CASE WHEN kind = 'reversal' THEN amount_minor ELSE 0 END AS reversal_amount_minor,
      (kind = 'operation' AND site <> 'none')::UTINYINT AS site_operations,
      approved, (kind = 'decline')::UTINYINT AS declined
    FROM ${source})`
}

const columnOf: Readonly<Record<Dimension, string>> = {
  ...{ businessDate: 'business_date', month: 'business_date', weekday: 'business_date' },
  ...{ hour: 'hour', channel: 'channel', gateway: 'gateway', door: 'door' },
  ...{ cardOrigin: 'card_origin', brand: 'brand', sector: 'sector', merchant: 'merchant' },
  ...{ site: 'site', issuer: 'issuer' },
}

/** Every cell of the cut and its total, in one pass over the relation. */
async function cells<M extends Row>(
  engine: Duckdb,
  relation: string,
  asked: Asked,
  measures: readonly string[],
): Promise<Cell<M>[]> {
  if (relation === nothing) return []
  const names = asked.by.map((name) => `"${name}"`)
  const keys = asked.by.map((name) => `${dimensions[name]} AS "${name}"`)
  const total = names.length === 0 ? 'true' : `grouping(${dimensionOf(asked.by[0])}) = 1`
  const sets = asked.by.map((name) => dimensions[name]).join(', ')
  const rows = await engine.query<M>(
    `SELECT ${[...keys, ...measures, `${total} AS is_total`].join(', ')}
     FROM ${relation} WHERE ${conditions(asked)}
     ${names.length === 0 ? '' : `GROUP BY GROUPING SETS ((${sets}), ()) ORDER BY ${names.join(', ')}`}
     LIMIT ${limits.figuresRowsMax + 2}`,
  )
  if (rows.length > limits.figuresRowsMax + 1) {
    throw new TooManyRows(`the cut has more than ${limits.figuresRowsMax} rows`)
  }
  return rows.map((row) => cellOf(row, asked.by))
}

const dimensionOf = (name: Dimension | undefined): string =>
  name === undefined ? '' : dimensions[name]

const cellOf = <M extends Row>(row: M, by: readonly Dimension[]): Cell<M> => ({
  key: row['is_total'] === true ? null : by.map((name) => String(row[name])),
  measured: row,
})

const conditions = ({ from, to, where = {} }: Asked): string =>
  [`business_date BETWEEN DATE '${from}' AND DATE '${to}'`, ...filtersOf(where)].join(' AND ')

const filtersOf = (where: Filters): string[] =>
  Object.entries(where).flatMap(([name, values]) =>
    isDimension(name) ? [`${dimensions[name]} IN (${values.map(sqlText).join(', ')})`] : [],
  )
