import type { BusinessDate } from '../../src/kernel/business-date.ts'
import { approvalRate } from './approvals.ts'
import type { CardPlan, CardPool } from './cards.ts'
import { datesOf, nationMonths, type Month } from './months.ts'
import { placeOf, type PlacedSites } from './placed-sites.ts'
import { shareOut, stream } from './random.ts'
import { dayWeight, hoursKind } from './seasons.ts'
import type { Stratum } from './strata.ts'
import type { WholeCell } from './whole.ts'

export type MonthPlan = {
  readonly month: Month
  readonly strata: readonly StratumMonth[]
  readonly days: readonly StratumDay[]
}

export type StratumMonth = {
  readonly stratum: Stratum
  readonly operations: number
  readonly amountMinor: number
  /** Has no divisor in common with `operations`: steps of it visit each operation once. */
  readonly step: number
  readonly cards: CardPool
  /** Numbers of the merchants that have an operation of their own. */
  readonly placed: readonly number[]
}

export type StratumDay = {
  readonly stratum: Stratum
  readonly date: BusinessDate
  /** The number of the day's first operation within the stratum's month. */
  readonly first: number
  /** The number of the day's first row within the whole nation. */
  readonly row: number
  readonly operations: number
  readonly declines: number
  /** Approved, never captured. */
  readonly uncaptured: number
  readonly hours: string
}

/** Rows of a month are numbered from its own number on: months can be drawn in any order. */
const rowsPerMonth = 1_000_000_000

export function planMonth(
  seed: number,
  planned: {
    readonly month: Month
    readonly cells: readonly WholeCell[]
    readonly cards: CardPlan
    readonly placed: PlacedSites
  },
): MonthPlan {
  const { month, cells, cards, placed } = planned
  const strata = cells.map((cell) => ({
    stratum: cell.stratum,
    operations: cell.count,
    amountMinor: cell.amountMinor,
    step: stepOf(cell.count),
    cards: cards(cell),
    placed: placed.get(placeOf(month, cell.stratum.id)) ?? [],
  }))
  let row = nationMonths.indexOf(month) * rowsPerMonth
  const days: StratumDay[] = []
  for (const cell of cells) {
    for (const day of daysOf(seed, cell)) {
      days.push({ ...day, row })
      row += day.operations + day.declines + day.uncaptured
    }
  }
  return { month, strata, days }
}

function daysOf(seed: number, { month, stratum, count }: WholeCell): Omit<StratumDay, 'row'>[] {
  const random = stream(seed, `days/${month}/${stratum.id}`)
  const dates = datesOf(month)
  const weights = dates.map((date) => dayWeight(date, stratum) * Math.exp(0.04 * random.normal()))
  const operations = shareOut(weights, count, random.uniform())
  const declined = Math.round(count * (1 / approvalRate(stratum, month) - 1))
  const declines = shareOut(
    weights.map((weight) => weight * Math.exp(0.1 * random.normal())),
    declined,
    random.uniform(),
  )
  const open = Math.round((count * stratum.selling.perThousand.uncaptured) / 1000)
  const uncaptured = shareOut(weights, open, random.uniform())
  let first = 0
  return dates.map((date, index) => {
    const day = {
      ...{ stratum, date, first, operations: operations[index] ?? 0 },
      ...{ declines: declines[index] ?? 0, uncaptured: uncaptured[index] ?? 0 },
      hours: hoursKind(date, stratum),
    }
    first += day.operations
    return day
  })
}

const primes = [7919, 104_729, 1_299_709]

export const stepOf = (count: number): number => primes.find((prime) => count % prime !== 0) ?? 1
