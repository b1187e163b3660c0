import type { Month } from '../period.ts'
import { fit } from './fit.ts'
import type { Feasts } from './season.ts'
import { monthAfter, monthSum, until, type DailySeries } from './series.ts'

/** A month that was held out: what was foretold of it, and what it was. */
export type Trial = {
  readonly month: Month
  /** How many months ahead it was foretold. */
  readonly ahead: number
  readonly actual: number
  readonly foretold: number
  readonly deviation: number
  readonly naive: number
}

/** At most so many months are held out, the latest. */
const originsMax = 9

/** Every month from `first` on is foretold from what was known one to `months` months before. */
export function backTest(
  series: DailySeries,
  feasts: Feasts,
  span: { readonly first: Month; readonly last: Month; readonly months: number },
): readonly Trial[] {
  const trials: Trial[] = []
  const earliest = monthAfter(span.last, -originsMax)
  let origin = span.first > earliest ? span.first : earliest
  for (; origin < span.last; origin = monthAfter(origin)) {
    const known = until(series, origin)
    const model = fit(known, feasts)
    for (let ahead = 1; ahead <= span.months; ahead++) {
      const month = monthAfter(origin, ahead)
      const [actual, naive] = [monthSum(series, month), naiveOf(known, origin, ahead)]
      if (actual === undefined || actual <= 0 || naive === undefined) continue
      const { value, deviation } = model.foretell(month)
      trials.push({ month, ahead, actual, foretold: value, deviation, naive })
    }
  }
  return trials
}

/** The same month of last year, with the growth of the three latest months on theirs. */
export function naiveOf(series: DailySeries, origin: Month, ahead: number): number | undefined {
  const lastYear = monthSum(series, monthAfter(origin, ahead - 12))
  let [now, before] = [0, 0]
  for (let back = 0; back < 3; back++) {
    const current = monthSum(series, monthAfter(origin, -back))
    const previous = monthSum(series, monthAfter(origin, -back - 12))
    if (current === undefined || previous === undefined) return undefined
    now += current
    before += previous
  }
  return lastYear === undefined || before === 0 ? undefined : (lastYear * now) / before
}
