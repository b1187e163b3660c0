import {
  monthPeriod,
  withhold,
  yearToDate,
  type Chart,
  type Cut,
  type CutRow,
  type Dimension,
  type Month,
  type Plan,
  type PublishedTable,
  type Statistics,
} from '../../../statistics/index.ts'
import { whereOf, type Asked } from './asked.ts'

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

export async function gather(
  statistics: Pick<Statistics, 'cut' | 'publishedTable'>,
  month: Month,
  asked: Asked,
  /** Undefined for the centre's own people, who see everything. */
  planOf: PlanOf | undefined,
): Promise<Gathered> {
  const where = whereOf(asked)
  const year = yearToDate(month)
  const plan = planOf === undefined ? undefined : planOf(month)
  const cut = async (
    chart: Chart,
    by: readonly Dimension[],
    more: { readonly of?: 'month'; readonly internet?: boolean } = {},
  ): Promise<Cut> => {
    const found = await statistics.cut({
      ...(more.of === 'month' ? monthPeriod(month) : year),
      by,
      where: { ...where, ...(more.internet === true && { channel: ['internet'] }) },
      sites: chart === 'sites',
      extras: more.of === 'month' ? [] : ['growth'],
    })
    return plan === undefined ? found : withhold(chart, found, where, await plan)
  }
  const [table, months, sectors, channels, origins, sites, hours] = await Promise.all([
    statistics.publishedTable(month),
    cut('months', ['month']),
    cut('sectors', ['sector'], { internet: true }),
    cut('channels', ['channel']),
    cut('origins', ['cardOrigin']),
    cut('sites', ['month'], { internet: true }),
    cut('hours', ['weekday', 'hour'], { of: 'month' }),
  ])
  return { month, table, months, sectors, channels, origins, sites, hours }
}

export const valueOf = (row: CutRow, dimension: Dimension): string => row.key[dimension] ?? ''
