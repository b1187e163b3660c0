import { parseBusinessDate, type BusinessDate } from '../../kernel/business-date.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'

/** What is counted of each date before a file is believed: of rows of kind `operation`, and all. */
export type DayTotals = {
  readonly date: BusinessDate
  readonly rows: number
  readonly operations: number
  /** Of the operations and their later captures. */
  readonly amountMinor: bigint
}

/** One Parquet file with the columns of `lakeColumns`, of dates within one month. */
export type DeliveredFile = {
  /** Beside the delivery's own file. */
  readonly file: string
  readonly sha256: string
  readonly days: readonly DayTotals[]
}

/**
 * Days that come from elsewhere than this centre's own tranlog: a folder of Parquet files and
 * `delivery.json`, which is written last and holds their control totals.
 */
export type Delivery = {
  /** Where the days come from, for people: `nation, seed 1`. */
  readonly source: string
  readonly files: readonly DeliveredFile[]
}

export const deliveryFileName = 'delivery.json'

export function deliveryToJson(delivery: Delivery): string {
  const files = delivery.files.map(({ file, sha256, days }) => ({
    file,
    sha256,
    days: days.map((day) => ({ ...day, amountMinor: day.amountMinor.toString() })),
  }))
  return `${JSON.stringify({ format: 1, source: delivery.source, files }, null, 1)}\n`
}

/** Fails with a sentence that names what is wrong. */
export function deliveryFromJson(text: string): Result<Delivery, string> {
  let plain: unknown
  try {
    plain = JSON.parse(text)
  } catch {
    return fail('is not JSON')
  }
  if (!isObject(plain)) return fail('is not an object')
  if (plain['format'] !== 1) return fail('has a format other than 1')
  const { source, files } = plain
  if (typeof source !== 'string' || source === '') return fail('has no source')
  if (!Array.isArray(files) || files.length === 0) return fail('has no files')
  const read: DeliveredFile[] = []
  for (const [index, file] of files.entries()) {
    const delivered = readFile(file)
    if (!delivered.ok) return fail(`files[${index}] ${delivered.error}`)
    read.push(delivered.value)
  }
  return ok({ source, files: read })
}

function readFile(plain: unknown): Result<DeliveredFile, string> {
  if (!isObject(plain)) return fail('is not an object')
  const { file, sha256, days } = plain
  if (typeof file !== 'string' || !/^[\w.-]{1,100}\.parquet$/.test(file)) {
    return fail('has no name of a Parquet file beside it')
  }
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return fail('has no sha256')
  if (!Array.isArray(days) || days.length === 0) return fail('has no days')
  const read: DayTotals[] = []
  for (const [index, day] of days.entries()) {
    const totals = readDay(day)
    if (totals === undefined) return fail(`days[${index}] is not a date with its totals`)
    const before = read.at(-1)
    if (before !== undefined && before.date >= totals.date) return fail('has days out of order')
    if (before !== undefined && before.date.slice(0, 7) !== totals.date.slice(0, 7)) {
      return fail('has days of two months')
    }
    read.push(totals)
  }
  return ok({ file, sha256, days: read })
}

function readDay(plain: unknown): DayTotals | undefined {
  if (!isObject(plain)) return undefined
  const { date, rows, operations, amountMinor } = plain
  const parsed = typeof date === 'string' ? parseBusinessDate(date) : undefined
  if (parsed === undefined || !isCount(rows) || !isCount(operations)) return undefined
  if (typeof amountMinor !== 'string' || !/^[0-9]{1,18}$/.test(amountMinor)) return undefined
  return { date: parsed, rows, operations, amountMinor: BigInt(amountMinor) }
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
