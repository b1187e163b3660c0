import {
  monthPeriod,
  yearToDate,
  type Cut,
  type CutRow,
  type Dimension,
  type Month,
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

/** Withholds from a free cut what would tell one merchant's business. */
export type Withhold = (cut: Cut) => Cut

export async function gather(
  statistics: Pick<Statistics, 'cut' | 'publishedTable'>,
  month: Month,
  asked: Asked,
  withhold: Withhold,
): Promise<Gathered> {
  const where = whereOf(asked)
  // Without a filter these are the lines of the published table: what is withheld is of free cuts.
  const free = Object.keys(where).length > 0
  const year = yearToDate(month)
  const wholeMonth = monthPeriod(month)
  const cut = async (
    by: readonly Dimension[],
    more: { readonly sites?: boolean; readonly of?: 'month'; readonly internet?: boolean } = {},
  ): Promise<Cut> => {
    const counted = await statistics.cut({
      ...(more.of === 'month' ? wholeMonth : year),
      by,
      where: more.internet === true ? { ...where, channel: ['internet'] } : where,
      sites: more.sites === true,
      extras: [
        ...(more.of === 'month' ? [] : ['growth' as const]),
        ...(free ? ['merchants' as const] : []),
      ],
    })
    return free ? withhold(counted) : counted
  }
  return {
    month,
    table: await statistics.publishedTable(month),
    months: await cut(['month']),
    sectors: await cut(['sector'], { internet: true }),
    channels: await cut(['channel']),
    origins: await cut(['cardOrigin']),
    sites: await cut(['month'], { internet: true, sites: true }),
    hours: await cut(['weekday', 'hour'], { of: 'month' }),
  }
}

export const valueOf = (row: CutRow, dimension: Dimension): string => row.key[dimension] ?? ''
