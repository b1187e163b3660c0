import { field, readUrlencoded, textOf, type Field } from '../../../wire/nestpay/index.ts'
import type { Tilde } from '../../../wire/maroc-telecommerce/index.ts'
import { bytesOf, trimmedText } from '../checkout/posted-value.ts'
import type { WebSession } from '../checkout/session.ts'

/** How one version of the protocol spells its fields; in any case, as everywhere. */
export type Version = {
  readonly number: '3' | '1.9'
  readonly names: {
    readonly store: string
    readonly cart: string
    readonly total: string
    readonly update: string
    readonly offer: string
    readonly book: string | null
    readonly language: string
  }
  /** Of the fields that the checksum covers, in its order. */
  readonly signed: readonly string[]
  readonly cartRequired: boolean
  /** Fields that must be there, even empty. */
  readonly present: readonly string[]
  /** Where the merchant's server is told of an approval; empty where it wants to hear nothing. */
  callbackTo(fields: readonly Field[]): string
}

/** [MTC §6a] `pay.asp`, the browser's form. */
export const version3: Version = {
  number: '3',
  names: {
    store: 'storeId',
    cart: 'cartId',
    total: 'totalAmountTx',
    update: 'updateURL',
    offer: 'offerURL',
    book: 'bookURL',
    language: 'langue',
  },
  signed: ['storeId', 'cartId', 'totalAmountTx', 'email'],
  cartRequired: true,
  present: [],
  callbackTo: (fields) => trimmedText(fields, 'bookURL'),
}

/** [MTC §6b] `paiement.asp`, posted by the merchant's server; the misspellings are the protocol's. */
export const version19: Version = {
  number: '1.9',
  names: {
    store: 'StoreId',
    cart: 'CartId',
    total: 'TotalmountTx',
    update: 'UpdateURL',
    offer: 'OfferURL',
    book: null,
    language: 'Langue',
  },
  signed: ['StoreId', 'CartId', 'Count', 'TotalmountTx', 'Email'],
  cartRequired: false,
  present: ['Count', 'ShippingCharge'],
  callbackTo: (fields) => trimmedText(fields, 'UpdateURL'),
}

/** Ours, beside the merchant's: no posted name that begins so is kept. */
const versionNote = ':version'
const tildeNote = ':tilde'
const offerNote = ':offer'
const emailNote = ':email'
const aliasNote = ':alias'

/** The bytes that a checksum of this version covers, in its order. */
export const signedValues = (
  version: Version,
  fields: readonly Field[],
  withEmail: boolean,
): readonly Buffer[] =>
  version.signed
    .filter((name) => withEmail || name.toLowerCase() !== 'email')
    .map((name) => bytesOf(fields, name))

export type Signed = {
  readonly version: Version
  readonly tilde: Tilde
  /** The address of ours that the posted checksum begins with; empty for forms of before. */
  readonly alias: string
  /**
   * Whether the form's own checksum covers the e-mail that it posts. One module signs none and posts
   * something; it checks its returns as it signed.
   */
  readonly emailSigned: boolean
  /** Whether the return without a payment may carry a checksum. */
  readonly offerSigned: boolean
}

/** The merchant's fields to be kept with the session, and how they were signed. */
export const toStore = (fields: readonly Field[], signed: Signed): readonly Field[] => [
  field(versionNote, signed.version.number),
  field(tildeNote, signed.tilde),
  field(aliasNote, signed.alias),
  field(emailNote, signed.emailSigned ? 'signed' : 'left out'),
  field(offerNote, signed.offerSigned ? 'signed' : 'plain'),
  ...fields.filter(({ name }) => !name.startsWith(':')),
]

export type StoredForm = Signed & {
  readonly fields: readonly Field[]
  readonly openedAt: Date
}

export function storedForm(session: WebSession): StoredForm {
  const read = readUrlencoded(session.form)
  if (!read.ok) throw new Error('invariant broken: a stored form was read once before')
  const fields = read.value.map((placed) => placed.field)
  return {
    version: textOf(bytesOf(fields, versionNote)) === '1.9' ? version19 : version3,
    tilde: textOf(bytesOf(fields, tildeNote)) === '%7E' ? '%7E' : '~',
    emailSigned: textOf(bytesOf(fields, emailNote)) === 'signed',
    offerSigned: textOf(bytesOf(fields, offerNote)) === 'signed',
    alias: textOf(bytesOf(fields, aliasNote)),
    fields,
    openedAt: session.createdAt,
  }
}
