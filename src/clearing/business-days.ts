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

const checkEveryMs = 1_000

/**
 * The business day turns at 00:00 in Casablanca, or when an operator closes it. A payment is
 * stamped once, with its first row: what is under way when the day turns still belongs to it, and
 * the day closes, its balances final, when that work has ended.
 */
export class BusinessDays implements BusinessDay {
  readonly #options: BusinessDaysOptions
  #current: BusinessDate
  #drained: (date: BusinessDate) => Promise<void> = () => Promise.resolve()
  #closing: Promise<void> = Promise.resolve()
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
  start(drained: (date: BusinessDate) => Promise<void>): void {
    this.#drained = drained
    this.#closing = this.#closeTurned()
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

  /** By an operator, before midnight: resolves with the date closed, once it is final. */
  async close(): Promise<BusinessDate> {
    const closed = this.current()
    await this.#turnTo(addDays(closed, 1))
    return closed
  }

  days(limit: number): Promise<DayRow[]> {
    return selectDays(this.#options.database, limit)
  }

  #check(): void {
    this.current()
    this.#cancel = this.#options.timers.after(checkEveryMs, () => {
      this.#check()
    })
  }

  /** The new date counts at once; the rest follows, one turn after the other. */
  #turnTo(date: BusinessDate): Promise<void> {
    this.#current = date
    const { database, clock, prepare } = this.#options
    this.#closing = this.#closing.then(async () => {
      try {
        await prepare(date)
        await openDay(database, date, clock.now())
        await turnDaysBefore(database, date, clock.now())
      } catch (thrown) {
        this.#options.onError(thrown instanceof Error ? thrown : new Error(String(thrown)))
      }
      await this.#closeTurned()
    })
    return this.#closing
  }

  async #closeTurned(): Promise<void> {
    const { database, books, clock } = this.#options
    try {
      for (const date of await selectTurnedDays(database)) {
        await this.#drained(date)
        await books.close(date)
        await closeDay(database, date, clock.now())
      }
    } catch (thrown) {
      // Tried again at the next turn, and at the next start.
      this.#options.onError(thrown instanceof Error ? thrown : new Error(String(thrown)))
    }
  }
}
