import { say, type Cell, type Highlight, type TableBlock, type TableLine } from './document.ts'
import type { Line, PeriodName } from './facts.ts'
import { none, periodNames, type Printing } from './tables.ts'

/** [CMI-REPORTS table A] Ten points: period, number, amount, growth of both. */
export function keyPoints({ facts, words, print }: Printing): TableBlock {
  const { labels } = words
  const { lines, columns } = labels
  const growth = (pct: number | null | undefined): Cell =>
    pct === null || pct === undefined ? none : [print.growth(pct)]
  const point = (label: string, { now, growth: grown }: Line, strong = false): TableLine => ({
    label,
    strong,
    cells: [
      [print.count(now.count)],
      growth(grown?.countPct),
      [print.amount(now.amountMinor, 1)],
      growth(grown?.amountPct),
    ],
  })
  const rows = (name: PeriodName): readonly TableLine[] => {
    const { all, internet, terminals, moroccan, foreign } = facts.periods[name]
    const whole = [
      point(lines.all, all, true),
      point(lines.internet, internet),
      point(lines.terminals, terminals),
    ]
    const isLast = name === periodNames(facts).at(-1)
    if (!isLast) return whole
    return [
      ...whole,
      point(lines.moroccan, moroccan),
      point(lines.foreign, foreign),
      actors(lines.activeSites, [
        [print.whole(internet.now.activeSites)],
        growth(internet.growth?.activeSitesPct),
      ]),
      ...(all.now.activeCards === null
        ? []
        : [
            actors(lines.activeCards, [
              [print.count(all.now.activeCards)],
              growth(all.growth?.activeCardsPct),
            ]),
          ]),
    ]
  }
  return {
    kind: 'table',
    title: labels.keyPoints,
    columns: ['', columns.number, columns.growth, columns.value, columns.growth],
    groups: periodNames(facts).map((name) => ({
      title: labels.period(name, facts),
      rows: rows(name),
    })),
    note: null,
  }
}

const actors = (label: string, [count, growth]: readonly [Cell, Cell]): TableLine => ({
  label,
  strong: false,
  cells: [count, growth, none, none],
})

/** The four figures that a reader takes away. */
export function highlights({ facts, words, print }: Printing): readonly Highlight[] {
  const { labels } = words
  const last = periodNames(facts).at(-1) ?? 'month'
  const of = (name: PeriodName, line: Line, label: string): Highlight => ({
    label: `${label}${labels.colon}${labels.columns.operations.toLowerCase()}`,
    period: labels.period(name, facts),
    value: print.count(line.now.count),
    detail: say`${print.amount(line.now.amountMinor)}${
      line.growth?.countPct === undefined || line.growth.countPct === null
        ? null
        : say` · ${print.growth(line.growth.countPct)}`
    }`,
  })
  const { internet, all } = facts.periods[last]
  const sites = internet.growth?.activeSitesPct ?? null
  return [
    of('month', facts.periods.month.internet, labels.lines.internet),
    ...(last === 'month' ? [] : [of('ytd', internet, labels.lines.internet)]),
    of(last, all, labels.lines.all),
    {
      label: labels.lines.activeSites,
      period: labels.period(last, facts),
      value: print.whole(internet.now.activeSites),
      detail: sites === null ? say`` : say`${print.growth(sites, 1)}`,
    },
  ]
}
