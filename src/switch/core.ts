import type { Directory } from '../directory/index.ts'
import type { BusinessDate } from '../kernel/business-date.ts'
import type { Clock, Timers } from '../kernel/clock.ts'
import type { PaymentKey, RequestKey } from '../kernel/ids.ts'
import type { Chart } from '../ledger/index.ts'
import type { Vault } from '../vault/index.ts'
import type { IssuerPort } from './issuer-port.ts'
import type { NumberSource } from './numbers.ts'
import type { Payment } from './payment.ts'
import type { StoreAndForward } from './store-and-forward.ts'
import type { TaskRunner } from './task-runner.ts'
import type { Tranlog } from './tranlog.ts'

/** The business day, owned by `clearing`: which date a new payment or change is stamped with. */
export type BusinessDay = { current(): BusinessDate }

export type SwitchPorts = {
  readonly directory: Directory
  readonly vault: Vault
  readonly tranlog: Tranlog
  readonly chart: Chart
  readonly issuers: IssuerPort
  readonly businessDay: BusinessDay
  readonly numbers: NumberSource
  readonly clock: Clock
  readonly timers: Timers
  readonly observe: SwitchObserver
}

/** What operators are told: counters and alerts, no card data. */
export type SwitchObserver = {
  decided(payment: Payment, durationMs: number): void
  /** Something that a person should look at. */
  alert(what: string, facts: Readonly<Record<string, string | number>>): void
}

/** The ports, and what the parts of a switch share while it runs. */
export type Core = SwitchPorts & {
  readonly storeAndForward: StoreAndForward
  readonly tasks: TaskRunner
  readonly locks: PaymentLocks
  readonly inFlight: InFlight
}

/** One change of a payment at a time; others wait their turn, in order. */
export class PaymentLocks {
  readonly #tails = new Map<RequestKey, Promise<void>>()

  async hold<T>({ requestKey }: PaymentKey, act: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(requestKey)
    let release = (): void => undefined
    const mine = new Promise<void>((resolve) => {
      release = resolve
    })
    this.#tails.set(requestKey, mine)
    await before
    try {
      return await act()
    } finally {
      if (this.#tails.get(requestKey) === mine) this.#tails.delete(requestKey)
      release()
    }
  }
}

type Work = { readonly atMs: number; done: boolean }
type Count = { left: number }

const endedKept = 1_000

/** Work that has begun and not ended, by the business date that it was stamped with. */
export class InFlight {
  readonly #counts = new Map<BusinessDate, Count>()
  /** In the order in which they began; those that have ended are dropped many at a time. */
  #begun: Work[] = []
  readonly #waiting: { on: BusinessDate | null; resolve: () => void }[] = []
  #total = 0

  get total(): number {
    return this.#total
  }

  /** Business time of the oldest, for the recovery watermark. */
  oldestMs(): number | undefined {
    return this.#begun.find(({ done }) => !done)?.atMs
  }

  begin(on: BusinessDate, at: Date): () => void {
    const count = this.#countOf(on)
    const work = { atMs: at.getTime(), done: false }
    this.#begun.push(work)
    count.left += 1
    this.#total += 1
    return () => {
      work.done = true
      count.left -= 1
      if (count.left === 0) this.#counts.delete(on)
      this.#total -= 1
      if (this.#begun.length > 2 * this.#total + endedKept) this.#dropEnded()
      if (this.#waiting.length > 0) this.#wake()
    }
  }

  #countOf(on: BusinessDate): Count {
    const known = this.#counts.get(on)
    if (known !== undefined) return known
    const count = { left: 0 }
    this.#counts.set(on, count)
    return count
  }

  #dropEnded(): void {
    this.#begun = this.#begun.filter(({ done }) => !done)
  }

  /** Resolves when nothing that was stamped with this date, or with any date, is under way. */
  drained(on: BusinessDate | null): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ on, resolve })
      this.#wake()
    })
  }

  #wake(): void {
    for (let i = this.#waiting.length - 1; i >= 0; i--) {
      const waiter = this.#waiting[i]
      if (waiter === undefined) continue
      const left = waiter.on === null ? this.#total : (this.#counts.get(waiter.on)?.left ?? 0)
      if (left > 0) continue
      this.#waiting.splice(i, 1)
      waiter.resolve()
    }
  }
}
