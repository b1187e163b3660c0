import type { BusinessDate } from '../kernel/business-date.ts'
import { MAD } from '../kernel/currency.ts'
import type { Rollup } from './lake/catalogue.ts'
import { inOrder, monthsOf, operationsOf, partsWithin, type Lake } from './lake/lake.ts'
import { usable } from './lake/rollups.ts'
import type { Period } from './period.ts'
import type { RollupPaths, Source } from './relations.ts'

/** A day of this centre that the lake does not hold, as a file of the lake's columns. */
export type LiveDay = {
  readonly date: BusinessDate
  readonly path: string
  readonly readAt: Date
  readonly closed: boolean
  /** Of its rows. */
  readonly currencies: readonly string[]
}

/** This centre's own days; where there is no tranlog to ask, there are none. */
export type OwnDays = {
  of(period: Period, published: ReadonlySet<BusinessDate>): Promise<readonly LiveDay[]>
  latest(): Promise<BusinessDate | undefined>
}

export const noOwnDays: OwnDays = {
  of: () => Promise.resolve([]),
  latest: () => Promise.resolve(undefined),
}

export type Found = Omit<Source, 'live'> & {
  readonly sources: readonly string[]
  /** Dirhams, and whatever else was paid in on its dates, in order. */
  readonly currencies: readonly string[]
  /** Days read from the tranlog because the lake does not hold them. */
  readonly live: readonly LiveDay[]
  /** The last date that the lake or this centre knows, of any period. */
  readonly lastDate: BusinessDate | undefined
}

/** What the lake holds of a period, and the days of this centre that it does not hold yet. */
export async function findSource(lake: Lake, period: Period, own: OwnDays): Promise<Found> {
  const catalogue = await lake.catalogue()
  const within = (date: BusinessDate): boolean => date >= period.from && date <= period.to
  const parts = inOrder(partsWithin(catalogue.parts, period))
  const published = new Set(catalogue.parts.flatMap(({ days }) => days.map(({ date }) => date)))
  const live = await own.of(period, published)
  const latest = await own.latest()
  const rollups = new Map(catalogue.rollups.map((rollup) => [rollup.month, rollup]))
  const months = monthsOf(parts)
  const found = await Promise.all(months.map((month) => usable(lake, rollups.get(month))))
  const have = found.flatMap((rollup) => (rollup === undefined ? [] : [rollup]))
  return {
    parts: parts.map((part) => operationsOf(lake, part)),
    live,
    rollups:
      have.length === months.length ? have.map((rollup) => pathsOf(lake, rollup)) : undefined,
    dates: [
      ...parts.flatMap(({ days }) => days.map(({ date }) => date).filter(within)),
      ...live.map(({ date }) => date),
    ].sort(),
    sources: [
      ...new Set([...parts.map(({ source }) => source), ...(live.length > 0 ? ['centre'] : [])]),
    ],
    currencies: inOneList([
      MAD,
      ...parts.flatMap(({ currencies = [] }) => currencies),
      ...live.flatMap(({ currencies }) => currencies),
    ]),
    lastDate: [...published, ...(latest === undefined ? [] : [latest])].sort().at(-1),
  }
}

const inOneList = (words: readonly string[]): readonly string[] => [...new Set(words)].sort()

const pathsOf = (lake: Lake, { cube, sites, hours, months }: Rollup): RollupPaths => ({
  ...{ cube: lake.path(cube.file), sites: lake.path(sites.file) },
  ...{ hours: lake.path(hours.file), months: lake.path(months.file) },
})
