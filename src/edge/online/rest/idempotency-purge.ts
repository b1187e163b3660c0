import type { Clock, Timers } from '../../../kernel/clock.ts'
import { limits } from '../../../kernel/limits.ts'
import type { Log } from '../../../platform/log.ts'
import type { Queryable } from '../../../platform/postgres/database.ts'
import { deleteOldApiRequests } from './idempotency-sql.ts'

/** Keys are kept for a day, then go in bounded statements. Returns what ends it. */
export function purgeIdempotencyKeys(options: {
  readonly database: Queryable
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
}): () => Promise<void> {
  const { database, clock, timers, log } = options
  const { idempotencyKeepMs, idempotencyPurgeEveryMs, idempotencyPurgeRows: rows } = limits
  let stopped = false
  let running = Promise.resolve()
  const purge = async (): Promise<void> => {
    const before = new Date(clock.now().getTime() - idempotencyKeepMs)
    while (!stopped && (await deleteOldApiRequests(database, before, rows)) === rows);
  }
  const next = (): void => {
    running = purge()
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error)
        log.warn({ reason }, 'old idempotency keys could not be deleted; tried again')
      })
      .then(() => {
        if (!stopped) cancel = timers.after(idempotencyPurgeEveryMs, next)
      })
  }
  let cancel = timers.after(idempotencyPurgeEveryMs, next)
  return async () => {
    stopped = true
    cancel()
    await running
  }
}
