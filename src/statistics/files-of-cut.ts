import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sqlText, type Duckdb } from '../platform/duckdb.ts'
import type { Cut, CutRow } from './cut.ts'

/** A column of a cut as a file: its name, its type in Parquet, and its value in a row. */
type Column = readonly [string, 'VARCHAR' | 'BIGINT' | 'DOUBLE', (row: CutRow) => Value]

type Value = string | number | bigint | null

/** The columns that every row of a cut has, those that were asked for, and what the amounts are in. */
function columnsOf(cut: Cut): readonly Column[] {
  const growth: readonly Column[] = [
    ['previousCount', 'BIGINT', (row) => row.growth?.previous.count ?? null],
    ['previousAmountMinor', 'BIGINT', (row) => row.growth?.previous.amountMinor ?? null],
    ['countGrowthPct', 'DOUBLE', (row) => row.growth?.countPct ?? null],
    ['amountGrowthPct', 'DOUBLE', (row) => row.growth?.amountPct ?? null],
  ]
  return [
    ...cut.by.map((name): Column => [name, 'VARCHAR', (row) => row.key[name] ?? null]),
    ['count', 'BIGINT', (row) => row.count],
    ['amountMinor', 'BIGINT', (row) => row.amountMinor],
    ['averageTicketMinor', 'BIGINT', (row) => row.averageTicketMinor],
    ['activeSites', 'BIGINT', (row) => row.activeSites],
    ['approved', 'BIGINT', (row) => row.approved],
    ['declined', 'BIGINT', (row) => row.declined],
    ['refundCount', 'BIGINT', (row) => row.refundCount],
    ['refundAmountMinor', 'BIGINT', (row) => row.refundAmountMinor],
    ['lateReversalCount', 'BIGINT', (row) => row.lateReversalCount],
    ['lateReversalAmountMinor', 'BIGINT', (row) => row.lateReversalAmountMinor],
    ...(cut.total.activeCards === null
      ? []
      : [['activeCards', 'BIGINT', (row: CutRow) => row.activeCards] as const]),
    ...(cut.previous === null ? [] : growth),
    ['currency', 'VARCHAR', () => cut.currency],
  ]
}

/** [RFC4180] A line of names, then a line for each row; of a cut by nothing, the total. */
export function cutToCsv(cut: Cut): string {
  const columns = columnsOf(cut)
  const lines = rowsOf(cut).map((row) => columns.map(([, , value]) => quoted(value(row))))
  return [columns.map(([name]) => name), ...lines].map((line) => `${line.join(',')}\r\n`).join('')
}

const rowsOf = (cut: Cut): readonly CutRow[] =>
  cut.by.length === 0 ? [{ ...cut.total, key: {} }] : cut.rows

function quoted(value: Value): string {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The same rows as a Parquet file; numbers of money stay whole. */
export async function cutToParquet(engine: Duckdb, folder: string, cut: Cut): Promise<Buffer> {
  const columns = columnsOf(cut)
  const path = join(folder, `${randomUUID()}.parquet`)
  const lines = `${path}.json`
  const types = columns.map(([name, type]) => `"${name}": '${type}'`).join(', ')
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(
      lines,
      rowsOf(cut)
        .map((row) => `${lineOf(columns, row)}\n`)
        .join(''),
    )
    await engine.query(
      `COPY (SELECT * FROM read_json(${sqlText(lines)}, format = 'newline_delimited',
         columns = {${types}})) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd)`,
    )
    return await readFile(path)
  } finally {
    await rm(path, { force: true })
    await rm(lines, { force: true })
  }
}

/** Digits as they are: a number of JavaScript's would round them. */
const lineOf = (columns: readonly Column[], row: CutRow): string =>
  `{${columns
    .map(([name, , value]) => {
      const found = value(row)
      return `${JSON.stringify(name)}:${typeof found === 'bigint' ? found : JSON.stringify(found)}`
    })
    .join(',')}}`
