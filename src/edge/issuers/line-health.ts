import { limits } from '../../kernel/limits.ts'

/**
 * How far a bank's line is to be trusted: how long to wait before it is dialled again, and whether
 * what it brings is of any use. Times are monotonic milliseconds.
 */
export class LineHealth {
  #failures = 0
  #upSinceMs: number | undefined
  #useless = { fromMs: -Infinity, count: 0 }

  signedOn(nowMs: number): void {
    this.#upSinceMs = nowMs
  }

  /** A customer's request was answered: a bank that only signs on has proved nothing yet. */
  answered(): void {
    this.#failures = 0
  }

  /** The delay before the next try: longer each time, unless the line had been of use or lasted. */
  lost(nowMs: number): number {
    const lastedMs = this.#upSinceMs === undefined ? 0 : nowMs - this.#upSinceMs
    if (lastedMs >= limits.issuerReconnectMaxMs) this.#failures = 0
    this.#upSinceMs = undefined
    this.#useless = { fromMs: -Infinity, count: 0 }
    const doubled = limits.issuerReconnectMinMs * 2 ** Math.min(this.#failures, 10)
    this.#failures += 1
    return Math.min(doubled, limits.issuerReconnectMaxMs)
  }

  /** Counts a message that is refused or that nobody needs; true when it is one too many. */
  isFlood(nowMs: number): boolean {
    if (nowMs - this.#useless.fromMs >= 1_000) this.#useless = { fromMs: nowMs, count: 0 }
    this.#useless.count += 1
    return this.#useless.count > limits.issuerUselessPerSecondMax
  }
}
