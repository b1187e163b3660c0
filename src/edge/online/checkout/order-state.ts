import { limits } from '../../../kernel/limits.ts'
import {
  parsePaymentId,
  paymentIdOf,
  requestKeyOf,
  type PaymentId,
  type RequestKey,
} from '../../../kernel/ids.ts'
import type { Clock } from '../../../kernel/clock.ts'
import type { Payment, Switch } from '../../../switch/index.ts'
import { outcomeOf } from './outcome.ts'
import type { AttemptName, CheckoutStore, WebOrder } from './store.ts'

/** Where an order stands. `undone`: it was approved, then voided or its hold expired. */
export type OrderState =
  | { readonly at: 'open'; readonly attempt: number; readonly lastDecline: Payment | null }
  | { readonly at: 'pending'; readonly attempt: number }
  | { readonly at: 'paid'; readonly payment: Payment }
  | { readonly at: 'undone'; readonly payment: Payment }
  | { readonly at: 'exhausted'; readonly lastDecline: Payment }

/** The parts that make one attempt at an order unique, whoever posts it and how often. */
export const duplicateKeyOf = ({ site, reference, attempt }: AttemptName): readonly string[] => [
  'web',
  site,
  reference,
  String(attempt),
]

export const requestKeyFor = (name: AttemptName): RequestKey =>
  requestKeyOf(...duplicateKeyOf(name))

export type OrderStateSource = {
  readonly switch: Pick<Switch, 'find' | 'findByRequest'>
  readonly store: Pick<CheckoutStore, 'advance' | 'markPaid'>
  readonly clock: Clock
}

/**
 * Derived from the tranlog each time: the order's row only remembers how far that was seen. So a
 * crash between an outcome and the row's update heals here.
 */
export async function orderState(source: OrderStateSource, order: WebOrder): Promise<OrderState> {
  if (order.paidBy !== null) return finalState(await findPaid(source, order.paidBy))
  let attempt = order.attempt
  let lastDecline: Payment | null = null
  for (;;) {
    const found = await source.switch.findByRequest(
      order.shardKey,
      requestKeyFor({ ...order, attempt }),
    )
    if (!('sent' in found)) {
      if (found.status === 'pending') return { at: 'pending', attempt }
      lastDecline ??= await declineBefore(source, order, attempt)
      return { at: 'open', attempt, lastDecline }
    }
    if (outcomeOf(found).outcome !== 'declined') {
      await source.store.markPaid(order, paymentIdOf(found.sent.key), source.clock.now())
      return finalState(found)
    }
    if (attempt >= limits.attemptsPerOrderMax) return { at: 'exhausted', lastDecline: found }
    await source.store.advance({ ...order, attempt }, source.clock.now())
    lastDecline = found
    attempt += 1
  }
}

const finalState = (payment: Payment): OrderState =>
  outcomeOf(payment).outcome === 'undone' ? { at: 'undone', payment } : { at: 'paid', payment }

/** A paid order is never open again, whatever cannot be read. */
async function findPaid(source: OrderStateSource, id: PaymentId): Promise<Payment> {
  const key = parsePaymentId(id)
  const payment = key === undefined ? undefined : await source.switch.find(key)
  if (payment === undefined) throw new Error(`the payment ${id} of a paid order is not to be found`)
  return payment
}

/** The reason to show above the card form; null where the attempt before is long gone. */
async function declineBefore(
  source: OrderStateSource,
  order: WebOrder,
  attempt: number,
): Promise<Payment | null> {
  if (attempt === 1) return null
  const found = await source.switch.findByRequest(
    order.shardKey,
    requestKeyFor({ ...order, attempt: attempt - 1 }),
  )
  return 'sent' in found ? found : null
}
