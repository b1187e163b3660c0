import type { Cut, CutRow, Month } from '../../../../statistics/index.ts'
import type { Language } from '../../../../statistics/press/index.ts'
import type { Measure } from '../asked.ts'
import { valueOf } from '../gather.ts'

export type Shown = {
  readonly language: Language
  readonly measure: Measure
  readonly month: Month
}

/** The twelve months of the year: those to come have their place. */
export const monthsOfYear = (month: Month): readonly Month[] =>
  Array.from(
    { length: 12 },
    (_, i) => `${month.slice(0, 5)}${String(i + 1).padStart(2, '0')}` as Month,
  )

export const byMonth = (cut: Cut): ReadonlyMap<string, CutRow> =>
  new Map(cut.rows.map((row) => [valueOf(row, 'month'), row]))
