import { addDays, dayNumber, type BusinessDate } from '../../kernel/business-date.ts'
import type { Cut, Measures } from '../cut.ts'
import {
  forecast,
  type DailySeries,
  type Feasts,
  type Forecast,
  type ForecastRefusal,
} from '../forecast/index.ts'
import type { Result } from '../../kernel/result.ts'
import { growthOf } from '../growth.ts'
import { monthPeriod, yearBefore, yearToDate, type Month, type Period } from '../period.ts'
import type { Dimension, Filters } from '../question.ts'
import type { Statistics } from '../statistics.ts'
import {
  isWhole,
  type Held,
  type Line,
  type NoteFacts,
  type Outlook,
  type PeriodFacts,
} from './facts.ts'

type Asked = {
  readonly month: Month
  readonly released: boolean
  readonly feasts: Feasts
  /** Of an instant, in Casablanca. */
  readonly dateOf: (instant: Date) => BusinessDate
  readonly forecastMonths?: number
}

const usualForecastMonths = 3

/** Everything that a note of this month says, counted. */
export async function gatherFacts(statistics: Statistics, asked: Asked): Promise<NoteFacts> {
  const { month, released } = asked
  const ytd = yearToDate(month)
  const periods = {
    month: await periodFacts(statistics, monthPeriod(month)),
    ytd: await periodFacts(statistics, ytd),
  }
  const months = await statistics.cut({
    from: yearBefore(ytd).from,
    to: ytd.to,
    by: ['month'],
    where: { channel: ['internet'] },
    sites: false,
  })
  const whole = await statistics.cut({ ...ytd, by: [], sites: false })
  return {
    month,
    asOf: whole.asOf,
    asOfDate: asked.dateOf(new Date(whole.asOf)),
    provisional: whole.provisional,
    released,
    sources: whole.sources,
    otherCurrencies: whole.currencies.filter((currency) => currency !== whole.currency),
    periods,
    months: months.rows.map(({ key, count, amountMinor }) => ({
      month: (key.month ?? '') as Month,
      count: BigInt(count),
      amountMinor,
    })),
    outlook: await outlookOf(statistics, asked),
  }
}

async function periodFacts(statistics: Statistics, period: Period): Promise<PeriodFacts> {
  const previous = yearBefore(period)
  const ask = async (
    by: readonly Dimension[],
    { where, cards = false }: { readonly where?: Filters; readonly cards?: boolean } = {},
  ): Promise<Asking> => {
    const question = { by, extras: cards ? (['cards'] as const) : [], ...(where && { where }) }
    return {
      by: by[0],
      now: await statistics.cut({ ...question, ...period }),
      // A 29 February alone has no year before it.
      before:
        previous.to < previous.from ? null : await statistics.cut({ ...question, ...previous }),
    }
  }
  // Different cards are counted from every operation: once, as the note says them of all alone.
  const whole = await ask([], { cards: true })
  const held = heldOf(whole.now.dates, period)
  const heldBefore = heldOf(whole.before?.dates ?? 0, previous)
  const comparable = isWhole(held) && isWhole(heldBefore)
  const lines = (asking: Asking): readonly Line[] => linesOf(asking, comparable)
  const line = (asking: Asking, value: string): Line =>
    lines(asking).find((one) => one.value === value) ??
    lineOf(value, [undefined, undefined], comparable)
  const [channels, origins] = [await ask(['channel']), await ask(['cardOrigin'])]
  const where = { channel: ['internet'] }
  const onlineOrigins = await ask(['cardOrigin'], { where })
  return {
    ...period,
    days: held,
    previous: { ...previous, days: heldBefore },
    all: lineOf('all', [whole.now.total, whole.before?.total], comparable),
    internet: line(channels, 'internet'),
    terminals: line(channels, 'terminal'),
    moroccan: line(origins, 'moroccan'),
    foreign: line(origins, 'foreign'),
    online: {
      moroccan: line(onlineOrigins, 'moroccan'),
      foreign: line(onlineOrigins, 'foreign'),
      gateways: lines(await ask(['gateway'], { where })),
      sectors: lines(await ask(['sector'], { where })),
    },
  }
}

type Asking = { readonly by: Dimension | undefined; readonly now: Cut; readonly before: Cut | null }

/** The largest first; a part that only the year before had is there with nothing in it. */
function linesOf({ by, now, before }: Asking, comparable: boolean): readonly Line[] {
  if (by === undefined) return []
  const found = (cut: Cut | null, value: string): Measures | undefined =>
    cut?.rows.find(({ key }) => key[by] === value)
  const earlier = comparable ? (before?.rows ?? []) : []
  const values = new Set([...now.rows, ...earlier].map(({ key }) => key[by] ?? ''))
  return [...values]
    .map((value) => lineOf(value, [found(now, value), found(before, value)], comparable))
    .sort((a, b) =>
      a.now.amountMinor === b.now.amountMinor
        ? a.value.localeCompare(b.value, 'en')
        : a.now.amountMinor < b.now.amountMinor
          ? 1
          : -1,
    )
}

function lineOf(
  value: string,
  [current, previous]: readonly [Measures | undefined, Measures | undefined],
  comparable: boolean,
): Line {
  const now = current ?? nothing
  if (!comparable) return { value, now, before: null, growth: null }
  const before = previous ?? { ...nothing, activeCards: now.activeCards === null ? null : 0 }
  return { value, now, before, growth: growthOf(now, before) }
}

const nothing: Measures = {
  ...{ count: 0, amountMinor: 0n, averageTicketMinor: null, activeSites: 0, siteOperations: 0 },
  ...{ approved: 0, declined: 0, approvalRatePct: null, refundCount: 0, refundAmountMinor: 0n },
  ...{ lateReversalCount: 0, lateReversalAmountMinor: 0n, countSharePct: null },
  ...{ amountSharePct: null, activeCards: null, declineReasons: null },
  growth: null,
}

const heldOf = (held: number, { from, to }: Period): Held => ({
  held,
  of: Math.max(0, dayNumber(to) - dayNumber(from) + 1),
})

async function outlookOf(statistics: Statistics, asked: Asked): Promise<Outlook> {
  const { month, feasts, forecastMonths: months = usualForecastMonths } = asked
  const series = await dailySeries(statistics, month, { channel: ['internet'] })
  const of = (values: DailySeries): Result<Forecast, ForecastRefusal> =>
    forecast(values, feasts, { after: month, months })
  const [count, amount] = [of(series.count), of(series.amount)]
  if (!count.ok) return { kind: 'none', refusal: count.error }
  if (!amount.ok) return { kind: 'none', refusal: amount.error }
  return { kind: 'forecast', count: count.value, amount: amount.value }
}

/** More days than this say nothing more about the coming months. */
const historyYears = 3

/** Operations and minor units a day, up to the end of the month. */
export async function dailySeries(
  statistics: Statistics,
  month: Month,
  where: Filters,
): Promise<{ readonly count: DailySeries; readonly amount: DailySeries }> {
  const { to } = monthPeriod(month)
  const from = addDays(to, -historyYears * 366)
  const span = { from, to, by: ['businessDate'] as const, sites: false }
  // A day without such an operation is a day without any only where the lake holds it.
  const held = new Set((await statistics.cut(span)).rows.map(({ key }) => key.businessDate))
  const found = await statistics.cut({ ...span, where })
  const byDate = new Map(found.rows.map((row) => [row.key.businessDate, row]))
  const days = Array.from({ length: dayNumber(to) - dayNumber(from) + 1 }, (_, day) =>
    addDays(from, day),
  )
  const values = (of: (date: BusinessDate) => number): DailySeries => ({
    from,
    values: days.map((date) => (held.has(date) ? of(date) : null)),
  })
  return {
    count: values((date) => byDate.get(date)?.count ?? 0),
    amount: values((date) => Number(byDate.get(date)?.amountMinor ?? 0n)),
  }
}
