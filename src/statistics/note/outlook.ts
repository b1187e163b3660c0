import { monthAfter } from './../forecast/index.ts'
import type { NoteFacts } from './facts.ts'
import { movementOf } from './findings.ts'

/** Whether the months to come are expected above the same months of the year before. */
export function outlookTrend({
  outlook,
  months,
}: NoteFacts): 'rise' | 'stable' | 'fall' | 'unknown' {
  if (outlook.kind === 'none') return 'unknown'
  let [expected, before] = [0, 0]
  for (const { month, value } of outlook.count.months) {
    const last = months.find((one) => one.month === monthAfter(month, -12))
    if (last === undefined) return 'unknown'
    expected += value
    before += Number(last.count)
  }
  const movement = movementOf(before === 0 ? null : 100 * (expected / before - 1))
  if (movement === 'unknown' || movement === 'stable') return movement
  return movement === 'doubling' || movement.endsWith('rise') ? 'rise' : 'fall'
}
