import type { Log } from '../../../platform/log.ts'
import type { Payment, Switch, Task, TaskHandler, Tasks } from '../../../switch/index.ts'
import { siteOf, type Checkout } from './pay.ts'

const topic = 'recovered-attempt'

/**
 * What a request wanted done after its outcome died with the process that had sent it. Recovery
 * declines such a payment, and the merchant is told so as of any other decline: a merchant's server
 * that waits for a callback gets one [CMI §3].
 */
export function followRecovered(
  tasks: Pick<Tasks, 'handle' | 'follow'>,
  checkout: Checkout,
  { switch: theSwitch, log }: { readonly switch: Pick<Switch, 'find'>; readonly log: Log },
): void {
  tasks.follow((payment, change) =>
    change === 'recovered' && payment.sent.order !== null
      ? [{ topic, name: 'outcome', body: {}, delayMs: 0 }]
      : [],
  )
  const handler: TaskHandler = async (_task, key) => {
    const payment = await theSwitch.find(key)
    if (payment === undefined) {
      log.error({}, 'a recovered attempt without its payment')
      return { done: true }
    }
    return { done: true, followedBy: await tasksOf(checkout, payment) }
  }
  tasks.handle(topic, handler)
}

async function tasksOf(checkout: Checkout, payment: Payment): Promise<readonly Task[]> {
  const { order, site, key } = payment.sent
  if (order === null || site === null) return []
  const { shardKey } = key
  const { reference, attempt } = order
  const digest = await checkout.store.claimant({ shardKey, site, reference, attempt })
  const session =
    digest === undefined ? undefined : await checkout.store.session({ shardKey, digest })
  if (session === undefined) return []
  return checkout.gateways[session.gateway].tasks(siteOf(checkout, session), session, payment)
}
