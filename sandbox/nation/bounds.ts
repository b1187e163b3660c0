import type { Cell } from './prior.ts'
import type { Stream } from './random.ts'
import type { Month } from './months.ts'
import type { Target } from './targets.ts'

/**
 * A published figure as a quotient of two sums of cells (a sum itself has no `under`), which lies
 * between two values, and what this seed aims at.
 */
export type Bound = {
  readonly target: Target
  readonly measure: 'count' | 'amount'
  readonly over: readonly Cell[]
  readonly under: readonly Cell[] | undefined
  readonly low: number
  readonly high: number
  readonly aim: number
  /** What is scaled to meet it: the sum, the earlier year, or a part and what is not of it. */
  readonly kind: 'sum' | 'growth' | 'share'
}

/** The part of a tolerance that is used: the rest is for rounding to whole operations. */
const used = 0.96
/** Seeds differ by this part of the tolerance. */
const spread = 0.6

/** Published figures of counts and amounts as bounds of the cells; distinct ones are no sums. */
export function boundsOf(
  targets: readonly Target[],
  cells: readonly Cell[],
  random: Stream,
): readonly Bound[] {
  return targets.flatMap((target) => {
    const { measure, period, figure, growth, share, previous } = target
    if (measure !== 'count' && measure !== 'amount') return []
    const now = cellsOf(cells, target, period.months)
    const before = cellsOf(cells, target, period.before)
    const bound = (
      kind: Bound['kind'],
      [over, under]: readonly [readonly Cell[], (readonly Cell[])?],
      [value, tolerance]: readonly [number, number],
    ): Bound => ({
      target,
      measure,
      kind,
      over,
      under,
      low: value - used * tolerance,
      high: value + used * tolerance,
      aim: value + spread * tolerance * (2 * random.uniform() - 1),
    })
    const bounds: Bound[] = []
    if (figure !== undefined) bounds.push(bound('sum', [now], [figure.value, figure.tolerance]))
    if (previous !== undefined) {
      bounds.push(bound('sum', [before], [previous, figure?.tolerance ?? 0]))
    }
    if (growth !== undefined) {
      const times = [1 + growth.value / 100, growth.tolerance / 100] as const
      bounds.push(bound('growth', [now, before], times))
    }
    if (share !== undefined) {
      const whole = cellsOf(cells, { ...target, origin: undefined }, period.months)
      bounds.push(bound('share', [now, whole], [share.value / 100, share.tolerance / 100]))
    }
    return bounds
  })
}

function cellsOf(
  cells: readonly Cell[],
  { channel, sector, origin }: Pick<Target, 'channel' | 'sector' | 'origin'>,
  months: readonly Month[],
): readonly Cell[] {
  return cells.filter(
    ({ month, stratum }) =>
      months.includes(month) &&
      (channel === 'all' || stratum.channel === channel) &&
      (sector === undefined || stratum.sector === sector) &&
      (origin === undefined || stratum.origin === origin),
  )
}

export const sumOf = (cells: readonly Cell[], measure: Bound['measure']): number => {
  let sum = 0
  for (const cell of cells) sum += cell[measure]
  return sum
}

export const reached = ({ over, under, measure }: Bound): number =>
  sumOf(over, measure) / (under === undefined ? 1 : sumOf(under, measure))

const times = (cells: readonly Cell[], measure: Bound['measure'], factor: number): void => {
  for (const cell of cells) cell[measure] *= factor
}

/** Scales the cells so that the bound's quotient is `wanted`, and changes as little as that takes. */
export function bring(bound: Bound, wanted: number): void {
  const { kind, measure, over, under = [] } = bound
  const is = reached(bound)
  if (!(is > 0) || !Number.isFinite(is)) return
  if (kind === 'sum') times(over, measure, wanted / is)
  else if (kind === 'growth') times(under, measure, is / wanted)
  else {
    const parts = new Set(over)
    const rest = under.filter((cell) => !parts.has(cell))
    times(over, measure, wanted / is)
    times(rest, measure, (1 - wanted) / (1 - is))
  }
}
