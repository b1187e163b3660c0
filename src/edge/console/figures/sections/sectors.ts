import type { CutRow, Cut } from '../../../../statistics/index.ts'
import { rankingChart } from '../../../../statistics/charts/index.ts'
import { capital, valueText } from '../../../../statistics/press/index.ts'
import { valueOf } from '../gather.ts'
import {
  cellText,
  growthCell,
  growthOf,
  measureOf,
  plainText,
  previousOf,
  saidText,
} from '../measure.ts'
import type { Section } from '../section.ts'
import { texts } from '../texts.ts'
import { csvOf, isBeforeWithheld, isWithheld, orWithheld } from '../withheld.ts'
import { type Shown } from './shown.ts'

export function sectorsSection(cut: Cut, { language, measure }: Shown): Section {
  const t = texts[language]
  const name = (row: CutRow): string => valueText('sector', valueOf(row, 'sector'), language)
  const rows = cut.rows.toSorted((a, b) => Number(measureOf(b, measure) - measureOf(a, measure)))
  const named = rows.filter((row) => valueOf(row, 'sector') !== 'other' && !isWithheld(row))
  const [first, second] = named
  const falling = named.filter((row) => (growthOf(row, measure) ?? 0) < 0).map(name)
  return {
    id: 'sectors',
    heading:
      second === undefined && rows.some(isWithheld)
        ? capital(t.withheld)
        : t.sectors({
            first: first === undefined ? '' : name(first),
            second: second === undefined ? '' : name(second),
            falling: falling.length === 0 ? null : falling.join(language === 'ar' ? '، ' : ', '),
          }),
    note: t.notes.sectors,
    chart: (width) =>
      rankingChart({
        title: t.notes.sectors,
        width,
        rightToLeft: language === 'ar',
        rows: rows.map((row) => ({
          label: capital(name(row)),
          value: Number(measureOf(row, measure)),
          previous: numberOrNull(previousOf(row, measure)),
          shown: orWithheld(
            isWithheld(row),
            saidText(measureOf(row, measure), measure, language),
            language,
          ),
          growth: growthCell(growthOf(row, measure), language),
        })),
      }),
    table: {
      head: [t.columns.sector, t.columns.year, t.columns.yearBefore, t.columns.growth],
      rows: rows.map((row) => [
        capital(name(row)),
        orWithheld(isWithheld(row), cellText(measureOf(row, measure), measure, language), language),
        ...[
          cellText(previousOf(row, measure), measure, language),
          growthCell(growthOf(row, measure), language),
        ].map((text) => orWithheld(isBeforeWithheld(row), text, language)),
      ]),
    },
    csv: csvOf(
      ['sector', measure, 'previous'],
      rows.map((row) => ({
        names: [valueOf(row, 'sector')],
        values: [plainText(measureOf(row, measure), measure)],
        before: plainText(previousOf(row, measure), measure),
        of: row,
      })),
    ),
  }
}

const numberOrNull = (value: bigint | null): number | null =>
  value === null ? null : Number(value)
