import pg, { type Client } from 'pg'
import type { Clock, Timers } from '../../kernel/clock.ts'
import { limits } from '../../kernel/limits.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { runPipeline, type Step, type StepResult } from './pipeline.ts'

/** How writes of one kind of store become statements. */
export type Encoding<W, R> = {
  /**
   * Rows that may be there already are taken for new the first time, which costs least. `doubt`:
   * one of them was not, or nobody knows; no row that is there may end the batch now.
   */
  steps(writes: readonly W[], doubt: boolean): readonly Step[]
  /**
   * One result per write; may read on the same connection what the counts cannot tell. No counts
   * at all when they were lost with the connection.
   */
  results(writes: readonly W[], results: readonly StepResult[], client: Client): Promise<R[]>
  /** After an unknown outcome: is this batch in the database? It is there whole, or not at all. */
  isThere(writes: readonly W[], client: Client): Promise<boolean>
}

export type GroupCommitOptions<W, R> = {
  readonly connect: () => Promise<Client>
  readonly encoding: Encoding<W, R>
  readonly clock: Clock
  readonly timers: Timers
  /** Called for each flush: how many writes it held and how long it took. */
  readonly observe?: (writes: number, durationMs: number) => void
  readonly onError: (error: Error) => void
}

export type Refusal = 'overloaded' | 'stopping' | 'database_unavailable'

type Waiter<R> = {
  /** A write that may still be refused has told nobody anything yet. */
  readonly refusable: boolean
  readonly resolve: (result: Result<R, Refusal>) => void
  readonly reject: (error: Error) => void
}

type Waiting<W, R> = Waiter<R> & { readonly write: W; readonly queuedAtMs: number }

/**
 * Nothing is answered before it is durable, and nobody pays for a commit alone: the writes that
 * arrive while a flush is under way go together in the next one [DESIGN §3]. No timer: an idle
 * process flushes a single write at once.
 */
export class GroupCommit<W, R> {
  readonly #options: GroupCommitOptions<W, R>
  #queue: Waiting<W, R>[] = []
  readonly #lanes: Lane[] = []
  #flushing = 0
  #stopped = false
  #scheduled = false
  #idle: (() => void) | undefined

  constructor(options: GroupCommitOptions<W, R>) {
    this.#options = options
    for (let i = 0; i < limits.flushesInFlight; i++) this.#lanes.push({ client: null, busy: false })
  }

  /** How many writes wait, for metrics and back-pressure. */
  get depth(): number {
    return this.#queue.length
  }

  /** A new piece of work: refused when the queue is too deep or too old. */
  offer(write: W): Promise<Result<R, Refusal>> {
    if (this.#stopped) return Promise.resolve(fail('stopping'))
    if (this.#queue.length >= limits.flushQueueMax) return Promise.resolve(fail('overloaded'))
    const oldest = this.#queue[0]
    if (oldest !== undefined && this.#ageMs(oldest) > limits.flushQueueAgeMaxMs) {
      return Promise.resolve(fail('database_unavailable'))
    }
    return new Promise((resolve, reject) => {
      this.#enqueue(write, { refusable: true, resolve, reject })
    })
  }

  /** What must be written because it has happened: waits for the database, however long. */
  write(write: W): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (result: Result<R, Refusal>): void => {
        if (result.ok) resolve()
        else reject(new Error('invariant broken: a fact was refused'))
      }
      this.#enqueue(write, { refusable: false, resolve: settle, reject })
    })
  }

  /** Resolves when everything offered before is durable; later offers are refused. */
  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#queue.length > 0 || this.#flushing > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve
      })
    }
    await Promise.all(
      this.#lanes.map(async (lane) => {
        await lane.client?.end().catch(() => undefined)
      }),
    )
  }

  #ageMs(waiting: Waiting<W, R>): number {
    return this.#options.clock.monotonicMs() - waiting.queuedAtMs
  }

  #enqueue(write: W, { refusable, resolve, reject }: Waiter<R>): void {
    const queuedAtMs = this.#options.clock.monotonicMs()
    this.#queue.push({ write, queuedAtMs, refusable, resolve, reject })
    this.#schedule()
  }

  /** At the end of this turn of the event loop, so that one read event makes one flush. */
  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      for (const lane of this.#lanes) {
        if (this.#queue.length === 0) return
        if (!lane.busy) void this.#flush(lane)
      }
    })
  }

  async #flush(lane: Lane): Promise<void> {
    lane.busy = true
    this.#flushing += 1
    const batch = this.#queue.splice(0, limits.flushOperationsMax)
    const startedMs = this.#options.clock.monotonicMs()
    await this.#commit(lane, batch)
    this.#options.observe?.(batch.length, this.#options.clock.monotonicMs() - startedMs)
    lane.busy = false
    this.#flushing -= 1
    if (this.#queue.length > 0) this.#schedule()
    else if (this.#flushing === 0) this.#idle?.()
  }

  /** Never rejects: each waiting write gets its own result or error. */
  async #commit(lane: Lane, batch: readonly Waiting<W, R>[]): Promise<void> {
    let left = batch
    for (let known: Known = 'new'; left.length > 0;) {
      try {
        const client = lane.client ?? (await this.#connect(lane, known === 'new' ? left : []))
        if (client === null) return
        await this.#run(client, left, known)
        return
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown))
        const code = sqlState(error)
        if (code === uniqueViolation && known === 'new') {
          known = 'not all new'
          continue
        }
        if (isStatementError(code)) {
          if (isOutOfResources(code)) {
            this.#options.onError(error)
            left = refuse(left, 'database_unavailable')
            await this.#pause(250)
          } else if (!isWorthRepeating(code, known)) {
            await this.#split(lane, left, error)
            return
          }
        } else {
          this.#options.onError(error)
          this.#drop(lane)
        }
        known = 'nothing'
      }
    }
  }

  async #run(client: Client, batch: readonly Waiting<W, R>[], known: Known): Promise<void> {
    const { encoding } = this.#options
    const writes = batch.map((waiting) => waiting.write)
    const there = known === 'nothing' && (await encoding.isThere(writes, client))
    const steps = there ? [] : encoding.steps(writes, known !== 'new')
    const counts = there ? [] : await runPipeline(client, steps)
    const values = await encoding.results(writes, counts, client)
    batch.forEach((waiting, i) => settle(waiting, values[i]))
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.timers.after(delayMs, resolve)
    })
  }

  /** One bad row harms only itself. */
  async #split(lane: Lane, batch: readonly Waiting<W, R>[], error: Error): Promise<void> {
    if (batch.length === 1) {
      batch[0]?.reject(error)
      return
    }
    const middle = Math.ceil(batch.length / 2)
    await this.#commit(lane, batch.slice(0, middle))
    await this.#commit(lane, batch.slice(middle))
  }

  #drop(lane: Lane): void {
    lane.client?.end().catch(() => undefined)
    lane.client = null
  }

  /** Tries until the database is back; null when every write of the batch was refused meanwhile. */
  async #connect(lane: Lane, refusable: readonly Waiting<W, R>[]): Promise<Client | null> {
    for (let waitMs = 20; ; waitMs = Math.min(waitMs * 2, 1_000)) {
      try {
        const client = await this.#options.connect()
        client.on('error', (error) => {
          if (lane.client === client) lane.client = null
          this.#options.onError(error)
        })
        lane.client = client
        return client
      } catch (thrown) {
        this.#options.onError(thrown instanceof Error ? thrown : new Error(String(thrown)))
        const old = (w: Waiting<W, R>): boolean => this.#ageMs(w) > limits.flushQueueAgeMaxMs
        if (refusable.length > 0 && refusable.every((w) => w.refusable && old(w))) {
          for (const waiting of refusable) waiting.resolve(fail('database_unavailable'))
          return null
        }
        await this.#pause(waitMs)
      }
    }
  }
}

type Lane = { client: Client | null; busy: boolean }

/** Of a batch: that nobody wrote it before, that a row of it is there, or not even whether it is. */
type Known = 'new' | 'not all new' | 'nothing'

const uniqueViolation = '23505'

function settle<W, R>(waiting: Waiting<W, R>, value: R | undefined): void {
  if (value === undefined) waiting.reject(new Error('invariant broken: a write without a result'))
  else waiting.resolve(ok(value))
}

/** Only the server's own: EPIPE has five letters too, and is a lost connection. */
function sqlState(error: Error): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}

/** Those that may still be refused are; the facts among them wait. */
function refuse<W, R>(batch: readonly Waiting<W, R>[], refusal: Refusal): Waiting<W, R>[] {
  for (const waiting of batch) if (waiting.refusable) waiting.resolve(fail(refusal))
  return batch.filter((waiting) => !waiting.refusable)
}

/** The server refused a statement and the connection lives; anything else is a lost connection. */
function isStatementError(code: string | undefined): boolean {
  if (code === undefined || code.length !== 5) return false
  return !/^(08|57P0|58|F0|XX)/.test(code) && code !== '25006'
}

/** Disk full, out of memory, too many connections: the same statement may work later. */
function isOutOfResources(code: string | undefined): boolean {
  return code?.startsWith('53') === true
}

/**
 * Serialization failures and deadlocks; and, after an unknown outcome, the rows that a slower
 * COMMIT of our own has put there meanwhile.
 */
function isWorthRepeating(code: string | undefined, known: Known): boolean {
  if (code === '40001' || code === '40P01' || code === '57014') return true
  return known === 'nothing' && (code === uniqueViolation || code === 'MQ001')
}
