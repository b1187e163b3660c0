import type { BusinessDate } from '../../src/kernel/business-date.ts'
import { weekdayOf } from './months.ts'
import type { Stratum } from './strata.ts'

/** As announced by the Ministry of Habous: first and last day of fasting. */
const ramadans = [
  ['2012-07-21', '2012-08-19'],
  ['2013-07-10', '2013-08-08'],
] as const

/** Days on which banks and most offices are closed: fixed holidays and the announced moving ones. */
const holidays = new Set([
  ...['2012', '2013'].flatMap((year) =>
    ['01-01', '01-11', '05-01', '07-30', '08-14', '08-20', '08-21', '11-06', '11-18'].map(
      (day) => `${year}-${day}`,
    ),
  ),
  ...['2012-02-05', '2012-11-16', '2013-01-24', '2013-11-05'],
])

/** The days of both feasts, when shops are closed, and the last days of buying before each. */
const feasts = new Set([
  ...['2012-08-20', '2012-08-21', '2012-10-26', '2012-10-27'],
  ...['2013-08-09', '2013-08-10', '2013-10-16', '2013-10-17'],
])
const beforeFeasts = [
  ['2012-08-13', '2012-08-19'],
  ['2012-10-19', '2012-10-25'],
  ['2013-08-02', '2013-08-08'],
  ['2013-10-09', '2013-10-15'],
] as const

const within = (date: string, spans: readonly (readonly [string, string])[]): boolean =>
  spans.some(([first, last]) => date >= first && date <= last)

export const isRamadan = (date: BusinessDate): boolean => within(date, ramadans)

/** Monday first. */
const weekOf = {
  internet: [1.12, 1.1, 1.08, 1.06, 0.98, 0.84, 0.82],
  shop: [0.93, 0.93, 0.95, 0.98, 0.95, 1.22, 1.04],
  table: [0.85, 0.86, 0.9, 0.97, 1.05, 1.27, 1.1],
  visitor: [0.97, 0.97, 0.98, 1, 1.02, 1.05, 1.01],
} as const

/** How much of a month's business a date draws, against a plain date of that month. */
export function dayWeight(date: BusinessDate, stratum: Stratum): number {
  const { sector, origin } = stratum
  const isOnline = stratum.channel === 'internet'
  let weight = weekOf[weekKind(stratum)][weekdayOf(date)] ?? 1
  if (isRamadan(date)) weight *= isOnline ? 0.9 : (ramadanOf[sector] ?? 0.9)
  if (feasts.has(date)) weight *= isOnline ? 0.65 : 0.5
  else if (holidays.has(date)) weight *= isOnline ? 0.8 : 0.95
  if (!isOnline && within(date, beforeFeasts)) weight *= beforeFeastOf[sector] ?? 1
  if (origin === 'foreign') return weight
  const day = Number(date.slice(8))
  // Salaries are paid in the last days of a month; invoices are due then and just after.
  if (day >= 26 || day <= 3) weight *= sector === 'billers' ? 1.3 : 1.12
  if (sector === 'e-government' && taxEnds.has(date.slice(5, 7)) && day >= 25) weight *= 2
  return weight
}

/** What falls with the evenings at home, and what does not. */
const ramadanOf: Readonly<Record<string, number>> = { restaurants: 0.5, hotels: 0.85, retail: 0.97 }

/** New clothes for the first feast; food, and sheep's money, for both. */
const beforeFeastOf: Readonly<Record<string, number>> = {
  clothing: 1.7,
  retail: 1.25,
  restaurants: 0.9,
  home: 1.1,
}

/** The vehicle tax is due by 31 January, income and company taxes at the end of each quarter. */
const taxEnds = new Set(['01', '03', '06', '09', '12'])

function weekKind({ channel, sector, origin }: Stratum): keyof typeof weekOf {
  if (channel === 'internet') return 'internet'
  if (origin === 'foreign') return 'visitor'
  return sector === 'restaurants' ? 'table' : 'shop'
}

/** Names of profiles of hours, by what kind of business on what kind of day. */
export function hoursKind(date: BusinessDate, { channel, sector }: Stratum): string {
  const kind =
    channel === 'internet'
      ? 'online'
      : sector === 'restaurants' || sector === 'hotels'
        ? 'evening'
        : 'shop'
  return isRamadan(date) ? `${kind}-ramadan` : kind
}

/**
 * Operations an hour of the day, 0 to 23, in any unit. In Ramadan shops empty before the meal at
 * sunset (about 19:40) and fill again until after midnight.
 */
export const hoursOf: Readonly<Record<string, readonly number[]>> = {
  online: [
    22, 12, 6, 3, 2, 3, 6, 14, 32, 55, 68, 72, 66, 52, 58, 66, 70, 68, 60, 52, 50, 52, 48, 36,
  ],
  'online-ramadan': [
    44, 34, 22, 10, 4, 2, 3, 8, 22, 42, 58, 66, 64, 58, 60, 58, 48, 30, 12, 10, 30, 52, 62, 58,
  ],
  shop: [3, 1, 1, 0, 0, 0, 1, 4, 14, 40, 62, 74, 72, 48, 46, 62, 78, 92, 100, 96, 74, 44, 20, 8],
  'shop-ramadan': [
    26, 10, 2, 0, 0, 0, 0, 2, 8, 28, 50, 66, 76, 78, 82, 88, 84, 62, 26, 4, 22, 66, 82, 58,
  ],
  evening: [
    22, 10, 4, 1, 1, 2, 6, 18, 30, 34, 36, 44, 66, 84, 62, 36, 30, 32, 38, 52, 82, 98, 84, 50,
  ],
  'evening-ramadan': [
    70, 48, 24, 6, 1, 1, 4, 12, 18, 20, 22, 26, 30, 30, 24, 20, 16, 14, 18, 64, 84, 92, 96, 88,
  ],
}
