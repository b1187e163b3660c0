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
  const groups = new Map<string, { readonly key: readonly string[]; sum: Core }>()
  let whole = noCore
  for (const row of rows) {
    if (!isOf(row, where)) continue
    const core = coreOf(row)
    const key = by.map((name) => row.key[name] ?? '')
    const name = nameOf(key)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, { key, sum: core })
    else group.sum = added(group.sum, core)
    whole = added(whole, core)
  }
  const measured = (sum: Core): Measures => ({
    ...plain(sum, whole),
    ...{ activeSites: 0, activeCards: null, declineReasons: null, growth: null },
  })
  const told = [...groups].map(([name, { key, sum }]): [string, CutRow] => [
    name,
    { ...measured(sum), key: Object.fromEntries(by.map((dimension, i) => [dimension, key[i]])) },
  ])
  // Of a cut by nothing there is the total alone.
  return { rows: new Map(by.length === 0 ? [] : told), total: measured(whole) }
}

const isOf = ({ key }: CutRow, where: Filters): boolean =>
  Object.entries(where).every(([name, values]) => values.includes(key[name as Dimension] ?? ''))

const coreOf = (row: Measures): Core => ({
  ...{ operations: BigInt(row.count), amount_minor: row.amountMinor },
  ...{ refunds: BigInt(row.refundCount), refund_amount_minor: row.refundAmountMinor },
  reversals: BigInt(row.lateReversalCount),
  reversal_amount_minor: row.lateReversalAmountMinor,
  site_operations: BigInt(row.siteOperations),
  ...{ approved: BigInt(row.approved), declined: BigInt(row.declined) },
})
