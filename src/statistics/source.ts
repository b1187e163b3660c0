import type { BusinessDate } from '../kernel/business-date.ts'
import type { Source } from './counting.ts'
import { inOrder, monthsOf, type Lake } from './lake/lake.ts'
import type { Period } from './period.ts'

/** A day of this centre that the lake does not hold, as a file of the lake's columns. */
export type LiveDay = {
  readonly date: BusinessDate
  readonly path: string
  readonly readAt: Date
  readonly closed: boolean
}

export type Found = Source & {
  readonly sources: readonly string[]
  /** Days read from the tranlog because the lake does not hold them. */
  readonly liveDays: readonly LiveDay[]
  /** The last date that the lake holds, of any period. */
  readonly lastPublished: BusinessDate | undefined
}

/** What the lake holds of a period, and the days of this centre that it does not hold yet. */
export async function findSource(
  lake: Lake,
  period: Period,
  liveDays: (period: Period, published: ReadonlySet<BusinessDate>) => Promise<readonly LiveDay[]>,
): Promise<Found> {
  const catalogue = await lake.catalogue()
  const within = (date: BusinessDate): boolean => date >= period.from && date <= period.to
  const parts = inOrder(catalogue.parts).filter(({ days }) => days.some(({ date }) => within(date)))
  const published = new Set(catalogue.parts.flatMap(({ days }) => days.map(({ date }) => date)))
  const live = await liveDays(period, published)
  const rollups = new Map(catalogue.rollups.map((rollup) => [rollup.month, rollup]))
  const months = monthsOf(parts).map((month) => rollups.get(month))
  const have = months.flatMap((rollup) => (rollup === undefined ? [] : [rollup]))
  const complete = have.length === months.length
  return {
    parts: parts.map(({ file }) => lake.path(file)),
    live: live.map(({ path }) => path),
    cube: complete ? have.map(({ cube }) => lake.path(cube.file)) : undefined,
    sites: complete ? have.map(({ sites }) => lake.path(sites.file)) : undefined,
    dates: [
      ...parts.flatMap(({ days }) => days.map(({ date }) => date).filter(within)),
      ...live.map(({ date }) => date),
    ].sort(),
    sources: [
      ...new Set([...parts.map(({ source }) => source), ...(live.length > 0 ? ['centre'] : [])]),
    ],
    liveDays: live,
    lastPublished: [...published].sort().at(-1),
  }
}
