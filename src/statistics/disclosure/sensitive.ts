import type { Measures } from '../cut.ts'
import type { Grown } from '../growth.ts'

/** [ESSNET-SDC chapter 4] Minimum frequency rule: two merchants could each tell the other's business. */
const merchantsMin = 3

/** [ESSNET-SDC chapter 4] Dominance rule (n, k), with n = 1. */
const dominancePct = 85n

/**
 * Whether a cell tells one merchant's business. The p% rule wants the second merchant's amount, which
 * no cell holds; with none known of it (zero, the case in which that rule asks least), p = 17 is what
 * dominance at 85 % already asks. A cell whose merchants were not counted is taken for sensitive.
 */
export function isSensitive(cell: Grown): boolean {
  if (isEmpty(cell)) return false
  const { merchants, amountMinor } = cell
  if (merchants === null || merchants.count < merchantsMin) return true
  return merchants.largestAmountMinor * 100n > amountMinor * dominancePct
}

/**
 * Nothing at all happened in it. A cell with refunds or declines and no operation is not empty: they
 * are a merchant's as well.
 */
export const isEmpty = (cell: Grown & Partial<Measures>): boolean =>
  cell.count === 0 &&
  cell.amountMinor === 0n &&
  [
    ...[cell.refundCount, cell.lateReversalCount, cell.approved, cell.declined],
    ...[cell.activeSites, cell.siteOperations],
  ].every((counted = 0) => counted === 0)
