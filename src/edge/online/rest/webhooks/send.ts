import type { Clock } from '../../../../kernel/clock.ts'
import type { PaymentKey, RequestKey } from '../../../../kernel/ids.ts'
import { limits } from '../../../../kernel/limits.ts'
import type { Result } from '../../../../kernel/result.ts'
import type { Log } from '../../../../platform/log.ts'
import type { Queryable } from '../../../../platform/postgres/database.ts'
import type { Task, TaskResult, Tasks } from '../../../../switch/index.ts'
import type { Sealer } from '../../../../vault/index.ts'
import type { CallError, CallMerchant, MerchantAnswer } from '../../checkout/merchant-call.ts'
import { eventBody } from '../events/body.ts'
import { selectEvent, type EventRow } from '../events/sql.ts'
import {
  countTries,
  insertDelivery,
  type DeliveryResult,
  type WebhookDelivery,
} from './deliveries.ts'
import { secretsOf, selectEndpoint, selectEndpoints, wants, type Endpoint } from './endpoint.ts'
import { signatures } from './signature.ts'

const topic = 'webhook'

export type Backoff = {
  readonly minMs: number
  readonly factor: number
  readonly maxMs: number
  readonly triesMax: number
}

export const usualBackoff: Backoff = {
  minMs: limits.webhookRetryMinMs,
  factor: limits.webhookRetryFactor,
  maxMs: limits.webhookRetryMaxMs,
  triesMax: limits.webhookTriesMax,
}

export type WebhooksOptions = {
  readonly database: Queryable
  readonly sealer: Sealer
  readonly call: CallMerchant
  readonly clock: Clock
  /** What receivers hold the timestamp against: never the sandbox's own date. */
  readonly realTime: Clock
  readonly log: Log
  readonly backoff?: Backoff | undefined
  /** Each try by what came of it, and each event that was given up after the last. */
  readonly observe?: ((result: WebhookResult) => void) | undefined
}

export type WebhookResult = DeliveryResult | 'given_up'

/** Whoever finds it full comes again soon; nothing of it is a try. */
const fullRetryMs = 1_000

/** Sends events to the endpoints of their site, until each is taken or three days have passed. */
export class Webhooks {
  readonly #options: WebhooksOptions
  readonly #underWay = new Map<string, number>()
  #total = 0

  constructor(options: WebhooksOptions) {
    this.#options = options
  }

  register(tasks: Pick<Tasks, 'handle'>): void {
    tasks.handle(topic, (task, key) => this.#handle(task, key))
  }

  /** One piece of work for each endpoint that wants the event. */
  async sendings(event: EventRow): Promise<readonly Task[]> {
    const endpoints = await selectEndpoints(this.#options.database, event.site_id)
    return endpoints
      .filter((endpoint) => wants(endpoint, event.type))
      .map(({ endpoint_id }) => sending(event, endpoint_id, { run: '', triesBefore: 0 }))
  }

  /** Sent again from the first try, whatever came of it before. `run` names this replay. */
  async replay(event: EventRow, endpoint: Endpoint, run: string): Promise<Task> {
    const { shard_key, event_key } = event
    const name = { shard_key, event_key, endpoint_id: endpoint.endpoint_id }
    const triesBefore = await countTries(this.#options.database, name)
    return sending(event, endpoint.endpoint_id, { run, triesBefore })
  }

  async #handle(task: Task, key: PaymentKey): Promise<TaskResult> {
    const { database } = this.#options
    const endpoint = await selectEndpoint(database, task.body['endpoint'] ?? '')
    // Deleted or switched off since: nobody wants it any more.
    if (endpoint?.status !== 'enabled') return { done: true }
    const { endpoint_id: id } = endpoint
    const busy = this.#underWay.get(id) ?? 0
    if (busy >= limits.webhooksPerEndpointMax || this.#total >= limits.webhooksMax) {
      return { retryInMs: fullRetryMs }
    }
    const event = await selectEvent(database, key.shardKey, task.body['event'] as RequestKey)
    if (event === undefined) return { done: true }
    this.#underWay.set(id, busy + 1)
    this.#total += 1
    try {
      return await this.#try(endpoint, event, Number(task.body['triesBefore'] ?? 0))
    } finally {
      this.#total -= 1
      const left = (this.#underWay.get(id) ?? 1) - 1
      if (left > 0) this.#underWay.set(id, left)
      else this.#underWay.delete(id)
    }
  }

  async #try(endpoint: Endpoint, event: EventRow, triesBefore: number): Promise<TaskResult> {
    const { database, call, clock, log } = this.#options
    const { shard_key, event_key } = event
    const name = { shard_key, event_key, endpoint_id: endpoint.endpoint_id }
    const tryNumber = (await countTries(database, name)) + 1
    const { url } = endpoint
    const { body, headers } = this.#message(endpoint, event)
    const sentAt = clock.now()
    const startedMs = clock.monotonicMs()
    const answer = readAnswer(await call(url, body, headers))
    await insertDelivery(database, {
      ...name,
      payment_date: event.payment_date,
      try_number: tryNumber,
      sent_at: sentAt,
      duration_ms: Math.round(clock.monotonicMs() - startedMs),
      url_host: new URL(url).host,
      ...answer,
    })
    this.#options.observe?.(answer.result)
    if (answer.result === 'delivered') return { done: true }
    const backoff = this.#options.backoff ?? usualBackoff
    const tries = tryNumber - triesBefore
    if (tries < backoff.triesMax) return { retryInMs: delayAfter(tries, backoff) }
    this.#options.observe?.('given_up')
    log.warn({ endpoint: endpoint.endpoint_id, site: event.site_id }, 'a webhook was given up')
    return { done: true }
  }

  #message(
    endpoint: Endpoint,
    event: EventRow,
  ): { readonly body: string; readonly headers: Readonly<Record<string, string>> } {
    const { sealer, clock, realTime } = this.#options
    const shown = eventBody(event)
    const body = JSON.stringify(shown)
    const timestamp = String(Math.floor(realTime.now().getTime() / 1_000))
    const secrets = secretsOf(endpoint, sealer, clock.now())
    return {
      body,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        accept: '*/*',
        'user-agent': 'Monetique-Webhook',
        'webhook-id': shown.id,
        'webhook-timestamp': timestamp,
        'webhook-signature': signatures(secrets, { id: shown.id, timestamp, body }),
      },
    }
  }
}

const sending = (
  event: EventRow,
  endpoint: string,
  { run, triesBefore }: { readonly run: string; readonly triesBefore: number },
): Task => ({
  topic,
  name: `${event.event_key}/${endpoint}/${run}`,
  body: { event: event.event_key, endpoint, triesBefore: String(triesBefore) },
  delayMs: 0,
})

export const delayAfter = (tries: number, { minMs, factor, maxMs }: Backoff): number =>
  Math.min(minMs * factor ** (tries - 1), maxMs)

type Answer = Pick<WebhookDelivery, 'http_status' | 'result' | 'excerpt'>

/** Taken is any 2xx, whatever it says. */
function readAnswer(called: Result<MerchantAnswer, CallError>): Answer {
  if (!called.ok) {
    const { error } = called
    const http_status = error.kind === 'too_large' ? error.status : null
    return { http_status, result: error.kind, excerpt: '' }
  }
  const { status, body } = called.value
  return { http_status: status, result: resultOf(status), excerpt: excerptOf(body) }
}

function resultOf(status: number): DeliveryResult {
  if (status >= 200 && status < 300) return 'delivered'
  return status >= 300 && status < 400 ? 'redirect' : 'http_status'
}

const excerptOf = (body: Buffer): string =>
  body
    .subarray(0, 800)
    .toString()
    .replace(/[^\x20-\x7e\u00a0-\ud7ff]+/g, ' ')
    .trim()
    .slice(0, 200)
