import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BusinessDate } from '../kernel/business-date.ts'
import type { Clock, Timers } from '../kernel/clock.ts'
import { openDuckdb, type Duckdb } from '../platform/duckdb.ts'
import { cut, publicCells, publishedTable } from './ask.ts'
import type { Cut } from './cut.ts'
import type { CountedCell } from './disclosure/index.ts'
import { cutToParquet } from './files-of-cut.ts'
import { LakeError } from './lake-error.ts'
import { adopt, type AdoptOptions, type Adopted } from './lake/adopt.ts'
import type { Catalogue, Part } from './lake/catalogue.ts'
import { openRecord, type Tranlog } from './lake/export-day.ts'
import { selectClosedDays } from './lake/export-sql.ts'
import { Lake } from './lake/lake.ts'
import { LiveDays } from './lake/live.ts'
import { publishDay, type Published } from './lake/publish.ts'
import { forget, rebuild, type Rebuilt } from './lake/rebuild.ts'
import { verifyLake, type Verified } from './lake/verify.ts'
import type { Month, Period } from './period.ts'
import type { PublicTable } from './public-cells.ts'
import type { Question } from './question.ts'
import { noOwnDays } from './source.ts'
import type { PublishedTable } from './table.ts'

export type StatisticsOptions = {
  /** The lake's: `DATA_DIR/lake`. */
  readonly folder: string
  readonly clock: Clock
  readonly timers: Timers
  /** Bounds of the engine, which shares the machine with whatever runs here. */
  readonly threads: number
  readonly memoryMb: number
  /** This centre's own record: its days are published from it, and read live until they are. */
  readonly tranlog?: Tranlog
}

/** What the centre lived, counted. Rejects with a `LakeError`, whose sentence is for people. */
export type Statistics = {
  cut(question: Question): Promise<Cut>
  /** A cut as the bytes of a Parquet file. */
  parquetOf(cut: Cut): Promise<Buffer>
  publishedTable(
    month: Month,
    options?: { readonly fromOperations?: boolean },
  ): Promise<PublishedTable>
  /** The cells by which cuts for the public are judged, and whom each is made of. */
  publicCells(table: PublicTable, period: Period): Promise<readonly CountedCell[]>
  /** Puts a closed business date of this centre into the lake, once. */
  publishDay(date: BusinessDate): Promise<Published>
  /** Closed days of this centre that the lake does not hold, oldest first. */
  unpublished(): Promise<readonly BusinessDate[]>
  /** Takes days that come from elsewhere (a folder with `delivery.json`). */
  adopt(folder: string, options?: AdoptOptions): Promise<Adopted>
  catalogue(): Promise<Catalogue>
  /** Reads every file whole, and names those that are not what they were. */
  verify(onProgress?: (done: number, of: number) => void): Promise<Verified>
  /** Makes again what is damaged and can be made here. */
  rebuild(): Promise<Rebuilt>
  /** Takes an adopted file out; undefined where there is none of that name. */
  forget(file: string): Promise<Part | undefined>
  close(): Promise<void>
}

export function openStatistics(options: StatisticsOptions): Statistics {
  const { folder, clock, timers, tranlog } = options
  let opened: Promise<Duckdb> | undefined
  const engine = (): Promise<Duckdb> => (opened ??= openEngine(options))
  const lake = new Lake({ folder, engine, timers })
  const record = tranlog && openRecord(tranlog)
  const publishing = record && { lake, record, clock }
  const live = publishing && new LiveDays(publishing)
  const asked = { lake, clock, own: live ?? noOwnDays }
  return {
    cut: (question) => cut(asked, question),
    parquetOf: async (made) => await cutToParquet(await engine(), lake.path('live'), made),
    publishedTable: (month, how) => publishedTable(asked, month, how),
    publicCells: (table, period) => publicCells(asked, period, table),
    publishDay: async (date) => {
      if (publishing === undefined) throw new LakeError('there is no tranlog to publish from')
      return await publishDay(publishing, date)
    },
    unpublished: async () => {
      if (tranlog === undefined) return []
      const { parts } = await lake.catalogue()
      const there = new Set(parts.flatMap(({ days }) => days.map(({ date }) => date)))
      const closed = await selectClosedDays(tranlog.database)
      return closed.filter((date) => !there.has(date))
    },
    adopt: (from, how) => adopt({ lake, clock }, from, how),
    catalogue: () => lake.catalogue(),
    verify: (onProgress) => verifyLake(lake, onProgress),
    rebuild: () => rebuild(lake, publishing),
    forget: (file) => forget(lake, file),
    close: async () => {
      await live?.close()
      const engine = await opened?.catch(() => undefined)
      engine?.close()
      await record?.snapshots.close()
    },
  }
}

async function openEngine({ folder, threads, memoryMb }: StatisticsOptions): Promise<Duckdb> {
  const temporaryFolder = join(folder, 'spill')
  await mkdir(folder, { recursive: true })
  return await openDuckdb({ threads, memoryMb, temporaryFolder })
}
