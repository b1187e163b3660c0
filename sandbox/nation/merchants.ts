import { assert } from '../../src/kernel/assert.ts'
import { datesOf, lastOf, nationMonths, type Month } from './months.ts'
import { shareOut, stream, type Stream } from './random.ts'
import { sandboxSites, sandboxShop } from './sandbox-merchants.ts'
import type { Selling } from './selling.ts'
import { sectorsOf, type Channel } from './strata.ts'

/** A merchant site, or a shop with its terminals. */
export type Merchant = {
  readonly channel: Channel
  readonly sector: string
  readonly merchant: string
  /** `none` at a terminal. */
  readonly site: string
  readonly gateway: string
  readonly door: string
  readonly mcc: string
  readonly city: string
  /** The first day of business. */
  readonly opened: string
  /** The last day of business. */
  readonly closed: string
  /** Its part of its sector's operations while it is open, in any unit; whole. */
  readonly weight: number
}

/** Distinct sites with an operation in the first months of each year, up to `last`. */
export type ActiveSites = { readonly last: Month; readonly before: number; readonly now: number }

/** Whoever was there before the nation's own time, and whoever stays after it. */
export const always = { opened: '1900-01-01', closed: '9999-12-31' }

/** Shops at the end of 2013: an assumption. */
const shopCount = 26_000
/** Of sites active in 2012's months, those closed by its end; deals sites close more often. */
const closing = { deals: 0.2, others: 0.06 }
/** Sites that open in what is left of 2013 after the note's months, against all of these. */
const opensLater = 0.11

const cities = [
  ...['CASABLANCA', 'CASABLANCA', 'CASABLANCA', 'CASABLANCA', 'RABAT', 'RABAT', 'MARRAKECH'],
  ...['MARRAKECH', 'AGADIR', 'TANGER', 'FES', 'MEKNES', 'OUJDA', 'TETOUAN'],
]

/** Every site, so that exactly the wanted numbers can be active: none else is open then. */
export function planSites(seed: number, active: ActiveSites): readonly Merchant[] {
  const sectors = Object.entries(sectorsOf.internet)
  const shares = sectors.map(([, { merchants }]) => merchants.share)
  const nows = shareOut(shares, active.now)
  const befores = shareOut(shares, active.before)
  const sites: Merchant[] = []
  for (const [index, [sector, selling]] of sectors.entries()) {
    const random = stream(seed, `sites/${sector}`)
    const lives = livesOf(random, {
      sector,
      last: active.last,
      before: befores[index] ?? 0,
      now: nows[index] ?? 0,
    })
    const known = sandboxSites.filter((site) => site.sector === sector)
    for (const [rank, life] of lives.entries()) {
      // The second largest and the next are sites that the sandbox's merchants have in truth.
      const own = rank === 0 ? undefined : known[rank - 1]
      const number = sites.length + 1
      const gateway = own?.gateway ?? gatewayOf(random, life.opened)
      const site = own?.site ?? String((gateway === 'cmi' ? 610_000_000 : 409_000) + number)
      sites.push({
        ...{ channel: 'internet', sector, site, gateway, ...life },
        merchant: own?.merchant ?? `m-${site}`,
        door: gateway === 'cmi' ? cmiDoor(random) : 'mtc',
        mcc: own?.mcc ?? pick(random, selling.mccs),
        city: pick(random, cities),
        weight: weightOf(random, rank, selling),
      })
    }
  }
  return sites
}

type Life = Pick<Merchant, 'opened' | 'closed'>

/** In order of size: those who were there before are the largest. */
function livesOf(
  random: Stream,
  wanted: {
    readonly sector: string
    readonly last: Month
    readonly before: number
    readonly now: number
  },
): readonly Life[] {
  const { sector, last } = wanted
  const lastBefore = `2012${last.slice(4)}`
  const share = sector === 'deals' ? closing.deals : closing.others
  // The largest stays, whatever closes.
  const most = Math.max(0, wanted.before - 1)
  const closed = Math.min(
    most,
    Math.max(Math.round(share * wanted.before), wanted.before - wanted.now),
  )
  assert(wanted.now >= wanted.before - closed, 'what is not active any more has closed')
  const life = (openMonths: readonly Month[] | undefined, closes: boolean): Life => ({
    opened: openMonths === undefined ? always.opened : dateIn(random, openMonths),
    closed: closes ? lastOf(pick(random, monthsFrom(lastBefore, '2012-12'))) : always.closed,
  })
  const early = Array.from({ length: wanted.before }, (_, index) => {
    // Sites close at any rank but the first few.
    const closes = index >= wanted.before - closed
    const isNew = index > wanted.before / 3 && random.uniform() < 0.35
    return life(isNew ? monthsFrom('2012-01', lastBefore) : undefined, closes)
  })
  const kept = wanted.before - closed
  const opening = monthsAfter(lastBefore, last)
  const later = monthsAfter(last, '2013-12')
  const fresh = Array.from({ length: wanted.now - kept }, () => life(opening, false))
  const latest = later.length === 0 ? 0 : Math.round(opensLater * wanted.now)
  const tail = [
    ...early.slice(1),
    ...fresh,
    ...Array.from({ length: latest }, () => life(later, false)),
  ]
  const giants = tail.filter(isOld).slice(0, 3)
  const others = tail.filter((one) => !giants.includes(one))
  return [...early.slice(0, 1), ...giants, ...shuffled(random, others)]
}

const isOld = ({ opened, closed }: Life): boolean =>
  opened === always.opened && closed === always.closed

/** Shops: sizes by a law of ranks, most older than 2012, the rest opening through both years. */
export function planShops(seed: number): readonly Merchant[] {
  const sectors = Object.entries(sectorsOf.terminal)
  const counts = shareOut(
    sectors.map(([, { merchants }]) => merchants.share),
    shopCount,
  )
  const shops: Merchant[] = []
  for (const [index, [sector, selling]] of sectors.entries()) {
    const random = stream(seed, `shops/${sector}`)
    for (let rank = 0; rank < (counts[index] ?? 0); rank++) {
      const isNew = rank > 3 && random.uniform() < 0.3
      const closes = !isNew && rank > 20 && random.uniform() < 0.03
      const isOwn = sandboxShop.sector === sector && rank === 2
      const number = String(shops.length + 1).padStart(6, '0')
      shops.push({
        ...{ channel: 'terminal', sector, site: 'none', gateway: 'none', door: 'terminal' },
        merchant: isOwn ? sandboxShop.merchant : `t-${number}`,
        mcc: isOwn ? sandboxShop.mcc : pick(random, selling.mccs),
        city: pick(random, cities),
        opened: isNew ? dateIn(random, nationMonths) : always.opened,
        closed: closes ? lastOf(pick(random, nationMonths)) : always.closed,
        weight: weightOf(random, rank, selling),
      })
    }
  }
  return shops
}

/** Most sites of before were affiliated with Maroc Telecommerce: see docs/nation.md. */
function gatewayOf(random: Stream, opened: string): string {
  const part = opened === always.opened ? 0.85 : opened < '2013' ? 0.6 : 0.4
  return random.uniform() < part ? 'maroc-telecommerce' : 'cmi'
}

function cmiDoor(random: Stream): string {
  const at = random.uniform()
  return at < 0.85 ? 'nestpay' : at < 0.97 ? 'rest' : 'link'
}

/** Sizes fall with rank by a power, and differ around it. */
const weightOf = (random: Stream, rank: number, { merchants }: Selling): number =>
  Math.max(
    1,
    Math.round((1e9 / (rank + 1) ** merchants.concentration) * Math.exp(0.35 * random.normal())),
  )

const monthsFrom = (first: Month, last: Month): readonly Month[] =>
  nationMonths.filter((month) => month >= first && month <= last)

const monthsAfter = (first: Month, last: Month): readonly Month[] =>
  nationMonths.filter((month) => month > first && month <= last)

const dateIn = (random: Stream, months: readonly Month[]): string =>
  pick(random, datesOf(pick(random, months)))

function pick<T>(random: Stream, from: readonly T[]): T {
  const one = from[random.below(from.length)]
  assert(one !== undefined, 'there is something to pick from')
  return one
}

function shuffled<T>(random: Stream, from: readonly T[]): T[] {
  return from
    .map((one) => ({ one, at: random.uniform() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one)
}
