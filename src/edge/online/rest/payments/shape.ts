import { paymentIdOf, type PaymentId } from '../../../../kernel/ids.ts'
import type { Sealer } from '../../../../vault/index.ts'
import { isByMerchant } from '../../checkout/card-on-file.ts'
import { english } from '../../page/texts-en.ts'
import type { PaymentBody } from '../shapes.ts'
import type { PaymentView } from './view.ts'

/** The name under which the address of an order's page is sealed. */
export const pageName = (site: string, reference: string): string =>
  `payment-page/${site}/${reference}`

export const viewId = (view: PaymentView): PaymentId =>
  paymentIdOf({
    shardKey: view.shard_key,
    businessDate: view.business_date,
    requestKey: view.order_key,
  })

/** The attempt that was approved, by its own id; undefined while there is none. */
export function paidAttempt(view: PaymentView): PaymentId | undefined {
  if (!view.p_approved || view.p_key === null || view.p_date === null) return undefined
  return paymentIdOf({
    shardKey: view.shard_key,
    businessDate: view.p_date,
    requestKey: view.p_key,
  })
}

/** A payment as the API tells it. */
export function shown(view: PaymentView, page: { baseUrl: string; sealer: Sealer }): PaymentBody {
  const id = viewId(view)
  const { status } = view
  const kind = view.p_approved ? view.p_kind : view.kind
  const due = status === 'captured' || status === 'refunded'
  return {
    id,
    object: 'payment',
    status,
    amountMinor: String(view.p_approved ? view.p_amount_minor : view.amount_minor),
    capturedMinor: String(due ? (view.p_captured_minor ?? 0n) : 0n),
    refundedMinor: String(due ? (view.p_refunded_minor ?? 0n) : 0n),
    currency: view.currency,
    order: view.reference,
    capture: kind === 'preauthorization' ? 'manual' : 'automatic',
    site: view.site_id,
    description: view.description,
    customer: view.customer,
    customerId: view.customer_id,
    metadata: view.metadata,
    initiator: isOfMerchant(view.p_on_file) ? 'merchant' : 'customer',
    pageUrl: pageUrl(view, page),
    card: cardOf(view),
    decline: view.p_approved ? null : declineOf(view),
    createdAt: view.created_at.toISOString(),
    expiresAt: view.expires_at.toISOString(),
    // An operation counts on the date of its payment, which may be a day after its order's.
    businessDate: (view.p_approved ? view.p_date : null) ?? view.business_date,
  }
}

const isOfMerchant = (use: PaymentView['p_on_file']): boolean =>
  use !== null && isByMerchant({ use })

function pageUrl(
  view: PaymentView,
  { baseUrl, sealer }: { readonly baseUrl: string; readonly sealer: Sealer },
): string | null {
  if (view.status !== 'requires_action' || view.page_sealed === null) return null
  const token = sealer.open(pageName(view.site_id, view.reference), view.page_sealed)
  return token === undefined ? null : `${baseUrl}/pay/${token}`
}

function cardOf(view: PaymentView): PaymentBody['card'] {
  const { p_card_brand: brand, p_card_masked: masked, p_card_origin: origin } = view
  const expiry = view.p_card_expiry
  if (brand === null || masked === null || origin === null || expiry === null) return null
  const expMonth = Number(expiry.slice(2, 4))
  return { brand, masked, origin, expMonth, expYear: 2000 + Number(expiry.slice(0, 2)) }
}

function declineOf(view: PaymentView): PaymentBody['decline'] {
  if (view.p_state === null) return null
  const code = view.p_decline_reason ?? 'other'
  return { code, message: english.reasons[code] }
}
