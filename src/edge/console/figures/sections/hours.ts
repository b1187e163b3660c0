import type { Cut } from '../../../../statistics/index.ts'
import { heatMap } from '../../../../statistics/charts/index.ts'
import { capital, wholeText, weekdayName } from '../../../../statistics/press/index.ts'
import { valueOf } from '../gather.ts'
import type { Section } from '../section.ts'
import { texts } from '../texts.ts'
import { type Shown } from './shown.ts'

export function hoursSection(cut: Cut, { language }: Shown): Section {
  const t = texts[language]
  const count = (day: number, hour: number): number =>
    cut.rows.find(
      (row) => valueOf(row, 'weekday') === String(day + 1) && Number(valueOf(row, 'hour')) === hour,
    )?.count ?? 0
  const days = [0, 1, 2, 3, 4, 5, 6].map((day) => ({
    label: weekdayName(day + 1, language),
    values: Array.from({ length: 24 }, (_, hour) => count(day, hour)),
  }))
  const [busiest] = cut.rows.toSorted((a, b) => b.count - a.count)
  return {
    id: 'hours',
    heading: t.hours({
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
          `${days[day]?.label ?? ''} ${hour}:00 – ${wholeText(BigInt(value), language)}`,
      }),
    table: {
      head: [t.columns.hour, ...Array.from({ length: 24 }, (_, hour) => String(hour))],
      rows: days.map(({ label, values }) => [
        capital(label),
        ...values.map((value) => wholeText(BigInt(value), language)),
      ]),
    },
    csv: {
      head: ['weekday', 'hour', 'count'],
      rows: days.flatMap(({ values }, day) =>
        values.map((value, hour) => [String(day + 1), String(hour), String(value)]),
      ),
    },
  }
}
