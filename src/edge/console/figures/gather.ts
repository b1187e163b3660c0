import {
  monthPeriod,
  narrowed,
  narrowedWithGrowth,
  withhold,
  yearBefore,
  yearToDate,
  type Chart,
  type Cut,
  type CutRow,
  type Dimension,
  type Filters,
  type Month,
  type Period,
  type Plan,
  type PublishedTable,
  type Statistics,
} from '../../../statistics/index.ts'
import { filterValues, whereOf, type Asked } from './asked.ts'

/** All that the page of a month shows, counted. */
export type Gathered = {
  readonly month: Month
  /** The headline: exempt from what is withheld, by the participants' agreement. */
  readonly table: PublishedTable
  /** Of the year, so far. */
  readonly months: Cut
  readonly sectors: Cut
  readonly channels: Cut
  readonly origins: Cut
  readonly sites: Cut
  /** Of the month alone. */
  readonly hours: Cut
}

/** What of a month's page is withheld from the public. */
export type PlanOf = (month: Month) => Promise<Plan>

/** What all pages of a month are made of, whatever they are filtered by: each is narrowed from it. */
export type Base = {
  readonly table: PublishedTable
  /** Of the year so far and of the year before, by whatever a chart shows and a reader filters by. */
  readonly year: Cut
  readonly yearBefore: Cut
  /** Of the month alone, likewise by the hour. */
  readonly hours: Cut
  /** Distinct sites do not add up: they are counted for each choice of filters, and then known. */
  readonly sitesOf: (where: Filters) => Promise<Cut>
}

export type Counting = Pick<Statistics, 'cut' | 'publishedTable'>

const filtered = ['channel', 'cardOrigin', 'gateway'] as const

export async function gatherBase(statistics: Counting, month: Month): Promise<Base> {
  const ytd = yearToDate(month)
  const cut = async (period: Period, by: readonly Dimension[]): Promise<Cut> =>
    await statistics.cut({ ...period, by: [...by, ...filtered], sites: false })
  const [table, year, before, hours] = await Promise.all([
    statistics.publishedTable(month),
    cut(ytd, ['month', 'sector']),
    cut(yearBefore(ytd), ['month', 'sector']),
    cut(monthPeriod(month), ['weekday', 'hour']),
  ])
  return { table, year, yearBefore: before, hours, sitesOf: countedSites(statistics, month) }
}

/** Of the Internet, whatever the channel that was asked for. */
function countedSites(statistics: Counting, month: Month): Base['sitesOf'] {
  const known = new Map<string, Promise<Cut>>()
  return async ({ channel: _, ...rest }) => {
    const where = { ...rest, ...online }
    const name = JSON.stringify(where)
    const counting =
      known.get(name) ??
      statistics.cut({ ...yearToDate(month), by: ['month'], where, extras: ['growth'] })
    known.set(name, counting)
    // What could not be counted is asked for again.
    counting.catch(() => known.delete(name))
    return await counting
  }
}

/** Counts what is not yet known of any page of the month. */
export async function countSitesAhead({ sitesOf }: Base): Promise<void> {
  const choicesOf = (name: 'cardOrigin' | 'gateway'): readonly Filters[] => [
    {},
    ...filterValues[name].map((value) => ({ [name]: [value] })),
  ]
  for (const origin of choicesOf('cardOrigin')) {
    for (const gateway of choicesOf('gateway')) await sitesOf({ ...origin, ...gateway })
  }
}

export async function gather(
  asked: Asked,
  { table, year, yearBefore: before, hours, sitesOf }: Base,
  /** Undefined for the centre's own people, who see everything. */
  plan: Plan | undefined,
): Promise<Gathered> {
  const where = whereOf(asked)
  const { month } = table
  const judged = (chart: Chart, found: Cut): Cut =>
    plan === undefined ? found : withhold(chart, found, where, plan)
  const chart = (name: Chart, by: Dimension, always: Filters = {}): Cut =>
    judged(name, narrowedWithGrowth(year, before, [by], { ...where, ...always }))
  return {
    ...{ month, table },
    months: chart('months', 'month'),
    sectors: chart('sectors', 'sector', online),
    channels: chart('channels', 'channel'),
    origins: chart('origins', 'cardOrigin'),
    sites: judged('sites', await sitesOf(where)),
    hours: judged('hours', narrowed(hours, ['weekday', 'hour'], where)),
  }
}

const online: Filters = { channel: ['internet'] }

export const valueOf = (row: CutRow, dimension: Dimension): string => row.key[dimension] ?? ''
