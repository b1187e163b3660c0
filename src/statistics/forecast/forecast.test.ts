/** Series whose next months are known are foretold; what cannot be foretold is said. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays, dayNumber, type BusinessDate } from '../../kernel/business-date.ts'
import type { Month } from '../period.ts'
import {
  forecast,
  monthAfter,
  noFeasts,
  refusalText,
  type DailySeries,
  type Feasts,
} from './index.ts'
import { bestWeight, crossMixed } from './blend.ts'
import { ridge } from './least-squares.ts'
import { monthSum } from './series.ts'

const from = '2012-01-01' as BusinessDate

/** From 2012 on; noise is a fixed sequence between -2 and 2. */
function seriesOf(days: number, valueOf: (date: BusinessDate, day: number) => number): DailySeries {
  const values = Array.from({ length: days }, (_, day) => valueOf(addDays(from, day), day))
  return { from, values }
}

const noise = (day: number): number => 2 * ((Math.sin(day * 12.9898) * 43758.5453) % 1)

const until = (series: DailySeries, after: Month, months = 3, feasts: Feasts = noFeasts) => {
  const answer = forecast(series, feasts, { after, months })
  assert.ok(answer.ok, answer.ok ? '' : refusalText(answer.error))
  return answer.value
}

/** Days of 2012 and 2013, and the three months after that are held back from the method. */
const twoYears = 731
const withNext = twoYears + 90

/** In percent, of each of the three months after 2013. */
function errorsOf(series: DailySeries, feasts: Feasts = noFeasts): readonly number[] {
  const known = { from, values: series.values.slice(0, twoYears) }
  return until(known, '2013-12', 3, feasts).months.map(({ month, value }) => {
    const actual = monthSum(series, month) ?? NaN
    return Math.abs(100 * (value / actual - 1))
  })
}

const atMost = (limit: number, errors: readonly number[]): void => {
  assert.ok(
    errors.every((error) => error <= limit),
    `${errors.join(', ')} above ${limit}`,
  )
}

const weekly = [1, 1.05, 1.1, 1.1, 1.3, 0.8, 0.6]
const yearly = (date: BusinessDate): number =>
  1 + 0.2 * Math.sin((2 * Math.PI * dayNumber(date)) / 365.2425)

test('a constant stays what it is, and its interval is narrow', () => {
  const { months, backTest } = until(
    seriesOf(twoYears, () => 1_000),
    '2013-12',
  )
  for (const { value, interval95, month } of months) {
    const days = month === '2014-02' ? 28 : 31
    assert.ok(Math.abs(value - 1_000 * days) < 1)
    assert.ok(interval95[1] - interval95[0] < 10)
  }
  assert.ok(backTest !== null && backTest.errorPct < 0.01)
})

test('weekdays and the time of the year are learnt', () => {
  const series = seriesOf(withNext, (date, day) => 5_000 * yearly(date) * (weekly[day % 7] ?? 1))
  atMost(1.5, errorsOf(series))
})

test('a trend goes on', () => {
  const series = seriesOf(
    withNext,
    (date, day) => 5_000 * 1.5 ** (day / 365) * yearly(date) * (weekly[day % 7] ?? 1),
  )
  atMost(4, errorsOf(series))
})

test('noise is within its interval about as often as the interval says', () => {
  let [inside80, inside95, all] = [0, 0, 0]
  for (let seed = 0; seed < 12; seed++) {
    const series = seriesOf(
      withNext,
      (date, day) => 5_000 * yearly(date) * Math.exp(0.15 * noise(day + seed * 1_000)),
    )
    const known = { from, values: series.values.slice(0, twoYears) }
    for (const { month, interval80, interval95 } of until(known, '2013-12').months) {
      const actual = monthSum(series, month) ?? NaN
      all += 1
      if (actual >= interval80[0] && actual <= interval80[1]) inside80 += 1
      if (actual >= interval95[0] && actual <= interval95[1]) inside95 += 1
    }
  }
  assert.ok(inside80 >= 0.6 * all, `${inside80} of ${all}`)
  assert.ok(inside95 >= 0.8 * all, `${inside95} of ${all}`)
})

test('a break four months before the end does not hold the level back', () => {
  const series = seriesOf(withNext, (_, day) => (day < twoYears - 120 ? 2_000 : 5_000))
  atMost(12, errorsOf(series))
})

test('a feast that moves is foretold where it will be', () => {
  const ramadan = [
    ...[{ from: '2012-07-21', to: '2012-08-19' }],
    ...[{ from: '2013-07-10', to: '2013-08-08' }],
    ...[{ from: '2014-01-10', to: '2014-02-08' }],
  ].map((one) => ({
    ...{ name: 'ramadan', from: one.from as BusinessDate, to: one.to as BusinessDate },
  }))
  const within = (date: BusinessDate): boolean =>
    ramadan.some((one) => one.from <= date && date <= one.to)
  const series = seriesOf(withNext, (date, day) =>
    within(date) ? 600 : 1_000 * (weekly[day % 7] ?? 1),
  )
  const known = errorsOf(series, { periods: ramadan, holidays: new Set() })
  const ignored = errorsOf(series)
  assert.ok((known[0] ?? 99) < 8 && (ignored[0] ?? 0) > 15, `${known.join()} ${ignored.join()}`)
})

test('it is compared with last year’s month and the latest growth, and says which did better', () => {
  // A feast that was in last year's month and is not in this one misleads the naive method.
  const periods = ['2012-07', '2013-09'].map((month) => ({
    ...{ name: 'ramadan', from: `${month}-01` as BusinessDate, to: `${month}-28` as BusinessDate },
  }))
  const within = (date: BusinessDate): boolean =>
    periods.some((one) => one.from <= date && date <= one.to)
  const series = seriesOf(twoYears, (date) => (within(date) ? 500 : 1_000))
  const { backTest } = until(series, '2013-12', 2, { periods, holidays: new Set() })
  assert.ok(backTest !== null && backTest.beatsNaive)
  assert.ok(backTest.errorPct < backTest.naiveErrorPct)
  const exact = seriesOf(twoYears, (date, day) => 1_000 * 2 ** (day / 366) * yearly(date))
  const worse = until(exact, '2013-12', 1).backTest
  assert.equal(worse?.beatsNaive, false, 'last year’s shape with its growth is exact here')
  assert.ok((worse?.errorPct ?? 9) < 0.5, 'and so it is leant on')
})

test('a history that is too short, full of holes or not at its end is refused with a sentence', () => {
  const refused = (series: DailySeries, after: Month): string => {
    const answer = forecast(series, noFeasts, { after, months: 3 })
    assert.ok(!answer.ok)
    return refusalText(answer.error)
  }
  const year = seriesOf(366, () => 10)
  assert.match(refused(year, '2012-12'), /^not enough history: 12 whole months, 13/)
  assert.match(refused(year, '2013-01'), /^not all days of 2013-01/)
  assert.match(refused({ from, values: [] }, '2013-01'), /^not all days/)
  const holes = seriesOf(twoYears, () => 10).values.map((value, day) =>
    day > 100 && day % 9 === 0 && day < 600 ? null : value,
  )
  assert.match(refused({ from, values: holes }, '2013-12'), /days have no figures$/)
})

test('a few days without figures are no obstacle', () => {
  const series = seriesOf(twoYears, (date, day) => 5_000 * yearly(date) * (weekly[day % 7] ?? 1))
  const holed = series.values.map((value, day) => (day % 97 === 5 && day < 690 ? null : value))
  const [whole] = until(series, '2013-12').months
  const [partial] = until({ from, values: holed }, '2013-12').months
  assert.ok(Math.abs((partial?.value ?? 0) / (whole?.value ?? 1) - 1) < 0.02)
})

test('months follow each other over the new year', () => {
  assert.deepEqual([monthAfter('2013-12'), monthAfter('2013-01', -1)], ['2014-01', '2012-12'])
})

test('least squares finds the coefficients that made the values', () => {
  const rows = Array.from({ length: 50 }, (_, i) => [1, i, (i * 7) % 5])
  const values = rows.map(([, x = 0, z = 0]) => 3 + 2 * x - z)
  const found = ridge(rows, values, [0, 0, 0])
  for (const [i, expected] of [3, 2, -1].entries()) {
    assert.ok(Math.abs((found[i] ?? 0) - expected) < 1e-6)
  }
})

test('two methods are mixed as the held-out months say, and none judges itself', () => {
  const trials = (foretold: number, naive: number) =>
    Array.from({ length: 6 }, (_, i) => ({
      month: monthAfter('2013-01', i),
      ...{ ahead: 1, actual: 100, foretold, deviation: 0.1, naive },
    }))
  assert.equal(bestWeight(trials(100, 120)), 1)
  assert.equal(bestWeight(trials(120, 100)), 0)
  assert.equal(bestWeight(trials(125, 80)), 0.5)
  assert.equal(bestWeight(trials(120, 100).slice(0, 3)), 1)
  const [odd, ...rest] = trials(120, 100)
  assert.ok(odd !== undefined)
  const [judged] = crossMixed([{ ...odd, foretold: 100, naive: 150 }, ...rest])
  assert.equal(judged?.foretold, 150)
})
