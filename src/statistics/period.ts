import { addDays, parseBusinessDate, type BusinessDate } from '../kernel/business-date.ts'

/** Both dates included. A period that ends before it begins holds no date. */
export type Period = { readonly from: BusinessDate; readonly to: BusinessDate }

/** `2013-09`. */
export type Month = `${number}-${number}`

export function parseMonth(text: string): Month | undefined {
  return parseBusinessDate(`${text}-01`) === undefined ? undefined : (text as Month)
}

export const monthPeriod = (month: Month): Period => {
  const from = `${month}-01` as BusinessDate
  return { from, to: lastDayOf(from) }
}

/** From the first of January to the end of the month. */
export const yearToDate = (month: Month): Period => ({
  from: `${month.slice(0, 4)}-01-01` as BusinessDate,
  to: monthPeriod(month).to,
})

/** From the first day of a month to the last of the same or of another. */
export const isWholeMonths = ({ from, to }: Period): boolean =>
  from.endsWith('-01') && lastDayOf(to) === to

/**
 * The same dates of the year before. The last day of a month is compared with the last day of that
 * month, so that a February is whole in either year; 29 February alone has no counterpart.
 */
export function yearBefore({ from, to }: Period): Period {
  const start = yearEarlier(from) ?? yearEarlier(addDays(from, 1))
  const end = lastDayOf(to) === to ? lastDayOf(monthEarlier(to)) : yearEarlier(to)
  const none = { from: '0001-01-02' as BusinessDate, to: '0001-01-01' as BusinessDate }
  if (start === undefined || end === undefined) return none
  return start > end || (from === to && from.endsWith('-02-29')) ? none : { from: start, to: end }
}

/** The date a year later, for a row that is compared with this one; 29 February has none. */
export const yearLater = (date: string): string =>
  `${String(Number(date.slice(0, 4)) + 1).padStart(4, '0')}${date.slice(4)}`

const yearEarlier = (date: BusinessDate): BusinessDate | undefined =>
  parseBusinessDate(`${yearsBack(date)}${date.slice(4)}`)

const monthEarlier = (date: BusinessDate): BusinessDate =>
  `${yearsBack(date)}${date.slice(4, 7)}-01` as BusinessDate

const yearsBack = (date: BusinessDate): string =>
  String(Math.max(1, Number(date.slice(0, 4)) - 1)).padStart(4, '0')

export function lastDayOf(date: BusinessDate): BusinessDate {
  const [year = 0, month = 0] = date.split('-').map(Number)
  const next = month === 12 ? [year + 1, 1] : [year, month + 1]
  const first = next.map((part, i) => String(part).padStart(i === 0 ? 4 : 2, '0')).join('-')
  return addDays(`${first}-01` as BusinessDate, -1)
}
