import type { Cut, Month } from '../../../../statistics/index.ts'
import { columnsChart } from '../../../../statistics/charts/index.ts'
import { capital, shortMonth, monthText } from '../../../../statistics/press/index.ts'
import {
  axisText,
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
import { byMonth, monthsOfYear, type Shown } from './shown.ts'

export function monthsSection(cut: Cut, { language, measure, month }: Shown): Section {
  const t = texts[language]
  const rows = byMonth(cut)
  const known = monthsOfYear(month).filter((each) => each <= month)
  const value = saidText(measureOf(cut.total, measure), measure, language)
  const cells = (each: Month): readonly (bigint | null)[] => {
    const row = rows.get(each)
    if (row === undefined) return [null, null]
    return [isWithheld(row) ? null : measureOf(row, measure), previousOf(row, measure)]
  }
  return {
    id: 'months',
    heading: isWithheld(cut.total)
      ? capital(t.withheld)
      : t.months({
          value: measure === 'count' ? `${value} ${t.operations}` : value,
          growth: growthCell(growthOf(cut.total, measure), language),
        }),
    note: t.notes.months,
    chart: (width) =>
      columnsChart({
        title: t.notes.months,
        width,
        height: width < 500 ? 200 : 230,
        marked: Number(month.slice(5)) - 1,
        format: (line) => axisText(line, measure, language),
        columns: monthsOfYear(month).map((each) => {
          const [now = null, before = null] = cells(each)
          return {
            label: width < 500 ? each.slice(5) : shortMonth(each, language),
            value: now === null ? null : Number(now),
            previous: before === null ? null : Number(before),
            told:
              now === null && !isWithheld(rows.get(each))
                ? null
                : `${monthText(each, language)} : ${orWithheld(now === null, cellText(now, measure, language), language)}`,
          }
        }),
      }),
    table: {
      head: [t.columns.month, t.columns.year, t.columns.yearBefore, t.columns.growth],
      rows: known.map((each) => {
        const row = rows.get(each)
        const growth = row === undefined ? null : growthOf(row, measure)
        const [now = '', last = ''] = cells(each).map((cell) => cellText(cell, measure, language))
        const before = isBeforeWithheld(row)
        return [
          capital(monthText(each, language)),
          orWithheld(isWithheld(row), now, language),
          orWithheld(before, last, language),
          orWithheld(before, growthCell(growth, language), language),
        ]
      }),
    },
    csv: csvOf(
      ['month', measure, 'previous'],
      known.map((each) => {
        const [now = '', before = ''] = cells(each).map((cell) => plainText(cell, measure))
        return { names: [each], values: [now], before, of: rows.get(each) }
      }),
    ),
  }
}
