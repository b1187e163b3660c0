/** Payments made up for a test, and what the centre makes of them for its public page. */
import type { Cut, CutRow, Measures } from '../../src/statistics/cut.ts'
import {
  planHours,
  planYear,
  type CountedCell,
  type Plan,
} from '../../src/statistics/disclosure/index.ts'
import type { Cell } from '../../src/statistics/disclosure/sensitive.ts'
import { growthOf, sharePct } from '../../src/statistics/growth.ts'
import {
  monthPeriod,
  yearBefore,
  yearToDate,
  type Month,
  type Period,
} from '../../src/statistics/period.ts'
import type { Dimension, Filters } from '../../src/statistics/question.ts'

/** What one merchant took in one cell. */
export type Taken = Readonly<Partial<Record<Dimension, string>>> & {
  readonly month: string
  readonly merchant: string
  readonly amount: number
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0)

/** Whom a cell is made of. */
export function cellOf(taken: readonly Taken[]): Cell {
  const byMerchant = new Map<string, number>()
  for (const { merchant, amount } of taken) {
    byMerchant.set(merchant, (byMerchant.get(merchant) ?? 0) + amount)
  }
  const [first, second] = [...byMerchant].sort(([, a], [, b]) => b - a)
  return {
    count: taken.length,
    amountMinor: BigInt(sumOf(taken.map(({ amount }) => amount))),
    merchants: byMerchant.size,
    largest: first?.[0] ?? '',
    largestAmountMinor: BigInt(first?.[1] ?? 0),
    secondAmountMinor: BigInt(second?.[1] ?? 0),
  }
}

const keyOf = (one: Taken, by: readonly Dimension[]): CutRow['key'] =>
  Object.fromEntries(by.flatMap((name) => (one[name] === undefined ? [] : [[name, one[name]]])))

/** Groups in the order of their keys. */
function groupsOf(
  taken: readonly Taken[],
  by: readonly Dimension[],
): readonly { readonly key: CutRow['key']; readonly of: readonly Taken[] }[] {
  const groups = new Map<string, { readonly key: CutRow['key']; readonly of: Taken[] }>()
  for (const one of taken) {
    const key = keyOf(one, by)
    const name = JSON.stringify(key)
    const group = groups.get(name) ?? { key, of: [] }
    groups.set(name, group)
    group.of.push(one)
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
}

const isWithin = ({ month }: Taken, { from, to }: Period): boolean =>
  month >= from.slice(0, 7) && month <= to.slice(0, 7)

const isOf = (one: Taken, where: Filters): boolean =>
  Object.entries(where).every(([name, values]) =>
    values.some((value) => Object.entries(one).some(([n, v]) => n === name && v === value)),
  )

function measuresOf(taken: readonly Taken[], whole: bigint): Measures {
  const { count, amountMinor } = cellOf(taken)
  return {
    ...{ count, amountMinor, activeSites: 0, siteOperations: 0, approved: count, declined: 0 },
    averageTicketMinor: count === 0 ? null : amountMinor / BigInt(count),
    ...{ approvalRatePct: count === 0 ? null : 100, refundCount: 0, refundAmountMinor: 0n },
    ...{ lateReversalCount: 0, lateReversalAmountMinor: 0n, activeCards: null },
    ...{ countSharePct: null, amountSharePct: sharePct(amountMinor, whole) },
    ...{ declineReasons: null, growth: null },
  }
}

const nextYear = (month: string): string => `${Number(month.slice(0, 4)) + 1}${month.slice(4)}`

/** The cut that the lake would give, with its growth. */
export function cutOf(
  payments: readonly Taken[],
  period: Period,
  by: readonly Dimension[],
  where: Filters = {},
): Cut {
  const within = payments.filter((one) => isOf(one, where))
  const now = within.filter((one) => isWithin(one, period))
  const before = within
    .filter((one) => isWithin(one, yearBefore(period)))
    .map((one) => ({ ...one, month: nextYear(one.month) }))
  const isNow = new Set(now)
  const whole = cellOf(now).amountMinor
  const measured = (some: readonly Taken[]): Measures => {
    const current = measuresOf(
      some.filter((one) => isNow.has(one)),
      whole,
    )
    const previous = measuresOf(
      some.filter((one) => !isNow.has(one)),
      0n,
    )
    return { ...current, growth: growthOf(current, previous) }
  }
  const all = [...now, ...before]
  return {
    ...period,
    ...{ by, asOf: '2013-10-01T00:05:00.000Z', provisional: false, dates: 30 },
    previous: { ...yearBefore(period), dates: 30 },
    sources: ['made for a test'],
    ...{ currency: 'MAD', currencies: ['MAD'] },
    rows: by.length === 0 ? [] : groupsOf(all, by).map(({ key, of }) => ({ ...measured(of), key })),
    total: measured(all),
  }
}

const parts: readonly Dimension[] = ['channel', 'cardOrigin', 'gateway']

const countedBy = (taken: readonly Taken[], by: readonly Dimension[]): readonly CountedCell[] =>
  groupsOf(taken, by).map(({ key, of }) => ({ key, cell: cellOf(of) }))

/** The cells of the Internet by which a year is judged. */
export function sectorCells(payments: readonly Taken[], period: Period): readonly CountedCell[] {
  const online = payments.filter((one) => one.channel === 'internet' && isWithin(one, period))
  return [
    ...countedBy(online, ['month', 'sector', ...parts]),
    ...countedBy(online, ['month', 'sector', 'cardOrigin']),
    ...countedBy(online, ['month', 'sector', 'channel', 'gateway']),
    ...countedBy(online, ['month', ...parts]),
  ]
}

export const hourCells = (payments: readonly Taken[], month: Month): readonly CountedCell[] =>
  countedBy(
    payments.filter((one) => isWithin(one, monthPeriod(month))),
    ['weekday', 'hour', ...parts],
  )

const monthsTo = (month: string): readonly Month[] =>
  Array.from(
    { length: Number(month.slice(5, 7)) },
    (_, i) => `${month.slice(0, 4)}-${String(i + 1).padStart(2, '0')}` as Month,
  )

export function planOf(payments: readonly Taken[], month: Month): Plan {
  const year = yearToDate(month)
  const earlier = yearBefore(year)
  const now = planYear(monthsTo(month), sectorCells(payments, year))
  return {
    now,
    before: planYear(monthsTo(earlier.to), sectorCells(payments, earlier)),
    hours: planHours(hourCells(payments, month), now.crossed.has(month)),
  }
}
