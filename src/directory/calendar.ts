import { fromDayNumber, type BusinessDate } from '../kernel/business-date.ts'

/** From an instant on, local time is this far ahead of UTC. */
export type OffsetChange = { readonly fromMs: number; readonly offsetMinutes: number }

/** A feast that lasts, and moves from year to year; both dates included. */
export type FeastPeriod = {
  readonly name: string
  readonly from: BusinessDate
  readonly to: BusinessDate
}

/**
 * The country's clock and holidays, as data: Morocco leaves its summer clock for Ramadan, whose
 * dates are announced, so no rule computes them.
 */
export class Calendar {
  readonly #changes: readonly OffsetChange[]
  readonly #holidays: ReadonlyMap<BusinessDate, string>

  readonly feasts: readonly FeastPeriod[]

  /** Changes in ascending order. */
  constructor(
    changes: readonly OffsetChange[],
    holidays: ReadonlyMap<BusinessDate, string>,
    feasts: readonly FeastPeriod[] = [],
  ) {
    this.feasts = feasts
    this.#changes = changes
    this.#holidays = holidays
  }

  /** For whoever computes local times of many instants elsewhere; in ascending order. */
  get changes(): readonly OffsetChange[] {
    return this.#changes
  }

  offsetMinutes(instant: Date): number {
    let low = 0
    let high = this.#changes.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#changes[middle]?.fromMs ?? Infinity) <= instant.getTime()) low = middle + 1
      else high = middle
    }
    return this.#changes[low - 1]?.offsetMinutes ?? 0
  }

  /** The local date of an instant: the business day turns at 00:00. */
  dateOf(instant: Date): BusinessDate {
    const localMs = instant.getTime() + this.offsetMinutes(instant) * 60_000
    return fromDayNumber(Math.floor(localMs / 86_400_000))
  }

  /** `2013-09-15 14:30:25`, local. */
  localTime(instant: Date): string {
    const local = new Date(instant.getTime() + this.offsetMinutes(instant) * 60_000)
    return local.toISOString().slice(0, 19).replace('T', ' ')
  }

  /** Days on which banks are closed. */
  get holidays(): ReadonlySet<BusinessDate> {
    return new Set(this.#holidays.keys())
  }

  holiday(date: BusinessDate): string | undefined {
    return this.#holidays.get(date)
  }
}
