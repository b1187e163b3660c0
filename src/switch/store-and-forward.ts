import { assert } from '../kernel/assert.ts'
import type { Clock, Timers } from '../kernel/clock.ts'
import type { IssuerId, RequestKey } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import type { Vault } from '../vault/index.ts'
import { acknowledges } from './decline.ts'
import type { Advice, IssuerPort } from './issuer-port.ts'

export type ForwardOptions = {
  readonly issuers: IssuerPort
  readonly vault: Vault
  readonly clock: Clock
  readonly timers: Timers
  /** Makes the acknowledgement durable; until it resolves the advice stays in the queue. */
  readonly acknowledged: (advice: Advice, code: string) => Promise<void>
  readonly alert: (what: string, facts: Readonly<Record<string, string | number>>) => void
}

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
    const code = await this.#send(queued)
    queued.tries += 1
    if (code === undefined || !acknowledges(code)) {
      queued.busy = false
      this.#pause(issuer, queue)
      return
    }
    const { advice } = queued
    if (code !== '00') {
      const facts = { issuer, rrn: advice.message.rrn, kind: advice.kind, code }
      this.#options.alert('a bank answered an advice with an error', facts)
    }
    await this.#options.acknowledged(advice, code)
    queue.failures = 0
    const at = queue.waiting.indexOf(queued)
    assert(at >= 0, 'an advice leaves its queue once')
    queue.waiting.splice(at, 1)
    this.#pump(issuer, queue)
  }

  /** DE39 of the answer; undefined when there was none. */
  async #send({ advice, tries }: Queued): Promise<string | undefined> {
    const { vault, issuers } = this.#options
    const pan = await vault.reveal(advice.message.card.token)
    if (pan === undefined) throw new Error('invariant broken: an advice without its card')
    const reply = await issuers.send(
      advice.issuer,
      advice.message,
      { pan },
      {
        deadlineMs: limits.issuerAnswerDeadlineMs,
        repeat: tries > 0,
      },
    )
    return reply.kind === 'answered' ? reply.responseCode : undefined
  }

  /** The bank is down or slow: the whole queue waits, longer each time, and keeps its order. */
  #pause(issuer: IssuerId, queue: Queue): void {
    if (queue.paused) return
    queue.paused = true
    const delayMs = Math.min(limits.adviceRetryMinMs * 2 ** queue.failures, limits.adviceRetryMaxMs)
    queue.failures += 1
    this.#options.timers.after(delayMs, () => {
      queue.paused = false
      this.#pump(issuer, queue)
    })
  }
}
