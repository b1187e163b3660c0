import type { Growth } from './growth.ts'
import type { Period } from './period.ts'
import type { Dimension } from './question.ts'

/** What is counted in a cell of a cut. Amounts are in minor units. */
export type Measures = {
  readonly count: number
  readonly amountMinor: bigint
  /** Half up; null without an operation. */
  readonly averageTicketMinor: bigint | null
  /** Distinct sites with an operation in the period. */
  readonly activeSites: number
  /** Operations at a site, hence not at a terminal. */
  readonly siteOperations: number
  readonly approved: number
  readonly declined: number
  /** Of the attempts; null without one. */
  readonly approvalRatePct: number | null
  /** Money that went back, on the date of the refund. */
  readonly refundCount: number
  readonly refundAmountMinor: bigint
  /** Operations of an earlier date that were undone: that date's figures stay as they were. */
  readonly lateReversalCount: number
  readonly lateReversalAmountMinor: bigint
  /** Of the cut's total. */
  readonly countSharePct: number | null
  readonly amountSharePct: number | null
  /** Distinct cards; null unless asked for. */
  readonly activeCards: number | null
  /** Null unless asked for. */
  readonly declineReasons: Readonly<Record<string, number>> | null
  /** Null unless asked for. */
  readonly growth: Growth | null
  /**
   * What is kept from the public so that no merchant's business is told: everything, the measures
   * then being zero or null, or only the year before, the growth then being null.
   */
  readonly withheld?: Withheld
}

export type Withheld = 'everything' | 'yearBefore'

export type CutRow = Measures & {
  /** A value for each dimension of the cut. */
  readonly key: Readonly<Partial<Record<Dimension, string>>>
}

export type Cut = Period & {
  readonly by: readonly Dimension[]
  /** When the newest of it was read. */
  readonly asOf: string
  /** True while a date of the period is open, or still to come: its figures may still move. */
  readonly provisional: boolean
  /** Dates of the period that hold figures, and those of the year before it. */
  readonly dates: number
  readonly previous: (Period & { readonly dates: number }) | null
  /** Sources of its dates: `centre`, and those of adopted days. */
  readonly sources: readonly string[]
  /** That of all its amounts: no payment in another one is counted. */
  readonly currency: string
  /** Dirhams, and whatever else was paid in on its dates: each is a question of its own. */
  readonly currencies: readonly string[]
  readonly rows: readonly CutRow[]
  readonly total: Measures
}
