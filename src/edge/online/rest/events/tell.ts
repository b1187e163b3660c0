import { requestKeyOf } from '../../../../kernel/ids.ts'
import type { Log } from '../../../../platform/log.ts'
import type { Payment, Task, TaskHandler, Tasks } from '../../../../switch/index.ts'
import { outcomeOf } from '../../checkout/outcome.ts'
import { english } from '../../page/texts-en.ts'
import type { PaymentSource } from '../payments/lookup.ts'
import { shown } from '../payments/shape.ts'
import { selectOrderView } from '../payments/view.ts'
import type { PaymentBody } from '../shapes.ts'
import { eventFollowUps, eventKeyOf, eventTopic, factsOf, type EventFacts } from './event.ts'
import { insertEvent, type EventRow } from './sql.ts'

export type EventsOptions = PaymentSource & {
  readonly tasks: Tasks
  readonly log: Log
  /** The work of sending an event to each endpoint that wants it. */
  readonly sendings: (event: EventRow) => Promise<readonly Task[]>
}

/** Every change of a site's payment becomes an event, once, and is sent to whoever wants it. */
export function tellEvents(options: EventsOptions): void {
  const handler: TaskHandler = async (task, key, _tries, known) => {
    const { database, clock, log } = options
    const payment = known ?? (await options.switch.find(key))
    const { site, order } = payment?.sent ?? { site: null, order: null }
    if (payment === undefined || site === null || order === null) return { done: true }
    const facts = factsOf(task)
    const data = await dataOf(options, payment, facts)
    if (data === undefined) {
      log.error({ site }, 'an event of a payment without its order')
      return { done: true }
    }
    const event: EventRow = {
      shard_key: key.shardKey,
      event_key: eventKeyOf(key.requestKey, facts.version),
      site_id: site,
      type: facts.type,
      payment_date: key.businessDate,
      request_key: key.requestKey,
      data,
      occurred_at: facts.occurredAt,
      created_at: clock.now(),
    }
    await insertEvent(database, event)
    return { done: true, followedBy: await options.sendings(event) }
  }
  options.tasks.handle(eventTopic, handler)
  options.tasks.follow(eventFollowUps)
}

/** The payment as it was at that version: what does not change from the rows, the rest from facts. */
async function dataOf(
  { database, sealer }: PaymentSource,
  payment: Payment,
  { status, capturedMinor, refundedMinor }: EventFacts,
): Promise<PaymentBody | undefined> {
  const { sent } = payment
  if (sent.site === null || sent.order === null) return undefined
  const orderKey = requestKeyOf('order', sent.site, sent.order.reference)
  const place = { shardKey: sent.key.shardKey, orderKey }
  const view = await selectOrderView(database, place)
  if (view === undefined) return undefined
  const outcome = outcomeOf(payment)
  return {
    ...shown({ ...view, p_on_file: sent.onFile?.use ?? null }, { baseUrl: '', sealer }),
    status,
    amountMinor: sent.amount.minor.toString(),
    capturedMinor,
    refundedMinor,
    capture: sent.kind === 'preauthorization' ? 'manual' : 'automatic',
    // The address of the page is a secret between the site and its customer.
    pageUrl: null,
    card: {
      brand: sent.card.brand,
      masked: sent.card.masked,
      origin: sent.card.origin,
      expMonth: Number(sent.card.expiry.slice(2, 4)),
      expYear: 2000 + Number(sent.card.expiry.slice(0, 2)),
    },
    decline:
      outcome.outcome === 'declined'
        ? { code: outcome.reason, message: english.reasons[outcome.reason] }
        : null,
    businessDate: sent.key.businessDate,
  }
}
