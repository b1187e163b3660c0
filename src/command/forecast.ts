import {
  forecast,
  refusalText,
  type Forecast,
  type ForecastMonth,
} from '../statistics/forecast/index.ts'
import { dailySeries, toThreeDigits } from '../statistics/note/index.ts'
import { countText, percentText, wholeText } from '../statistics/press/index.ts'
import { monthOf, withLake } from './lake.ts'
import { readWords, table, UsageError, type Command } from './usage.ts'

const monthsMax = 12

export const forecastCommand: Command = {
  name: 'forecast',
  about:
    'what the coming months should count, between which numbers, and how well that was told so far',
  usage: ['forecast --month 2013-09 [--months 3] [--channel internet|terminal|all] [--json]'],
  run: async (words, say) => {
    const values = ['--month', '--months', '--channel']
    const { rest, options } = readWords(words, { flags: ['--json'], values })
    if (rest.length > 0) throw new UsageError('forecast takes options only')
    const after = monthOf(options)
    const months = Number(options.get('--months') ?? '3')
    if (!Number.isInteger(months) || months < 1 || months > monthsMax) {
      throw new UsageError(`--months: 1 to ${monthsMax}`)
    }
    const channel = options.get('--channel') ?? 'internet'
    if (!['internet', 'terminal', 'all'].includes(channel)) {
      throw new UsageError('--channel: internet, terminal or all')
    }
    await withLake(async ({ statistics, calendar }) => {
      const where = channel === 'all' ? {} : { channel: [channel] }
      const series = await dailySeries(statistics, after, where)
      const feasts = { periods: calendar.feasts, holidays: calendar.holidays }
      const [count, amount] = [series.count, series.amount].map((one) => {
        const told = forecast(one, feasts, { after, months })
        if (!told.ok) throw new Error(refusalText(told.error))
        return told.value
      })
      if (count === undefined || amount === undefined) return
      const answer = { channel, count: rounded(count), amountMinor: rounded(amount) }
      if (options.has('--json')) say(JSON.stringify(answer))
      else for (const line of linesOf(count, amount)) say(line)
    })
  },
}

/** Three digits: more would claim what nobody knows. */
function rounded({ months, backTest, ...about }: Forecast): object {
  const whole = (value: number): number => Number(toThreeDigits(value))
  const tenth = (value: number): number => Math.round(value * 10) / 10
  return {
    ...about,
    months: months.map(({ month, value, interval80, interval95 }) => ({
      month,
      value: whole(value),
      interval80: interval80.map(whole),
      interval95: interval95.map(whole),
    })),
    backTest: backTest && {
      ...backTest,
      errorPct: tenth(backTest.errorPct),
      naiveErrorPct: tenth(backTest.naiveErrorPct),
      coverage80Pct: tenth(backTest.coverage80Pct),
      coverage95Pct: tenth(backTest.coverage95Pct),
    },
  }
}

function linesOf(count: Forecast, amount: Forecast): readonly string[] {
  const head = ['month', '', 'expected', '80%', '95%']
  const rows = (what: string, { months }: Forecast, unit: (value: number) => bigint): string[][] =>
    months.map((one) => [one.month, what, ...numbersOf(one, unit)])
  return [
    ...table([
      head,
      ...rows('operations', count, toThreeDigits),
      ...rows('MAD', amount, (minor) => toThreeDigits(minor / 100)),
    ]),
    ...tried('operations', count),
    ...tried('amounts', amount),
  ]
}

function numbersOf(
  { value, interval80, interval95 }: ForecastMonth,
  unit: (value: number) => bigint,
): readonly string[] {
  const text = (one: number): string => wholeText(unit(one), 'en')
  const between = ([low, high]: readonly [number, number]): string =>
    `${text(low)} to ${text(high)}`
  return [text(value), between(interval80), between(interval95)]
}

function tried(what: string, { backTest, historyMonths }: Forecast): readonly string[] {
  if (backTest === null) {
    return [
      `${what}: ${historyMonths} months of history, too few to hold any out and try the method`,
    ]
  }
  const { trials, months, errorPct, naiveErrorPct, coverage80Pct, coverage95Pct } = backTest
  const pct = (value: number): string => percentText(value, 'en', 1)
  const verdict = backTest.beatsNaive
    ? `better than last year’s month with the latest growth (${pct(naiveErrorPct)})`
    : `NOT better than last year’s month with the latest growth (${pct(naiveErrorPct)})`
  return [
    `${what}: off by ${pct(errorPct)} on average in ${countText(BigInt(trials), 'en')} trials on ` +
      `${months} held-out months, ${verdict}; ${pct(coverage80Pct)} lay in their 80% interval, ` +
      `${pct(coverage95Pct)} in their 95% one`,
  ]
}
