import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock, Timers } from '../kernel/clock.ts'
import { openDuckdb, type Duckdb } from '../platform/duckdb.ts'
import { count, withGrowth } from './answer.ts'
import type { Cut } from './cut.ts'
import { adopt, type AdoptOptions, type Adopted } from './lake/adopt.ts'
import type { Catalogue } from './lake/catalogue.ts'
import { Lake } from './lake/lake.ts'
import { yearBefore, type Month } from './period.ts'
import { publishTable } from './published.ts'
import { checkQuestion, type Question } from './question.ts'
import { findSource, type Found } from './source.ts'
import { tablePeriods, type PublishedTable } from './table.ts'

export type StatisticsOptions = {
  /** The lake's: `DATA_DIR/lake`. */
  readonly folder: string
  readonly clock: Clock
  readonly timers: Timers
  /** Bounds of the engine, which shares the machine with whatever runs here. */
  readonly threads: number
  readonly memoryMb: number
}

/** What the centre lived, counted. Rejects with a `LakeError`, whose sentence is for people. */
export type Statistics = {
  cut(question: Question): Promise<Cut>
  publishedTable(
    month: Month,
    options?: { readonly fromOperations?: boolean },
  ): Promise<PublishedTable>
  /** Takes days that come from elsewhere (a folder with `delivery.json`). */
  adopt(folder: string, options?: AdoptOptions): Promise<Adopted>
  catalogue(): Promise<Catalogue>
  close(): Promise<void>
}

export function openStatistics(options: StatisticsOptions): Statistics {
  const { folder, clock, timers } = options
  let opened: Promise<Duckdb> | undefined
  const engine = (): Promise<Duckdb> => (opened ??= openEngine(options))
  const lake = new Lake({ folder, engine, timers })
  const find = (period: Parameters<typeof findSource>[1]): Promise<Found> =>
    findSource(lake, period, () => Promise.resolve([]))
  const stamp = (found: Found, to: string): Pick<Cut, 'asOf' | 'provisional'> => ({
    asOf: clock.now().toISOString(),
    provisional: (found.lastPublished ?? '') < to,
  })
  return {
    cut: async (question) => {
      checkQuestion(question)
      const found = await find(question)
      const current = await count(await engine(), found, question)
      const { from, to, by } = question
      const about = { from, to, by, ...stamp(found, to), sources: found.sources }
      const dates = found.dates.length
      if (question.extras?.includes('growth') !== true) {
        return { ...about, dates, previous: null, ...current, rows: [...current.rows.values()] }
      }
      const period = yearBefore(question)
      const before = await find(period)
      const previous = await count(await engine(), before, { ...question, ...period })
      return {
        ...about,
        dates,
        previous: { ...period, dates: before.dates.length },
        ...withGrowth(question, current, previous),
      }
    },
    publishedTable: async (month, { fromOperations = false } = {}) => {
      const { ytd } = tablePeriods(month)
      const current = await find(ytd)
      const sources = { current, previous: await find(yearBefore(ytd)) }
      const table = await publishTable(await engine(), month, sources, fromOperations)
      return { ...table, ...stamp(current, ytd.to), sources: current.sources }
    },
    adopt: (from, how) => adopt({ lake, clock }, from, how),
    catalogue: () => lake.catalogue(),
    close: async () => {
      await opened?.then(
        (engine) => {
          engine.close()
        },
        () => undefined,
      )
    },
  }
}

async function openEngine({ folder, threads, memoryMb }: StatisticsOptions): Promise<Duckdb> {
  const temporaryFolder = join(folder, 'spill')
  await mkdir(folder, { recursive: true })
  return await openDuckdb({ threads, memoryMb, temporaryFolder })
}
