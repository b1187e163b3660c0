import type { PurgePage } from '../../../switch/index.ts'
import { orderState, type OrderStateSource } from './order-state.ts'
import type { CheckoutStore } from './store.ts'

export type OrdersToSettle = OrderStateSource & {
  readonly store: Pick<CheckoutStore, 'behind' | 'advance' | 'markPaid'>
}

/**
 * An order is healed when it is next looked at, from the request that its attempt was. Before old
 * requests are deleted every order is therefore looked at that missed an outcome (a crash between
 * the outcome and the order's own row): a paid order must be final for ever.
 */
export async function settleOrders(source: OrdersToSettle, page: PurgePage): Promise<void> {
  for (;;) {
    const orders = await source.store.behind(page)
    for (const order of orders) await orderState(source, order)
    if (orders.length < page.limit) return
  }
}
