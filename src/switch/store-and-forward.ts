import { assert, isBrokenInvariant } from '../kernel/assert.ts'
import type { Clock, Timers } from '../kernel/clock.ts'
import type { IssuerId, RequestKey } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Vault } from '../vault/index.ts'
import { acknowledges } from './decline.ts'
import type { Advice, IssuerPort, IssuerReply } from './issuer-port.ts'

export type ForwardOptions = {
  readonly issuers: IssuerPort
  readonly vault: Vault
  readonly clock: Clock
  readonly timers: Timers
  /** Makes the acknowledgement durable; until it resolves the advice stays in the queue. */
  readonly acknowledged: (advice: Advice, code: string) => Promise<void>
  readonly alert: (what: string, facts: Readonly<Record<string, string | number>>) => void
}

/** Nothing left, for the line is down; or the bank, or the database, did not do its part. */
type NotDone = 'not_sent' | 'failed'

type Queued = { readonly advice: Advice; busy: boolean; tries: number }

/** One bank's advices, oldest first. */
type Queue = { readonly waiting: Queued[]; failures: number; paused: boolean }

/**
 * What banks must be told is sent until they acknowledge it, in order, across restarts: advices are
 * durable before they come here, and are loaded again at start. Several are under way at once to
 * one bank, never two of one payment, as a capture and its reversal must not overtake each other.
 */
export class StoreAndForward {
  readonly #options: ForwardOptions
  readonly #queues = new Map<IssuerId, Queue>()
  #stopped = false

  constructor(options: ForwardOptions) {
    this.#options = options
  }

  /** How many advices wait, over all banks. */
  get depth(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + queue.waiting.length, 0)
  }

  enqueue(advice: Advice): void {
    const queue = this.#queues.get(advice.issuer) ?? { waiting: [], failures: 0, paused: false }
    this.#queues.set(advice.issuer, queue)
    queue.waiting.push({ advice, busy: false, tries: 0 })
    this.#pump(advice.issuer, queue)
  }

  stop(): void {
    this.#stopped = true
  }

  #pump(issuer: IssuerId, queue: Queue): void {
    if (this.#stopped || queue.paused) return
    const payments = new Set<RequestKey>()
    for (const queued of queue.waiting.slice(0, limits.adviceWindow)) {
      const { requestKey } = queued.advice.payment
      const first = !payments.has(requestKey)
      payments.add(requestKey)
      if (first && !queued.busy) void this.#forward(issuer, queue, queued)
    }
  }

  async #forward(issuer: IssuerId, queue: Queue, queued: Queued): Promise<void> {
    // Busy until it has left the queue: sent again while its acknowledgement is being written, it
    // would be acknowledged twice, and the second time another advice would be forgotten.
    queued.busy = true
    const result = await this.#try(issuer, queued)
    if (result !== 'done') {
      queued.busy = false
      this.#pause(issuer, queue, result)
      return
    }
    queue.failures = 0
    const at = queue.waiting.indexOf(queued)
    assert(at >= 0, 'an advice leaves its queue once')
    queue.waiting.splice(at, 1)
    this.#pump(issuer, queue)
  }

  /**
   * Done once the acknowledgement is durable. What the database does not give or take now is tried
   * again like a bank's silence: a repeat is harmless [DESIGN §4].
   */
  async #try(issuer: IssuerId, queued: Queued): Promise<'done' | NotDone> {
    const { advice } = queued
    try {
      const reply = await this.#send(queued)
      if (reply.kind === 'not_sent') return 'not_sent'
      queued.tries += 1
      if (reply.kind === 'no_answer' || !acknowledges(reply.responseCode)) return 'failed'
      const code = reply.responseCode
      if (code !== '00') {
        const facts = { issuer, rrn: advice.message.rrn, kind: advice.kind, code }
        this.#options.alert('a bank answered an advice with an error', facts)
      }
      await this.#options.acknowledged(advice, code)
      return 'done'
    } catch (thrown) {
      if (isBrokenInvariant(thrown)) throw thrown
      const facts = { issuer, rrn: advice.message.rrn, reason: String(thrown) }
      this.#options.alert('an advice could not be forwarded now', facts)
      return 'failed'
    }
  }

  async #send({ advice, tries }: Queued): Promise<IssuerReply> {
    const { vault, issuers } = this.#options
    const pan = await vault.reveal(advice.message.card.token)
    assert(pan !== undefined, 'an advice has its card')
    const options = { deadlineMs: limits.issuerAnswerDeadlineMs, repeat: tries > 0 }
    return await issuers.send(advice.issuer, advice.message, { pan }, options)
  }

  /**
   * The whole queue waits and keeps its order: longer each time for a bank that is slow or refuses,
   * never long for one whose line is down, as looking again costs nobody anything.
   */
  #pause(issuer: IssuerId, queue: Queue, why: NotDone): void {
    if (queue.paused) return
    queue.paused = true
    if (why === 'not_sent') queue.failures = 0
    const delayMs = Math.min(limits.adviceRetryMinMs * 2 ** queue.failures, limits.adviceRetryMaxMs)
    if (why === 'failed') queue.failures += 1
    this.#options.timers.after(delayMs, () => {
      queue.paused = false
      this.#pump(issuer, queue)
    })
  }
}
