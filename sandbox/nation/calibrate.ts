import { fail, ok, type Result } from '../../src/kernel/result.ts'
import { boundsOf, bring, reached, type Bound } from './bounds.ts'
import { priorCells, type Cell } from './prior.ts'
import { stream } from './random.ts'
import type { Target } from './targets.ts'

/** Rounds towards what the seed aims at, then into the tolerances of what is published. */
const aimingRounds = 60
const boundRounds = 4_000
/** Of a bound's middle: half a unit of the third digit, at most. */
const coarse = 0.01
/** A relative difference below this is the arithmetic's. */
const almost = 1e-12

/**
 * The model's cells, scaled until every published figure holds: iterative proportional fitting
 * [DEMING-STEPHAN-1940], which keeps the model's seasons and shares where nothing is published.
 * Fails with a sentence that names the rows which exclude one another.
 */
export function calibrate(
  seed: number,
  targets: readonly Target[],
): Result<readonly Cell[], string> {
  const cells = fitted(seed, targets)
  if (cells !== undefined) return ok(cells)
  const rows = contradiction(seed, targets).map(({ id }) => id)
  const [only] = rows
  if (rows.length === 1 && only !== undefined) return fail(`the row ${only} cannot be met`)
  return fail(`the rows ${rows.join(', ')} contradict one another: no figures meet all of them`)
}

function fitted(seed: number, targets: readonly Target[]): readonly Cell[] | undefined {
  const cells = priorCells(seed)
  // The finest come last, and are the ones that stay where the seed aims. Coarse ones are not aimed
  // at: sums of figures printed with two digits would pull the exact ones away.
  const bounds = [...boundsOf(targets, cells, stream(seed, 'aims'))].sort(
    (a, b) => coarseness(b) - coarseness(a),
  )
  for (let round = 0; round < aimingRounds; round++) {
    for (const bound of bounds) if (coarseness(bound) < coarse) bring(bound, bound.aim)
  }
  for (let round = 0; round < boundRounds; round++) {
    let isMet = true
    for (const bound of bounds) {
      const is = reached(bound)
      const nearest = Math.min(bound.high, Math.max(bound.low, is))
      if (isAlmost(is, nearest)) continue
      isMet = false
      bring(bound, nearest)
    }
    if (isMet) return bounds.every(isOpen) ? cells : undefined
  }
  return undefined
}

const coarseness = ({ low, high }: Bound): number => Math.abs((high - low) / (high + low))

const isAlmost = (a: number, b: number): boolean =>
  Math.abs(a - b) <= almost * Math.max(Math.abs(a), Math.abs(b))

const isOpen = (bound: Bound): boolean => Number.isFinite(reached(bound))

/** Rows without any of which the others hold: what is left when every row that can go has gone. */
function contradiction(seed: number, targets: readonly Target[]): readonly Target[] {
  let left = targets.filter(({ measure }) => measure === 'count' || measure === 'amount')
  for (const target of left) {
    const without = left.filter((other) => other !== target)
    if (fitted(seed, without) === undefined) left = without
  }
  return left
}
