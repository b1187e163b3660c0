import { MAD } from '../kernel/currency.ts'
import { scaledText, wholeText } from '../statistics/press/index.ts'
import type { PublishedTable, TableMeasure, TablePeriod, TableRow } from '../statistics/index.ts'
import { table } from './usage.ts'

/** Whole numbers and percentages are numbers; dirhams are decimal text, which no reader rounds. */
export type JsonValue = number | string | null

/** How many digits of a figure stand behind the point. */
export const decimalsOf: Readonly<Record<TableMeasure, 0 | 2>> = {
  count: 0,
  activeSites: 0,
  amount: 2,
  averageTicket: 2,
  approvalRate: 2,
}

export function jsonValue(measure: TableMeasure, value: bigint | null): JsonValue {
  if (value === null) return null
  if (measure === 'amount' || measure === 'averageTicket') return dirhams(value)
  return Number(value) / 10 ** decimalsOf[measure]
}

const dirhams = (minor: bigint): string => {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(3, '0')
  return `${minor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

export const tableToJson = ({ month, provisional, asOf, currencies, rows }: PublishedTable) => ({
  ...{ month, provisional, asOf, currency: MAD, currencies },
  rows: rows.map((row) => ({
    id: row.id,
    value: jsonValue(row.measure, row.value),
    previous: jsonValue(row.measure, row.previous),
    growthPct: row.growthPct,
    sharePct: row.sharePct,
  })),
})

const measureNames: Readonly<Record<TableMeasure, string>> = {
  count: 'operations',
  amount: 'MAD',
  averageTicket: 'MAD on average',
  approvalRate: '% approved',
  activeSites: 'active sites',
}

/** With every digit, as no press prints it. */
export function figureText(measure: TableMeasure, value: bigint | null): string {
  if (value === null) return ''
  const decimals = decimalsOf[measure]
  if (decimals === 0) return wholeText(value, 'en')
  return scaledText(value, { digits: decimals, decimals }, 'en')
}

const pctText = (pct: number | null, sign = ''): string => {
  if (pct === null) return ''
  const size = scaledText(BigInt(Math.round(Math.abs(pct) * 100)), { digits: 2, decimals: 2 }, 'en')
  return `${pct < 0 ? '−' : sign}${size}%`
}

/** How many dates of a period are in the lake. */
export type Held = { readonly of: number; readonly current: number; readonly previous: number }

/** Some figures have two ids, as they are printed in two places: a person reads them once. */
export const isAlias = ({ id, period, scope, measure }: TableRow): boolean =>
  id !== `${period}.${scope}.${measure}`

export function tableToText(
  figures: PublishedTable,
  held: Readonly<Record<TablePeriod, Held>>,
): readonly string[] {
  const { month, provisional, asOf, sources, currencies, periods, rows } = figures
  const body = (['month', 'ytd'] as const).flatMap((period) => {
    const { from, to } = periods[period]
    const { of, current, previous } = held[period]
    const name = period === 'month' ? 'month' : 'year to date'
    const shown = rows.filter((row) => row.period === period && !isAlias(row))
    return [
      '',
      `${name}, ${from} to ${to}: ${current} of ${of} dates (the year before ${previous})`,
      ...alignRight(shown.map(cellsOf)),
    ]
  })
  const standing = provisional ? 'PROVISIONAL: dates of it are still to come' : 'final'
  const others = currencies.filter((currency) => currency !== MAD)
  const besides = `without payments in ${others.join(', ')}: GET /v1/statistics?currency=… counts those`
  return [
    `${month}, ${standing}; read ${asOf}, from ${sources.join(', ')}`,
    ...(others.length === 0 ? [] : [besides]),
    ...body,
  ]
}

const cellsOf = ({ scope, measure, value, previous, ...row }: TableRow): readonly string[] => [
  scope,
  measureNames[measure],
  figureText(measure, value),
  figureText(measure, previous),
  pctText(row.growthPct, '+'),
  pctText(row.sharePct),
]

/** Names to the left, numbers to the right. */
function alignRight(rows: readonly (readonly string[])[]): readonly string[] {
  const head = ['', '', 'figure', 'year before', 'growth', 'share']
  const widths = [head, ...rows].reduce<readonly number[]>(
    (found, row) => row.map((cell, i) => Math.max(found[i] ?? 0, cell.length)),
    [],
  )
  return table(
    [head, ...rows].map((row) =>
      row.map((cell, i) => (i < 2 ? cell : cell.padStart(widths[i] ?? 0))),
    ),
  )
}
