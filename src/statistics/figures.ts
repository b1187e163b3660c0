import type { BusinessDate } from '../kernel/business-date.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Database } from '../platform/postgres/database.ts'
import { isPeriodClosed, selectFigures, type Dimension, type FigureRow } from './sql.ts'

export type Measures = {
  readonly count: number
  /** Decimal string of minor units. */
  readonly amountMinor: string
  readonly activeSites: number
  /** Money that went back, on the date of the refund. */
  readonly refundCount: number
  readonly refundAmountMinor: string
  /** Operations of an earlier date that were undone: that date's figures stay as they were. */
  readonly lateReversalCount: number
  readonly lateReversalAmountMinor: string
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
    total: total === undefined ? none : measuresOf(total),
  }
}

const measuresOf = (row: FigureRow): Measures => ({
  count: Number(row.count),
  amountMinor: row.amount_minor.toString(),
  activeSites: Number(row.active_sites),
  refundCount: Number(row.refund_count),
  refundAmountMinor: row.refund_amount_minor.toString(),
  lateReversalCount: Number(row.late_reversal_count),
  lateReversalAmountMinor: row.late_reversal_amount_minor.toString(),
})

const none: Measures = {
  ...{ count: 0, amountMinor: '0', activeSites: 0 },
  ...{ refundCount: 0, refundAmountMinor: '0' },
  ...{ lateReversalCount: 0, lateReversalAmountMinor: '0' },
}
