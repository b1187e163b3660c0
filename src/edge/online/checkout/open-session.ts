import { shardKeyFor } from '../../../kernel/bucket.ts'
import type { RandomBytes } from '../../../kernel/clock.ts'
import type { Money } from '../../../kernel/money.ts'
import type { Site } from '../../../directory/index.ts'
import { encodeForm, type Field } from '../../../wire/nestpay/index.ts'
import { closedPage } from '../page/message-page.ts'
import type { Page } from '../page/layout.ts'
import { orderState } from './order-state.ts'
import type { Checkout } from './pay.ts'
import { newSessionToken, placeOf, type GatewayName, type WebSession } from './session.ts'

/** What any merchant's form comes to once its gateway has accepted it. */
export type AcceptedForm = {
  readonly gateway: GatewayName
  readonly site: Site
  /** Empty when the centre is to make one. */
  readonly reference: string
  readonly kind: WebSession['kind']
  readonly amount: Money
  readonly language: WebSession['language']
  readonly sessionSeconds: number
  readonly clientIp: string
  readonly fields: readonly Field[]
}

/** `closed`: what is shown in place of a card form, where the order is final already. */
export type Opened = { readonly path: string; readonly closed: Page | null }

/** Stores the session, and the order if it is new. */
export async function openSession(
  checkout: Checkout,
  random: RandomBytes,
  form: AcceptedForm,
): Promise<Opened> {
  const { site } = form
  const reference = form.reference === '' ? `M${random(8).toString('hex')}` : form.reference
  const { fanOut } = checkout.directory.merchant(site.merchant)
  const shardKey = shardKeyFor({ merchant: site.merchant, fanOut, routingKey: reference })
  const token = newSessionToken(shardKey, random)
  const place = placeOf(token)
  if (place === undefined) throw new Error('invariant broken: a new token has its place')
  const now = checkout.clock.now()
  const session: WebSession = {
    ...place,
    gateway: form.gateway,
    site: site.id,
    reference,
    kind: form.kind,
    amount: form.amount,
    language: form.language,
    clientIp: form.clientIp,
    form: Buffer.from(encodeForm(form.fields), 'latin1'),
    createdAt: now,
    expiresAt: new Date(now.getTime() + form.sessionSeconds * 1_000),
  }
  const state = await orderState(checkout, await checkout.store.open(session))
  const path = `/pay/${token}`
  if (state.at !== 'paid' && state.at !== 'undone') return { path, closed: null }
  const shopUrl = checkout.gateways[form.gateway].shopUrl(session)
  const { language } = session
  const { amount } = state.payment.sent
  const shown = { merchant: site.name, reference, amount, language, shopUrl }
  return { path, closed: closedPage(shown, state.at) }
}
