import { fail, ok, type Result } from '../../src/kernel/result.ts'
import { nationMonths, yearOf, type Month } from './months.ts'
import { shareOut } from './random.ts'
import type { Stratum } from './strata.ts'
import type { WholeCell } from './whole.ts'

/**
 * Which cards pay in a stratum's month: numbers in ranges. Some operations are each the year's first
 * of another card, so that the number of active cards is exact; all others take a card known by then,
 * of the sector's own with probability `ownShare`, else of another range.
 */
export type CardPool = {
  /** The first card that is new this month, and how many are. */
  readonly newFrom: number
  readonly newCount: number
  readonly own: CardRange
  readonly ownShare: number
  readonly others: readonly CardRange[]
}

export type CardRange = { readonly from: number; readonly count: number }

/** Assumptions: payers who do not come back the year after; the sector that a payer is at home in. */
const lapsing = 0.08
const atHome = { online: 0.75, terminal: 0.5, visitor: 0.85 }
/** Moroccan cards that pay at terminals, in the first month and in the last. */
const terminalCards = { first: 1_600_000, last: 2_350_000 }
/** A visitor's card pays about four times in a month. */
const operationsPerVisitor = 4.2
/** Numbers of visitors' cards start anew here each month. */
const visitorsSpan = 10_000_000

export type ActiveCards = ReadonlyMap<number, number>

export type CardPlan = (cell: WholeCell) => CardPool

/**
 * Plans the active Moroccan cards of the Internet, by year. Fails where a year has fewer operations
 * than cards.
 */
export function planCards(
  whole: readonly WholeCell[],
  active: ActiveCards,
  scale: number,
): Result<CardPlan, string> {
  const online = whole.filter(({ stratum }) => isOnlineMoroccan(stratum))
  const homes = [...new Set(online.map(({ stratum }) => stratum.sector))]
  const known = new Map<string, CardPool>()
  const most = Math.max(...active.values(), 1)
  for (const year of new Set(nationMonths.map(yearOf))) {
    const cells = online.filter(({ month }) => yearOf(month) === year)
    const operations = homes.map((home) => countOf(cells.filter((c) => c.stratum.sector === home)))
    const cards = shareOut(operations, active.get(year) ?? 0)
    for (const [index, home] of homes.entries()) {
      const ofHome = cells.filter(({ stratum }) => stratum.sector === home)
      const count = cards[index] ?? 0
      if (count > (operations[index] ?? 0)) return fail('has more cards than operations')
      const from = index * 2 * most + (year === 2013 ? Math.round(lapsing * most) : 0)
      for (const [cell, pool] of introduced(ofHome, { from, count })) known.set(nameOf(cell), pool)
    }
    for (const month of nationMonths.filter((one) => yearOf(one) === year)) {
      shareAcrossHomes(
        cells.filter((cell) => cell.month === month),
        known,
      )
    }
  }
  return ok((cell) => known.get(nameOf(cell)) ?? crowdPool(cell, scale))
}

/** The cards of one home sector: many pay in January, ever fewer come for the first time. */
function introduced(cells: readonly WholeCell[], range: CardRange): [WholeCell, CardPool][] {
  const wanted = shareOut(
    cells.map(({ count }, month) => count * 0.82 ** month),
    range.count,
  )
  // What a month's operations cannot hold waits for the next; what the last cannot, was held before.
  const room = cells.map(({ count }, index) => Math.min(count, wanted[index] ?? 0))
  let left = range.count - room.reduce((sum, count) => sum + count, 0)
  let before = 0
  return cells.map((cell, index) => {
    const more = Math.min(left, cell.count - (room[index] ?? 0))
    left -= more
    const newCount = (room[index] ?? 0) + more
    const newFrom = range.from + before
    before += newCount
    const own = { from: range.from, count: before }
    return [cell, { newFrom, newCount, own, ownShare: atHome.online, others: [] }]
  })
}

function shareAcrossHomes(cells: readonly WholeCell[], known: Map<string, CardPool>): void {
  const pools = cells.map((cell) => known.get(nameOf(cell)))
  const others = pools.flatMap((pool) =>
    pool === undefined || pool.own.count === 0 ? [] : [pool.own],
  )
  for (const cell of cells) {
    const pool = known.get(nameOf(cell))
    if (pool === undefined) continue
    const ownShare = pool.own.count === 0 ? 0 : pool.ownShare
    known.set(nameOf(cell), { ...pool, ownShare, others })
  }
}

/** Where nobody counts the cards: a large range, with a part of its own for each sector. */
function crowdPool({ month, stratum, count }: WholeCell, scale: number): CardPool {
  const index = nationMonths.indexOf(month)
  if (stratum.origin === 'foreign') {
    const cards = Math.max(1, Math.round(count / operationsPerVisitor))
    const from = (index + 1) * visitorsSpan + stratum.id * 300_000
    return {
      ...{ newFrom: 0, newCount: 0, own: { from, count: cards }, ownShare: atHome.visitor },
      // Some of the month before are still there.
      others: [{ from: from - visitorsSpan, count: cards }],
    }
  }
  const grown = index / (nationMonths.length - 1)
  const all = terminalCards.first * (terminalCards.last / terminalCards.first) ** grown
  const crowd = { from: 0, count: Math.max(1, Math.round(all * scale)) }
  const part = Math.ceil(crowd.count / 8)
  const own = { from: Math.floor((stratum.id % 8) * part * 0.98), count: part }
  return { newFrom: 0, newCount: 0, own, ownShare: atHome.terminal, others: [crowd] }
}

export const isOnlineMoroccan = ({ channel, origin }: Stratum): boolean =>
  channel === 'internet' && origin === 'moroccan'

const nameOf = ({ month, stratum }: { month: Month; stratum: Stratum }): string =>
  `${month} ${stratum.id}`

const countOf = (cells: readonly WholeCell[]): number =>
  cells.reduce((sum, { count }) => sum + count, 0)
