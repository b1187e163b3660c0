import { createHash } from 'node:crypto'
import { bucketOf, shardKeyFor, type ShardKey } from '../../../kernel/bucket.ts'
import type { Clock, RandomBytes, Timers } from '../../../kernel/clock.ts'
import { limits } from '../../../kernel/limits.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { Queryable } from '../../../platform/postgres/database.ts'
import type { Directory } from '../../../directory/index.ts'
import type { Sealer } from '../../../vault/index.ts'
import type { Caller } from './access.ts'
import { canonicalJson } from './canonical-json.ts'
import type { Refusal } from './errors.ts'
import {
  claimRequest,
  finishRequest,
  releaseRequest,
  type ClaimedRequest,
} from './idempotency-sql.ts'

/** What a request was answered: the status and the JSON text. */
export type StoredAnswer = { readonly status: number; readonly body: string }

export type KeyedRequest = {
  readonly caller: Caller
  readonly key: string
  readonly method: string
  /** Path and query as they were sent. */
  readonly url: string
  readonly body: unknown
}

export type IdempotencyOptions = {
  readonly database: Queryable
  readonly directory: Pick<Directory, 'merchant'>
  readonly sealer: Sealer
  readonly clock: Clock
  readonly timers: Timers
  readonly random: RandomBytes
}

const pollMs = 100

/**
 * One run for each key, whoever sends it and how often; the others wait and get its answer. A run
 * that failed on our side is not an answer: the next one with the key works again, under the same
 * seed, and so does one after a crash, once the claim has been silent for longer than requests live.
 */
export class Idempotency {
  readonly #options: IdempotencyOptions
  readonly #running = new Map<string, Promise<unknown>>()

  constructor(options: IdempotencyOptions) {
    this.#options = options
  }

  async run(
    request: KeyedRequest,
    act: (seed: string) => Promise<StoredAnswer>,
  ): Promise<Result<StoredAnswer, Refusal>> {
    const { clock, random } = this.#options
    const place = this.#placeOf(request)
    const name = `${place.owner}/${place.key}`
    const fingerprint = fingerprintOf(request)
    const mine = random(16).toString('hex')
    const untilMs = clock.monotonicMs() + limits.idempotencyWaitMs
    for (;;) {
      // Those of this process wait for each other without asking the database meanwhile.
      await this.#running.get(name)?.catch(() => undefined)
      if (this.#running.has(name)) continue
      const working = this.#work({ ...place, fingerprint, mine }, act)
      this.#running.set(name, working)
      const done = await working.finally(() => this.#running.delete(name))
      if (done !== 'taken') return done
      if (clock.monotonicMs() >= untilMs) return fail({ code: 'unavailable' })
      await new Promise<void>((resolve) => this.#options.timers.after(pollMs, resolve))
    }
  }

  async #work(
    request: {
      readonly shardKey: ShardKey
      readonly owner: string
      readonly key: string
      readonly fingerprint: Buffer
      readonly mine: string
    },
    act: (seed: string) => Promise<StoredAnswer>,
  ): Promise<Result<StoredAnswer, Refusal> | 'taken'> {
    const { database, sealer, clock, random } = this.#options
    const at = clock.now()
    const claimed = await claimRequest(database, {
      ...request,
      seed: random(16).toString('hex'),
      at,
      staleBefore: new Date(at.getTime() - limits.idempotencyClaimStaleMs),
    })
    if (!claimed.fingerprint.equals(request.fingerprint)) {
      return fail({ code: 'idempotency_key_reused' })
    }
    const stored = this.#open(claimed, request)
    if (stored !== undefined) return ok(stored)
    if (claimed.claim !== request.mine) return 'taken'
    const answer = await act(claimed.seed).catch(async (thrown: unknown) => {
      await releaseRequest(database, request).catch(() => undefined)
      throw thrown
    })
    if (answer.status >= 500 || answer.status === 429) await releaseRequest(database, request)
    else {
      const sealed = sealer.seal(nameOf(request), answer.body)
      await finishRequest(database, { ...request, status: answer.status, sealed })
    }
    return ok(answer)
  }

  /** Undefined as well when its key has left the vault: the work is done again, to the same end. */
  #open(
    { status, sealed }: ClaimedRequest,
    request: { readonly owner: string; readonly key: string },
  ): StoredAnswer | undefined {
    if (status === null || sealed === null) return undefined
    const body = this.#options.sealer.open(nameOf(request), sealed)
    return body === undefined ? undefined : { status, body }
  }

  /** By the key alone, not by what is in the body: the same key with another body meets the first. */
  #placeOf({ caller, key }: KeyedRequest): { shardKey: ShardKey; owner: string; key: string } {
    if (caller.kind === 'operator') {
      const shardKey = bucketOf(createHash('sha256').update(key).digest())
      return { shardKey, owner: 'operator', key }
    }
    const { id, merchant } = caller.site
    const { fanOut } = this.#options.directory.merchant(merchant)
    return { shardKey: shardKeyFor({ merchant, fanOut, routingKey: key }), owner: id, key }
  }
}

const nameOf = ({ owner, key }: { readonly owner: string; readonly key: string }): string =>
  `api_request/${owner}/${key}`

const fingerprintOf = ({ method, url, body }: KeyedRequest): Buffer =>
  createHash('sha256')
    .update(`${method} ${url}\n${canonicalJson(body)}`)
    .digest()
