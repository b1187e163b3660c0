import { sharePct } from '../growth.ts'
import type { Cell, TableBlock, TableLine } from './document.ts'
import type { Line } from './facts.ts'
import { none, periodNames, type Printing } from './tables.ts'

/** What was approved, and what went back. */
export function qualityTable(printing: Printing): TableBlock {
  const { facts, words } = printing
  const { labels } = words
  const { lines } = labels
  return {
    kind: 'table',
    title: labels.tableTitles.quality,
    columns: ['', labels.columns.rate, labels.previousYear, labels.columns.points],
    groups: periodNames(facts).map((name) => {
      const { all, internet, terminals } = facts.periods[name]
      return {
        title: labels.period(name, facts),
        rows: [
          rate(printing, lines.approval, all),
          rate(printing, lines.approvalInternet, internet),
          rate(printing, lines.approvalTerminals, terminals),
          ...returned(printing, all),
        ],
      }
    }),
    note: null,
  }
}

function rate({ print }: Printing, label: string, { now, before }: Line): TableLine {
  const of = (measured: Line['now'] | null): number | null =>
    measured === null
      ? null
      : sharePct(BigInt(measured.approved), BigInt(measured.approved + measured.declined))
  const [current, previous] = [of(now), of(before)]
  const cell = (pct: number | null): Cell => (pct === null ? none : [print.share(pct)])
  return {
    label,
    strong: false,
    cells: [
      cell(current),
      cell(previous),
      current === null || previous === null ? none : [print.points(current - previous)],
    ],
  }
}

function returned({ words, print }: Printing, { now, before }: Line): readonly TableLine[] {
  const { lines } = words.labels
  const row = (label: string, of: (measured: Line['now']) => Cell): TableLine => ({
    label,
    strong: false,
    cells: [of(now), before === null ? none : of(before), none],
  })
  return [
    row(lines.refunds, ({ refundCount }) => [print.whole(refundCount)]),
    row(lines.refundAmount, ({ refundAmountMinor }) => [print.dirhams(refundAmountMinor)]),
    row(lines.lateReversals, ({ lateReversalCount }) => [print.whole(lateReversalCount)]),
    row(lines.lateReversalAmount, ({ lateReversalAmountMinor: minor }) => [print.dirhams(minor)]),
  ]
}
