/** What a cell of a public table is made of. */
export type Cell = {
  readonly count: number
  readonly amountMinor: bigint
  /** How many merchants took it, who took most of it, how much, and what the next one took. */
  readonly merchants: number
  readonly largest: string
  readonly largestAmountMinor: bigint
  readonly secondAmountMinor: bigint
}

/** What the rules ask of a cell, or of cells together. */
export type Judged = Omit<Cell, 'largest' | 'secondAmountMinor'>

/** [ESSNET-SDC chapter 4] Minimum frequency rule: two merchants could each tell the other's business. */
const merchantsMin = 3

/** [ESSNET-SDC chapter 4] Dominance rule (n, k), with n = 1. */
const dominancePct = 85n

export const emptyCell: Cell = {
  ...{ count: 0, amountMinor: 0n, merchants: 0 },
  ...{ largest: '', largestAmountMinor: 0n, secondAmountMinor: 0n },
}

/** A later capture adds an amount and no operation: it is somebody's as well. */
export const isEmpty = ({ count, amountMinor }: Judged): boolean =>
  count === 0 && amountMinor === 0n

/**
 * Whether a cell tells one merchant's business. The p% rule wants the second merchant's amount, which
 * no cell holds; with none known of it (zero, the case in which that rule asks least), p = 17 is what
 * dominance at 85 % already asks.
 *
 * Whatever is made of cells that are not sensitive is not: where a sum has two merchants, no part has
 * three; where one merchant has most of a sum, he has most of one of its parts.
 */
export function isSensitive(cell: Judged): boolean {
  if (isEmpty(cell)) return false
  if (cell.merchants < merchantsMin) return true
  return cell.largestAmountMinor * 100n > cell.amountMinor * dominancePct
}

/**
 * Cells taken together, at their worst: as if the same merchants were in all of them, and whoever is
 * not the largest in one were the second there. What is not sensitive so is not sensitive.
 */
export function together(cells: readonly Cell[]): Judged {
  const sum = (of: (cell: Cell) => bigint): bigint =>
    cells.reduce((all, each) => all + of(each), 0n)
  const atMost = [...new Set(cells.map(({ largest }) => largest))].map((whose) =>
    sum((cell) => (cell.largest === whose ? cell.largestAmountMinor : cell.secondAmountMinor)),
  )
  return {
    count: cells.reduce((all, { count }) => all + count, 0),
    amountMinor: sum(({ amountMinor }) => amountMinor),
    merchants: Math.max(0, ...cells.map(({ merchants }) => merchants)),
    // Whoever is the largest in none has taken less than whoever is in one.
    largestAmountMinor: atMost.reduce((most, each) => (each > most ? each : most), 0n),
  }
}
