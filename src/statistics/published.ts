import type { Duckdb, Row } from '../platform/duckdb.ts'
import { countCore } from './counting.ts'
import { yearBefore, type Month, type Period } from './period.ts'
import type { Question } from './question.ts'
import { isEmpty, sitesRelation, type Source } from './relations.ts'
import {
  linesOf,
  scopesOf,
  sumOf,
  tablePeriods,
  tableSums,
  type PublishedTable,
  type Scope,
  type TableCell,
  type TableFigures,
  type TablePeriod,
} from './table.ts'

type Side = 'current' | 'previous'

/** The published table but for when it was read, from two passes over operations or rollups. */
export async function publishTable(
  engine: Duckdb,
  month: Month,
  sources: Readonly<Record<Side, Source>>,
  fromOperations: boolean,
): Promise<Pick<PublishedTable, 'month' | 'periods' | 'rows'>> {
  const wanted = tablePeriods(month)
  const periods = {
    month: { ...wanted.month, previous: yearBefore(wanted.month) },
    ytd: { ...wanted.ytd, previous: yearBefore(wanted.ytd) },
  }
  const both = together(sources.previous, sources.current)
  const span = { from: periods.ytd.previous.from, to: periods.ytd.to }
  const question: Question = { ...span, by: cutBy, fromOperations }
  const cells = await countCells(engine, both, question)
  const within = ({ from, to }: Period): readonly TableCell[] =>
    cells.filter(({ key: { month = '' } }) => month >= from.slice(0, 7) && month <= to.slice(0, 7))
  const told = [...within(periods.ytd.previous), ...within(periods.ytd)]
  const scopes = scopesOf(told.map(({ key }) => key))
  const sites = await countScopes(engine, both, { periods, scopes, question })
  const figures = (side: Side, of: TablePeriod): TableFigures => {
    const rows = within(side === 'current' ? periods[of] : periods[of].previous)
    const sums = new Map(scopes.map((scope) => [scope.name, sumOf(rows, scope)]))
    return { sums, sites: new Map(sites.map((row) => [row.scope, row[`${side} ${of}`]])) }
  }
  const rows = (['month', 'ytd'] as const).flatMap((of) =>
    linesOf(of, scopes, { current: figures('current', of), previous: figures('previous', of) }),
  )
  return { month, periods, rows }
}

const cutBy = ['month', 'channel', 'gateway', 'cardOrigin', 'sector'] as const

/** Both years in one pass, by what any line of the table is told by. */
async function countCells(
  engine: Duckdb,
  source: Source,
  question: Question,
): Promise<readonly TableCell[]> {
  if (isEmpty(source)) return []
  const found = await countCore(engine, source, question, tableSums)
  return found.map(({ key, measured }) => {
    const [month = '', channel = '', gateway = '', cardOrigin = '', sector = ''] = key ?? []
    return { ...measured, key: { month, channel, gateway, cardOrigin, sector } }
  })
}

type SitesRow = Row & { readonly scope: string } & Readonly<
    Record<`${Side} ${TablePeriod}`, bigint>
  >

/**
 * Distinct sites do not add up: they are counted for each scope and each period on its own. Each site
 * is found once for each scope, with the periods in which it was active: cheaper than to tell sites
 * apart again for every period.
 */
async function countScopes(
  engine: Duckdb,
  source: Source,
  asked: {
    readonly periods: PublishedTable['periods']
    readonly scopes: readonly Scope[]
    readonly question: Question
  },
): Promise<readonly SitesRow[]> {
  if (isEmpty(source)) return []
  const { month, ytd } = asked.periods
  const active = {
    ...{ 'current month': month, 'previous month': month.previous },
    ...{ 'current ytd': ytd, 'previous ytd': ytd.previous },
  }
  const columns = (column: (name: string, period: Period) => string): string =>
    Object.entries(active)
      .map(([name, period]) => `${column(name, period)} AS "${name}"`)
      .join(', ')
  const found = await engine.query<SitesRow & Readonly<Record<ScopeKey, string | null>>>(
    `SELECT gateway, card_origin, sector, ${columns((name) => `count(*) FILTER ("${name}")`)}
     FROM (SELECT gateway, card_origin, sector,
         ${columns((_, { from, to }) => `bool_or(business_date BETWEEN DATE '${from}' AND DATE '${to}')`)}
       FROM ${sitesRelation(source, asked.question)} WHERE channel = 'internet'
       GROUP BY GROUPING SETS ((site), (site, gateway), (site, card_origin), (site, sector)))
     GROUP BY ALL`,
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

/** Of two periods that have no date in common. */
const together = (one: Source, other: Source): Source => ({
  parts: [...one.parts, ...other.parts],
  live: [...one.live, ...other.live],
  rollups: one.rollups && other.rollups && [...one.rollups, ...other.rollups],
  dates: [...one.dates, ...other.dates],
})
