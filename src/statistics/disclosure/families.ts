import type { Filters } from '../question.ts'

/** What the public can filter by. */
export const publicFilters = ['channel', 'cardOrigin', 'gateway'] as const

type PublicFilter = (typeof publicFilters)[number]

/** A smallest part into which filters cut a table: all payments of one of each. */
export type Part = Readonly<Record<PublicFilter, string>>

/**
 * The answers to one kind of filter: `origin` is the table by card origin, all origins. Who sees one
 * answer can ask for the others of its family, and for coarser ones. A gateway has a channel.
 */
export type Family = {
  readonly name: FamilyName
  readonly filters: readonly PublicFilter[]
}

export type FamilyName =
  'all' | 'channel' | 'origin' | 'channelOrigin' | 'gateway' | 'gatewayOrigin'

/** Coarser ones first: what is withheld from one is withheld from all that are finer. */
export const families: readonly Family[] = [
  { name: 'all', filters: [] },
  { name: 'channel', filters: ['channel'] },
  { name: 'origin', filters: ['cardOrigin'] },
  { name: 'channelOrigin', filters: ['channel', 'cardOrigin'] },
  { name: 'gateway', filters: ['channel', 'gateway'] },
  { name: 'gatewayOrigin', filters: ['channel', 'cardOrigin', 'gateway'] },
]

/** Of a table of the Internet alone; without a filter it is the published table's own. */
export const internetFamilies: readonly Family[] = families.filter(({ name }) =>
  ['origin', 'gateway', 'gatewayOrigin'].includes(name),
)

export const isFiner = (one: Family, than: Family): boolean =>
  one !== than && than.filters.every((name) => one.filters.includes(name))

/** The part's place in the tables of a family: parts of one place are counted together there. */
export const columnOf = (part: Part, { filters }: Family): string =>
  JSON.stringify(filters.map((name) => part[name]))

/** The family of a reader's filters. */
export function familyOf({
  channel,
  cardOrigin,
  gateway,
}: Pick<Filters, PublicFilter>): FamilyName {
  if (gateway !== undefined) return cardOrigin === undefined ? 'gateway' : 'gatewayOrigin'
  if (channel === undefined) return cardOrigin === undefined ? 'all' : 'origin'
  return cardOrigin === undefined ? 'channel' : 'channelOrigin'
}

/** Those that can be filtered by; any other is told only as what they leave. */
export const publicGateways: readonly string[] = ['cmi', 'maroc-telecommerce']

export const partOf = (key: Readonly<Partial<Record<PublicFilter, string>>>): Part => ({
  channel: key.channel ?? '',
  cardOrigin: key.cardOrigin ?? '',
  gateway: key.gateway ?? '',
})
