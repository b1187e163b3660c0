import type { BusinessDate } from '../kernel/business-date.ts'
import { MAD } from '../kernel/currency.ts'
import type { RollupKind } from './lake/catalogue.ts'
import { rollupOf } from './lake/rollup-sql.ts'
import { operationsIn, parquetOf, type OperationsFile } from './lake/sql.ts'
import {
  fitsCube,
  fitsHours,
  fitsMonths,
  fitsSites,
  isDimension,
  type Dimension,
  type Question,
} from './question.ts'

/** Where the rows of a period are: files, and the dates of the period that they hold. */
export type Source = {
  /** Of operations, published. */
  readonly parts: readonly OperationsFile[]
  /** Of operations, of dates that are not published. */
  readonly live: readonly OperationsFile[]
  /** The files of the rollups of each month that is published; undefined where one is missing. */
  readonly rollups: readonly RollupPaths[] | undefined
  readonly dates: readonly BusinessDate[]
}

export const isEmpty = ({ parts, live }: Source): boolean => parts.length + live.length === 0

export type RollupPaths = Readonly<Record<RollupKind, string>>

/** The smallest relation that has the counts and sums of every cell. */
export function coreRelation(source: Source, question: Question): string {
  if (source.rollups !== undefined) {
    if (fitsMonths(question)) return rolledUp(source, 'months')
    if (fitsCube(question)) return rolledUp(source, 'cube')
    if (fitsHours(question)) return rolledUp(source, 'hours')
  }
  return cellsOf(question, everything(source, question.currency))
}

/** The smallest relation whose rows are operations at a site: of which sites are told apart. */
export function sitesRelation(source: Source, question: Question): string {
  if (source.rollups !== undefined) {
    if (fitsMonths(question))
      return `(FROM ${rolledUp(source, 'months')} WHERE site_operations > 0)`
    if (fitsSites(question)) return rolledUp(source, 'sites')
  }
  return `(FROM ${everything(source, question.currency)} WHERE kind = 'operation' AND site <> 'none')`
}

/** Published and live as one relation of operations, in one currency. */
export const everything = ({ parts, live }: Source, currency: string = MAD): string =>
  operationsIn([...parts, ...live], currency)

/** Rollups of what is published, and the same made of what is not. Of a source that is not empty. */
function rolledUp({ rollups = [], live }: Source, kind: RollupKind): string {
  const files = rollups.map((paths) => paths[kind])
  const made = live.length === 0 ? [] : [`(${rollupOf(kind, operationsIn(live, MAD))})`]
  const kept = files.length === 0 ? [] : [`(FROM ${parquetOf(files)})`]
  return `(${[...kept, ...made].join(' UNION ALL BY NAME ')})`
}

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
