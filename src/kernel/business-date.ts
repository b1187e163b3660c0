import { assert } from './assert.ts'
import type { Brand } from './brand.ts'

/** `2013-09-15`: the day on which a payment counts and its money moves, in Casablanca. */
export type BusinessDate = Brand<string, 'BusinessDate'>

const dayMs = 86_400_000

export function parseBusinessDate(text: string): BusinessDate | undefined {
  // There is no year 0 in the database's calendar.
  if (!/^(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return undefined
  const instant = new Date(`${text}T00:00:00Z`)
  const real = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text)
  return real ? (text as BusinessDate) : undefined
}

/** Days since 1970-01-01, the form in which a payment's id and the binary columns carry a date. */
export function dayNumber(date: BusinessDate): number {
  if (date !== latest.date) latest = { date, days: Date.parse(`${date}T00:00:00Z`) / dayMs }
  return latest.days
}

/** Thousands of rows in a row carry the same date. */
let latest = { date: '1970-01-01' as BusinessDate, days: 0 }

export function fromDayNumber(days: number): BusinessDate {
  assert(Number.isInteger(days), 'a day number is whole')
  return new Date(days * dayMs).toISOString().slice(0, 10) as BusinessDate
}

export function addDays(date: BusinessDate, days: number): BusinessDate {
  return fromDayNumber(dayNumber(date) + days)
}
