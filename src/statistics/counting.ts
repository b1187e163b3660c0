import { sqlText, type Duckdb, type Row } from '../platform/duckdb.ts'
import { limits } from '../kernel/limits.ts'
import { TooManyRows } from './lake-error.ts'
import type { Period } from './period.ts'
import { dimensions, isDimension, type Dimension, type Filters, type Question } from './question.ts'
import { coreRelation, everything, sitesRelation, type Source } from './relations.ts'

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

export type DistinctRow = Row & { readonly distinct_count: bigint }

export async function countSites(
  engine: Duckdb,
  source: Source,
  question: Question,
): Promise<Cell<DistinctRow>[]> {
  return await cells(engine, sitesRelation(source, question), question, [
    'count(DISTINCT site) AS distinct_count',
  ])
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

/** Every cell of the cut and its total, in one pass over the relation. */
async function cells<M extends Row>(
  engine: Duckdb,
  relation: string,
  asked: Asked,
  measures: readonly string[],
): Promise<Cell<M>[]> {
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
