import type { Cut, CutRow, Measures } from '../cut.ts'
import type { Month } from '../period.ts'
import type { Filters } from '../question.ts'
import { familyOf } from './families.ts'
import { keyOfRow, rowName, type YearPlan } from './plan.ts'
import type { Hidden } from './protect.ts'

/** What is withheld from the public page of a month, of its year and of the year before. */
export type Plan = {
  readonly now: YearPlan
  readonly before: YearPlan
  /** Of the month alone, which has no year before. */
  readonly hours: Hidden
}

/** The tables of the page. All but sectors and hours are totals, cut by month or by a filter. */
export type Chart = 'months' | 'sectors' | 'channels' | 'origins' | 'sites' | 'hours'

/** Whether figures are told, and those of the year before. */
type Told = { readonly now: boolean; readonly before: boolean }

/**
 * A cut of the public page without what the plan withholds. Totals by channel, origin or gateway are
 * lines of the published table, or sums and differences of such, which are exempt; those by origin
 * and gateway together are told where the plan says so.
 */
export function withhold(chart: Chart, cut: Cut, where: Filters, plan: Plan): Cut {
  const family = familyOf(where)
  const year: Told = { now: plan.now.yearCrossed, before: plan.before.yearCrossed }
  const totals = family === 'gatewayOrigin' ? year : toldBoth
  const { now, before } = plan
  switch (chart) {
    case 'sectors': {
      // Of the Internet, whatever the channel that was asked for.
      const { channel: _, ...online } = where
      const name = familyOf(online)
      const hidden = { now: now.sectors.get(name), before: before.sectors.get(name) }
      return withTotal(withoutRows(cut, 'sector', hidden), totals)
    }
    case 'hours':
      return withTotal(withoutRows(cut, 'hour', { now: plan.hours.get(family) }), {
        now: family !== 'gatewayOrigin' || now.crossed.has(monthOf(cut.from)),
        before: true,
      })
    case 'months':
    case 'sites':
      if (family !== 'gatewayOrigin') return cut
      return withParts(cut, totals, monthsTo(cut.to), (month) => ({
        now: now.crossed.has(monthOf(month)),
        before: before.crossed.has(yearEarlier(month)),
      }))
    case 'channels':
      return withParts(cut, totals, ['internet'], () => totals)
    case 'origins': {
      // Origins of a gateway are told as little as gateways of an origin, though their sum is.
      const told = family === 'gateway' ? year : totals
      return withParts(cut, totals, where.cardOrigin ?? origins, () => told)
    }
  }
}

const toldBoth: Told = { now: true, before: true }

const isTold = ({ now, before }: Told): boolean => now && before

const monthOf = (text: string): Month => text.slice(0, 7) as Month

const yearEarlier = (month: string): Month =>
  `${String(Number(month.slice(0, 4)) - 1).padStart(4, '0')}${month.slice(4, 7)}` as Month

const origins: readonly string[] = ['foreign', 'moroccan']

const monthsTo = (date: string): readonly string[] =>
  Array.from(
    { length: Number(date.slice(5, 7)) },
    (_, i) => `${date.slice(0, 4)}-${String(i + 1).padStart(2, '0')}`,
  )

/** Rows that are withheld are there also where nothing is in them: a zero tells what is left. */
function withParts(
  cut: Cut,
  total: Told,
  expected: readonly string[],
  told: (value: string) => Told,
): Cut {
  const [by = 'month'] = cut.by
  const there = new Set(cut.rows.map(({ key }) => key[by]))
  const lacking = expected
    .filter((value) => !there.has(value))
    .map((value): CutRow => ({ ...nothingOf(cut.total), key: { [by]: value } }))
    .filter(({ key }) => !isTold(told(key[by] ?? '')))
  const rows = [...cut.rows, ...lacking]
    .map((row) => without(row, told(row.key[by] ?? '')))
    .sort((a, b) => ((a.key[by] ?? '') < (b.key[by] ?? '') ? -1 : 1))
  return withTotal({ ...cut, rows }, total)
}

/** A part and its share tell the whole: where the total goes, all shares go. */
function withTotal(cut: Cut, told: Told): Cut {
  const rows = told.now
    ? cut.rows
    : cut.rows.map((row) => ({ ...row, countSharePct: null, amountSharePct: null }))
  return { ...cut, rows, total: without(cut.total, told) }
}

const none: ReadonlySet<string> = new Set()

function withoutRows(
  cut: Cut,
  of: 'sector' | 'hour',
  hidden: {
    readonly now?: ReadonlySet<string> | undefined
    readonly before?: ReadonlySet<string> | undefined
  },
): Cut {
  const { now = none, before = none } = hidden
  const there = new Set(cut.rows.map(({ key }) => rowName(key, of)))
  const lacking = [...new Set([...now, ...before])]
    .filter((name) => !there.has(name))
    .map((name): CutRow => ({ ...nothingOf(cut.total), key: keyOfRow(name, of) }))
  const rows = [...cut.rows, ...lacking].map((row) => {
    const name = rowName(row.key, of)
    return without(row, { now: !now.has(name), before: !before.has(name) })
  })
  return { ...cut, rows: rows.sort((a, b) => (rowName(a.key, of) < rowName(b.key, of) ? -1 : 1)) }
}

function without<M extends Measures>(cell: M, told: Told): M {
  if (!told.now) return { ...cell, ...nothingOf(cell), withheld: 'everything' }
  if (told.before) return cell
  return { ...cell, growth: null, withheld: 'yearBefore' }
}

/** Nothing of a cell: its reasons and cards are asked for still, and hold nothing. */
const nothingOf = (cell: Measures): Measures => ({
  ...{ count: 0, amountMinor: 0n, averageTicketMinor: null, activeSites: 0, siteOperations: 0 },
  ...{ approved: 0, declined: 0, approvalRatePct: null, refundCount: 0, refundAmountMinor: 0n },
  ...{ lateReversalCount: 0, lateReversalAmountMinor: 0n, countSharePct: null },
  ...{ amountSharePct: null, activeCards: cell.activeCards === null ? null : 0 },
  declineReasons: cell.declineReasons === null ? null : {},
  growth: null,
})
