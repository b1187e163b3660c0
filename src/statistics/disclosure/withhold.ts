import type { Cut, CutRow, Measures } from '../cut.ts'
import type { Grown } from '../growth.ts'
import type { Dimension } from '../question.ts'
import { withCompanions, type Candidate } from './companions.ts'
import type { Complements } from './complements.ts'
import { isEmpty, isSensitive } from './sensitive.ts'

/**
 * A free cut without the cells that would tell one merchant's business, and without those from which
 * they could be had by subtraction. It must have been asked with the extra `merchants`; of a filtered
 * cut, with the answers to its `complementsOf`. All answers that differ by their filters alone have
 * the same cells withheld: otherwise one would tell what another withholds.
 *
 * The total of an unfiltered cut stays: it is the headline. The published table never comes here: its
 * lines are published by the participants' agreement.
 */
export function withhold(cut: Cut, complements?: Complements<Cut>): Cut {
  // What went through here is not judged again: zeros in place of figures say nothing.
  if ([cut.total, ...cut.rows].some(({ withheld }) => withheld !== undefined)) return cut
  const parts = complements === undefined ? [cut] : [cut, complements.cells]
  const keys = new Map(
    parts.flatMap(({ rows }) =>
      rows.map(({ key }) => [nameOf(key, cut.by), valuesOf(key, cut.by)]),
    ),
  )
  const everything = (places: ReadonlySet<number>): boolean =>
    places.size > 0 && places.size === keys.size
  const chosen = (of: Side, already?: ReadonlySet<number>): ReadonlySet<number> =>
    withCompanions(candidatesOf(parts, cut.by, keys, of), cut.by.length, already)
  const now = chosen(thisYear)
  const before = chosen(yearBefore, now)
  // Where all cells go, their sum goes with them: nothing else hides a cell that is alone.
  const totalGoes = (of: Side, places: ReadonlySet<number>): boolean =>
    complements !== undefined &&
    (everything(places) ||
      [cut.total, complements.total.total, ...complements.total.rows].some((part) =>
        isSensitiveOn(of, part),
      ))
  const totalNow = totalGoes(thisYear, now)
  const places = new Map([...keys.keys()].map((name, place) => [name, place]))
  const rows = cut.rows.map((row): CutRow => {
    const place = places.get(nameOf(row.key, cut.by)) ?? -1
    if (now.has(place)) return { ...withoutAny(row), key: row.key }
    const shown = before.has(place) ? withoutYearBefore(row) : row
    // A part and its share tell the whole.
    return totalNow ? { ...shown, countSharePct: null, amountSharePct: null } : shown
  })
  const { total } = cut
  if (totalNow) return { ...cut, rows, total: withoutAny(total) }
  return { ...cut, rows, total: totalGoes(yearBefore, before) ? withoutYearBefore(total) : total }
}

/** The figures of a year in a cell; undefined where they were not asked for. */
type Side = (cell: Measures) => (Grown & Partial<Measures>) | undefined

const thisYear: Side = (cell) => cell
const yearBefore: Side = ({ growth }) => growth?.previous

const isSensitiveOn = (of: Side, cell: Measures): boolean => {
  const found = of(cell)
  return found !== undefined && isSensitive(found)
}

/** JSON keeps two lists of values apart, whatever is in them. */
const nameOf = (key: CutRow['key'], by: readonly Dimension[]): string =>
  JSON.stringify(valuesOf(key, by))

const valuesOf = (key: CutRow['key'], by: readonly Dimension[]): readonly string[] =>
  by.map((name) => key[name] ?? '')

/** The cells of a cut, each judged with all its parts; the first of `tables` is the cut. */
function candidatesOf(
  tables: readonly Cut[],
  by: readonly Dimension[],
  keys: ReadonlyMap<string, readonly string[]>,
  of: Side,
): readonly Candidate[] {
  const found = new Map<string, { sensitive: boolean; amountMinor: bigint; filledIn: string[] }>()
  const filters = new Set<string>()
  for (const table of tables) {
    const others = table.by.filter((name) => !by.includes(name))
    for (const row of table.rows) {
      const cell = of(row)
      if (cell === undefined || isEmpty(cell)) continue
      const name = nameOf(row.key, by)
      const one = found.get(name) ?? { sensitive: false, amountMinor: 0n, filledIn: [] }
      const filter = nameOf(row.key, others)
      if (table !== tables[0] || tables.length === 1) {
        filters.add(filter)
        one.filledIn.push(filter)
        one.amountMinor += cell.amountMinor
      }
      one.sensitive ||= isSensitive(cell)
      found.set(name, one)
    }
  }
  return [...keys].map(([name, key]) => {
    const one = found.get(name)
    return {
      key,
      amountMinor: one?.amountMinor ?? 0n,
      sensitive: one?.sensitive === true,
      empty: one === undefined,
      whole: one !== undefined && one.filledIn.length === filters.size,
    }
  })
}

/** Nothing of a cell: its reasons, cards and merchants are asked for still, and hold nothing. */
const withoutAny = (cell: Measures): Measures => ({
  ...{ count: 0, amountMinor: 0n, averageTicketMinor: null, activeSites: 0, siteOperations: 0 },
  ...{ approved: 0, declined: 0, approvalRatePct: null, refundCount: 0, refundAmountMinor: 0n },
  ...{ lateReversalCount: 0, lateReversalAmountMinor: 0n, countSharePct: null },
  ...{ amountSharePct: null, activeCards: cell.activeCards === null ? null : 0 },
  declineReasons: cell.declineReasons === null ? null : {},
  merchants: cell.merchants === null ? null : { count: 0, largestAmountMinor: 0n },
  growth: null,
  withheld: 'everything',
})

const withoutYearBefore = <M extends Measures>(cell: M): M =>
  cell.growth === null ? cell : { ...cell, growth: null, withheld: 'yearBefore' }
