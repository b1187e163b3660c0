import type { BusinessDate } from '../kernel/business-date.ts'
import type { CurrencyCode } from '../kernel/currency.ts'
import type { AcquirerId, IssuerId, MerchantId, SiteId, TerminalId } from '../kernel/ids.ts'
import type { Pan } from '../kernel/pan.ts'
import type { Calendar } from './calendar.ts'

export type Sector =
  'billers' | 'airlines' | 'financial-services' | 'deals' | 'e-government' | 'retail' | 'other'

export type Gateway = 'cmi' | 'maroc-telecommerce'

/** A bank's certificate is always verified, for its host name or address. */
export type IssuerTls = {
  /** PEM certificates that may sign the bank's; null for those that Node.js trusts. */
  readonly authoritiesFile: string | null
  /** What the centre shows of itself, where the bank asks for it. */
  readonly client: { readonly certificateFile: string; readonly keyFile: string } | null
}

/** A bank or a scheme's host: who answers for cards. */
export type Issuer = {
  readonly id: IssuerId
  readonly name: string
  readonly kind: 'bank' | 'scheme'
  readonly country: string
  readonly host: string
  readonly port: number
  /** Null where the link is plain TCP. */
  readonly tls: IssuerTls | null
  /** File with the AES-128 key of DE128, hexadecimal; null where the link carries no MAC. */
  readonly macKeyFile: string | null
}

export type Acquirer = {
  readonly id: AcquirerId
  readonly name: string
  /** DE32 of every message to a bank. */
  readonly institutionId: string
}

export type Merchant = {
  readonly id: MerchantId
  readonly name: string
  readonly city: string
  readonly country: string
  readonly acquirer: AcquirerId
  readonly sector: Sector
  readonly mcc: string
  /** DE42, 15 characters. */
  readonly cardAcceptorId: string
  readonly fanOut: number
}

/** A merchant's site on one gateway: its affiliation. */
export type Site = {
  readonly id: SiteId
  readonly merchant: MerchantId
  readonly name: string
  readonly gateway: Gateway
  readonly sector: Sector
  readonly mcc: string
  readonly url: string
  readonly currency: CurrencyCode
  /** Store key of the CMI gateway, shared secret of Maroc Telecommerce. Never printed. */
  readonly storeKey: () => string
  /** The key before, while the merchant may still use it: for checking a hash, and for answering it. */
  readonly previousStoreKey: (now: Date) => string | null
  readonly oldHashesAllowed: boolean
  readonly holdValidityMs: number
  /** DE41 of the site's payments. */
  readonly terminal: TerminalId
}

/** Who may use a site's programming interface. The password itself is kept nowhere. */
export type ApiUser = {
  readonly site: SiteId
  readonly name: string
  /** `scrypt$N$r$p$SALT$HASH`, salt and hash in base64. Never printed. */
  readonly passwordHash: () => string
  /** Of the password before, while the merchant may still use it. */
  readonly previousPasswordHash: (now: Date) => string | null
}

export type CardRange = {
  readonly issuer: IssuerId
  readonly brand: string
  readonly origin: 'moroccan' | 'foreign'
}

export type Terminal = { readonly id: TerminalId; readonly merchant: MerchantId }

/** What an acquirer takes and what the card's bank gets of it, from a date to a date. */
export type Tariff = {
  readonly acquirer: AcquirerId
  readonly origin: 'moroccan' | 'foreign'
  readonly from: BusinessDate
  readonly to: BusinessDate
  readonly merchantDiscountBps: bigint
  readonly interchangeBps: bigint
}

/** Who takes part: read-only to all but its own loader and register. */
export type Directory = {
  site(id: string): Site | undefined
  apiUser(site: SiteId, name: string): ApiUser | undefined
  merchant(id: MerchantId): Merchant
  acquirer(id: AcquirerId): Acquirer
  terminal(id: string): Terminal | undefined
  issuers(): readonly Issuer[]
  acquirers(): readonly Acquirer[]
  issuer(id: IssuerId): Issuer
  merchants(): readonly Merchant[]
  sites(): readonly Site[]
  /** The narrowest range that holds the number; undefined when nobody answers for it. */
  cardRange(pan: Pan): CardRange | undefined
  /** The tariff in force on a date; undefined where none was agreed. */
  tariff(
    acquirer: AcquirerId,
    origin: 'moroccan' | 'foreign',
    date: BusinessDate,
  ): Tariff | undefined
  readonly calendar: Calendar
}

/** The directory as its register sees it: sites join while the centre runs, and change their keys. */
export type GrowingDirectory = Directory & {
  admit(joined: {
    readonly merchant: Merchant
    readonly site: Site
    readonly apiUser: ApiUser | null
  }): void
}
