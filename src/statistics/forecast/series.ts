import { addDays, dayNumber, type BusinessDate } from '../../kernel/business-date.ts'
import { lastDayOf, type Month } from '../period.ts'

/** One value a day from `from` on; null where nothing is known of that day. */
export type DailySeries = {
  readonly from: BusinessDate
  readonly values: readonly (number | null)[]
}

export const firstOf = (month: Month): BusinessDate => `${month}-01` as BusinessDate

export const monthAfter = (month: Month, months = 1): Month => {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + months
  const year = String(Math.floor(index / 12)).padStart(4, '0')
  return `${year}-${String((index % 12) + 1).padStart(2, '0')}` as Month
}

export const monthOf = (date: BusinessDate): Month => date.slice(0, 7) as Month

/** Of a month, as places in a series that begins on `from`. */
export function daysOf(
  month: Month,
  from: BusinessDate,
): { readonly first: number; readonly count: number } {
  const first = firstOf(month)
  const count = dayNumber(lastDayOf(first)) - dayNumber(first) + 1
  return { first: dayNumber(first) - dayNumber(from), count }
}

/** The sum of a month, or undefined where one of its days is not known. */
export function monthSum({ from, values }: DailySeries, month: Month): number | undefined {
  const { first, count } = daysOf(month, from)
  let sum = 0
  for (let day = first; day < first + count; day++) {
    const value = day < 0 ? null : (values[day] ?? null)
    if (value === null) return undefined
    sum += value
  }
  return sum
}

/** What was known at the end of a month. */
export function until({ from, values }: DailySeries, month: Month): DailySeries {
  const { first, count } = daysOf(month, from)
  return { from, values: values.slice(0, Math.max(0, first + count)) }
}

export const dateAt = ({ from }: DailySeries, day: number): BusinessDate => addDays(from, day)

/** Days that are neither known nor before the first known one are holes. */
export function trimmed({ from, values }: DailySeries): DailySeries {
  const first = values.findIndex((value) => value !== null)
  if (first === -1) return { from, values: [] }
  const last = values.findLastIndex((value) => value !== null)
  return { from: addDays(from, first), values: values.slice(first, last + 1) }
}
