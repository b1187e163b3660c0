import type { Directory } from '../../../directory/index.ts'
import type { Clock, Timers } from '../../../kernel/clock.ts'
import { paymentIdOf, type PaymentKey } from '../../../kernel/ids.ts'
import { limits } from '../../../kernel/limits.ts'
import type { Log } from '../../../platform/log.ts'
import type {
  ChangeRefusal,
  Payment,
  Switch,
  Task,
  TaskResult,
  Unavailable,
} from '../../../switch/index.ts'
import {
  encodeForm,
  findField,
  readUrlencoded,
  textOf,
  type Field,
} from '../../../wire/nestpay/index.ts'
import type { CallMerchant } from '../checkout/merchant-call.ts'
import { outcomeOf } from '../checkout/outcome.ts'
import type { WebSession } from '../checkout/session.ts'
import type { CheckoutStore, Delivery } from '../checkout/store.ts'
import { answerOf, meaningOf } from './answer.ts'
import { resultFields } from './result-fields.ts'

export const callbackTopic = 'nestpay-callback'

export type CallbackOptions = {
  readonly switch: Pick<Switch, 'find' | 'capture'>
  readonly directory: Pick<Directory, 'site' | 'calendar'>
  readonly store: Pick<CheckoutStore, 'session' | 'deliveries' | 'recordDelivery'>
  readonly call: CallMerchant
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
  /** Counts each try by what came of it; one that is `refused` needs a person. */
  readonly observe?: ((delivery: Delivery) => void) | undefined
}

export const formOf = (session: WebSession): readonly Field[] => {
  // Not `parseForm`: percent escapes may have made of a body within the bound one beyond it.
  const read = readUrlencoded(session.form)
  if (!read.ok) throw new Error('invariant broken: a stored form was read once before')
  return read.value.map(({ field }) => field)
}

const isPassing = (error: ChangeRefusal | Unavailable): boolean =>
  error === 'overloaded' || error === 'stopping' || error === 'database_unavailable'

/** Tells merchants' servers what became of an attempt, until they acknowledge it [CMI §3, §4]. */
export class Callbacks {
  readonly #options: CallbackOptions
  /** Tries under way, by request key: browsers wait for the first one only. */
  readonly #underWay = new Map<string, { first: boolean; trying: Promise<TaskResult> }>()

  constructor(options: CallbackOptions) {
    this.#options = options
  }

  /**
   * Resolves when the first try ends, and never later than the bound. The switch begins that try
   * before it gives the outcome, so whoever comes later has nothing to wait for.
   */
  firstAnswer(payment: Payment): Promise<void> {
    const tried = this.#underWay.get(payment.sent.key.requestKey)
    if (tried?.first !== true) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = this.#options.timers.after(limits.callbackFirstAnswerMs, resolve)
      const end = (): void => {
        cancel()
        resolve()
      }
      tried.trying.then(end, end)
    })
  }

  /** Never two at once of one callback: whoever comes second gets the result of the first. */
  deliver(task: Task, key: PaymentKey, tries: number): Promise<TaskResult> {
    const current = this.#underWay.get(key.requestKey)
    if (current !== undefined) return current.trying
    const trying = this.#deliver(task, key).finally(() => {
      this.#underWay.delete(key.requestKey)
    })
    this.#underWay.set(key.requestKey, { first: tries === 0, trying })
    return trying
  }

  /** One try, as the switch's tasks call it: at once after the outcome, then as told here. */
  async #deliver(task: Task, key: PaymentKey): Promise<TaskResult> {
    const payment = await this.#options.switch.find(key)
    const digest = task.body['session']
    const session =
      digest === undefined
        ? undefined
        : await this.#options.store.session({ shardKey: key.shardKey, digest })
    if (payment?.sent.order === undefined || payment.sent.order === null || session === undefined) {
      this.#options.log.error({ payment: paymentIdOf(key) }, 'a callback without its order')
      return { done: true }
    }
    const { attempt } = payment.sent.order
    const { shardKey, site, reference } = session
    const tried = await this.#options.store.deliveries({ shardKey, site, reference, attempt })
    // The merchant has spoken, and what was to follow failed or its process died: not asked again,
    // because a shop may well answer FAILURE to what it has already booked.
    const said = tried.find(({ outcome }) => outcome !== 'unacknowledged')
    const tryNumber = tried.length + 1
    const delivery = said ?? (await this.#try(payment, session, { attempt, tryNumber }))
    return await this.#follow(payment, delivery)
  }

  async #try(
    payment: Payment,
    session: WebSession,
    { attempt, tryNumber }: { readonly attempt: number; readonly tryNumber: number },
  ): Promise<Delivery> {
    const { directory, store, call, clock } = this.#options
    const site = directory.site(session.site)
    if (site === undefined) throw new Error(`site ${session.site} has left the directory`)
    const form = formOf(session)
    const url = textOf(findField(form, 'callbackUrl')?.value ?? Buffer.alloc(0)).trim()
    const facts = { site, calendar: directory.calendar, clientIp: session.clientIp, form }
    const body = encodeForm(resultFields(payment, facts))
    const sentAt = clock.now()
    const startedMs = clock.monotonicMs()
    const answered = answerOf(await call(url, body))
    const delivery: Delivery = {
      shardKey: session.shardKey,
      site: session.site,
      reference: session.reference,
      attempt,
      tryNumber,
      paymentId: paymentIdOf(payment.sent.key),
      sentAt,
      durationMs: Math.round(clock.monotonicMs() - startedMs),
      urlHost: new URL(url).host,
      httpStatus: answered.httpStatus,
      answer: answered.kind,
      excerpt: answered.excerpt,
      outcome: meaningOf(answered.kind, outcomeOf(payment).outcome === 'approved'),
    }
    await store.recordDelivery(delivery)
    this.#options.observe?.(delivery)
    return delivery
  }

  /** What the answer makes of the payment. Capturing twice is impossible: it has one name. */
  async #follow(payment: Payment, delivery: Delivery): Promise<TaskResult> {
    const { log } = this.#options
    const facts = { payment: delivery.paymentId, site: delivery.site, answer: delivery.answer }
    if (delivery.outcome === 'refused') {
      log.error(facts, 'a merchant refused an approved payment: it is not captured')
      return { done: true }
    }
    if (delivery.outcome === 'unacknowledged') return this.#retry(delivery)
    const approved = outcomeOf(payment).outcome === 'approved'
    if (delivery.answer !== 'post_auth' || !approved || payment.sent.kind === 'purchase') {
      return { done: true }
    }
    const captured = await this.#options.switch.capture(delivery.paymentId, { name: 'postauth' })
    if (captured.ok || captured.error === 'wrong_state') return { done: true }
    log.error({ ...facts, reason: captured.error }, 'a capture that a merchant asked for failed')
    return isPassing(captured.error) ? { retryInMs: limits.callbackRetryMinMs } : { done: true }
  }

  #retry(delivery: Delivery): TaskResult {
    if (delivery.tryNumber >= limits.callbackTriesMax) {
      const { paymentId: payment, site } = delivery
      this.#options.log.error({ payment, site }, 'a merchant never acknowledged a callback')
      return { done: true }
    }
    const doubled = limits.callbackRetryMinMs * 2 ** (delivery.tryNumber - 1)
    return { retryInMs: Math.min(doubled, limits.callbackRetryMaxMs) }
  }
}
