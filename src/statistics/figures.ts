import type { BusinessDate } from '../kernel/business-date.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Database } from '../platform/postgres/database.ts'
import { dimensions, isPeriodClosed, selectFigures, type Dimension, type FigureRow } from './sql.ts'

export type Measures = {
  readonly count: number
  /** Decimal string of minor units. */
  readonly amountMinor: string
  readonly activeSites: number
}

export type Figures = {
  readonly from: BusinessDate
  readonly to: BusinessDate
  readonly asOf: string
  /** True while a date of the period is open: its figures may still move. */
  readonly provisional: boolean
  readonly rows: readonly (Measures & Readonly<Record<string, string | number>>)[]
  readonly total: Measures
}

export const isDimension = (name: string): name is Dimension => Object.hasOwn(dimensions, name)

export const dimensionNames = Object.keys(dimensions)

/** The figures of a period, both dates included, by any combination of dimensions. */
export async function figures(
  database: Database,
  clock: Clock,
  cut: {
    readonly from: BusinessDate
    readonly to: BusinessDate
    readonly by: readonly Dimension[]
    readonly site: string | null
  },
): Promise<Figures> {
  const asOf = clock.now().toISOString()
  const closed = await isPeriodClosed(database, cut.from, cut.to)
  const rows = await selectFigures(database, cut)
  const [total] = await selectFigures(database, { ...cut, by: [] })
  return {
    from: cut.from,
    to: cut.to,
    asOf,
    provisional: !closed,
    rows:
      cut.by.length === 0
        ? []
        : rows.map((row) => ({
            ...Object.fromEntries(cut.by.map((name) => [name, row[name] ?? ''])),
            ...measuresOf(row),
          })),
    total: total === undefined ? { count: 0, amountMinor: '0', activeSites: 0 } : measuresOf(total),
  }
}

const measuresOf = (row: FigureRow): Measures => ({
  count: Number(row.count),
  amountMinor: row.amount_minor.toString(),
  activeSites: Number(row.active_sites),
})
