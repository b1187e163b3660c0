/** A merchant's site of Maroc Telecommerce: its forms and its checksums, written as its modules do. */
import { createHash } from 'node:crypto'
import { encodeForm, field, type Field } from '../../src/wire/nestpay/index.ts'
import type { Answered, WebCentre } from './web-centre.ts'

export const secret = '3b6d5de9571886f9bbf36473bafe6ca8'

const rawUrlEncode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** As PHP's `md5(rawurlencode(…))` and Python's `md5(quote(…, ''))` make it. */
export const checksum = (...parts: readonly string[]): string =>
  createHash('md5')
    .update(rawUrlEncode([...parts, secret].join('')))
    .digest('hex')

export type Changes = Readonly<Record<string, string | undefined>>

type Posted = { readonly path: string; readonly fields: readonly Field[] }

/** A version 3 form; a field set to undefined is left out. `action` is what the module was given. */
export function offer(web: WebCentre, cart: string, changes: Changes = {}): Posted {
  const path = changes['path'] ?? '/test/gateway/pay.asp'
  const values: Record<string, string | undefined> = {
    storeId: '401121',
    langue: 'FR',
    offerURL: `${web.merchant.url}/offer`,
    updateURL: `${web.merchant.url}/update?module=mtc`,
    bookURL: `${web.merchant.url}/book?module=mtc`,
    cartId: cart,
    totalAmountTx: '150.00',
    totalAmountCur: '13.50',
    symbolCur: 'EUR',
    name: 'Éloïse B.',
    address: '1, rue du Port',
    city: 'Tanger',
    state: 'Tanger',
    country: 'MA',
    postCode: '90000',
    tel: '0539000000',
    email: 'éloïse~@b.ma',
    ...changes,
  }
  const { path: _path, action = `${web.url}${path}`, checksum: forged, ...posted } = values
  const signed = ['storeId', 'cartId', 'totalAmountTx', 'email'].map((name) => posted[name] ?? '')
  return { path, fields: toFields({ ...posted, checksum: forged ?? checksum(action, ...signed) }) }
}

/** A version 1.9 order as a merchant's server posts it, misspellings included. */
export function order19(web: WebCentre, cart: string, changes: Changes = {}): Posted {
  const path = '/test/gateway/paiement.asp'
  const values: Record<string, string | undefined> = {
    StoreId: '401122',
    Langue: 'EN',
    OfferURL: `${web.merchant.url}/offer`,
    UpdateURL: `${web.merchant.url}/book-1.9`,
    CartId: cart,
    Mode: 'TAC',
    Count: '2',
    Desc: 'a;b',
    Qty: '1;2',
    ItmesPrices: '10;20',
    AmountTX: '2051.32',
    ShippingCharge: '0.0',
    ShippingWeight: '0.0',
    TotalmountTx: '2051.32',
    TotalamountCur: '',
    SymbolCur: '',
    MultiPayment: 'True',
    BuyerName: 'Éloïse B.',
    Address: '1, rue du Port',
    City: 'Tanger',
    State: 'Tanger',
    Country: 'MA',
    Postcode: '90000',
    Tel: '0539000000',
    Email: 'e@b.ma',
    ...changes,
  }
  const { Checksum: forged, ...posted } = values
  const names = ['StoreId', 'CartId', 'Count', 'TotalmountTx', 'Email']
  const signed = names.map((name) => posted[name] ?? '')
  const right = checksum(`${web.url}${path}`, ...signed)
  return { path, fields: toFields({ ...posted, Checksum: forged ?? right }) }
}

const toFields = (values: Readonly<Record<string, string | undefined>>): readonly Field[] =>
  Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [field(name, value)],
  )

export async function postTo(
  web: WebCentre,
  { path, fields }: Posted,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  const answer = await fetch(`${web.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: encodeForm(fields),
    redirect: 'manual',
  })
  return { status: answer.status, headers: answer.headers, body: await answer.text() }
}

/** A form accepted: the address of its payment page. */
export async function openOffer(
  web: WebCentre,
  cart: string,
  changes: Changes = {},
): Promise<string> {
  const answer = await postTo(web, offer(web, cart, changes))
  const location = answer.headers.get('location')
  if (answer.status !== 303 || location === null) throw new Error(answer.body)
  return location
}

/** Where a page that leaves by GET leads, by itself or by its button. */
export function linkIn(body: string): URL {
  const link = /<a\s+class="go"\s+href="([^"]*)"/.exec(body)?.[1]
  if (link === undefined) throw new Error(`no way back in: ${body}`)
  return new URL(link.replaceAll('&amp;', '&'))
}

export type Paid = {
  readonly state: string
  readonly captured: string | null
  readonly door: string
}

/** What the books of record say of an order, oldest first. */
export async function paymentsOf(web: WebCentre, cart: string): Promise<readonly Paid[]> {
  const { rows } = await web.owner.query<Paid>(
    `SELECT state, captured_minor::text AS captured, door
     FROM reporting.payments WHERE order_reference = $1 ORDER BY attempt`,
    [cart],
  )
  return rows
}

export async function triesOf(web: WebCentre, cart: string): Promise<readonly string[]> {
  const { rows } = await web.owner.query<{ said: string }>(
    `SELECT answer || ' ' || outcome AS said FROM reporting.callbacks
     WHERE order_reference = $1 ORDER BY attempt, try_number`,
    [cart],
  )
  return rows.map(({ said }) => said)
}
