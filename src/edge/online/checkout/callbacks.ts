import type { Directory, Site } from '../../../directory/index.ts'
import type { Clock, Timers } from '../../../kernel/clock.ts'
import { paymentIdOf, type PaymentKey } from '../../../kernel/ids.ts'
import { limits } from '../../../kernel/limits.ts'
import type { Result } from '../../../kernel/result.ts'
import type { Log } from '../../../platform/log.ts'
import type {
  ChangeRefusal,
  Payment,
  Switch,
  Task,
  TaskResult,
  Unavailable,
} from '../../../switch/index.ts'
import type { CallError, CallMerchant, MerchantAnswer } from './merchant-call.ts'
import { outcomeOf } from './outcome.ts'
import type { WebSession } from './session.ts'
import type { Answered, CheckoutStore, Delivery } from './store.ts'

/** What a merchant's word makes of an approved payment. */
export type FollowUp = 'capture' | 'void' | 'nothing'

/** How one gateway tells a merchant's server an outcome, and reads what it says to it. */
export type CallbackDialect = {
  /** Of the tasks that carry its callbacks; one per dialect. */
  readonly topic: string
  /** Null where there is nothing to tell any more. */
  call(
    site: Site,
    session: WebSession,
    payment: Payment,
  ): { readonly url: string; readonly body: string } | null
  read(result: Result<MerchantAnswer, CallError>, session: WebSession): Answered
  meaningOf(answer: Answered['kind'], approved: boolean): Delivery['outcome']
  /** `delivery` undefined: nothing that the merchant said was an answer, to the last try. */
  followUp(delivery: Delivery | undefined): FollowUp
}

export type CallbackOptions = {
  readonly dialect: CallbackDialect
  readonly switch: Pick<Switch, 'find' | 'capture' | 'void'>
  readonly directory: Pick<Directory, 'site'>
  readonly store: Pick<CheckoutStore, 'session' | 'deliveries' | 'recordDelivery'>
  readonly call: CallMerchant
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
  /** Counts each try by what came of it; one that is `refused` needs a person. */
  readonly observe?: ((delivery: Delivery) => void) | undefined
}

/** The task that tells the outcome of an attempt made with this session's form. */
export const callbackTask = (topic: string, session: WebSession, payment: Payment): Task => ({
  topic,
  name: String(payment.sent.order?.attempt ?? 1),
  body: { session: session.digest },
  delayMs: 0,
})

const isPassing = (error: ChangeRefusal | Unavailable): boolean =>
  error === 'overloaded' || error === 'stopping' || error === 'database_unavailable'

/** Tells merchants' servers what became of an attempt, until they acknowledge it. */
export class Callbacks {
  readonly #options: CallbackOptions
  /** Tries under way, by request key: browsers wait for the first one only. */
  readonly #underWay = new Map<string, { first: boolean; trying: Promise<TaskResult> }>()

  constructor(options: CallbackOptions) {
    this.#options = options
  }

  /** Of its tasks. */
  get topic(): string {
    return this.#options.dialect.topic
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
  deliver(task: Task, key: PaymentKey, tries: number, known?: Payment): Promise<TaskResult> {
    const current = this.#underWay.get(key.requestKey)
    if (current !== undefined) return current.trying
    const trying = this.#deliver(task, key, known).finally(() => {
      this.#underWay.delete(key.requestKey)
    })
    this.#underWay.set(key.requestKey, { first: tries === 0, trying })
    return trying
  }

  /** One try, as the switch's tasks call it: at once after the outcome, then as told here. */
  async #deliver(task: Task, key: PaymentKey, known?: Payment): Promise<TaskResult> {
    const payment = known ?? (await this.#options.switch.find(key))
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
    if (delivery === null) return { done: true }
    return await this.#follow(payment, delivery)
  }

  async #try(
    payment: Payment,
    session: WebSession,
    { attempt, tryNumber }: { readonly attempt: number; readonly tryNumber: number },
  ): Promise<Delivery | null> {
    const { dialect, directory, store, call, clock } = this.#options
    const site = directory.site(session.site)
    if (site === undefined) throw new Error(`site ${session.site} has left the directory`)
    const due = dialect.call(site, session, payment)
    if (due === null) return null
    const sentAt = clock.now()
    const startedMs = clock.monotonicMs()
    const answered = dialect.read(await call(due.url, due.body), session)
    const delivery: Delivery = {
      shardKey: session.shardKey,
      site: session.site,
      reference: session.reference,
      attempt,
      tryNumber,
      paymentId: paymentIdOf(payment.sent.key),
      sentAt,
      durationMs: Math.round(clock.monotonicMs() - startedMs),
      urlHost: new URL(due.url).host,
      httpStatus: answered.httpStatus,
      answer: answered.kind,
      excerpt: answered.excerpt,
      outcome: dialect.meaningOf(answered.kind, outcomeOf(payment).outcome === 'approved'),
    }
    await store.recordDelivery(delivery)
    this.#options.observe?.(delivery)
    return delivery
  }

  /** What the answer makes of the payment. Neither change is made twice: each has one name. */
  async #follow(payment: Payment, delivery: Delivery): Promise<TaskResult> {
    const { dialect, log } = this.#options
    const facts = { payment: delivery.paymentId, site: delivery.site, answer: delivery.answer }
    if (delivery.outcome === 'refused') {
      log.error(facts, 'a merchant refused an approved payment')
    }
    const last = delivery.tryNumber >= limits.callbackTriesMax
    if (delivery.outcome === 'unacknowledged' && !last) return retryAfter(delivery)
    if (delivery.outcome === 'unacknowledged') {
      log.error(facts, 'a merchant never acknowledged a callback')
    }
    const said = delivery.outcome === 'unacknowledged' ? undefined : delivery
    const followUp = dialect.followUp(said)
    if (followUp === 'void' && delivery.tryNumber > 1) {
      // Some modules answer no to what they have booked already, had we not heard it the first time.
      log.error(facts, 'undone after a call that was not acknowledged: the shop may have booked')
    }
    if (followUp === 'nothing' || outcomeOf(payment).outcome !== 'approved') return { done: true }
    return await this.#change(payment, followUp)
  }

  async #change(payment: Payment, followUp: Exclude<FollowUp, 'nothing'>): Promise<TaskResult> {
    if (followUp === 'capture' && payment.sent.kind === 'purchase') return { done: true }
    const id = paymentIdOf(payment.sent.key)
    const changed =
      followUp === 'capture'
        ? await this.#options.switch.capture(id, { name: 'postauth' })
        : await this.#options.switch.void(id, { cause: 'acceptor' })
    if (changed.ok || changed.error === 'wrong_state') return { done: true }
    const facts = { payment: id, followUp, reason: changed.error }
    this.#options.log.error(facts, 'a change that a merchant asked for failed')
    return isPassing(changed.error) ? { retryInMs: limits.callbackRetryMinMs } : { done: true }
  }
}

function retryAfter({ tryNumber }: Delivery): TaskResult {
  const doubled = limits.callbackRetryMinMs * 2 ** (tryNumber - 1)
  return { retryInMs: Math.min(doubled, limits.callbackRetryMaxMs) }
}
