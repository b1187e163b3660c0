import type { PurgePage } from '../../../switch/index.ts'
import { orderState, type OrderStateSource } from './order-state.ts'
import type { CheckoutStore } from './store.ts'

export type OrdersToSettle = OrderStateSource & {
  readonly store: Pick<CheckoutStore, 'behind' | 'advance' | 'markPaid' | 'forgetSessions'>
}

/**
 * An order is healed when it is next looked at, from the request that its attempt was. Before old
 * requests are deleted every order is therefore looked at that missed an outcome (a crash between
 * the outcome and the order's own row): a paid order must be final for ever. Then the forms of sessions
 * that were over before that date go, with what they say of their buyers.
 */
export async function settleOrders(source: OrdersToSettle, page: PurgePage): Promise<void> {
  for (;;) {
    const orders = await source.store.behind(page)
    for (const order of orders) await orderState(source, order)
    if (orders.length < page.limit) break
  }
  while ((await source.store.forgetSessions(page)) === page.limit);
}
