import { fail, ok, type Result } from '../kernel/result.ts'
import type { CardRange } from './participants.ts'

/** Card numbers from `low` to `high`, both included, of one length. */
export type Range = { readonly low: string; readonly high: string; readonly card: CardRange }

/** Sorted for look-up; two ranges that share a number are refused, as a card has one bank. */
export function orderedRanges(ranges: readonly Range[]): Result<Range[], string> {
  const sorted = [...ranges].sort((a, b) =>
    a.low.length === b.low.length ? (a.low < b.low ? -1 : 1) : a.low.length - b.low.length,
  )
  for (const [i, range] of sorted.entries()) {
    const next = sorted[i + 1]
    if (next !== undefined && next.low.length === range.low.length && next.low <= range.high) {
      return fail(`the ranges from ${range.low} and from ${next.low} share numbers`)
    }
  }
  return ok(sorted)
}

/** Binary search: digit strings of one length compare as the numbers do. */
export function findRange(sorted: readonly Range[], digits: string): CardRange | undefined {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    const range = sorted[middle]
    if (range !== undefined && isAtOrBelow(range, digits)) low = middle + 1
    else high = middle
  }
  const found = sorted[low - 1]
  const holds = found?.low.length === digits.length && digits <= found.high
  return holds ? found.card : undefined
}

function isAtOrBelow(range: Range, digits: string): boolean {
  if (range.low.length !== digits.length) return range.low.length < digits.length
  return range.low <= digits
}
