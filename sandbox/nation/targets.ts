import { parseBusinessDate } from '../../src/kernel/business-date.ts'
import { fail, ok, type Result } from '../../src/kernel/result.ts'
import { lastOf, nationMonths, type Month } from './months.ts'
import { sectorsOf, type Channel, type Origin } from './strata.ts'

/** Whole months, both ends included. */
export type Period = { readonly months: readonly Month[]; readonly before: readonly Month[] }

/** A published figure with half a unit of its last printed digit. */
export type Figure = { readonly value: number; readonly tolerance: number }

/** One published row, of the form of the reference's national-2013.json. Amounts in dirhams. */
export type Target = {
  readonly id: string
  readonly period: Period
  readonly channel: Channel | 'all'
  readonly sector: string | undefined
  readonly origin: Origin | undefined
  readonly measure: (typeof measures)[number]
  readonly figure: Figure | undefined
  /** In percent, on the same months of the year before. */
  readonly growth: Figure | undefined
  /** The same months of the year before, where it is printed itself. */
  readonly previous: number | undefined
  /** In percent, of all origins. */
  readonly share: Figure | undefined
}

const measures = ['count', 'amount', 'activeSites', 'activeCards'] as const

type Plain = Readonly<Record<string, unknown>>

/** Fails with a sentence that names the row and what is wrong with it. */
export function targetsFromJson(text: string): Result<readonly Target[], string> {
  let plain: unknown
  try {
    plain = JSON.parse(text)
  } catch {
    return fail('is not JSON')
  }
  if (!isObject(plain) || !isObject(plain['periods'])) return fail('has no periods')
  const periods = new Map<string, Period>()
  for (const [name, span] of Object.entries(plain['periods'])) {
    const period = readPeriod(span)
    if (!period.ok) return fail(`has a period ${name} ${period.error}`)
    periods.set(name, period.value)
  }
  const rows = plain['rows']
  if (!Array.isArray(rows) || rows.length === 0) return fail('has no rows')
  const targets: Target[] = []
  for (const [index, row] of rows.entries()) {
    const target = readRow(row, periods)
    if (!target.ok) return fail(`rows[${index}]${target.error}`)
    if (targets.some(({ id }) => id === target.value.id)) {
      return fail(`rows[${index}] has the id ${target.value.id} of an earlier row`)
    }
    targets.push(target.value)
  }
  return ok(targets)
}

function readPeriod(span: unknown): Result<Period, string> {
  if (!Array.isArray(span) || span.length !== 2) return fail('that is not two dates')
  const [first, last] = span.map((date) =>
    typeof date === 'string' ? parseBusinessDate(date) : undefined,
  )
  if (first === undefined || last === undefined) return fail('that is not two dates')
  const [from, to] = [first.slice(0, 7), last.slice(0, 7)]
  const months = nationMonths.filter((month) => month >= from && month <= to)
  const isKnown = months[0] === from && months.at(-1) === to
  if (!isKnown) return fail('outside 2012 and 2013')
  if (!first.endsWith('-01') || lastOf(to) !== last) return fail('that is not of whole months')
  if (from.slice(0, 4) !== to.slice(0, 4)) return fail('of two years')
  const before = months.map((month) => `${Number(month.slice(0, 4)) - 1}${month.slice(4)}`)
  return ok({ months, before: before.every((m) => nationMonths.includes(m)) ? before : [] })
}

function readRow(row: unknown, periods: ReadonlyMap<string, Period>): Result<Target, string> {
  if (!isObject(row)) return fail(' is not an object')
  const { id, channel = 'all', sector, cardOrigin, previous } = row
  if (typeof id !== 'string' || id === '') return fail(' has no id')
  const refuse = (what: string): Result<never, string> => fail(` (${id}) ${what}`)
  const period = typeof row['period'] === 'string' ? periods.get(row['period']) : undefined
  const measure = measures.find((known) => known === row['measure'])
  if (period === undefined) return refuse('has a period that is not among the periods')
  if (measure === undefined) return refuse(`has a measure other than ${measures.join(', ')}`)
  if (channel !== 'all' && channel !== 'internet' && channel !== 'terminal') {
    return refuse('has a channel other than all, internet, terminal')
  }
  if (cardOrigin !== undefined && cardOrigin !== 'moroccan' && cardOrigin !== 'foreign') {
    return refuse('has a cardOrigin other than moroccan, foreign')
  }
  if (sector !== undefined && !isSector(sector, channel)) {
    return refuse(`has a sector that no ${channel === 'all' ? '' : `${channel} `}merchant is of`)
  }
  if (previous !== undefined && !isAmount(previous)) return refuse('has a previous below 0')
  const figure = readFigure(row, 'value', 'tolerance')
  const growth = readFigure(row, 'growth', 'growthTolerance')
  const share = readFigure(row, 'sharePct', 'shareTolerance')
  if (figure === null || growth === null || share === null) {
    return refuse('has a figure without its tolerance, or one that is not a number')
  }
  if (figure === undefined && growth === undefined && share === undefined) {
    return refuse('has no value, growth or sharePct')
  }
  if (figure !== undefined && figure.value < 0) return refuse('has a value below 0')
  if (growth !== undefined && growth.value <= -100) return refuse('has a growth of -100 % or less')
  if ((growth ?? previous) !== undefined && period.before.length === 0) {
    return refuse('compares with a year before 2012')
  }
  if (
    share !== undefined &&
    (cardOrigin === undefined || !(share.value > 0 && share.value < 100))
  ) {
    return refuse('has a share that is not between 0 and 100 % of a cardOrigin')
  }
  return distinctOrSum({
    ...{ id, period, channel, sector, measure },
    ...{ origin: cardOrigin, figure, growth, share, previous },
  })
}

/** Distinct sites and cards are planned one by one: only some such rows can be asked for. */
function distinctOrSum(target: Target): Result<Target, string> {
  const { id, channel, sector, origin, measure, figure, period, share } = target
  if (measure === 'count' || measure === 'amount') return ok(target)
  const isWhole = channel === 'internet' && sector === undefined && share === undefined
  const fits =
    measure === 'activeSites'
      ? origin === undefined && period.months[0] === '2013-01'
      : origin === 'moroccan' && period.months.length === 12 && period.before.length === 12
  if (!isWhole || !fits || figure === undefined || !Number.isInteger(figure.value)) {
    const form =
      measure === 'activeSites'
        ? 'of the Internet, from January 2013 on'
        : 'of Moroccan cards on the Internet in 2013'
    return fail(` (${id}) can only be a whole number ${form}`)
  }
  return ok(target)
}

/** Undefined where there is none, null where it is not what it should be. */
function readFigure(row: Plain, name: string, tolerance: string): Figure | undefined | null {
  const [value, width] = [row[name], row[tolerance] ?? 0]
  if (value === undefined) return undefined
  const isFinite = typeof value === 'number' && Number.isFinite(value)
  if (!isFinite || !isAmount(width)) return null
  const isPercent = name !== 'value'
  return isPercent && row[tolerance] === undefined ? null : { value, tolerance: width }
}

function isSector(sector: unknown, channel: Channel | 'all'): sector is string {
  if (typeof sector !== 'string') return false
  const channels: readonly Channel[] = channel === 'all' ? ['internet', 'terminal'] : [channel]
  return channels.some((one) => Object.hasOwn(sectorsOf[one], sector))
}

const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0

const isObject = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
