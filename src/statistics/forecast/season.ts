import { addDays, dayNumber, type BusinessDate } from '../../kernel/business-date.ts'
import { ridge } from './least-squares.ts'
import { dateAt, type DailySeries } from './series.ts'

/** What moves from year to year, and what no rule computes. */
export type Feasts = {
  /** Ramadan, for one: both dates included. */
  readonly periods: readonly {
    readonly name: string
    readonly from: BusinessDate
    readonly to: BusinessDate
  }[]
  readonly holidays: ReadonlySet<BusinessDate>
}

export const noFeasts: Feasts = { periods: [], holidays: new Set() }

/** How much more than usual a date is, as a logarithm. */
export type Season = (date: BusinessDate) => number

const harmonics = 3
/** A bend of the trend may come every so many days: what bends slower is not the season's. */
const bendDays = 60
const yearDays = 365.2425

/** In years of history: with less, one cannot tell a season from a trend. */
const yearsOfSeason = 1.1

/**
 * The effects of the weekday, the time of the year, pay-days, feasts and holidays on the logarithm
 * of the values, estimated beside a trend that may bend, so that growth is not taken for a season.
 */
export function seasonOf(
  series: DailySeries,
  logs: readonly (number | null)[],
  feasts: Feasts,
): Season {
  const names = [...new Set(feasts.periods.map(({ name }) => name))]
  const isYearly = logs.length >= yearsOfSeason * yearDays
  const effects = (date: BusinessDate): readonly number[] => [
    ...weekdayOf(date),
    ...(isYearly ? timeOfYear(date) : []),
    ...payDays(date),
    ...names.map((name) => (isWithin(feasts, name, date) ? 1 : 0)),
    feasts.holidays.has(date) ? 1 : 0,
    feasts.holidays.has(addDays(date, 1)) ? 1 : 0,
  ]
  const bends = Math.max(0, Math.floor(logs.length / bendDays) - 1)
  const trend = (day: number): readonly number[] => [
    1,
    day / yearDays,
    ...Array.from({ length: bends }, (_, i) => Math.max(0, day - (i + 1) * bendDays) / yearDays),
  ]
  const rows: (readonly number[])[] = []
  const values: number[] = []
  logs.forEach((log, day) => {
    if (log === null) return
    rows.push([...trend(day), ...effects(dateAt(series, day))])
    values.push(log)
  })
  const size = effects(series.from).length
  // A bend costs more than a season: with two years of days, both could explain the same.
  const penalties = [
    0,
    0,
    ...Array.from({ length: bends }, () => 6),
    ...Array.from({ length: size }, () => 0.5),
  ]
  const coefficients = ridge(rows, values, penalties).slice(bends + 2)
  return (date) =>
    effects(date).reduce((sum, effect, i) => sum + effect * (coefficients[i] ?? 0), 0)
}

/** Six columns: the seventh day is what the others are compared with. 1970-01-01 was a Thursday. */
function weekdayOf(date: BusinessDate): readonly number[] {
  const day = (dayNumber(date) + 3) % 7
  return Array.from({ length: 6 }, (_, i) => (i === day ? 1 : 0))
}

function timeOfYear(date: BusinessDate): readonly number[] {
  const angle = (2 * Math.PI * dayNumber(date)) / yearDays
  return Array.from({ length: harmonics }, (_, i) => [
    Math.cos((i + 1) * angle),
    Math.sin((i + 1) * angle),
  ]).flat()
}

/** Wages come at the end of a month, and are spent on its last days and the next one's first. */
function payDays(date: BusinessDate): readonly number[] {
  const day = Number(date.slice(8))
  return [day >= 26 ? 1 : 0, day <= 5 ? 1 : 0]
}

const isWithin = ({ periods }: Feasts, name: string, date: BusinessDate): boolean =>
  periods.some((one) => one.name === name && one.from <= date && date <= one.to)
