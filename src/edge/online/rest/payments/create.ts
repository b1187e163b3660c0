import { Type } from '@sinclair/typebox'
import type { Site } from '../../../../directory/index.ts'
import { shardKeyFor } from '../../../../kernel/bucket.ts'
import { parseCurrency } from '../../../../kernel/currency.ts'
import type { BusinessDate } from '../../../../kernel/business-date.ts'
import {
  parsePaymentId,
  paymentIdOf,
  requestKeyOf,
  type RequestKey,
} from '../../../../kernel/ids.ts'
import { limits } from '../../../../kernel/limits.ts'
import { parseMinorAmount, type Money } from '../../../../kernel/money.ts'
import { fail, ok, type Result } from '../../../../kernel/result.ts'
import type { RandomBytes } from '../../../../kernel/clock.ts'
import type { Sealer } from '../../../../vault/index.ts'
import { orderState } from '../../checkout/order-state.ts'
import type { Checkout } from '../../checkout/pay.ts'
import {
  newSessionToken,
  placeOf,
  type GatewayName,
  type Language,
  type WebSession,
} from '../../checkout/session.ts'
import type { WebOrder } from '../../checkout/store.ts'
import type { Refusal } from '../errors.ts'
import { formOf } from '../gateway.ts'
import * as shape from '../shapes.ts'
import { refusalOfState } from './confirm.ts'
import { onFileFields } from './on-file.ts'
import { pageName } from './shape.ts'
import { noAttempt, type PaymentView } from './view.ts'

/** What opens a page for an order, from the API or from a link. */
export type NewPayment = {
  readonly site: Site
  readonly gateway: Extract<GatewayName, 'rest' | 'link'>
  readonly reference: string
  readonly amount: Money
  readonly kind: WebSession['kind']
  readonly returnUrl: string | null
  readonly language: Language
  readonly clientIp: string
  readonly expiresInSeconds: number
  readonly description: string | null
  readonly customer: Readonly<Record<string, string>> | null
  readonly metadata: Readonly<Record<string, string>> | null
  readonly customerId: string | null
  /** The card that is typed is kept for the customer. */
  readonly keep: boolean
  /** The kept card that the page asks the customer to confirm, card_…. */
  readonly confirms: string | null
  readonly linkKey: RequestKey | null
}

export const createBody = Type.Object(
  {
    amountMinor: shape.minorAmount,
    currency: shape.currencyCode,
    order: Type.Optional(shape.line(64)),
    capture: Type.Optional(
      shape.oneOf(
        ['automatic', 'manual'] as const,
        '"automatic" or "manual"; automatic unless said',
      ),
    ),
    returnUrl: Type.Optional(shape.webAddress),
    ...onFileFields,
    description: Type.Optional(shape.line(200)),
    customer: Type.Optional(shape.customer),
    metadata: Type.Optional(shape.metadata),
    language: Type.Optional(shape.oneOf(['fr', 'ar', 'en'] as const, '"fr", "ar" or "en"')),
    expiresInSeconds: Type.Optional(
      Type.Integer({
        minimum: limits.sessionSecondsMin,
        maximum: limits.sessionSecondsMax,
        description: `a whole number from ${limits.sessionSecondsMin} to ${limits.sessionSecondsMax}`,
      }),
    ),
  },
  shape.closed,
)

export function readAmount(
  { amountMinor, currency }: { readonly amountMinor: string; readonly currency: string },
  site: Site,
): Result<Money, Refusal> {
  if (parseCurrency(currency) !== site.currency) {
    const message = `the site takes ${site.currency}`
    return fail({ code: 'currency_not_allowed', field: 'currency', message })
  }
  const amount = parseMinorAmount(amountMinor, site.currency)
  if (amount.ok) return amount
  const code = amount.error === 'too_large' ? 'amount_too_large' : 'amount_too_small'
  return fail({ code, field: 'amountMinor' })
}

export type Opened = {
  readonly order: WebOrder
  readonly token: string
  readonly session: WebSession
  /** What the API tells of it: null where the order was there before, and must be looked up. */
  readonly fresh: PaymentView | null
}

export type PageOpener = {
  readonly checkout: Checkout
  readonly sealer: Sealer
  readonly random: RandomBytes
  readonly businessDay: { current(): BusinessDate }
}

/** A page for the order, new or still open. What was decided about it already is said instead. */
export async function openPage(
  { checkout, sealer, random, businessDay }: PageOpener,
  wanted: NewPayment,
): Promise<Result<Opened, Refusal>> {
  const { site, reference, description, customer, metadata, customerId, linkKey } = wanted
  const { fanOut } = checkout.directory.merchant(site.merchant)
  const shardKey = shardKeyFor({ merchant: site.merchant, fanOut, routingKey: reference })
  const known = await checkout.store.order({ shardKey, site: site.id, reference })
  const refusal =
    known === undefined ? undefined : refusalOfState(await orderState(checkout, known))
  if (refusal !== undefined) return fail(refusal)
  const requestKey = requestKeyOf('order', site.id, reference)
  const businessDate = businessDay.current()
  // At midnight another may stamp the order first: an id with either date finds it.
  const payment = known?.id ?? paymentIdOf({ shardKey, businessDate, requestKey })
  const token = newSessionToken(shardKey, random)
  const place = placeOf(token)
  if (place === undefined) throw new Error('invariant broken: a new token has its place')
  const createdAt = checkout.clock.now()
  const session: WebSession = {
    ...place,
    gateway: wanted.gateway,
    site: site.id,
    reference,
    kind: wanted.kind,
    amount: wanted.amount,
    language: wanted.language,
    clientIp: wanted.clientIp,
    form: formOf({
      payment,
      returnUrl: wanted.returnUrl,
      ...(wanted.keep && customerId !== null ? { keepFor: customerId } : {}),
      ...(wanted.confirms === null ? {} : { card: wanted.confirms }),
    }),
    createdAt,
    expiresAt: new Date(createdAt.getTime() + wanted.expiresInSeconds * 1_000),
  }
  const pageSealed = sealer.seal(pageName(site.id, reference), token)
  const details = { description, customer, metadata, customerId, linkKey, pageSealed }
  const order = await checkout.store.open(session, details)
  const isNew = order.createdAt.getTime() === createdAt.getTime() && order.attempt === 1
  const fresh = isNew ? viewOf(order, wanted, { pageSealed, expiresAt: session.expiresAt }) : null
  return ok({ order, token, session, fresh })
}

/** A new order, of which nobody can have done anything yet. */
function viewOf(
  order: WebOrder,
  { description, customer, metadata, customerId }: NewPayment,
  page: { readonly pageSealed: Buffer; readonly expiresAt: Date },
): PaymentView {
  const key = parsePaymentId(order.id)
  if (key === undefined) throw new Error('invariant broken: an order has its id')
  return {
    shard_key: order.shardKey,
    site_id: order.site,
    reference: order.reference,
    order_key: key.requestKey,
    business_date: key.businessDate,
    kind: order.kind,
    amount_minor: order.amount.minor,
    currency: order.amount.currency,
    description,
    customer,
    metadata,
    customer_id: customerId,
    page_sealed: page.pageSealed,
    created_at: order.createdAt,
    expires_at: page.expiresAt,
    status: 'requires_action',
    ...noAttempt,
  }
}
