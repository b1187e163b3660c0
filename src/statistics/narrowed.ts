import { nameOf, withGrowth, type Counted } from './answer.ts'
import { added, noCore, plain, type Core } from './core.ts'
import type { Cut, CutRow, Measures } from './cut.ts'
import type { Dimension, Filters } from './question.ts'

/**
 * A cut of a cut: by some of its dimensions, of the rows that filters leave. It is what the lake would
 * answer to `sites: false`; distinct counts, reasons and growth do not add up, and are not in it.
 */
export function narrowed(cut: Cut, by: readonly Dimension[], where: Filters): Cut {
  const { rows, total } = countedAgain(cut, by, where)
  const sorted = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  return { ...cut, by, previous: null, rows: sorted, total }
}

/** The same with its growth, of two cuts alike, the other one of the year before. */
export function narrowedWithGrowth(
  cut: Cut,
  yearBefore: Cut,
  by: readonly Dimension[],
  where: Filters,
): Cut {
  const { from, to, dates } = yearBefore
  const [current, previous] = [countedAgain(cut, by, where), countedAgain(yearBefore, by, where)]
  return { ...cut, by, previous: { from, to, dates }, ...withGrowth({ by }, current, previous) }
}

function countedAgain({ rows }: Cut, by: readonly Dimension[], where: Filters): Counted {
  const groups = new Map<string, { readonly key: readonly string[]; readonly sum: Sum }>()
  const filters = Object.entries(where) as [Dimension, readonly string[]][]
  for (const row of rows) {
    if (!filters.every(([name, values]) => values.includes(row.key[name] ?? ''))) continue
    const key = by.map((name) => row.key[name] ?? '')
    const name = nameOf(key)
    const group = groups.get(name) ?? { key, sum: nothing() }
    groups.set(name, group)
    addTo(group.sum, row)
  }
  const found = [...groups].map(([name, { key, sum }]) => ({ name, key, core: coreOf(sum) }))
  const whole = found.reduce((sum, { core }) => added(sum, core), noCore)
  const measured = (core: Core): Measures => ({
    ...plain(core, whole),
    ...{ activeSites: 0, activeCards: null, declineReasons: null, growth: null },
  })
  const told = found.map(({ name, key, core }): [string, CutRow] => [
    name,
    { ...measured(core), key: Object.fromEntries(by.map((dimension, i) => [dimension, key[i]])) },
  ])
  // Of a cut by nothing there is the total alone.
  return { rows: new Map(by.length === 0 ? [] : told), total: measured(whole) }
}

type Additive =
  | 'count'
  | 'amountMinor'
  | 'refundCount'
  | 'refundAmountMinor'
  | 'lateReversalCount'
  | 'lateReversalAmountMinor'
  | 'siteOperations'
  | 'approved'
  | 'declined'

/** What of rows is added up, in place and as it is in them: a page adds thousands. */
type Sum = { -readonly [M in Additive]: Measures[M] }

const nothing = (): Sum => ({
  ...{ count: 0, amountMinor: 0n, refundCount: 0, refundAmountMinor: 0n, lateReversalCount: 0 },
  ...{ lateReversalAmountMinor: 0n, siteOperations: 0, approved: 0, declined: 0 },
})

function addTo(sum: Sum, row: Measures): void {
  sum.count += row.count
  sum.amountMinor += row.amountMinor
  sum.refundCount += row.refundCount
  sum.refundAmountMinor += row.refundAmountMinor
  sum.lateReversalCount += row.lateReversalCount
  sum.lateReversalAmountMinor += row.lateReversalAmountMinor
  sum.siteOperations += row.siteOperations
  sum.approved += row.approved
  sum.declined += row.declined
}

const coreOf = (sum: Sum): Core => ({
  ...{ operations: BigInt(sum.count), amount_minor: sum.amountMinor },
  ...{ refunds: BigInt(sum.refundCount), refund_amount_minor: sum.refundAmountMinor },
  reversals: BigInt(sum.lateReversalCount),
  reversal_amount_minor: sum.lateReversalAmountMinor,
  site_operations: BigInt(sum.siteOperations),
  ...{ approved: BigInt(sum.approved), declined: BigInt(sum.declined) },
})
