import { shardKeyFor } from '../../../../kernel/bucket.ts'
import { parsePaymentId, requestKeyOf, type PaymentKey } from '../../../../kernel/ids.ts'
import type { Clock } from '../../../../kernel/clock.ts'
import { fail, ok, type Result } from '../../../../kernel/result.ts'
import type { Directory, Site } from '../../../../directory/index.ts'
import type { Queryable } from '../../../../platform/postgres/database.ts'
import type { Switch } from '../../../../switch/index.ts'
import type { Sealer } from '../../../../vault/index.ts'
import type { Caller } from '../access.ts'
import type { Refusal } from '../errors.ts'
import { selectView, type PaymentView } from './view.ts'

export type PaymentSource = {
  readonly database: Queryable
  readonly switch: Switch
  readonly directory: Directory
  readonly sealer: Sealer
  readonly clock: Clock
}

/** By the id that creation gave, or by the id of any attempt. Another site's is not found. */
export async function findView(
  source: PaymentSource,
  caller: Caller,
  id: string,
): Promise<Result<PaymentView, Refusal>> {
  const key = parsePaymentId(id)
  const view = key === undefined ? undefined : await viewAt(source, key)
  if (view === undefined || !maySee(caller, view.site_id)) return fail({ code: 'not_found' })
  return ok(view)
}

/** An order by its own key; else the order that a payment of this key is an attempt at. */
async function viewAt(source: PaymentSource, key: PaymentKey): Promise<PaymentView | undefined> {
  const { shardKey } = key
  const now = source.clock.now()
  const view = await selectView(source.database, { shardKey, orderKey: key.requestKey }, now)
  if (view !== undefined) return view
  const attempt = await source.switch.find(key)
  const { site, order } = attempt?.sent ?? { site: null, order: null }
  if (site === null || order === null) return undefined
  const orderKey = requestKeyOf('order', site, order.reference)
  return await selectView(source.database, { shardKey, orderKey }, now)
}

/** By the merchant's own reference. */
export async function viewOfOrder(
  { database, directory, clock }: PaymentSource,
  site: Site,
  reference: string,
): Promise<PaymentView | undefined> {
  const { merchant, id } = site
  const { fanOut } = directory.merchant(merchant)
  const shardKey = shardKeyFor({ merchant, fanOut, routingKey: reference })
  const orderKey = requestKeyOf('order', id, reference)
  return await selectView(database, { shardKey, orderKey }, clock.now())
}

export const maySee = (caller: Caller, site: string): boolean =>
  caller.kind === 'operator' || caller.site.id === site
