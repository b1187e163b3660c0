import {
  complementsOf,
  monthPeriod,
  yearToDate,
  type Complements,
  type Cut,
  type CutRow,
  type Dimension,
  type Filters,
  type Month,
  type PublishedTable,
  type Question,
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

/** Withholds from a free cut what would tell one merchant's business, also by subtraction. */
export type Withhold = (cut: Cut, complements?: Complements<Cut>) => Cut

export async function gather(
  statistics: Pick<Statistics, 'cut' | 'publishedTable'>,
  month: Month,
  asked: Asked,
  /** Undefined for the centre's own people, who see everything. */
  withhold: Withhold | undefined,
): Promise<Gathered> {
  const where = whereOf(asked)
  const year = yearToDate(month)
  const wholeMonth = monthPeriod(month)
  const cut = async (
    by: readonly Dimension[],
    more: { readonly sites?: boolean; readonly of?: 'month'; readonly internet?: boolean } = {},
  ): Promise<Cut> => {
    const always: Filters = more.internet === true ? { channel: ['internet'] } : {}
    const question: Question = {
      ...(more.of === 'month' ? wholeMonth : year),
      by,
      where: { ...where, ...always },
      sites: more.sites === true,
      extras: more.of === 'month' ? [] : ['growth'],
    }
    // Without a filter of the reader's these are lines of the published table, which is exempt.
    const complements = complementsOf(question, always)
    if (withhold === undefined || complements === undefined) return await statistics.cut(question)
    const judged = async (one: Question): Promise<Cut> =>
      await statistics.cut({ ...one, extras: [...(one.extras ?? []), 'merchants'] })
    return withhold(await judged(question), {
      cells: await judged(complements.cells),
      total: await judged(complements.total),
    })
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
