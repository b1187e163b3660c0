/**
 * Two clocks. `now` is business time: stamps, DE7, the business date; the sandbox can set it.
 * `monotonicMs` never jumps: deadlines and back-off read nothing else.
 */
export type Clock = {
  now(): Date
  monotonicMs(): number
}

/** Runs `act` once, `delayMs` from now; the returned function cancels it. */
export type Timers = {
  after(delayMs: number, act: () => void): () => void
}

/** Unpredictable bytes for ids, tokens and nonces; seeded in simulation. */
export type RandomBytes = (count: number) => Buffer
