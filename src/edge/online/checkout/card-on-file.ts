import {
  parsePaymentId,
  paymentIdOf,
  type CardToken,
  type PaymentKey,
} from '../../../kernel/ids.ts'
import type { Rrn, SiteId } from '../../../kernel/ids.ts'
import type { CardFacts, OnFileUse, Payment } from '../../../switch/index.ts'

/** Where a customer or a card that is kept is stored: a key like a payment's. */
export type Place = PaymentKey

/** A customer's card that its merchant may charge again. The number is in the vault alone. */
export type CardOnFile = {
  readonly place: Place
  readonly customer: Place
  readonly site: SiteId
  /** Null once it was removed. */
  readonly token: CardToken | null
  readonly masked: string
  /** `YYMM`, as DE14. */
  readonly expiry: string
  readonly brand: string
  readonly origin: CardFacts['origin']
  /** Of the payment with which its holder agreed that it is kept. */
  readonly firstReference: Rrn
  readonly firstPayment: string
  readonly createdAt: Date
}

/** Why a merchant charges a card by itself. */
export type MerchantReason = Exclude<OnFileUse, 'first' | 'customer'>

const wordOf = (place: Place): string => paymentIdOf(place).slice('pay_'.length)

const parse = (prefix: string, id: string): Place | undefined =>
  id.startsWith(prefix) ? parsePaymentId(`pay_${id.slice(prefix.length)}`) : undefined

export const cardIdOf = (place: Place): string => `card_${wordOf(place)}`

export const parseCardId = (id: string): Place | undefined => parse('card_', id)

export const customerIdOf = (place: Place): string => `cus_${wordOf(place)}`

export const parseCustomerId = (id: string): Place | undefined => parse('cus_', id)

/** A card is good to the last day of its month; `today` is a business date. */
export const isPast = (expiry: string, today: string): boolean =>
  expiry < `${today.slice(2, 4)}${today.slice(5, 7)}`

/** Undefined while it may be charged. */
export function notChargeable(
  { token, expiry }: Pick<CardOnFile, 'token' | 'expiry'>,
  today: string,
): 'removed' | 'expired' | undefined {
  if (token === null) return 'removed'
  return isPast(expiry, today) ? 'expired' : undefined
}

/** Charged by the merchant alone, with nobody there to type or to authenticate anything. */
export const isByMerchant = ({ use }: { readonly use: OnFileUse }): boolean =>
  use !== 'first' && use !== 'customer'

/** Cards that merchants keep, durable on return. */
export type CardsOnFile = {
  find(place: Place): Promise<CardOnFile | undefined>
  /** The card of this payment for its customer. Done again, it is the same card. */
  keep(payment: Payment, customer: Place): Promise<void>
}
