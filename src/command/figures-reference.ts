import { fail, ok, type Result } from '../kernel/result.ts'
import {
  monthPeriod,
  parseMonth,
  yearToDate,
  type Month,
  type TablePeriod,
} from '../statistics/index.ts'

/** What is printed of a figure, and how finely. Amounts are in dirhams. */
export type Expected = {
  readonly what: 'value' | 'previous' | 'growth' | 'share'
  readonly expected: number
  readonly tolerance: number
}

export type ReferenceRow = {
  readonly id: string
  readonly period: TablePeriod
  /** As the file calls it; undefined where it does not say. */
  readonly measure: string | undefined
  readonly expected: readonly Expected[]
}

/** Figures that were printed of one month, to be compared with those of the lake. */
export type Reference = { readonly month: Month; readonly rows: readonly ReferenceRow[] }

const fileKeys = ['about', 'sources', 'periods', 'rows', 'statements', 'derived']

const wordKeys = [
  ...['id', 'period', 'channel', 'sector', 'cardOrigin', 'measure'],
  ...['source', 'growthSource', 'printed'],
]

const numberKeys = [
  ...['value', 'tolerance', 'previous', 'growth', 'growthTolerance', 'sharePct', 'shareTolerance'],
] as const

/** Beyond it a number no longer has decimals. */
const numberMax = 1e12

type NumberKey = (typeof numberKeys)[number]

/** Fails with a sentence that names the place. A word that is not known would check nothing. */
export function parseReference(text: string): Result<Reference, string> {
  let plain: unknown
  try {
    plain = JSON.parse(text)
  } catch {
    return fail('is not JSON')
  }
  if (!isObject(plain)) return fail('is not an object')
  const unknown = Object.keys(plain).find((key) => !fileKeys.includes(key))
  if (unknown !== undefined) return fail(`has ${unknown}, which means nothing here`)
  const periods = readPeriods(plain['periods'])
  if (!periods.ok) return periods
  const list = plain['rows']
  if (!Array.isArray(list) || list.length === 0) return fail('has no list of rows')
  const rows: ReferenceRow[] = []
  for (const [index, one] of list.entries()) {
    const row = readRow(one)
    if (!row.ok) return fail(`rows[${index}] ${row.error}`)
    if (!periods.value.named.has(row.value.period)) {
      return fail(
        `rows[${index}] is of ${row.value.period}, and periods does not say which that is`,
      )
    }
    rows.push(row.value)
  }
  return ok({ month: periods.value.month, rows })
}

type Periods = { readonly month: Month; readonly named: ReadonlySet<TablePeriod> }

/** The table is of one whole month and of its year up to there: other periods are refused. */
function readPeriods(plain: unknown): Result<Periods, string> {
  if (!isObject(plain)) return fail('has no periods')
  const named = new Set<TablePeriod>()
  let month: Month | undefined
  for (const [name, dates] of Object.entries(plain)) {
    if (!isPeriod(name)) return fail(`has periods.${name}: month and ytd are known`)
    if (!Array.isArray(dates) || dates.length !== 2) return fail(`periods.${name} is not two dates`)
    const pair: readonly unknown[] = dates
    const [from, to] = pair
    const found = typeof to === 'string' ? parseMonth(to.slice(0, 7)) : undefined
    if (found === undefined) return fail(`periods.${name} does not end with a month`)
    const wanted = name === 'month' ? monthPeriod(found) : yearToDate(found)
    if (from !== wanted.from || to !== wanted.to) {
      return fail(`periods.${name} is not ${wanted.from} to ${wanted.to}`)
    }
    if (month !== undefined && month !== found) return fail('has periods that end in two months')
    month = found
    named.add(name)
  }
  return month === undefined ? fail('has no periods') : ok({ month, named })
}

function readRow(plain: unknown): Result<ReferenceRow, string> {
  if (!isObject(plain)) return fail('is not an object')
  const words = new Map<string, string>()
  const numbers = new Map<NumberKey, number>()
  for (const [key, value] of Object.entries(plain)) {
    const number = numberKeys.find((one) => one === key)
    if (number !== undefined) {
      if (typeof value !== 'number' || Math.abs(value) > numberMax) {
        return fail(`has ${key} that is not a number`)
      }
      numbers.set(number, value)
    } else if (!wordKeys.includes(key)) return fail(`has ${key}, which means nothing here`)
    else if (typeof value !== 'string') return fail(`has ${key} that is not text`)
    else words.set(key, value)
  }
  const id = words.get('id') ?? ''
  const period = id.split('.')[0] ?? ''
  if (!isPeriod(period)) return fail(`has the id "${id}": month.… or ytd.… is expected`)
  if ((words.get('period') ?? period) !== period) {
    return fail(`(${id}) is of the period ${words.get('period') ?? ''}`)
  }
  const expected = readExpected(numbers)
  if (!expected.ok) return fail(`(${id}) ${expected.error}`)
  return ok({ id, period, measure: words.get('measure'), expected: expected.value })
}

/** The number, how finely it is printed, and whether it must say so. */
const pairs = [
  { what: 'value', of: 'value', within: 'tolerance', needed: true },
  { what: 'previous', of: 'previous', within: 'tolerance', needed: false },
  { what: 'growth', of: 'growth', within: 'growthTolerance', needed: true },
  { what: 'share', of: 'sharePct', within: 'shareTolerance', needed: true },
] as const

function readExpected(
  numbers: ReadonlyMap<NumberKey, number>,
): Result<readonly Expected[], string> {
  const found: Expected[] = []
  const used = new Set<NumberKey>()
  for (const { what, of, within, needed } of pairs) {
    const expected = numbers.get(of)
    if (expected === undefined) continue
    const tolerance = numbers.get(within)
    if (tolerance === undefined && needed) return fail(`has ${of} and no ${within}`)
    if ((tolerance ?? 0) < 0) return fail(`has a ${within} below 0`)
    if (what !== 'growth' && expected < 0) return fail(`has a ${of} below 0`)
    used.add(of).add(within)
    found.push({ what, expected, tolerance: tolerance ?? 0 })
  }
  const idle = [...numbers.keys()].find((key) => !used.has(key))
  if (idle !== undefined) return fail(`has a ${idle} of nothing`)
  return found.length === 0 ? fail('says nothing that can be checked') : ok(found)
}

const isPeriod = (name: string): name is TablePeriod => name === 'month' || name === 'ytd'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
