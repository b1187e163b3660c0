import { addDays, type BusinessDate } from '../kernel/business-date.ts'
import type { Clock, Timers } from '../kernel/clock.ts'
import type { Calendar } from '../directory/index.ts'
import type { Books } from '../ledger/index.ts'
import type { Database } from '../platform/postgres/database.ts'
import type { BusinessDay } from '../switch/index.ts'
import {
  closeDay,
  openDay,
  selectDays,
  selectTurnedDays,
  turnDaysBefore,
  type DayRow,
} from './sql.ts'

export type BusinessDaysOptions = {
  readonly database: Database
  readonly books: Books
  readonly calendar: Calendar
  readonly clock: Clock
  readonly timers: Timers
  /** Makes the tables of the coming months before a day of theirs opens. */
  readonly prepare: (date: BusinessDate) => Promise<void>
  readonly onError: (error: Error) => void
}

/** What a day waits for, and what waits for a day. */
export type ClosingPorts = {
  /** Resolves when nothing that was stamped with this date is under way. */
  readonly drained: (date: BusinessDate) => Promise<void>
  /** A date has become final. */
  readonly closed: (date: BusinessDate) => void
}

const checkEveryMs = 1_000

/** A day that could not be closed is tried again, not at every check. */
const retryEveryMs = 10_000

/**
 * The business day turns at 00:00 in Casablanca, or when an operator closes it. A payment is
 * stamped once, with its first row: what is under way when the day turns still belongs to it, and
 * the day closes, its balances final, when that work has ended.
 */
export class BusinessDays implements BusinessDay {
  readonly #options: BusinessDaysOptions
  #current: BusinessDate
  #ports: ClosingPorts = { drained: () => Promise.resolve(), closed: () => undefined }
  #closing: Promise<void> = Promise.resolve()
  /** Of the last turn or close; what is behind is tried again. */
  #failure: Error | undefined
  /** When to try again what failed; undefined while nothing is behind. */
  #retryAtMs: number | undefined
  #cancel: (() => void) | undefined

  private constructor(options: BusinessDaysOptions, current: BusinessDate) {
    this.#options = options
    this.#current = current
  }

  /** The day goes on where it was; it turns at once when the calendar is past it. */
  static async open(options: BusinessDaysOptions): Promise<BusinessDays> {
    const { database, calendar, clock, prepare } = options
    const [latest] = await selectDays(database, 1)
    const today = calendar.dateOf(clock.now())
    const date = latest === undefined || latest.business_date < today ? today : latest.business_date
    await prepare(date)
    await openDay(database, date, clock.now())
    await turnDaysBefore(database, date, clock.now())
    return new BusinessDays(options, date)
  }

  /** From now on a day waits for the switch's work on it before it closes. */
  start(ports: ClosingPorts): void {
    this.#ports = ports
    void this.#enqueue(() => this.#closeTurned())
    this.#check()
  }

  stop(): Promise<void> {
    this.#cancel?.()
    return this.#closing
  }

  current(): BusinessDate {
    const { calendar, clock } = this.#options
    const today = calendar.dateOf(clock.now())
    if (today > this.#current) void this.#turnTo(today)
    return this.#current
  }

  /** By an operator, before midnight: resolves with the date closed once it is final, or fails. */
  async close(): Promise<BusinessDate> {
    const closed = this.current()
    await this.#turnTo(addDays(closed, 1))
    const failure = this.#failure
    if (failure !== undefined) throw failure
    return closed
  }

  days(limit: number): Promise<DayRow[]> {
    return selectDays(this.#options.database, limit)
  }

  #check(): void {
    this.current()
    const { clock, timers } = this.#options
    if (this.#retryAtMs !== undefined && clock.monotonicMs() >= this.#retryAtMs) {
      this.#retryAtMs = undefined
      void this.#turnTo(this.#current)
    }
    this.#cancel = timers.after(checkEveryMs, () => {
      this.#check()
    })
  }

  /** The new date counts at once; the rest follows, one turn after the other. */
  #turnTo(date: BusinessDate): Promise<void> {
    this.#current = date
    const { database, clock, prepare } = this.#options
    return this.#enqueue(async () => {
      await prepare(date)
      await openDay(database, date, clock.now())
      await turnDaysBefore(database, date, clock.now())
      await this.#closeTurned()
    })
  }

  #enqueue(act: () => Promise<void>): Promise<void> {
    this.#closing = this.#closing.then(async () => {
      try {
        await act()
        this.#failure = undefined
      } catch (thrown) {
        this.#failure = thrown instanceof Error ? thrown : new Error(String(thrown))
        this.#retryAtMs = this.#options.clock.monotonicMs() + retryEveryMs
        this.#options.onError(this.#failure)
      }
    })
    return this.#closing
  }

  async #closeTurned(): Promise<void> {
    const { database, books, clock } = this.#options
    for (const date of await selectTurnedDays(database)) {
      await this.#ports.drained(date)
      await books.close(date)
      await closeDay(database, date, clock.now())
      this.#ports.closed(date)
    }
  }
}
