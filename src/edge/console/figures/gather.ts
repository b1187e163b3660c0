import {
  monthPeriod,
  narrowed,
  withhold,
  yearToDate,
  type Chart,
  type Cut,
  type CutRow,
  type Dimension,
  type Filters,
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

/** What all pages of a month are made of, whatever they are filtered by. */
export type Base = {
  readonly table: PublishedTable
  /** By hour and by whatever a reader can filter by: every page of the month is narrowed from it. */
  readonly hours: Cut
}

type Counting = Pick<Statistics, 'cut' | 'publishedTable'>

export async function gatherBase(statistics: Counting, month: Month): Promise<Base> {
  const by = ['weekday', 'hour', 'channel', 'cardOrigin', 'gateway'] as const
  const [table, hours] = await Promise.all([
    statistics.publishedTable(month),
    statistics.cut({ ...monthPeriod(month), by, sites: false }),
  ])
  return { table, hours }
}

export async function gather(
  statistics: Pick<Statistics, 'cut'>,
  asked: Asked,
  { table, hours }: Base,
  /** Undefined for the centre's own people, who see everything. */
  plan: Plan | undefined,
): Promise<Gathered> {
  const where = whereOf(asked)
  const { month } = table
  const judged = (chart: Chart, found: Cut): Cut =>
    plan === undefined ? found : withhold(chart, found, where, plan)
  const cut = async (chart: Chart, by: Dimension, always: Filters = {}): Promise<Cut> =>
    judged(
      chart,
      await statistics.cut({
        ...yearToDate(month),
        by: [by],
        where: { ...where, ...always },
        sites: chart === 'sites',
        extras: ['growth'],
      }),
    )
  const [months, sectors, channels, origins, sites] = await Promise.all([
    cut('months', 'month'),
    cut('sectors', 'sector', online),
    cut('channels', 'channel'),
    cut('origins', 'cardOrigin'),
    cut('sites', 'month', online),
  ])
  return {
    ...{ month, table, months, sectors, channels, origins, sites },
    hours: judged('hours', narrowed(hours, ['weekday', 'hour'], where)),
  }
}

const online: Filters = { channel: ['internet'] }

export const valueOf = (row: CutRow, dimension: Dimension): string => row.key[dimension] ?? ''
