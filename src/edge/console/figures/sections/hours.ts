import type { Cut, CutRow } from '../../../../statistics/index.ts'
import { heatMap } from '../../../../statistics/charts/index.ts'
import { capital, wholeText, weekdayName } from '../../../../statistics/press/index.ts'
import { valueOf } from '../gather.ts'
import type { Section } from '../section.ts'
import { texts } from '../texts.ts'
import { csvOf, isWithheld, orWithheld } from '../withheld.ts'
import { type Shown } from './shown.ts'

export function hoursSection(cut: Cut, { language }: Shown): Section {
  const t = texts[language]
  const cell = (day: number, hour: number): CutRow | undefined =>
    cut.rows.find(
      (row) => valueOf(row, 'weekday') === String(day + 1) && Number(valueOf(row, 'hour')) === hour,
    )
  const text = (day: number, hour: number, value: number): string =>
    orWithheld(isWithheld(cell(day, hour)), wholeText(BigInt(value), language), language)
  const days = [0, 1, 2, 3, 4, 5, 6].map((day) => ({
    label: weekdayName(day + 1, language),
    values: Array.from({ length: 24 }, (_, hour) => cell(day, hour)?.count ?? 0),
  }))
  const [busiest] = cut.rows.toSorted((a, b) => b.count - a.count)
  return {
    id: 'hours',
    heading: isWithheld(busiest)
      ? capital(t.withheld)
      : t.hours({
          weekday: weekdayName(
            Number(busiest === undefined ? 1 : valueOf(busiest, 'weekday')),
            language,
          ),
          hour: String(Number(busiest === undefined ? 0 : valueOf(busiest, 'hour'))),
        }),
    note: t.notes.hours,
    chart: (width) =>
      heatMap({
        title: t.notes.hours,
        width,
        rows: days,
        told: (day, hour, value) =>
          `${days[day]?.label ?? ''} ${hour}:00 – ${text(day, hour, value)}`,
      }),
    table: {
      head: [t.columns.hour, ...Array.from({ length: 24 }, (_, hour) => String(hour))],
      rows: days.map(({ label, values }, day) => [
        capital(label),
        ...values.map((value, hour) => text(day, hour, value)),
      ]),
    },
    csv: csvOf(
      ['weekday', 'hour', 'count'],
      days.flatMap(({ values }, day) =>
        values.map((value, hour) => ({
          names: [String(day + 1), String(hour)],
          values: [String(value)],
          of: cell(day, hour),
        })),
      ),
    ),
  }
}
