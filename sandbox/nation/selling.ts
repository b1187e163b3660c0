/** Of one sector's operations with cards of one origin. */
export type Spending = {
  /** Of all operations of the channel and the origin, in any unit. */
  readonly share: number
  /** The average operation in dirhams, in 2013. */
  readonly ticket: number
}

/**
 * How a sector sells. Every number is an assumption unless docs/nation.md names its source; the
 * published figures correct counts and sums, whatever is assumed here.
 */
export type Selling = {
  /** Merchant category codes [ISO18245]. */
  readonly mccs: readonly string[]
  readonly moroccan: Spending
  readonly foreign: Spending
  /**
   * `sigma` is of the amounts' natural logarithm; prices are whole multiples of the grain, but for
   * `freeOfTen` operations out of ten (at least one: sums are met to the centime with these).
   */
  readonly amounts: {
    readonly sigma: number
    readonly grainMinor: number
    readonly freeOfTen: number
  }
  /** The share of all merchants, in any unit; the larger the concentration, the bigger the giants. */
  readonly merchants: { readonly share: number; readonly concentration: number }
  /**
   * Of a thousand operations: approvals never captured besides, operations approved on an earlier
   * date, with a later part, refunded, reversed late.
   */
  readonly perThousand: {
    readonly uncaptured: number
    readonly waits: number
    readonly parts: number
    readonly refunds: number
    readonly reversals: number
  }
}
