import { assert } from '../../src/kernel/assert.ts'
import { fail, ok, type Result } from '../../src/kernel/result.ts'
import { calibrate } from './calibrate.ts'
import { planCards, type CardPlan } from './cards.ts'
import { planShops, planSites, type Merchant } from './merchants.ts'
import { planMonth, type MonthPlan } from './month-plan.ts'
import { nationMonths, yearOf } from './months.ts'
import { placeSites } from './placed-sites.ts'
import { stream } from './random.ts'
import type { Target } from './targets.ts'
import { missedRows, wholeCells, type WholeCell } from './whole.ts'

export type Wanted = {
  readonly seed: number
  /** 1 is the nation; less is as many times fewer operations. */
  readonly scale: number
  readonly targets: readonly Target[]
}

/** All that a seed, a scale and the published figures determine, before any operation is drawn. */
export type Plan = {
  readonly cells: readonly WholeCell[]
  /** In the order of their names, by which rows are sorted. */
  readonly merchants: readonly Merchant[]
  readonly months: readonly MonthPlan[]
  /** Rows that this scale is too coarse for; none at full scale. */
  readonly missed: readonly string[]
}

/** What the note says, where a file of targets says nothing of sites. */
const defaultSites = { last: '2013-09', before: 258, now: 411 }
/** Active cards an operation, where a file says nothing of them: as in 2013. */
const cardsPerOperation = 0.13

/** Fails with a sentence for whoever gave the targets or the scale. */
export function planNation({ seed, scale, targets }: Wanted): Result<Plan, string> {
  const calibrated = calibrate(seed, targets)
  if (!calibrated.ok) return calibrated
  const cells = wholeCells(calibrated.value, scale)
  if (!cells.ok) return cells
  const missed = missedRows(cells.value, targets, scale)
  if (missed.length > 0 && scale === 1) {
    return fail(`the rows ${missed.join(', ')} cannot be met to the unit: widen their tolerances`)
  }
  const cards = cardsOf({ seed, scale, targets }, cells.value)
  if (!cards.ok) return cards
  const active = sitesOf({ seed, targets })
  const merchants = [...planSites(seed, active), ...planShops(seed)].sort((a, b) =>
    a.merchant < b.merchant ? -1 : 1,
  )
  const placed = placeSites(seed, { merchants, cells: cells.value, last: active.last })
  if (!placed.ok) return placed
  const months = nationMonths.map((month) => {
    const ofMonth = cells.value.filter((cell) => cell.month === month)
    return planMonth(seed, { month, cells: ofMonth, cards: cards.value, placed: placed.value })
  })
  return ok({ cells: cells.value, merchants, months, missed })
}

function cardsOf(
  { seed, scale, targets }: Wanted,
  cells: readonly WholeCell[],
): Result<CardPlan, string> {
  const target = targets.find(({ measure }) => measure === 'activeCards')
  const operations = (year: number): number =>
    cells
      .filter(({ month, stratum }) => yearOf(month) === year && stratum.channel === 'internet')
      .filter(({ stratum }) => stratum.origin === 'moroccan')
      .reduce((sum, { count }) => sum + count, 0)
  const aim = within(seed, target)
  const now = aim === undefined ? cardsPerOperation * operations(2013) : aim.now * scale
  const before =
    aim?.before === undefined ? cardsPerOperation * operations(2012) : aim.before * scale
  const active = new Map([
    [2012, Math.max(1, Math.round(before))],
    [2013, Math.max(1, Math.round(now))],
  ])
  const planned = planCards(cells, active, scale)
  if (planned.ok) return planned
  return fail(`the row ${target?.id ?? 'of active cards'} ${planned.error}`)
}

function sitesOf({
  seed,
  targets,
}: Pick<Wanted, 'seed' | 'targets'>): Parameters<typeof planSites>[1] {
  const target = targets.find(({ measure }) => measure === 'activeSites')
  const aim = within(seed, target)
  const last = target?.period.months.at(-1)
  if (aim === undefined || last === undefined) return defaultSites
  const { before, now } = defaultSites
  return { last, now: aim.now, before: aim.before ?? Math.round((before / now) * aim.now) }
}

/** A whole number within a part of its tolerance, and the year before's from its own or its growth. */
function within(
  seed: number,
  target: Target | undefined,
): { readonly now: number; readonly before: number | undefined } | undefined {
  if (target?.figure === undefined) return undefined
  const { figure, growth, previous, id } = target
  const off = 0.6 * figure.tolerance * (2 * stream(seed, id).uniform() - 1)
  const now = Math.round(figure.value + off)
  assert(now >= 0, 'a number of cards or sites is not below 0')
  const grown = growth === undefined ? undefined : Math.round(now / (1 + growth.value / 100))
  return { now, before: previous ?? grown }
}
