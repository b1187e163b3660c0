import type { CutRow, Cut } from '../../../../statistics/index.ts'
import { sharesChart } from '../../../../statistics/charts/index.ts'
import { capital, percentText, valueText, wholeText } from '../../../../statistics/press/index.ts'
import { valueOf } from '../gather.ts'
import { cellText, plainText } from '../measure.ts'
import type { Section } from '../section.ts'
import { texts } from '../texts.ts'
import { type Shown } from './shown.ts'

export function sharesSection(
  id: 'channels' | 'origins',
  cut: Cut,
  first: string,
  { language }: Shown,
): Section {
  const t = texts[language]
  const dimension = id === 'channels' ? 'channel' : 'cardOrigin'
  const of = (value: string): CutRow | undefined =>
    cut.rows.find((row) => valueOf(row, dimension) === value)
  const share = of(first)
  const other = cut.rows.find((row) => valueOf(row, dimension) !== first)
  const otherName =
    other === undefined ? '' : valueText(dimension, valueOf(other, dimension), language)
  const said = (pct: number): string => percentText(pct, language, 1)
  const bar = (label: string, pct: number) => ({
    label,
    firstPct: pct,
    first: `${capital(valueText(dimension, first, language))} ${said(pct)}`,
    second: `${capital(otherName)} ${said(100 - pct)}`,
  })
  const sharesOf = (row: CutRow): readonly string[] => [
    row.countSharePct === null ? '' : said(row.countSharePct),
    row.amountSharePct === null ? '' : said(row.amountSharePct),
  ]
  return {
    id,
    heading: t[id]({ share: said(share?.countSharePct ?? 0) }),
    note: t.notes.shares,
    chart: (width) =>
      sharesChart({
        title: t.notes.shares,
        width,
        rightToLeft: language === 'ar',
        rows: [
          bar(t.inCount, share?.countSharePct ?? 0),
          bar(t.inAmount, share?.amountSharePct ?? 0),
        ],
      }),
    table: {
      head: [t.columns.part, t.operations, t.inCount, t.amount, t.inAmount],
      rows: cut.rows.map((row) => {
        const [count = '', amount = ''] = sharesOf(row)
        return [
          capital(valueText(dimension, valueOf(row, dimension), language)),
          ...[wholeText(BigInt(row.count), language), count],
          ...[cellText(row.amountMinor, 'amount', language), amount],
        ]
      }),
    },
    csv: {
      head: [dimension, 'count', 'amount'],
      rows: cut.rows.map((row) => [
        valueOf(row, dimension),
        String(row.count),
        plainText(row.amountMinor, 'amount'),
      ]),
    },
  }
}
