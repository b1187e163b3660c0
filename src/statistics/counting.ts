import { sqlText, type Duckdb, type Row } from '../platform/duckdb.ts'
import { limits } from '../kernel/limits.ts'
import type { Core } from './core.ts'
import { TooManyRows } from './lake-error.ts'
import type { Period } from './period.ts'
import { dimensions, isDimension, type Dimension, type Filters, type Question } from './question.ts'
import { coreRelation, everything, sitesRelation, type Source } from './relations.ts'

/** One cell as the engine gives it: its key, or none for the total. */
export type Cell<M> = { readonly key: readonly string[] | null; readonly measured: M }

type Asked = Period & Pick<Question, 'by' | 'where'>

/** Every cell of a cut; their sum is its total, so the engine is not asked for that. */
export async function countCore<C extends keyof Core>(
  engine: Duckdb,
  source: Source,
  question: Question,
  columns: readonly C[],
): Promise<Cell<Pick<Core, C> & Row>[]> {
  const sums = columns.map((name) => `coalesce(sum(${name}), 0)::BIGINT AS ${name}`)
  return await cells(engine, coreRelation(source, question), question, sums, { total: false })
}

export type DistinctRow = Row & { readonly distinct_count: bigint }

export async function countSites(
  engine: Duckdb,
  source: Source,
  question: Question,
): Promise<Cell<DistinctRow>[]> {
  return await distinct(engine, sitesRelation(source, question), question, 'site')
}

export async function countCards(
  engine: Duckdb,
  source: Source,
  question: Question,
): Promise<Cell<DistinctRow>[]> {
  const relation = `(SELECT * FROM ${everything(source, question.currency)} WHERE kind = 'operation')`
  return await distinct(engine, relation, question, 'card')
}

/** Distinct counts do not add up: the total is counted beside the cells. */
async function distinct(
  engine: Duckdb,
  relation: string,
  question: Question,
  column: 'site' | 'card',
): Promise<Cell<DistinctRow>[]> {
  const measures = [`count(DISTINCT ${column}) AS distinct_count`]
  return await cells(engine, relation, question, measures, { total: true })
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
       FROM ${everything(source, question.currency)} WHERE kind = 'decline' AND ${conditions(question)})
     GROUP BY ${sets} ORDER BY reason`,
  )
  return rows.map((row) => cellOf(row, by))
}

/** Every cell of the cut, and its total where it is wanted, in one pass over the relation. */
async function cells<M extends Row>(
  engine: Duckdb,
  relation: string,
  asked: Asked,
  measures: readonly string[],
  wants: { readonly total: boolean },
): Promise<Cell<M>[]> {
  const names = asked.by.map((name) => `"${name}"`)
  const keys = asked.by.map((name) => `${dimensions[name]} AS "${name}"`)
  const [first] = asked.by.map((name) => dimensions[name])
  const both = first !== undefined && wants.total
  const total = both ? `grouping(${first}) = 1` : String(first === undefined)
  const sets = asked.by.map((name) => dimensions[name]).join(', ')
  const grouped = both ? `GROUPING SETS ((${sets}), ())` : sets
  const rowsMax = limits.figuresRowsMax + (both ? 1 : 0)
  const rows = await engine.query<M>(
    `SELECT ${[...keys, ...measures, `${total} AS is_total`].join(', ')}
     FROM ${relation} WHERE ${conditions(asked)}
     ${first === undefined ? '' : `GROUP BY ${grouped} ORDER BY ${names.join(', ')}`}
     LIMIT ${rowsMax + 1}`,
  )
  if (rows.length > rowsMax) {
    throw new TooManyRows(`the cut has more than ${limits.figuresRowsMax} rows`)
  }
  return rows.map((row) => cellOf(row, asked.by))
}

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
