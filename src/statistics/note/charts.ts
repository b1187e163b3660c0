import { columnsChart, rankingChart, sharesChart, trendChart } from '../charts/index.ts'
import { monthAfter } from '../forecast/index.ts'
import type { Month } from '../period.ts'
import { countText, shortMonth, type Language } from '../press/index.ts'
import { plainText, type Block } from './document.ts'
import type { NoteFacts, PeriodName } from './facts.ts'
import { periodNames, type Printing } from './tables.ts'

type Drawing = Printing & { readonly language: Language }
type Chart = Extract<Block, { readonly kind: 'chart' }>

/** As wide as the text, in the pixels of the page on paper. */
const width = 660

/** A number inside a line of the other direction: [UAX9] left-to-right isolate, and its end. */
const isolated = (text: string): string => `\u2066${text}\u2069`

/** Null where there is nothing to draw. */
export function monthsChart({ facts, words, language, print }: Drawing): Chart | null {
  if (facts.months.length === 0) return null
  const year = facts.month.slice(0, 4)
  const january = `${year}-01` as Month
  const count = (month: Month): bigint | null => countOf(facts, month)
  const columns = Array.from({ length: 12 }, (_, i) => {
    const month = monthAfter(january, i)
    const [value, previous] = [count(month), count(monthAfter(month, -12))]
    const told = value ?? previous ?? 0n
    return {
      label: shortMonth(month, language),
      value: value === null ? null : Number(value),
      previous: previous === null ? null : Number(previous),
      told: plainText([print.counted(told, 'operations')]),
    }
  })
  return {
    kind: 'chart',
    title: words.labels.charts.months,
    legend: [
      { mark: 'now', text: year },
      { mark: 'before', text: String(Number(year) - 1) },
    ],
    svg: columnsChart({
      title: words.labels.charts.months,
      columns,
      width,
      height: 180,
      format: (value) => countText(BigInt(Math.round(value)), language),
      marked: Number(facts.month.slice(5)) - 1,
    }),
    note: null,
  }
}

const countOf = ({ months }: NoteFacts, month: Month): bigint | null =>
  months.find((one) => one.month === month)?.count ?? null

const lastPeriod = (facts: NoteFacts): PeriodName => periodNames(facts).at(-1) ?? 'month'

export function sectorsChart({ facts, words, language, print }: Drawing): Chart | null {
  const name = lastPeriod(facts)
  const { sectors } = facts.periods[name].online
  if (sectors.length === 0) return null
  const { labels } = words
  const title = `${labels.charts.sectors}, ${labels.period(name, facts)}`
  const rtl = language === 'ar'
  return {
    kind: 'chart',
    title,
    legend: sectors.some(({ before }) => before !== null)
      ? [{ mark: 'tick', text: labels.charts.lastYearsMark }]
      : [],
    svg: rankingChart({
      title,
      width,
      rightToLeft: rtl,
      rows: sectors.map(({ value, now, before, growth }) => {
        const pct = growth?.amountPct ?? null
        const grown = pct === null ? '' : print.growth(pct, 1).figure
        return {
          label: labels.sector(value),
          value: Number(now.amountMinor),
          previous: before === null ? null : Number(before.amountMinor),
          shown: print.amount(now.amountMinor, 1).figure,
          growth: rtl && grown !== '' ? isolated(grown) : grown,
        }
      }),
    }),
    note: null,
  }
}

export function originsChart({ facts, words, language, print }: Drawing): Chart | null {
  const name = lastPeriod(facts)
  const { moroccan, foreign } = facts.periods[name]
  const { labels } = words
  const row = (label: string, share: 'countSharePct' | 'amountSharePct') => {
    const [first, second] = [moroccan.now[share], foreign.now[share]]
    if (first === null || second === null) return []
    const part = (text: string, pct: number): string =>
      `${text}${labels.colon}${language === 'ar' ? isolated(print.share(pct).figure) : print.share(pct).figure}`
    return [
      {
        label,
        firstPct: first,
        first: part(labels.lines.moroccan, first),
        second: part(labels.lines.foreign, second),
      },
    ]
  }
  const rows = [
    ...row(labels.charts.byCount, 'countSharePct'),
    ...row(labels.charts.byAmount, 'amountSharePct'),
  ]
  if (rows.length === 0) return null
  const title = `${labels.charts.origins}, ${labels.period(name, facts)}`
  const svg = sharesChart({ title, width, rightToLeft: language === 'ar', rows })
  return { kind: 'chart', title, legend: [], svg, note: null }
}

export function outlookChart({ facts, words, language }: Drawing): Chart | null {
  const { outlook } = facts
  if (outlook.kind === 'none') return null
  const { charts } = words.labels
  return {
    kind: 'chart',
    title: charts.outlook,
    legend: [
      { mark: 'now', text: charts.known },
      { mark: 'coming', text: charts.foretold },
      { mark: 'band', text: charts.interval },
    ],
    svg: trendChart({
      title: charts.outlook,
      width,
      height: 190,
      points: [
        ...facts.months.map(({ month, count }) => ({
          label: shortMonth(month, language),
          value: Number(count),
          interval: null,
        })),
        ...outlook.count.months.map(({ month, value, interval80 }) => ({
          label: shortMonth(month, language),
          value,
          interval: interval80,
        })),
      ],
      format: (value) => countText(BigInt(Math.round(value)), language),
    }),
    note: null,
  }
}
