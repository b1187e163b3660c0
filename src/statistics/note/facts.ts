import type { BusinessDate } from '../../kernel/business-date.ts'
import type { Measures } from '../cut.ts'
import type { Forecast, ForecastRefusal } from '../forecast/index.ts'
import type { Growth } from '../growth.ts'
import type { Month, Period } from '../period.ts'

/** What a note is written from: figures only, and how far they can be trusted. */
export type NoteFacts = {
  readonly month: Month
  readonly asOf: string
  /** The same in Casablanca: what the note is dated by. */
  readonly asOfDate: BusinessDate
  /** Days of it are open or to come. */
  readonly provisional: boolean
  /** Two people have released these figures. */
  readonly released: boolean
  readonly sources: readonly string[]
  /** In which payments were made too that are not in any figure here. */
  readonly otherCurrencies: readonly string[]
  readonly periods: Readonly<Record<PeriodName, PeriodFacts>>
  /** Online payments from January of the year before to the month. */
  readonly months: readonly MonthFacts[]
  /** Of online payments, or why there is none. */
  readonly outlook: Outlook
}

export type PeriodName = 'month' | 'ytd'

export type Outlook =
  | { readonly kind: 'forecast'; readonly count: Forecast; readonly amount: Forecast }
  | { readonly kind: 'none'; readonly refusal: ForecastRefusal }

export type MonthFacts = {
  readonly month: Month
  readonly count: bigint
  readonly amountMinor: bigint
}

export type PeriodFacts = Period & {
  /** Days that have figures, of all its days. */
  readonly days: Held
  readonly previous: Period & { readonly days: Held }
  readonly all: Line
  readonly internet: Line
  readonly terminals: Line
  readonly moroccan: Line
  readonly foreign: Line
  /** Parts of the Internet, the largest amount first. */
  readonly online: {
    readonly moroccan: Line
    readonly foreign: Line
    readonly gateways: readonly Line[]
    readonly sectors: readonly Line[]
  }
}

export type Held = { readonly held: number; readonly of: number }

/** One subject, with the same period of the year before where both periods are whole. */
export type Line = {
  /** The dimension's value: `billers`; or what the line is about: `all`. */
  readonly value: string
  readonly now: Measures
  readonly before: Measures | null
  readonly growth: Growth | null
}

/** Growth is printed of a whole period on a whole one, or not at all. */
export const isWhole = ({ held, of }: Held): boolean => held === of && of > 0

export const isEmpty = ({ all }: PeriodFacts): boolean =>
  all.now.count === 0 && all.now.approved + all.now.declined === 0
