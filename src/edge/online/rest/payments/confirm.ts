import { Type } from '@sinclair/typebox'
import { fail, ok, type Result } from '../../../../kernel/result.ts'
import type { CardOnFile, MerchantReason } from '../../checkout/card-on-file.ts'
import type { CardTokenRefusal, CardTokens } from '../../checkout/card-tokens.ts'
import { orderState, type OrderState } from '../../checkout/order-state.ts'
import { orderOf, pay, type Checkout, type PayResult } from '../../checkout/pay.ts'
import { isOver, placeOf, type WebSession } from '../../checkout/session.ts'
import type { Caller } from '../access.ts'
import type { ErrorCode, Refusal } from '../errors.ts'
import * as shape from '../shapes.ts'
import { findView, type PaymentSource } from './lookup.ts'
import { pageName } from './shape.ts'

export type Confirmer = { readonly checkout: Checkout; readonly tokens: CardTokens }

const source = Type.String({
  pattern: '^tok_[A-Za-z0-9_-]{24}$',
  description: 'a token of a card, tok_…, as the frame of /elements.js gives it',
})

export const confirmBody = Type.Object({ source }, shape.closed)

export const confirmErrors: readonly ErrorCode[] = [
  'token_unknown',
  'token_used',
  'token_expired',
  'too_many_declines',
  'order_already_paid',
  'order_closed',
  'order_processing',
]

const tokenErrors: Readonly<Record<CardTokenRefusal, ErrorCode>> = {
  unknown: 'token_unknown',
  used: 'token_used',
  expired: 'token_expired',
}

/** What is said of an order that takes no card now; undefined while it takes one. */
export function refusalOfState(state: OrderState): Refusal | undefined {
  switch (state.at) {
    case 'open':
      return undefined
    case 'pending':
      return { code: 'order_processing', field: 'order' }
    case 'paid':
      return { code: 'order_already_paid', field: 'order' }
    case 'undone':
    case 'exhausted':
      return { code: 'order_closed', field: 'order' }
  }
}

/**
 * A token's card for the order's current attempt, by the same steps as a card of the page. A decline
 * is no refusal: the payment tells it.
 */
export async function payByToken(
  { checkout, tokens }: Confirmer,
  session: WebSession,
  token: string,
): Promise<Result<'decided', Refusal>> {
  const attempt = await openAttempt(checkout, session)
  if (!attempt.ok) return attempt
  const { site, reference } = session
  const lent = tokens.lend(site, token, `${reference}/${attempt.value}`)
  if (!lent.ok) return fail({ code: tokenErrors[lent.error], field: 'source' })
  const { card, payerAddress } = lent.value.held
  try {
    const result = await pay(checkout, session, { attempt: attempt.value, card }, payerAddress)
    if (result.kind === 'decided') lent.value.spend()
    return told(result)
  } finally {
    // Nothing of a token that was spent is left to give back.
    lent.value.giveBack()
  }
}

/** The attempt that the order waits for. */
async function openAttempt(
  checkout: Checkout,
  session: WebSession,
): Promise<Result<number, Refusal>> {
  const order = await orderOf(checkout, session)
  const state = await orderState(checkout, order)
  if (state.at !== 'open') return fail(refusalOfState(state) ?? { code: 'wrong_state' })
  return isOver(session, order, checkout.clock.now()) ? fail(over) : ok(state.attempt)
}

/** A kept card, charged by its merchant: its holder is not there, and no code is known. */
export async function payByMerchant(
  checkout: Checkout,
  session: WebSession,
  { card, reason }: { readonly card: CardOnFile; readonly reason: MerchantReason },
): Promise<Result<'decided', Refusal>> {
  const attempt = await openAttempt(checkout, session)
  if (!attempt.ok) return attempt
  const { token, expiry, firstReference } = card
  const pan = token === null ? undefined : await checkout.vault.reveal(token)
  if (pan === undefined) return fail({ code: 'card_removed', field: 'source' })
  const onFile = { use: reason, firstReference }
  return told(
    await pay(checkout, session, { attempt: attempt.value, card: { pan, expiry }, onFile }),
  )
}

const over: Refusal = {
  code: 'wrong_state',
  message: 'the time to pay is over: create the payment again',
}

function told(result: PayResult): Result<'decided', Refusal> {
  switch (result.kind) {
    case 'decided':
      return ok('decided')
    case 'elsewhere':
      return fail(refusalOfState(result.state) ?? { code: 'order_processing', field: 'order' })
    case 'unavailable':
      return fail({ code: 'unavailable' })
    case 'too_many':
      return fail({ code: 'too_many_declines' })
  }
}

/** By the payment's id: with the page that was opened for it last. */
export async function confirm(
  options: PaymentSource & Confirmer,
  caller: Caller,
  { id, token }: { readonly id: string; readonly token: string },
): Promise<Result<'decided', Refusal>> {
  const view = await findView(options, caller, id)
  if (!view.ok) return view
  const { site_id: site, reference, page_sealed: sealed } = view.value
  const page = sealed === null ? undefined : options.sealer.open(pageName(site, reference), sealed)
  const place = page === undefined ? undefined : placeOf(page)
  const session = place === undefined ? undefined : await options.checkout.store.session(place)
  if (session === undefined) {
    const message = 'the order came through a gateway, whose page takes its card'
    return fail({ code: 'wrong_state', message })
  }
  return await payByToken(options, session, token)
}
