import { paymentIdOf } from '../../../kernel/ids.ts'
import type { Site } from '../../../directory/index.ts'
import type { Log } from '../../../platform/log.ts'
import type { Payment, Switch, Task, TaskHandler, Tasks } from '../../../switch/index.ts'
import { outcomeOf } from './outcome.ts'

export const holdExpiryTopic = 'hold-expiry'

const retryInMs = 30_000

/** An approved pre-authorization is released when nobody captured it while the hold was valid. */
export function holdExpiryTask(site: Site, payment: Payment): readonly Task[] {
  if (payment.sent.kind !== 'preauthorization') return []
  if (outcomeOf(payment).outcome !== 'approved') return []
  return [{ topic: holdExpiryTopic, name: 'hold', body: {}, delayMs: site.holdValidityMs }]
}

export function handleHoldExpiry(
  tasks: Pick<Tasks, 'handle'>,
  { switch: theSwitch, log }: { readonly switch: Switch; readonly log: Log },
): void {
  const handler: TaskHandler = async (_task, key) => {
    const payment = await theSwitch.find(key)
    if (payment?.status.state !== 'approved') return { done: true }
    const voided = await theSwitch.void(paymentIdOf(key), { cause: 'hold_expired' })
    if (voided.ok || voided.error === 'wrong_state') return { done: true }
    log.warn(
      { payment: paymentIdOf(key), reason: voided.error },
      'a hold could not be released yet',
    )
    return { retryInMs }
  }
  tasks.handle(holdExpiryTopic, handler)
}
