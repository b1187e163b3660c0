import { growthPct, sharePct } from '../growth.ts'
import { isEmpty, type Line, type NoteFacts, type PeriodFacts } from './facts.ts'

/** How a figure moved, in the words that a reader would choose. */
export type Movement =
  | 'unknown'
  | 'doubling'
  | 'strong-rise'
  | 'rise'
  | 'slight-rise'
  | 'stable'
  | 'slight-fall'
  | 'fall'
  | 'strong-fall'

/** In percent: below the first nothing moved, from the last on it more than doubled. */
const steps = { stable: 1, slight: 5, strong: 25, doubling: 100 } as const

export function movementOf(growth: number | null): Movement {
  if (growth === null) return 'unknown'
  const size = Math.abs(growth)
  if (size < steps.stable) return 'stable'
  const way = growth > 0 ? 'rise' : 'fall'
  if (size < steps.slight) return `slight-${way}`
  if (size < steps.strong) return way
  return growth > steps.doubling ? 'doubling' : `strong-${way}`
}

/** What carries a growth: more of those who act, more operations of each, or both. */
export type Carried = 'unknown' | 'actors' | 'use' | 'both' | 'neither'

export function carriedBy(parts: {
  readonly actorsPct: number | null
  readonly operationsPerActorPct: number | null
}): Carried {
  const { actorsPct: actors, operationsPerActorPct: use } = parts
  if (actors === null || use === null) return 'unknown'
  const [more, busier] = [actors >= steps.stable, use >= steps.stable]
  return more ? (busier ? 'both' : 'actors') : busier ? 'use' : 'neither'
}

export type SectorFindings = {
  /** The largest first, at most three; the remainder has no rank. */
  readonly order: readonly Line[]
  /** Of those that grow; null where growth is not known or none grows. */
  readonly best: Line | null
  /** The steepest first. */
  readonly falling: readonly Line[]
  readonly falls: 'unknown' | 'none' | 'one' | 'several' | 'all'
}

/** A sector of less than this part of the amount is no headline, however much it grew. */
const notableSharePct = 1

/** `other` is what is left: it neither leads nor falls as a sector. */
export function sectorFindings({ online: { sectors } }: PeriodFacts): SectorFindings {
  const named = sectors.filter(({ value }) => value !== 'other')
  const paid = named.filter(({ now }) => now.amountMinor > 0n)
  const known = named.filter(({ growth }) => amountPct(growth) !== null)
  const notable = known.filter(({ now }) => (now.amountSharePct ?? 0) >= notableSharePct)
  const growing = notable.filter(({ growth }) => (amountPct(growth) ?? 0) > 0)
  const falling = known
    .filter(({ growth }) => (amountPct(growth) ?? 0) <= -steps.stable)
    .sort((a, b) => (amountPct(a.growth) ?? 0) - (amountPct(b.growth) ?? 0))
  const falls =
    known.length === 0
      ? 'unknown'
      : falling.length === 0
        ? 'none'
        : falling.length === known.length && falling.length > 1
          ? 'all'
          : falling.length === 1
            ? 'one'
            : 'several'
  const best = growing.reduce<Line | null>(
    (most, line) =>
      most === null || (amountPct(line.growth) ?? 0) > (amountPct(most.growth) ?? 0) ? line : most,
    null,
  )
  return { order: paid.slice(0, 3), best, falling, falls }
}

const amountPct = (growth: Line['growth']): number | null => growth?.amountPct ?? null

export type Findings = {
  readonly empty: boolean
  readonly emptyYear: boolean
  /** January: the year to date says nothing more than the month. */
  readonly january: boolean
  readonly comparison: 'whole' | 'no-previous' | 'partial-previous' | 'partial'
  readonly online: Movement
  readonly sites: Carried
  readonly cards: Carried
  readonly sectors: SectorFindings
  /** The Internet's parts of all payments, this year and the last. */
  readonly internetShare: {
    readonly countPct: number | null
    readonly amountPct: number | null
    readonly countBeforePct: number | null
    readonly amountBeforePct: number | null
  }
  /** By how much foreign cards' average ticket exceeds Moroccan ones', in percent. */
  readonly foreignTicketPct: number | null
}

export function findingsOf({ month, periods }: NoteFacts): Findings {
  const { ytd } = periods
  const { bySites, byCards } = {
    bySites: ytd.internet.growth?.bySites ?? unknownParts,
    byCards: ytd.all.growth?.byCards ?? unknownParts,
  }
  const [moroccan, foreign] = [
    ytd.moroccan.now.averageTicketMinor,
    ytd.foreign.now.averageTicketMinor,
  ]
  return {
    empty: isEmpty(periods.month),
    emptyYear: isEmpty(ytd),
    january: month.endsWith('-01'),
    comparison: comparisonOf(periods),
    online: movementOf(periods.month.internet.growth?.countPct ?? null),
    sites: carriedBy(bySites),
    cards: carriedBy(byCards),
    sectors: sectorFindings(ytd),
    internetShare: sharesOf(ytd),
    foreignTicketPct: moroccan === null || foreign === null ? null : growthPct(foreign, moroccan),
  }
}

const unknownParts = { actorsPct: null, operationsPerActorPct: null }

/** The shorter of both periods first: a month may be comparable in a year that is not. */
function comparisonOf({ month, ytd }: NoteFacts['periods']): Findings['comparison'] {
  const isShort = ({ days }: PeriodFacts): boolean => days.held < days.of
  if (isShort(month) || isShort(ytd)) return 'partial'
  if (ytd.previous.days.held === 0) return 'no-previous'
  return ytd.previous.days.held < ytd.previous.days.of ? 'partial-previous' : 'whole'
}

function sharesOf({ all, internet }: PeriodFacts): Findings['internetShare'] {
  const part = (of: (line: Line['now']) => bigint, side: 'now' | 'before'): number | null => {
    const [whole, some] = [all[side], internet[side]]
    return whole === null || some === null ? null : sharePct(of(some), of(whole))
  }
  const count = ({ count }: Line['now']): bigint => BigInt(count)
  const amount = ({ amountMinor }: Line['now']): bigint => amountMinor
  return {
    countPct: part(count, 'now'),
    amountPct: part(amount, 'now'),
    countBeforePct: part(count, 'before'),
    amountBeforePct: part(amount, 'before'),
  }
}
