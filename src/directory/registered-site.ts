import type { RandomBytes } from '../kernel/clock.ts'
import type { CurrencyCode } from '../kernel/currency.ts'
import type { AcquirerId, MerchantId, SiteId, TerminalId } from '../kernel/ids.ts'
import type { Gateway, Merchant, Sector, Site } from './participants.ts'

/** A site that an operator adds while the centre runs, and the merchant that it comes with. */
export type RegisteredSite = {
  readonly id: SiteId
  readonly merchant: MerchantId
  readonly name: string
  readonly city: string
  readonly country: string
  readonly acquirer: AcquirerId
  readonly gateway: Gateway
  readonly sector: Sector
  readonly mcc: string
  readonly url: string
  readonly currency: CurrencyCode
  readonly holdHours: number
  readonly terminal: TerminalId
  readonly createdAt: Date
}

/** What the operator says of a new site; the rest is made here. */
export type SiteDraft = Omit<RegisteredSite, 'id' | 'merchant' | 'terminal' | 'createdAt'>

/** The merchant category code of a sector, where none is given [ISO18245]. */
export const mccOfSector: Readonly<Record<Sector, string>> = {
  billers: '4900',
  airlines: '4511',
  'financial-services': '6012',
  deals: '5399',
  'e-government': '9399',
  retail: '5311',
  other: '5999',
}

/** The first free number of a gateway's own numbering, above those of the directory's files. */
export function nextSiteId(gateway: Gateway, taken: Iterable<string>): SiteId {
  const first = gateway === 'cmi' ? 600_001_000 : 401_200
  const length = String(first).length
  let next = first
  for (const id of taken) {
    if (/^[0-9]+$/.test(id) && id.length === length) next = Math.max(next, Number(id) + 1)
  }
  return String(next) as SiteId
}

/** DE41 and DE42 follow from the id, which is unique. */
export function registered(id: SiteId, draft: SiteDraft, createdAt: Date): RegisteredSite {
  const prefix = draft.gateway === 'cmi' ? 'W' : 'M'
  return {
    ...draft,
    id,
    merchant: `m-${id}` as MerchantId,
    terminal: `${prefix}${id.slice(-7).padStart(7, '0')}` as TerminalId,
    createdAt,
  }
}

export const merchantOf = (site: RegisteredSite): Merchant => ({
  id: site.merchant,
  // DE43: banks print 25 characters of it, and 13 of the city.
  name: site.name.slice(0, 25),
  city: site.city.slice(0, 13),
  country: site.country,
  acquirer: site.acquirer,
  sector: site.sector,
  mcc: site.mcc,
  cardAcceptorId: site.id.padStart(15, '0'),
  fanOut: 1,
})

export const siteOf = (
  site: RegisteredSite,
  keys: { readonly current: string; readonly previous: PreviousKey | null },
): Site => ({
  id: site.id,
  merchant: site.merchant,
  name: site.name,
  gateway: site.gateway,
  sector: site.sector,
  mcc: site.mcc,
  url: site.url,
  currency: site.currency,
  storeKey: () => keys.current,
  previousStoreKey: (now) =>
    keys.previous !== null && now < keys.previous.until ? keys.previous.key : null,
  // Old hash versions leave fields out of the hash: a new site never has them.
  oldHashesAllowed: false,
  holdValidityMs: site.holdHours * 3_600_000,
  terminal: site.terminal,
})

export type PreviousKey = { readonly key: string; readonly until: Date }

const keyAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'

/** 24 letters and digits that cannot be mistaken for one another, and nothing to escape. */
export function newStoreKey(random: RandomBytes): string {
  let key = ''
  // A byte past the last whole round of the alphabet would favour its first letters.
  const fair = 256 - (256 % keyAlphabet.length)
  while (key.length < 24) {
    for (const byte of random(24)) {
      if (byte < fair && key.length < 24) key += keyAlphabet.charAt(byte % keyAlphabet.length)
    }
  }
  return key
}
