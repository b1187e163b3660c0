/** Deliveries of days made up for a test, row by row, and a lake of its own for them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { BusinessDate } from '../../src/kernel/business-date.ts'
import { systemTimers } from '../../src/platform/clock.ts'
import { openDuckdb, sqlText } from '../../src/platform/duckdb.ts'
import { printOf } from '../../src/statistics/lake/files.ts'
import { countDays } from '../../src/statistics/lake/sql.ts'
import { openStatistics, type Statistics } from '../../src/statistics/index.ts'
import {
  deliveryFileName,
  deliveryToJson,
  lakeColumns,
  type DeliveredFile,
  type LakeColumn,
} from '../../src/wire/lake/index.ts'

export type LakeRow = Readonly<Partial<Record<LakeColumn, string | number | null>>>

const usual: Readonly<Record<LakeColumn, string | number | null>> = {
  business_date: '2013-09-15',
  hour: 12,
  kind: 'operation',
  approved: 1,
  amount_minor: 10_000,
  currency: 'MAD',
  channel: 'internet',
  gateway: 'cmi',
  door: 'nestpay',
  card_origin: 'moroccan',
  brand: 'visa',
  sector: 'billers',
  merchant: 'm-1',
  site: 's-1',
  issuer: 'atlas',
  card: 1,
  reason: null,
  reference: null,
}

const opened: (() => void | Promise<void>)[] = []

after(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'monetique-lake-'))
  opened.push(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return folder
}

export function statisticsIn(
  folder: string,
  options: Partial<Parameters<typeof openStatistics>[0]> = {},
): Statistics {
  const statistics = openStatistics({
    folder,
    clock: { now: () => new Date('2013-10-01T00:05:00Z'), monotonicMs: () => 0 },
    timers: systemTimers,
    threads: 1,
    memoryMb: 256,
    ...options,
  })
  opened.push(() => statistics.close())
  return statistics
}

/** A folder with one file for each month of the rows, and its note. */
export async function deliveryOf(
  rows: readonly LakeRow[],
  source = 'made for a test',
): Promise<string> {
  const folder = temporaryFolder()
  const whole = rows.map((row) => ({ ...usual, ...row }))
  const months = [...new Set(whole.map((row) => String(row.business_date).slice(0, 7)))].sort()
  const files: DeliveredFile[] = []
  const engine = await openDuckdb({ threads: 1, memoryMb: 256, temporaryFolder: folder })
  try {
    for (const month of months) {
      const path = join(folder, `${month}.parquet`)
      const within = whole.filter((row) => String(row.business_date).startsWith(month))
      await engine.query(`COPY (${valuesOf(within)}) TO ${sqlText(path)} (FORMAT parquet)`)
      const days = (await countDays(engine, [path])).map(({ wrong: _, ...day }) => day)
      files.push({ file: `${month}.parquet`, sha256: (await printOf(path)).sha256, days })
    }
  } finally {
    engine.close()
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, deliveryFileName), deliveryToJson({ source, files }))
  return folder
}

function valuesOf(rows: readonly (typeof usual)[]): string {
  const literal = (value: string | number | null): string =>
    value === null ? 'NULL' : typeof value === 'number' ? String(value) : sqlText(value)
  const values = rows.map(
    (row) => `(${lakeColumns.map(([name]) => literal(row[name])).join(', ')})`,
  )
  const names = lakeColumns.map(([name]) => name).join(', ')
  const casts = lakeColumns.map(([name, type]) => `${name}::${type} AS ${name}`).join(', ')
  return `SELECT ${casts} FROM (VALUES ${values.join(', ')}) AS made (${names})
    ORDER BY business_date, merchant`
}

export const date = (text: string): BusinessDate => text as BusinessDate
