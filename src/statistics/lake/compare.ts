import type { DayTotals } from '../../wire/lake/index.ts'
import type { FoundDay } from './sql.ts'

/** The first difference between what was promised and what a file holds, as a sentence. */
export function differenceOf(
  promised: readonly DayTotals[],
  found: readonly FoundDay[],
): string | undefined {
  const left = new Map(found.map((day) => [day.date, day]))
  for (const day of promised) {
    const held = left.get(day.date) ?? { rows: 0, operations: 0, amountMinor: 0n, wrong: 0 }
    left.delete(day.date)
    for (const what of ['rows', 'operations', 'amountMinor'] as const) {
      if (held[what] === day[what]) continue
      return `holds ${held[what]} ${nameOf[what]} on ${day.date}, not ${day[what]}`
    }
    if (held.wrong > 0) return `holds ${held.wrong} rows on ${day.date} that are not the lake’s`
  }
  const [more] = left.values()
  return more === undefined ? undefined : `holds ${more.date}, which it was not to hold`
}

const nameOf = {
  rows: 'rows',
  operations: 'operations',
  amountMinor: 'of amount in minor units',
} as const
