/** A level that follows the series, with a trend that fades: Holt's method, damped. */
export type Level = {
  readonly level: number
  readonly slope: number
  readonly weights: Weights
  /** Of one day's error. */
  readonly variance: number
}

type Weights = { readonly level: number; readonly slope: number; readonly damping: number }

const grid: readonly Weights[] = [0.03, 0.06, 0.12, 0.25, 0.5].flatMap((level) =>
  [0, 0.001, 0.004, 0.012].flatMap((slope) =>
    [0.98, 0.992, 0.998].map((damping) => ({ level, slope, damping })),
  ),
)

/** The weights are judged by the mean of so many days ahead, as months are what is foretold. */
const judgedDays = 28
const judgedEvery = 7
const warmUpDays = 56

/** Of logarithms whose season is taken out; null where a day is not known. */
export function levelOf(values: readonly (number | null)[]): Level {
  let best: Level | undefined
  let least = Infinity
  for (const weights of grid) {
    const { judged, ...level } = follow(values, weights)
    if (judged >= least) continue
    least = judged
    best = level
  }
  return best ?? { level: 0, slope: 0, weights: { level: 0, slope: 0, damping: 0 }, variance: 0 }
}

function follow(values: readonly (number | null)[], weights: Weights): Level & { judged: number } {
  let level = mean(values.slice(0, 14))
  let slope = initialSlope(values)
  let [squares, errors, judged] = [0, 0, 0]
  for (let day = 0; day < values.length; day++) {
    if (day >= warmUpDays && day % judgedEvery === 0 && day + judgedDays <= values.length) {
      const ahead = values.slice(day, day + judgedDays)
      const expected = ahead.map((_, i) => level + slope * faded(weights.damping, i + 1))
      judged += (mean(ahead) - mean(expected)) ** 2
    }
    const expected = level + weights.damping * slope
    const value = values[day] ?? null
    const error = value === null ? 0 : value - expected
    level = expected + weights.level * error
    slope = weights.damping * slope + weights.slope * error
    if (value === null || day < 14) continue
    squares += error ** 2
    errors += 1
  }
  return { level, slope, weights, variance: errors === 0 ? 0 : squares / errors, judged }
}

/** `damping + damping² + …`, so many terms. */
export const faded = (damping: number, terms: number): number =>
  damping === 1 ? terms : (damping * (1 - damping ** terms)) / (1 - damping)

/** How much a day's error moves the day that lies `days` after it. */
export const reach = ({ weights }: Level, days: number): number =>
  weights.level + weights.slope * faded(weights.damping, days)

/** From the first two months on: what comes later is not known at the beginning. */
function initialSlope(values: readonly (number | null)[]): number {
  const [first, second] = [values.slice(0, 28), values.slice(28, 56)]
  return second.some((value) => value !== null) ? (mean(second) - mean(first)) / 28 : 0
}

function mean(values: readonly (number | null)[]): number {
  let [sum, count] = [0, 0]
  for (const value of values) {
    if (value === null) continue
    sum += value
    count += 1
  }
  return count === 0 ? 0 : sum / count
}
