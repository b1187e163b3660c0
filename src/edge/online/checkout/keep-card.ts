import type { Log } from '../../../platform/log.ts'
import type { Payment, Switch, Task, TaskHandler, Tasks } from '../../../switch/index.ts'
import { customerIdOf, parseCustomerId, type CardsOnFile, type Place } from './card-on-file.ts'
import { outcomeOf } from './outcome.ts'

const topic = 'keep-card'

/**
 * Of a payment by which a cardholder lets the merchant keep the card, once its bank approved it. The
 * customer may live in another bucket than the payment: so it is a task, durable with the approval.
 */
export function keepCardTask(payment: Payment, customer: Place): readonly Task[] {
  if (payment.sent.onFile?.use !== 'first' || outcomeOf(payment).outcome !== 'approved') return []
  return [{ topic, name: 'card', body: { customer: customerIdOf(customer) }, delayMs: 0 }]
}

/** The task again, before anybody is told of the approval: whoever asks then finds the card. */
export async function keepCardNow(
  cards: CardsOnFile,
  payment: Payment,
  customer: Place,
): Promise<void> {
  if (keepCardTask(payment, customer).length === 0) return
  // The task does it where this could not.
  await cards.keep(payment, customer).catch(() => undefined)
}

export function handleKeepCard(
  tasks: Pick<Tasks, 'handle'>,
  {
    cards,
    switch: theSwitch,
    log,
  }: {
    readonly cards: CardsOnFile
    readonly switch: Pick<Switch, 'find'>
    readonly log: Log
  },
): void {
  const handler: TaskHandler = async (task, key) => {
    const customer = parseCustomerId(task.body['customer'] ?? '')
    const payment = await theSwitch.find(key)
    if (payment === undefined || customer === undefined) {
      log.error({}, 'a card to be kept without its payment or its customer')
      return { done: true }
    }
    await cards.keep(payment, customer)
    return { done: true }
  }
  tasks.handle(topic, handler)
}
