/** Cuts counted from payments made up for a test, and what a reader can compute from published ones. */
import type { Cut, CutRow, Measures } from '../../src/statistics/cut.ts'
import { growthOf, sharePct } from '../../src/statistics/growth.ts'
import { parseBusinessDate, type BusinessDate } from '../../src/kernel/business-date.ts'
import type { Dimension } from '../../src/statistics/question.ts'

/** What one merchant took in one cell. */
export type Taken = Readonly<Partial<Record<Dimension, string>>> & {
  readonly merchant: string
  readonly amount: number
  readonly year?: 'before'
}

const day = (text: string): BusinessDate => {
  const date = parseBusinessDate(text)
  if (date === undefined) throw new Error(`${text} is no date`)
  return date
}

function measuresOf(taken: readonly Taken[], whole: bigint): Measures {
  const byMerchant = new Map<string, bigint>()
  for (const { merchant, amount } of taken) {
    byMerchant.set(merchant, (byMerchant.get(merchant) ?? 0n) + BigInt(amount))
  }
  const amountMinor = [...byMerchant.values()].reduce((sum, each) => sum + each, 0n)
  const count = taken.length
  const largestAmountMinor = [...byMerchant.values()].reduce((a, b) => (b > a ? b : a), 0n)
  return {
    ...{ count, amountMinor, activeSites: 0, siteOperations: 0, approved: count, declined: 0 },
    averageTicketMinor: count === 0 ? null : amountMinor / BigInt(count),
    ...{ approvalRatePct: count === 0 ? null : 100, refundCount: 0, refundAmountMinor: 0n },
    ...{ lateReversalCount: 0, lateReversalAmountMinor: 0n, activeCards: null },
    ...{ countSharePct: null, amountSharePct: sharePct(amountMinor, whole) },
    ...{ declineReasons: null, growth: null },
    merchants: { count: byMerchant.size, largestAmountMinor },
  }
}

/** The cut that the lake would give; with growth where a payment of the year before is among them. */
export function cutOf(
  taken: readonly Taken[],
  by: readonly Dimension[],
  where: Readonly<Partial<Record<Dimension, string>>> = {},
): Cut {
  const filters = Object.entries(where)
  const within = taken.filter((one) =>
    filters.every(([name, value]) =>
      Object.entries(one).some(([n, v]) => n === name && v === value),
    ),
  )
  const grows = taken.some(({ year }) => year === 'before')
  const now = within.filter(({ year }) => year !== 'before')
  const whole = measuresOf(now, 0n).amountMinor
  const measured = (some: readonly Taken[]): Measures => {
    const current = measuresOf(
      some.filter(({ year }) => year !== 'before'),
      whole,
    )
    const previous = measuresOf(
      some.filter(({ year }) => year === 'before'),
      0n,
    )
    return { ...current, growth: grows ? growthOf(current, previous) : null }
  }
  const keyOf = (one: Taken): CutRow['key'] =>
    Object.fromEntries(by.map((name) => [name, one[name] ?? '']))
  const names = [...new Set(within.map((one) => JSON.stringify(keyOf(one))))].sort()
  const rows = names.map((name): CutRow => {
    const some = within.filter((one) => JSON.stringify(keyOf(one)) === name)
    const [first] = some
    return { ...measured(some), key: first === undefined ? {} : keyOf(first) }
  })
  const period = { from: day('2013-09-01'), to: day('2013-09-30') }
  const before = { from: day('2012-09-01'), to: day('2012-09-30') }
  return {
    ...period,
    ...{ by, asOf: '2013-10-01T00:05:00.000Z', provisional: false, dates: 30 },
    previous: grows ? { ...before, dates: 30 } : null,
    ...{ sources: ['made for a test'], rows: by.length === 0 ? [] : rows, total: measured(within) },
  }
}

/** Sums that are zero: names of figures and by what they are multiplied. */
export type Equation = readonly (readonly [name: string, times: number])[]

const prime = 1_000_003

/** The unknown figures that a reader can compute: elimination, in numbers modulo a prime. */
export function computable(
  equations: readonly Equation[],
  isKnown: (name: string) => boolean,
): ReadonlySet<string> {
  const unknown = [...new Set(equations.flat().map(([name]) => name))].filter((n) => !isKnown(n))
  const rows = equations.map((equation) =>
    unknown.map((name) => {
      const times = equation.filter(([n]) => n === name).reduce((sum, [, t]) => sum + t, 0)
      return ((times % prime) + prime) % prime
    }),
  )
  const solved: number[][] = []
  for (const at of unknown.keys()) {
    const found = rows.findIndex((row) => row[at] !== 0)
    if (found < 0) continue
    const [row = []] = rows.splice(found, 1)
    const inverse = power(row[at] ?? 0, prime - 2)
    const pivot = row.map((value) => (value * inverse) % prime)
    for (const list of [rows, solved]) {
      for (const [i, other] of list.entries()) {
        const times = other[at] ?? 0
        if (times === 0) continue
        list[i] = other.map((v, j) => (v + (prime - times) * (pivot[j] ?? 0)) % prime)
      }
    }
    solved.push(pivot)
  }
  return new Set(
    solved
      .filter((row) => row.filter((value) => value !== 0).length === 1)
      .map((row) => unknown[row.findIndex((value) => value !== 0)] ?? ''),
  )
}

function power(base: number, exponent: number): number {
  let [result, square] = [1, base]
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * square) % prime
    square = (square * square) % prime
  }
  return result
}
