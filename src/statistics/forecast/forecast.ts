import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Month } from '../period.ts'
import { backTest, naiveOf, type Trial } from './back-test.ts'
import { bestWeight, crossMixed, mixed, trialsMin } from './blend.ts'
import { fit, type Foretold } from './fit.ts'
import type { Feasts } from './season.ts'
import { monthAfter, monthOf, monthSum, trimmed, until, type DailySeries } from './series.ts'

export type Interval = readonly [low: number, high: number]

export type ForecastMonth = {
  readonly month: Month
  readonly value: number
  /** In which it should lie four times of five, and nineteen of twenty. */
  readonly interval80: Interval
  readonly interval95: Interval
}

/** How the method did on months that were held out. */
export type BackTest = {
  readonly trials: number
  readonly months: number
  /** Mean absolute error, in percent of what the month was. */
  readonly errorPct: number
  /** Of the same month of last year with the latest growth. */
  readonly naiveErrorPct: number
  readonly beatsNaive: boolean
  /** How many of the held-out months lay in their interval. */
  readonly coverage80Pct: number
  readonly coverage95Pct: number
}

export type Forecast = {
  /** The last month that was known. */
  readonly after: Month
  readonly historyMonths: number
  /** How much is the model's; the rest is last year's month with the latest growth. */
  readonly modelWeight: number
  readonly months: readonly ForecastMonth[]
  /** Null where the history is too short to hold months out. */
  readonly backTest: BackTest | null
}

/** Why there is no telling. */
export type ForecastRefusal =
  | { readonly kind: 'open-month'; readonly month: Month }
  | { readonly kind: 'short'; readonly months: number; readonly needed: number }
  | { readonly kind: 'holes'; readonly days: number; readonly of: number }

export function refusalText(refusal: ForecastRefusal): string {
  switch (refusal.kind) {
    case 'open-month':
      return `not all days of ${refusal.month} have figures yet`
    case 'short':
      return `not enough history: ${refusal.months} whole months, ${refusal.needed} are needed`
    case 'holes':
      return `not enough history: ${refusal.days} of its ${refusal.of} days have no figures`
  }
}

/** A year, and a month to compare with it. */
const historyMonthsMin = 13
/** So many months before the first held-out one: the naive method needs them. */
const trialMonthsMin = 15
const holesMaxPart = 0.05
/** The normal distribution's, for four of five and nineteen of twenty. */
const quantiles = { eighty: 1.2816, ninetyFive: 1.96 } as const

/** Months to come, from the days up to the end of `after`; or why there is no telling. */
export function forecast(
  whole: DailySeries,
  feasts: Feasts,
  asked: { readonly after: Month; readonly months: number },
): Result<Forecast, ForecastRefusal> {
  const { after, months } = asked
  const series = trimmed(until(whole, after))
  if (monthSum(series, after) === undefined) {
    return fail({ kind: 'open-month', month: after })
  }
  const first = firstWholeMonth(series)
  const historyMonths = monthsBetween(first, after) + 1
  if (historyMonths < historyMonthsMin) {
    return fail({ kind: 'short', months: historyMonths, needed: historyMonthsMin })
  }
  const holes = series.values.filter((value) => value === null).length
  if (holes > holesMaxPart * series.values.length) {
    return fail({ kind: 'holes', days: holes, of: series.values.length })
  }
  const plain = backTest(series, feasts, {
    first: monthAfter(first, trialMonthsMin - 1),
    last: after,
    months,
  })
  const model = fit(series, feasts)
  const weight = bestWeight(plain)
  const trials = crossMixed(plain)
  const spread = spreadOf(trials)
  const foretold = Array.from({ length: months }, (_, i) => {
    const told = model.foretell(monthAfter(after, i + 1))
    const value = mixed(told.value, naiveOf(series, after, i + 1), weight)
    return withIntervals({ ...told, value }, { spread, months: monthsIn(trials) })
  })
  return ok({
    after,
    historyMonths,
    modelWeight: weight,
    months: foretold,
    backTest: judge(trials),
  })
}

type Spread = { readonly spread: number; readonly months: number }

const monthsIn = (trials: readonly Trial[]): number =>
  new Set(trials.map(({ month }) => month)).size

function withIntervals(
  { month, value, deviation }: Foretold,
  { spread, months }: Spread,
): ForecastMonth {
  const between = (quantile: number): Interval => {
    const away = Math.exp(studentOf(quantile, months) * spread * deviation)
    return [value / away, value * away]
  }
  return {
    month,
    value,
    interval80: between(quantiles.eighty),
    interval95: between(quantiles.ninetyFive),
  }
}

/**
 * Student's quantile for the normal's: how far a month may miss was itself learnt from a few months
 * only. Fisher's first terms, which are close enough from four months on.
 */
function studentOf(normal: number, months: number): number {
  if (months < 3) return normal
  const degrees = months - 1
  const first = (normal ** 3 + normal) / 4
  const second = (5 * normal ** 5 + 16 * normal ** 3 + 3 * normal) / 96
  return normal + first / degrees + second / degrees ** 2
}

/** By how much held-out months missed, in deviations: wider intervals where it was more than one. */
function spreadOf(trials: readonly Trial[]): number {
  if (trials.length < trialsMin) return 1
  const squares = trials.reduce((sum, trial) => sum + missed(trial) ** 2, 0)
  return Math.max(1, Math.sqrt(squares / trials.length))
}

const missed = ({ actual, foretold, deviation }: Trial): number =>
  Math.log(actual / foretold) / Math.max(deviation, 1e-9)

/** Each held-out month is judged by an interval that it had no part in. */
function judge(trials: readonly Trial[]): BackTest | null {
  if (trials.length < trialsMin) return null
  const pct = (values: readonly number[]): number =>
    (100 * values.reduce((sum, value) => sum + value, 0)) / values.length
  const covered = (quantile: number): number =>
    pct(
      trials.map((trial) => {
        const others = trials.filter(({ month }) => month !== trial.month)
        return Math.abs(missed(trial)) <= studentOf(quantile, monthsIn(others)) * spreadOf(others)
          ? 1
          : 0
      }),
    )
  const errorPct = pct(trials.map((one) => Math.abs(one.foretold / one.actual - 1)))
  const naiveErrorPct = pct(trials.map((one) => Math.abs(one.naive / one.actual - 1)))
  return {
    trials: trials.length,
    months: monthsIn(trials),
    errorPct,
    naiveErrorPct,
    // By a tenth, as it is printed.
    beatsNaive: errorPct < naiveErrorPct - 0.05,
    coverage80Pct: covered(quantiles.eighty),
    coverage95Pct: covered(quantiles.ninetyFive),
  }
}

function firstWholeMonth(series: DailySeries): Month {
  const month = monthOf(series.from)
  return series.from.endsWith('-01') ? month : monthAfter(month)
}

const monthsBetween = (first: Month, last: Month): number =>
  (Number(last.slice(0, 4)) - Number(first.slice(0, 4))) * 12 +
  Number(last.slice(5)) -
  Number(first.slice(5))
