import type { Duckdb, Row } from '../platform/duckdb.ts'
import { count } from './answer.ts'
import { sitesRelation, type Source } from './counting.ts'
import type { CutRow } from './cut.ts'
import { yearBefore, type Month, type Period } from './period.ts'
import type { Dimension, Question } from './question.ts'
import type { Found } from './source.ts'
import {
  linesOf,
  scopesOf,
  sumOf,
  tablePeriods,
  type PublishedTable,
  type Scope,
  type TableFigures,
  type TablePeriod,
} from './table.ts'

const cutBy: readonly Dimension[] = ['month', 'channel', 'gateway', 'cardOrigin', 'sector']

type Side = 'current' | 'previous'

/** The published table but for when it was read, from two passes over operations or rollups. */
export async function publishTable(
  engine: Duckdb,
  month: Month,
  sources: Readonly<Record<Side, Found>>,
  fromOperations: boolean,
): Promise<Pick<PublishedTable, 'month' | 'periods' | 'rows'>> {
  const wanted = tablePeriods(month)
  const periods = {
    month: { ...wanted.month, previous: yearBefore(wanted.month) },
    ytd: { ...wanted.ytd, previous: yearBefore(wanted.ytd) },
  }
  const rowsOf = async (side: Side, period: Period): Promise<readonly CutRow[]> => {
    const question: Question = { ...period, by: cutBy, fromOperations, sites: false }
    return [...(await count(engine, sources[side], question)).rows.values()]
  }
  const current = await rowsOf('current', periods.ytd)
  const previous = await rowsOf('previous', periods.ytd.previous)
  const scopes = scopesOf([...current, ...previous].map(({ key }) => key))
  const sites = await countScopes(engine, sources, { periods, scopes, fromOperations })
  const figures = (side: Side, of: TablePeriod): TableFigures => {
    const period = side === 'current' ? periods[of] : periods[of].previous
    const all = side === 'current' ? current : previous
    const first = period.from.slice(0, 7)
    const rows = all.filter(({ key }) => (key.month ?? '') >= first)
    const sums = new Map(scopes.map((scope) => [scope.name, sumOf(rows, scope)]))
    return { sums, sites: new Map(sites.map((row) => [row.scope, row[`${side} ${of}`]])) }
  }
  const rows = (['month', 'ytd'] as const).flatMap((of) =>
    linesOf(of, scopes, { current: figures('current', of), previous: figures('previous', of) }),
  )
  return { month, periods, rows }
}

type SitesRow = Row & { readonly scope: string } & Readonly<
    Record<`${Side} ${TablePeriod}`, bigint>
  >

/** Distinct sites do not add up: they are counted for each scope and each period on its own. */
async function countScopes(
  engine: Duckdb,
  sources: Readonly<Record<Side, Source>>,
  asked: {
    readonly periods: PublishedTable['periods']
    readonly scopes: readonly Scope[]
    readonly fromOperations: boolean
  },
): Promise<readonly SitesRow[]> {
  const relation = sitesRelation([sources.previous, sources.current], asked.fromOperations)
  if (relation === undefined) return []
  const within = ({ from, to }: Period): string =>
    `count(DISTINCT site) FILTER (business_date BETWEEN DATE '${from}' AND DATE '${to}')`
  const { month, ytd } = asked.periods
  const found = await engine.query<SitesRow & Readonly<Record<ScopeKey, string | null>>>(
    `SELECT gateway, card_origin, sector,
       ${within(month)} AS "current month", ${within(month.previous)} AS "previous month",
       ${within(ytd)} AS "current ytd", ${within(ytd.previous)} AS "previous ytd"
     FROM ${relation} WHERE channel = 'internet'
     GROUP BY GROUPING SETS ((), (gateway), (card_origin), (sector))`,
  )
  return found.flatMap((row) => {
    const scope = asked.scopes.find((one) => isOf(one, row))
    return scope === undefined ? [] : [{ ...row, scope: scope.name }]
  })
}

type ScopeKey = 'gateway' | 'card_origin' | 'sector'

/** A row of one grouping has one key or none, and so has a scope of the Internet. */
function isOf(scope: Scope, row: Readonly<Record<ScopeKey, string | null>>): boolean {
  const { gateway, card_origin: cardOrigin, sector } = row
  const key = {
    ...(gateway !== null && { gateway }),
    ...(cardOrigin !== null && { cardOrigin }),
    ...(sector !== null && { sector }),
  }
  if (Object.keys(key).length === 0) return scope.name === 'internet'
  if (scope.within !== 'internet') return false
  return scope.has({ channel: 'internet', ...key })
}
