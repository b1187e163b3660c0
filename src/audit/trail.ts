import { createHash } from 'node:crypto'
import { bucketOf, type ShardKey } from '../kernel/bucket.ts'
import type { Clock, RandomBytes, Timers } from '../kernel/clock.ts'
import { limits } from '../kernel/limits.ts'
import type { Log } from '../platform/log.ts'
import type { Queryable } from '../platform/postgres/database.ts'
import { digestOf, noDigest, storable, type AuditEvent, type AuditRow } from './event.ts'
import { insertRows, selectHeads } from './sql.ts'

export type AuditTrailOptions = {
  readonly database: Queryable
  readonly clock: Clock
  readonly timers: Timers
  readonly random: RandomBytes
  readonly log: Log
  /** Counts what was not kept. */
  readonly onDropped?: (count: number) => void
}

type Unchained = Omit<AuditRow, 'writer' | 'position' | 'previous' | 'digest'>

/**
 * One writer's chain. `record` never waits: rows are written in the background, a batch at a time,
 * and a full queue drops what comes and counts it. What failed is sent again as it was chained.
 */
export class AuditTrail {
  readonly #options: AuditTrailOptions
  readonly #writer: string
  readonly #shardKey: ShardKey
  readonly #queue: Unchained[] = []
  /** Chained and not known to be stored. */
  #batch: readonly AuditRow[] = []
  #position = 0
  #previous = noDigest
  #cancel: (() => void) | undefined
  #flushing: Promise<void> | undefined
  #second = { startedMs: -Infinity, refusals: 0 }

  constructor(options: AuditTrailOptions) {
    this.#options = options
    this.#writer = options.random(16).toString('hex')
    this.#shardKey = bucketOf(createHash('sha256').update(this.#writer).digest())
  }

  readonly record = (event: AuditEvent): void => {
    const full = this.#queue.length >= limits.auditQueueMax
    if (full || (event.refused === true && this.#isFlood())) {
      this.#options.onDropped?.(1)
      return
    }
    const facts = Object.entries(event.facts).map(([name, value]): [string, unknown] => [
      name,
      typeof value === 'string' ? storable(value) : value,
    ])
    this.#queue.push({
      occurredAt: this.#options.clock.now(),
      kind: event.kind,
      actor: storable(event.actor),
      site: event.site,
      outcome: event.outcome,
      address: event.address,
      facts: JSON.stringify(Object.fromEntries(facts)),
    })
    this.#schedule(limits.auditFlushMs)
  }

  /** What waits is written, if the database takes it now; nothing is recorded any more. */
  async stop(): Promise<void> {
    await this.#flushing
    this.#cancel?.()
    try {
      while (this.#queue.length > 0 || this.#batch.length > 0) await this.#writeBatch()
    } catch (error) {
      const lost = this.#queue.length + this.#batch.length
      this.#options.onDropped?.(lost)
      this.#options.log.error({ lost, reason: String(error) }, 'the audit trail is not whole')
    }
  }

  /** Strangers fill neither the queue nor the table. */
  #isFlood(): boolean {
    const nowMs = this.#options.clock.monotonicMs()
    if (nowMs - this.#second.startedMs >= 1_000) this.#second = { startedMs: nowMs, refusals: 0 }
    return this.#second.refusals++ >= limits.auditRefusalsPerSecond
  }

  #schedule(afterMs: number): void {
    if (this.#cancel !== undefined || this.#flushing !== undefined) return
    this.#cancel = this.#options.timers.after(afterMs, () => {
      this.#cancel = undefined
      let nextMs: number = limits.auditFlushMs
      this.#flushing = this.#writeBatch()
        .catch((error: unknown) => {
          nextMs = limits.auditRetryMs
          this.#options.log.warn({ reason: String(error) }, 'audit rows wait: they are sent again')
        })
        .finally(() => {
          this.#flushing = undefined
          if (this.#queue.length > 0 || this.#batch.length > 0) this.#schedule(nextMs)
        })
    })
  }

  async #writeBatch(): Promise<void> {
    const { database } = this.#options
    if (this.#batch.length === 0) {
      const opening = this.#position === 0 ? [await this.#opening()] : []
      const taken = this.#queue.splice(0, limits.auditBatchMax)
      this.#batch = [...opening, ...taken].map((row) => this.#chained(row))
    }
    await insertRows(database, this.#shardKey, this.#batch)
    this.#batch = []
  }

  /** The first row of a chain witnesses where the others stood: their ends cannot be cut off. */
  async #opening(): Promise<Unchained> {
    const { database, clock } = this.#options
    const heads = await selectHeads(database, limits.auditHeadsMax)
    const facts = heads.map((head) => `${head.writer}/${head.position}/${head.digest}`)
    return {
      occurredAt: clock.now(),
      kind: 'chain',
      actor: 'centre',
      site: null,
      outcome: 'opened',
      address: null,
      facts: JSON.stringify({ heads: facts }),
    }
  }

  #chained(row: Unchained): AuditRow {
    const linked = {
      writer: this.#writer,
      position: this.#position,
      occurredAt: row.occurredAt,
      kind: row.kind,
      actor: row.actor,
      site: row.site,
      outcome: row.outcome,
      address: row.address,
      facts: row.facts,
      previous: this.#previous,
    }
    const digest = digestOf(linked)
    this.#position += 1
    this.#previous = digest
    return { ...linked, digest }
  }
}
