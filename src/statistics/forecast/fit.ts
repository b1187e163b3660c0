import { addDays } from '../../kernel/business-date.ts'
import type { Month } from '../period.ts'
import { faded, levelOf, reach, type Level } from './level.ts'
import { seasonOf, type Feasts, type Season } from './season.ts'
import { dateAt, daysOf, type DailySeries } from './series.ts'

/** A month to come: its sum, and the standard deviation of the logarithm of its error. */
export type Foretold = { readonly month: Month; readonly value: number; readonly deviation: number }

export type Model = { foretell(month: Month): Foretold }

/**
 * Log-linear: a season of effects, and a damped level under it. What is printed is the sum of a
 * month's days; its deviation counts how the same error reaches every day after it.
 */
export function fit(series: DailySeries, feasts: Feasts): Model {
  // A day without any operation has no logarithm: half of one stands for it.
  const logs = series.values.map((value) =>
    value === null ? null : Math.log(Math.max(value, 0.5)),
  )
  const season = seasonOf(series, logs, feasts)
  const rest = logs.map((log, day) => (log === null ? null : log - season(dateAt(series, day))))
  const level = levelOf(rest)
  return { foretell: (month) => foretell({ series, season, level }, month) }
}

function foretell(
  {
    series,
    season,
    level,
  }: { readonly series: DailySeries; readonly season: Season; readonly level: Level },
  month: Month,
): Foretold {
  const known = series.values.length
  const { first, count } = daysOf(month, series.from)
  const values: number[] = []
  for (let day = first; day < first + count; day++) {
    const ahead = day - known + 1
    const log = level.level + level.slope * faded(level.weights.damping, ahead)
    // The mean of a log-normal day lies above its median.
    values.push(Math.exp(log + season(addDays(series.from, day)) + level.variance / 2))
  }
  const value = values.reduce((sum, one) => sum + one, 0)
  return { month, value, deviation: deviationOf(level, { values, value, before: first - known }) }
}

/** Of a weighted mean of days, each the sum of the errors that reach it. */
function deviationOf(
  level: Level,
  {
    values,
    value,
    before,
  }: { readonly values: readonly number[]; readonly value: number; readonly before: number },
): number {
  let squares = 0
  for (let error = 0; error < before + values.length; error++) {
    let weight = 0
    values.forEach((one, i) => {
      const days = before + i - error
      if (days < 0) return
      weight += (one / value) * (days === 0 ? 1 : reach(level, days))
    })
    squares += weight ** 2
  }
  return Math.sqrt(squares * level.variance)
}
