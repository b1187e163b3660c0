import type { Clock, Timers } from '../../src/kernel/clock.ts'
import type { Random } from './random.ts'

type Event = { readonly atMs: number; readonly order: number; readonly act: () => void }

const startedAt = Date.parse('2013-09-15T14:30:00.000Z')

/**
 * Virtual time: what is due next happens next, and all that follows from it without waiting happens
 * before the one after. Nothing in a run takes real time, so an hour costs milliseconds.
 */
export class World implements Clock, Timers {
  readonly random: Random
  readonly violations: string[] = []
  readonly trace: string[] = []
  readonly tracing: boolean
  readonly #storing: Promise<() => void>[] = []
  #events: Event[] = []
  #ms = 0
  #order = 0

  constructor(random: Random, tracing: boolean) {
    this.random = random
    this.tracing = tracing
  }

  now(): Date {
    return new Date(startedAt + this.#ms)
  }

  monotonicMs(): number {
    return this.#ms
  }

  after(delayMs: number, act: () => void): () => void {
    let wanted = true
    const run = (): void => {
      if (wanted) act()
    }
    this.#push({ atMs: this.#ms + Math.max(0, delayMs), order: this.#order++, act: run })
    return () => {
      wanted = false
    }
  }

  note(what: string): void {
    if (this.tracing) this.trace.push(`${(this.#ms / 1000).toFixed(3).padStart(9)} ${what}`)
  }

  /** A rule that must always hold did not. */
  violated(what: string): void {
    this.note(`VIOLATED ${what}`)
    this.violations.push(what)
  }

  /** Runs events until `done`, a violation, or an instant; false when the instant came first. */
  async run(done: () => boolean, untilMs: number): Promise<boolean> {
    // What was asked for outside of any event comes first.
    await settled()
    await this.#stored()
    while (this.violations.length === 0 && !done()) {
      const next = this.#events[0]
      if (next === undefined || next.atMs > untilMs) {
        this.#ms = Math.max(this.#ms, untilMs)
        return false
      }
      this.#pop()
      this.#ms = next.atMs
      next.act()
      await settled()
      await this.#stored()
    }
    return true
  }

  /**
   * Work of a store, which may take real time: virtual time stands still until it is done, and the
   * results come in the order in which they were asked for, so that a seed stays the same run.
   */
  store<T>(act: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#storing.push(
        act().then(
          (value) => () => resolve(value),
          (thrown: unknown) => () =>
            reject(thrown instanceof Error ? thrown : new Error(String(thrown))),
        ),
      )
    })
  }

  async #stored(): Promise<void> {
    for (let one = this.#storing.shift(); one !== undefined; one = this.#storing.shift()) {
      const deliver = await one
      deliver()
      await settled()
    }
  }

  #push(event: Event): void {
    const events = this.#events
    let at = events.push(event) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = events[above]
      if (parent === undefined || !earlier(event, parent)) break
      events[at] = parent
      at = above
    }
    events[at] = event
  }

  #pop(): void {
    const events = this.#events
    const last = events.pop()
    if (last === undefined || events.length === 0) return
    let at = 0
    for (;;) {
      const left = events[2 * at + 1]
      const right = events[2 * at + 2]
      if (left === undefined) break
      const rightFirst = right !== undefined && earlier(right, left)
      const child = rightFirst ? right : left
      if (!earlier(child, last)) break
      events[at] = child
      at = 2 * at + (rightFirst ? 2 : 1)
    }
    events[at] = last
  }
}

const earlier = (a: Event, b: Event): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)

/** Every promise that can go on has gone on: nothing here waits for real input or output. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
