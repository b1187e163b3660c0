import type { Trial } from './back-test.ts'

/**
 * How much of the model a forecast takes, the rest being last year's month with the latest growth.
 * Two methods that err differently are better together, and the held-out months say how: what is
 * told of one of them is mixed as the others would have it.
 */
export type Weight = (typeof weights)[number]

/** Few, as there are few months to choose by; the model alone where nothing says otherwise. */
const weights = [1, 0.75, 0.5, 0.25, 0] as const

/** Fewer trials than this choose nothing. */
export const trialsMin = 4

export function bestWeight(trials: readonly Trial[]): Weight {
  if (trials.length < trialsMin) return 1
  let [best, least]: [Weight, number] = [1, Infinity]
  for (const weight of weights) {
    const error = meanError(trials.map((trial) => mixedTrial(trial, weight)))
    // A weight is left for another only where that is better by something.
    if (error < least - 1e-6) [best, least] = [weight, error]
  }
  return best
}

/** The geometric mean: growth multiplies. */
export const mixed = (model: number, naive: number | undefined, weight: Weight): number =>
  naive === undefined || naive <= 0 || model <= 0 ? model : model ** weight * naive ** (1 - weight)

export const mixedTrial = (trial: Trial, weight: Weight): Trial => ({
  ...trial,
  foretold: mixed(trial.foretold, trial.naive, weight),
})

/** Each as the other months would have mixed it: none has a part in what is told of itself. */
export const crossMixed = (trials: readonly Trial[]): readonly Trial[] =>
  trials.map((trial) =>
    mixedTrial(trial, bestWeight(trials.filter(({ month }) => month !== trial.month))),
  )

const meanError = (trials: readonly Trial[]): number =>
  trials.reduce((sum, { foretold, actual }) => sum + Math.abs(foretold / actual - 1), 0) /
  trials.length
