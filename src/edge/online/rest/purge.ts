import type { Clock, Timers } from '../../../kernel/clock.ts'
import { limits } from '../../../kernel/limits.ts'
import type { Log } from '../../../platform/log.ts'
import type { Queryable } from '../../../platform/postgres/database.ts'
import { deleteOldEvents } from './events/sql.ts'
import { deleteOldApiRequests } from './idempotency-sql.ts'
import { deleteOldDeliveries } from './webhooks/deliveries.ts'

/** What is deleted, and how old it must be. */
const old = [
  { deleteOld: deleteOldApiRequests, keepMs: limits.idempotencyKeepMs },
  { deleteOld: deleteOldEvents, keepMs: limits.eventKeepMs },
  { deleteOld: deleteOldDeliveries, keepMs: limits.eventKeepMs },
]

/** What is kept for a while goes in bounded statements, now and then. Returns what ends it. */
export function purge(options: {
  readonly database: Queryable
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
}): () => Promise<void> {
  const { database, clock, timers, log } = options
  const { apiPurgeEveryMs: everyMs, apiPurgeRows: rows } = limits
  let stopped = false
  let running = Promise.resolve()
  const purgeAll = async (): Promise<void> => {
    for (const { deleteOld, keepMs } of old) {
      const before = new Date(clock.now().getTime() - keepMs)
      while (!stopped && (await deleteOld(database, before, rows)) === rows);
    }
  }
  const next = (): void => {
    running = purgeAll()
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error)
        log.warn({ reason }, 'old rows of the API could not be deleted; tried again')
      })
      .then(() => {
        if (!stopped) cancel = timers.after(everyMs, next)
      })
  }
  let cancel = timers.after(everyMs, next)
  return async () => {
    stopped = true
    cancel()
    await running
  }
}
