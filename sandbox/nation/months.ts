import {
  addDays,
  dayNumber,
  parseBusinessDate,
  type BusinessDate,
} from '../../src/kernel/business-date.ts'
import { assert } from '../../src/kernel/assert.ts'

/** `2013-09`. */
export type Month = string

/** The nation's time: the year of the note and the year that it compares with. */
export const nationMonths: readonly Month[] = [2012, 2013].flatMap((year) =>
  Array.from({ length: 12 }, (_, month) => `${year}-${String(month + 1).padStart(2, '0')}`),
)

export const yearOf = (month: Month): number => Number(month.slice(0, 4))

/** From 0, January. */
export const monthOfYear = (month: Month): number => Number(month.slice(5)) - 1

export function datesOf(month: Month): readonly BusinessDate[] {
  const dates: BusinessDate[] = []
  for (let date = firstOf(month); date.startsWith(month); date = addDays(date, 1)) dates.push(date)
  return dates
}

export function firstOf(month: Month): BusinessDate {
  const date = parseBusinessDate(`${month}-01`)
  assert(date !== undefined, 'a month has a first day')
  return date
}

export function lastOf(month: Month): BusinessDate {
  const dates = datesOf(month)
  return dates.at(-1) ?? firstOf(month)
}

/** From 0, Monday; 1970-01-01 was a Thursday. */
export const weekdayOf = (date: BusinessDate): number => (dayNumber(date) + 3) % 7

export const monthBefore = (month: Month): Month | undefined =>
  nationMonths[nationMonths.indexOf(month) - 1]
