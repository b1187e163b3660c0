import { shardKeyFor } from '../../../../kernel/bucket.ts'
import { limits } from '../../../../kernel/limits.ts'
import { fail, ok, type Result } from '../../../../kernel/result.ts'
import type { Site } from '../../../../directory/index.ts'
import type { Payment } from '../../../../switch/index.ts'
import { orderState, requestKeyFor, type OrderState } from '../../checkout/order-state.ts'
import type { Checkout } from '../../checkout/pay.ts'
import type { OrderName } from '../../checkout/store.ts'
import { parseTransId } from '../trans-id.ts'
import { missing, notFound, underWay, wrongState, type ApiRefusal } from './refusal.ts'
import type { ApiRequest } from './request.ts'

/** Where a site's order is, whether it was ever opened or not. */
export function orderNameOf(checkout: Checkout, site: Site, reference: string): OrderName {
  const { fanOut } = checkout.directory.merchant(site.merchant)
  const shardKey = shardKeyFor({ merchant: site.merchant, fanOut, routingKey: reference })
  return { shardKey, site: site.id, reference }
}

export type NamedPayment = {
  readonly payment: Payment
  /** The change that the TransId names; null where it, or the OrderId, names the payment. */
  readonly version: number | null
}

/** The approved payment that a request names by TransId, which wins, or by OrderId [CMI §5]. */
export async function namedPayment(
  checkout: Checkout,
  site: Site,
  request: ApiRequest,
): Promise<Result<NamedPayment, ApiRefusal>> {
  const transId = request.text('TransId')
  if (transId !== '') {
    const found = await byTransId(checkout, site, transId)
    return found === undefined ? fail(notFound('this TransId')) : ok(found)
  }
  const reference = request.text('OrderId')
  if (reference === '') return fail(missing('OrderId'))
  const order = await checkout.store.order(orderNameOf(checkout, site, reference))
  if (order === undefined) return fail(notFound(reference))
  const state = await orderState(checkout, order)
  switch (state.at) {
    case 'paid':
    case 'undone':
      return ok({ payment: state.payment, version: null })
    case 'pending':
      return fail(underWay)
    case 'open':
    case 'exhausted':
      return fail(
        state.lastDecline === null
          ? notFound(reference)
          : wrongState(`The order ${reference} was not approved`),
      )
  }
}

async function byTransId(
  checkout: Checkout,
  site: Site,
  transId: string,
): Promise<NamedPayment | undefined> {
  const named = parseTransId(transId)
  const payment = named && (await checkout.switch.find(named.key))
  // Another site's payment is answered like one that never was.
  if (payment === undefined || payment.sent.site !== site.id) return undefined
  return { payment, version: named?.version ?? null }
}

/** Every attempt at an order whose outcome is known, oldest first. */
export async function attemptsAt(
  checkout: Checkout,
  site: Site,
  reference: string,
): Promise<{ readonly payments: readonly Payment[]; readonly pending: boolean }> {
  const name = orderNameOf(checkout, site, reference)
  const order = await checkout.store.order(name)
  if (order === undefined) return { payments: [], pending: false }
  const state = await orderState(checkout, order)
  const payments: Payment[] = []
  for (let attempt = 1; attempt <= lastAttempt(state); attempt++) {
    const key = requestKeyFor({ ...name, attempt })
    const found = await checkout.switch.findByRequest(name.shardKey, key)
    if ('sent' in found) payments.push(found)
  }
  // The check of duplicates is kept for some weeks, a paid order's payment for ever.
  const last = 'payment' in state ? state.payment : undefined
  if (last !== undefined && payments.at(-1)?.sent.key.requestKey !== last.sent.key.requestKey) {
    payments.push(last)
  }
  return { payments, pending: state.at === 'pending' }
}

function lastAttempt(state: OrderState): number {
  switch (state.at) {
    case 'open':
    case 'pending':
      return state.attempt
    case 'paid':
    case 'undone':
      return state.payment.sent.order?.attempt ?? 1
    case 'exhausted':
      return limits.attemptsPerOrderMax
  }
}
