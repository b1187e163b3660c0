/**
 * The published table: from rollups, and counted again from every operation, beside DuckDB's own scan
 * of the same files in the same run; a month of it in PostgreSQL; and how fast a day is published.
 * `BENCH_LAKE` names a data directory with a filled lake; else a small nation is made.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { systemClock, systemTimers } from '../src/platform/clock.ts'
import { openDuckdb, sqlText, type Duckdb } from '../src/platform/duckdb.ts'
import { rootFolder } from '../src/platform/root.ts'
import { openStatistics, parseMonth, type Month, type Statistics } from '../src/statistics/index.ts'
import { benchExport } from './figures-export.ts'
import { benchPage } from './figures-page.ts'
import { benchPostgres } from './figures-postgres.ts'
import { print } from './laboratory.ts'
import { ratio } from './load.ts'

const scale = process.env['BENCH_SCALE'] ?? '0.02'
const threads = availableParallelism()
const memoryMb = 1_024

const given = process.env['BENCH_LAKE']
const made = given === undefined ? makeNation() : undefined
const dataDir = given ?? made ?? ''
const scratch = mkdtempSync(join(tmpdir(), 'monetique-bench-'))
const statistics = openStatistics({
  folder: join(dataDir, 'lake'),
  ...{ clock: systemClock, timers: systemTimers, threads, memoryMb },
})
const engine = await openDuckdb({ threads, memoryMb, temporaryFolder: scratch })
try {
  const { month, files, operations } = await largestYear(statistics)
  print({ bench: 'the lake', files: files.length, operations, month, threads, memoryMb })
  await benchTable(statistics, month)
  await benchRecount({ statistics, engine, month, files, operations })
  await benchPostgres({ statistics, engine, month, files, scratch })
  await benchPage(dataDir, month)
} finally {
  await statistics.close()
  engine.close()
  rmSync(scratch, { recursive: true, force: true })
  if (made !== undefined) rmSync(made, { recursive: true, force: true })
}
await benchExport()

function makeNation(): string {
  const folder = mkdtempSync(join(tmpdir(), 'monetique-bench-nation-'))
  const words = ['nation', 'fill', '--scale', scale, '--json']
  const { status } = spawnSync(join(rootFolder, 'monetique'), words, {
    env: { ...process.env, MONETIQUE_DATA_DIR: folder },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new Error('the nation could not be made')
  return folder
}

/** The last month of the lake, whose table reads two whole years, and the files of those years. */
async function largestYear(from: Statistics) {
  const { parts } = await from.catalogue()
  const last = parts
    .flatMap(({ days }) => days.map(({ date }) => date))
    .sort()
    .at(-1)
  const month = parseMonth(last?.slice(0, 7) ?? '')
  if (month === undefined) throw new Error(`no lake is filled in ${dataDir}`)
  const year = Number(month.slice(0, 4))
  const within = parts.filter(({ days }) =>
    days.some(
      ({ date }) => Number(date.slice(0, 4)) >= year - 1 && date.slice(5, 7) <= month.slice(5),
    ),
  )
  const days = within.flatMap((part) => part.days)
  return {
    month,
    files: within.map(({ file }) => join(dataDir, 'lake', file)),
    operations: days.reduce((sum, one) => sum + one.operations, 0),
  }
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await act()
  return performance.now() - startMs
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10
}

function rss() {
  return {
    rssMb: Math.round(process.memoryUsage().rss / 1e6),
    rssMaxMb: Math.round((process.resourceUsage().maxRSS * 1_024) / 1e6),
  }
}

async function benchTable(from: Statistics, month: Month): Promise<void> {
  const firstMs = await timed(() => from.publishedTable(month))
  const warm: number[] = []
  for (let i = 0; i < 10; i++) warm.push(await timed(() => from.publishedTable(month)))
  const p50Ms = tenths(median(warm))
  print({ bench: 'published table from rollups', firstMs: tenths(firstMs), p50Ms, ...rss() })
}

async function benchRecount(asked: {
  readonly statistics: Statistics
  readonly engine: Duckdb
  readonly month: Month
  readonly files: readonly string[]
  readonly operations: number
}): Promise<void> {
  const { month, operations } = asked
  const recount = () => asked.statistics.publishedTable(month, { fromOperations: true })
  const list = asked.files.map(sqlText).join(', ')
  const scan = () =>
    asked.engine.query(
      `SELECT date_trunc('month', business_date) AS month, channel, card_origin, gateway, sector,
         count(*), sum(amount_minor), count(DISTINCT site)
       FROM read_parquet([${list}]) GROUP BY ALL ORDER BY ALL`,
    )
  const coldMs = await timed(recount)
  await scan()
  const [recounts, scans]: [number[], number[]] = [[], []]
  for (let i = 0; i < 3; i++) {
    recounts.push(await timed(recount))
    scans.push(await timed(scan))
  }
  const [warmMs, scanMs] = [median(recounts), median(scans)]
  print({
    bench: 'published table from every operation',
    ...{ operations, coldMs: tenths(coldMs), warmMs: tenths(warmMs), duckdbScanMs: tenths(scanMs) },
    timesDuckdbScan: ratio(warmMs, scanMs),
    operationsPerSecond: Math.round((operations * 1_000) / warmMs),
    ...rss(),
  })
}
