import { noCore, plain, type CoreFields } from './answer.ts'
import type { Cut, CutRow, Measures } from './cut.ts'
import type { Dimension, Filters } from './question.ts'

/**
 * A cut of a cut: by some of its dimensions, of the rows that filters leave. It is what the lake would
 * answer to `sites: false`; distinct counts, reasons and growth do not add up, and are not in it.
 */
export function narrowed(cut: Cut, by: readonly Dimension[], where: Filters): Cut {
  const groups = new Map<string, { readonly key: CutRow['key']; sum: CoreFields }>()
  let whole = noCore
  for (const row of cut.rows) {
    if (!isOf(row, where)) continue
    const core = coreOf(row)
    const key = Object.fromEntries(by.map((name) => [name, row.key[name] ?? '']))
    const name = JSON.stringify(Object.values(key))
    const group = groups.get(name) ?? { key, sum: noCore }
    groups.set(name, { key, sum: added(group.sum, core) })
    whole = added(whole, core)
  }
  const measured = (sum: CoreFields): Measures => ({
    ...plain(sum, whole),
    ...{ activeSites: 0, activeCards: null, declineReasons: null, growth: null },
  })
  const rows = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { key, sum }]): CutRow => ({ ...measured(sum), key }))
  return { ...cut, by, previous: null, rows, total: measured(whole) }
}

const isOf = ({ key }: CutRow, where: Filters): boolean =>
  Object.entries(where).every(([name, values]) => values.includes(key[name as Dimension] ?? ''))

const coreOf = (row: Measures): CoreFields => ({
  ...{ operations: BigInt(row.count), amount_minor: row.amountMinor },
  ...{ refunds: BigInt(row.refundCount), refund_amount_minor: row.refundAmountMinor },
  reversals: BigInt(row.lateReversalCount),
  reversal_amount_minor: row.lateReversalAmountMinor,
  site_operations: BigInt(row.siteOperations),
  ...{ approved: BigInt(row.approved), declined: BigInt(row.declined) },
})

const added = (one: CoreFields, other: CoreFields): CoreFields => ({
  operations: one.operations + other.operations,
  amount_minor: one.amount_minor + other.amount_minor,
  refunds: one.refunds + other.refunds,
  refund_amount_minor: one.refund_amount_minor + other.refund_amount_minor,
  reversals: one.reversals + other.reversals,
  reversal_amount_minor: one.reversal_amount_minor + other.reversal_amount_minor,
  site_operations: one.site_operations + other.site_operations,
  approved: one.approved + other.approved,
  declined: one.declined + other.declined,
})
