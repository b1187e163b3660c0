import type { Clock } from '../../../kernel/clock.ts'
import { limits } from '../../../kernel/limits.ts'
import type { Caller } from './access.ts'

export type Rate = {
  readonly perSecond: number
  /** How many may come at once after a rest. */
  readonly burst: number
}

export type Allowance = {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Until all of the limit is there again. */
  readonly resetSeconds: number
  /** Until the next request is allowed. */
  readonly retrySeconds: number
}

/**
 * Whose allowance a request uses. Who has no key is known by the address; and whoever reads a shop's
 * page has its publishable key, so that nobody uses up another's share of it.
 */
export function rateNameOf(
  caller: Pick<Caller, 'key'> | undefined,
  { isFrame, address }: { readonly isFrame: boolean; readonly address: string },
): string {
  if (caller === undefined) return `no key ${address}`
  return isFrame ? `${caller.key} ${address}` : caller.key
}

/** A bucket of tokens for each key, filled at a steady rate; kept in memory, of this process. */
export class RateLimiter {
  readonly #rate: Rate
  readonly #clock: Pick<Clock, 'monotonicMs'>
  readonly #buckets = new Map<string, { tokens: number; atMs: number }>()

  constructor(rate: Rate, clock: Pick<Clock, 'monotonicMs'>) {
    this.#rate = rate
    this.#clock = clock
  }

  take(key: string): Allowance {
    const { perSecond, burst } = this.#rate
    const nowMs = this.#clock.monotonicMs()
    const bucket = this.#buckets.get(key) ?? { tokens: burst, atMs: nowMs }
    const filled = ((nowMs - bucket.atMs) / 1_000) * perSecond
    const tokens = Math.min(burst, bucket.tokens + filled)
    const allowed = tokens >= 1
    const left = allowed ? tokens - 1 : tokens
    // Taken out and put back: whoever has been silent for longest is forgotten first, being full.
    this.#buckets.delete(key)
    this.#buckets.set(key, { tokens: left, atMs: nowMs })
    if (this.#buckets.size > limits.rateNamesMax) {
      const [oldest] = this.#buckets.keys()
      if (oldest !== undefined) this.#buckets.delete(oldest)
    }
    return {
      allowed,
      limit: burst,
      remaining: Math.floor(left),
      resetSeconds: Math.ceil((burst - left) / perSecond),
      retrySeconds: allowed ? 0 : Math.ceil((1 - left) / perSecond),
    }
  }
}
