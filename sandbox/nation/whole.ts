import { fail, ok, type Result } from '../../src/kernel/result.ts'
import { boundsOf, reached } from './bounds.ts'
import { nationMonths, yearOf } from './months.ts'
import type { Cell } from './prior.ts'
import { stream } from './random.ts'
import type { Target } from './targets.ts'

/** A stratum's month in whole operations and whole centimes. */
export type WholeCell = Pick<Cell, 'month' | 'stratum'> & {
  readonly count: number
  readonly amountMinor: number
}

/** No operation is below a dirham on average, or its price could not be drawn. */
const leastMinor = 100

/**
 * Whole counts and centimes, at the given scale. Each channel's year is cut where its running sum
 * passes whole numbers: a total over months of one year is never off by more than one, and exact
 * where the published one is whole.
 */
export function wholeCells(cells: readonly Cell[], scale: number): Result<WholeCell[], string> {
  const whole: WholeCell[] = []
  for (const group of channelYears(cells)) {
    const counts = cut(group.map(({ count }) => count * scale))
    const amounts = cut(group.map(({ amount }) => amount * 100 * scale))
    for (const [index, count] of counts.entries()) {
      // Cards of the other origin at the same sector come just before or just after.
      const sibling = group[index]?.stratum.origin === 'foreign' ? index - 1 : index + 1
      if (count > 0 || (counts[sibling] ?? 0) === 0) continue
      amounts[sibling] = (amounts[sibling] ?? 0) + (amounts[index] ?? 0)
      amounts[index] = 0
    }
    let owedMinor = 0
    const made = group.map(({ month, stratum }, index) => {
      const count = counts[index] ?? 0
      const dueMinor = owedMinor + (amounts[index] ?? 0)
      // A month too small for an operation leaves its centimes to the stratum after it.
      const amountMinor = count === 0 ? 0 : dueMinor
      owedMinor = dueMinor - amountMinor
      return { month, stratum, count, amountMinor }
    })
    const lastIndex = made.findLastIndex(({ count }) => count > 0)
    const last = made[lastIndex]
    if (last === undefined) return fail('this scale leaves a year of a channel without operations')
    made[lastIndex] = { ...last, amountMinor: last.amountMinor + owedMinor }
    const cheap = made.find(({ count, amountMinor }) => amountMinor < count * leastMinor)
    if (cheap !== undefined) {
      const { channel, sector } = cheap.stratum
      return fail(
        `the counts and amounts leave less than a dirham an operation to the sector ${sector} ` +
          `(${channel}) in ${cheap.month}`,
      )
    }
    whole.push(...made)
  }
  return ok(whole)
}

function channelYears(cells: readonly Cell[]): Cell[][] {
  const order = (cell: Cell): number => nationMonths.indexOf(cell.month) * 1000 + cell.stratum.id
  const groups = new Map<string, Cell[]>()
  for (const cell of [...cells].sort((a, b) => order(a) - order(b))) {
    const name = `${cell.stratum.channel} ${yearOf(cell.month)}`
    groups.set(name, [...(groups.get(name) ?? []), cell])
  }
  return [...groups.values()]
}

function cut(values: readonly number[]): number[] {
  let reachedSum = 0
  let given = 0
  return values.map((value) => {
    reachedSum += value
    const part = Math.round(reachedSum) - given
    given += part
    return part
  })
}

/** Rows that the whole figures miss: none, unless a tolerance is finer than an operation. */
export function missedRows(
  whole: readonly WholeCell[],
  targets: readonly Target[],
  scale: number,
): readonly string[] {
  const cells = whole.map(({ month, stratum, count, amountMinor }) => ({
    ...{ month, stratum, count },
    amount: amountMinor / 100,
  }))
  const bounds = boundsOf(targets, cells, stream(0, 'check'))
  const missed = bounds.filter((bound) => {
    const { target, kind } = bound
    if (kind !== 'sum') {
      // A quotient of few operations is as fine as they are.
      const [value, figure] = kind === 'growth' ? [1, target.growth] : [0, target.share]
      if (figure === undefined) return false
      const wanted = value + figure.value / 100
      const grain = scale === 1 ? 0 : 4 / Math.max(1, leastSum(bound))
      return Math.abs(reached(bound) - wanted) > figure.tolerance / 100 + grain * wanted
    }
    const middle = ((bound.low + bound.high) / 2) * scale
    const tolerance = (target.figure?.tolerance ?? 0) * scale + (scale === 1 ? 1e-6 : 1)
    return Math.abs(reached(bound) - middle) > tolerance
  })
  return [...new Set(missed.map(({ target }) => target.id))]
}

function leastSum({ over, under, measure }: ReturnType<typeof boundsOf>[number]): number {
  const sum = (cells: typeof over): number => cells.reduce((all, cell) => all + cell[measure], 0)
  return Math.min(sum(over), under === undefined ? Infinity : sum(under))
}
