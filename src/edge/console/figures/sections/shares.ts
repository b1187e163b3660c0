import type { CutRow, Cut } from '../../../../statistics/index.ts'
import { sharesChart } from '../../../../statistics/charts/index.ts'
import { capital, percentText, valueText, wholeText } from '../../../../statistics/press/index.ts'
import { valueOf } from '../gather.ts'
import { cellText, plainText } from '../measure.ts'
import type { Section } from '../section.ts'
import { texts } from '../texts.ts'
import { csvOf, isWithheld, orWithheld } from '../withheld.ts'
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
  // Without the whole there is no share of it, though both parts may be shown.
  const hidden = isWithheld(cut.total) || isWithheld(share)
  const bar = (label: string, pct: number) => ({
    label,
    firstPct: pct,
    first: `${capital(valueText(dimension, first, language))} ${orWithheld(hidden, said(pct), language)}`,
    second: `${capital(otherName)} ${orWithheld(hidden, said(100 - pct), language)}`,
  })
  const shareText = (row: CutRow, pct: number | null): string =>
    orWithheld(isWithheld(cut.total) || isWithheld(row), pct === null ? '' : said(pct), language)
  return {
    id,
    heading: hidden ? capital(t.withheld) : t[id]({ share: said(share?.countSharePct ?? 0) }),
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
        const figure = (text: string): string => orWithheld(isWithheld(row), text, language)
        return [
          capital(valueText(dimension, valueOf(row, dimension), language)),
          figure(wholeText(BigInt(row.count), language)),
          shareText(row, row.countSharePct),
          figure(cellText(row.amountMinor, 'amount', language)),
          shareText(row, row.amountSharePct),
        ]
      }),
    },
    csv: csvOf(
      [dimension, 'count', 'amount'],
      cut.rows.map((row) => ({
        names: [valueOf(row, dimension)],
        values: [String(row.count), plainText(row.amountMinor, 'amount')],
        of: row,
      })),
    ),
  }
}
