import type { Clock, Timers } from '../../kernel/clock.ts'
import { ExchangeTable } from './exchange-table.ts'
import type { IssuerReply } from '../../switch/index.ts'

/** What an answer must have in common with its request: see `exchangeNumber`. */
export type Exchange = {
  readonly exchange: number
  readonly terminal: string
  readonly rrn: string | undefined
}

type Waiting = Exchange & {
  readonly deadlineMs: number
  /** Undefined once answered: what waited for it is not kept behind an older one that waits. */
  resolve: ((reply: IssuerReply) => void) | undefined
}

/**
 * Requests of one link that wait for an answer. Their deadlines come in the order in which they
 * were sent, so one timer for the oldest is enough, and an answered request costs no timer at all.
 */
export class Pending {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #table = new ExchangeTable<Waiting>()
  #inOrder: Waiting[] = []
  #head = 0
  #armed = false
  readonly #onExpired: () => void

  /** `onExpired`: requests have just waited in vain, told once for those of one moment. */
  constructor(clock: Clock, timers: Timers, onExpired: () => void) {
    this.#clock = clock
    this.#timers = timers
    this.#onExpired = onExpired
  }

  get size(): number {
    return this.#table.size
  }

  has(exchange: number): boolean {
    return this.#table.get(exchange) !== undefined
  }

  add({ exchange, terminal, rrn }: Exchange, deadlineMs: number): Promise<IssuerReply> {
    return new Promise((resolve) => {
      const at = this.#clock.monotonicMs() + deadlineMs
      const waiting = { exchange, terminal, rrn, deadlineMs: at, resolve }
      this.#table.add(waiting)
      this.#inOrder.push(waiting)
      if (!this.#armed) this.#arm(deadlineMs)
    })
  }

  /** False when nobody waits for it: late, or the bank answered twice, or another's. */
  settle({ exchange, terminal, rrn }: Exchange, reply: IssuerReply): boolean {
    const waiting = this.#table.get(exchange)
    if (waiting?.terminal !== terminal) return false
    if (rrn !== undefined && waiting.rrn !== undefined && rrn !== waiting.rrn) return false
    this.#end(waiting, reply)
    return true
  }

  /** The link is gone, and with it every answer that was to come. */
  abandon(): void {
    for (const waiting of this.#inOrder.slice(this.#head)) {
      if (waiting.resolve !== undefined) this.#end(waiting, { kind: 'no_answer' })
    }
  }

  #end(waiting: Waiting, reply: IssuerReply): void {
    this.#table.remove(waiting.exchange)
    waiting.resolve?.(reply)
    waiting.resolve = undefined
    this.#forgetAnswered()
  }

  /** At once: thousands of a second that stayed until their deadline would fill the memory. */
  #forgetAnswered(): void {
    for (;;) {
      const oldest = this.#inOrder[this.#head]
      if (oldest === undefined || oldest.resolve !== undefined) break
      this.#head += 1
    }
    if (this.#head > 1_000) {
      this.#inOrder = this.#inOrder.slice(this.#head)
      this.#head = 0
    }
  }

  #arm(delayMs: number): void {
    this.#armed = true
    this.#timers.after(delayMs, () => {
      this.#armed = false
      this.#expire()
    })
  }

  #expire(): void {
    const now = this.#clock.monotonicMs()
    let expired = false
    for (;;) {
      const oldest = this.#inOrder[this.#head]
      if (oldest === undefined) break
      if (oldest.deadlineMs > now) {
        this.#arm(oldest.deadlineMs - now)
        break
      }
      expired = true
      this.#end(oldest, { kind: 'no_answer' })
    }
    if (expired) this.#onExpired()
  }
}
