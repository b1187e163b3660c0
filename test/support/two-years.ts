/** Two years of a small country: every sector, both gateways, both origins, every day. */
import { addDays, dayNumber } from '../../src/kernel/business-date.ts'
import { date, type LakeRow } from './lake.ts'

type Stratum = {
  readonly columns: LakeRow
  /** Operations a day at the beginning, and how many times as many a year later. */
  readonly perDay: number
  readonly growth: number
  readonly amountMinor: number
  readonly sites: number
}

const online = (
  sector: string,
  perDay: number,
  growth: number,
  more: Partial<Stratum> & { readonly gateway?: string } = {},
): Stratum => ({
  columns: { sector, gateway: more.gateway ?? 'cmi', door: 'nestpay' },
  ...{ perDay, growth, amountMinor: more.amountMinor ?? 30_000, sites: more.sites ?? 3 },
})

const strata: readonly Stratum[] = [
  online('billers', 4, 1.6, { amountMinor: 45_000 }),
  online('airlines', 1, 1.5, { amountMinor: 160_000, sites: 2 }),
  online('financial-services', 1, 1.8, { amountMinor: 110_000 }),
  online('deals', 2, 0.8, { gateway: 'maroc-telecommerce', amountMinor: 24_000 }),
  online('e-government', 0.6, 2.2, { amountMinor: 70_000, sites: 2 }),
  online('other', 1, 1.9, { gateway: 'maroc-telecommerce', sites: 8 }),
  {
    columns: {
      ...{ channel: 'terminal', gateway: 'none', door: 'terminal', site: 'none' },
      ...{ sector: 'retail', merchant: 'm-shop' },
    },
    ...{ perDay: 12, growth: 1.15, amountMinor: 52_000, sites: 0 },
  },
  {
    columns: {
      ...{ channel: 'terminal', gateway: 'none', door: 'terminal', site: 'none' },
      ...{ sector: 'hotels', merchant: 'm-hotel', card_origin: 'foreign' },
    },
    ...{ perDay: 4, growth: 1.2, amountMinor: 160_000, sites: 0 },
  },
]

const weekly = [1.1, 1.1, 1.05, 1.05, 1, 0.9, 0.8]

/** From the first of January 2012 on; the same rows whenever it is asked. */
export function twoYearsOf(until: string): readonly LakeRow[] {
  const from = date('2012-01-01')
  const days = dayNumber(date(until)) - dayNumber(from) + 1
  const rows: LakeRow[] = []
  const owed = strata.map(() => 0)
  let seed = 7
  const chance = (): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  for (let day = 0; day < days; day++) {
    const business_date = addDays(from, day)
    strata.forEach(({ columns, perDay, growth, amountMinor, sites }, i) => {
      const wanted =
        perDay * growth ** (day / 366) * (weekly[day % 7] ?? 1) * (0.85 + 0.3 * chance())
      owed[i] = (owed[i] ?? 0) + wanted
      for (; (owed[i] ?? 0) >= 1; owed[i] = (owed[i] ?? 0) - 1) {
        const open = Math.max(1, Math.round(sites * (0.6 + 0.4 * (day / days))))
        const site = `s-${String(columns['sector'])}-${Math.floor(chance() * open)}`
        rows.push({
          ...(sites === 0 ? {} : { site, merchant: `m-${site}` }),
          ...columns,
          business_date,
          card: 1 + Math.floor(chance() * (400 + day / 3)),
          amount_minor: Math.round(amountMinor * (0.6 + 0.8 * chance())),
          hour: 8 + Math.floor(chance() * 14),
        })
      }
    })
    if (day % 2 === 0)
      rows.push({ business_date, kind: 'decline', approved: 0, reason: 'insufficient_funds' })
    if (day % 5 === 0)
      rows.push({ business_date, kind: 'refund', approved: 0, amount_minor: 9_000 })
  }
  return rows
}
