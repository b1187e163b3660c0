import { addDays, type BusinessDate } from '../kernel/business-date.ts'
import { limits } from '../kernel/limits.ts'
import type { Log } from '../platform/log.ts'
import type { Queryable } from '../platform/postgres/database.ts'
import { deleteOldRequests, type PurgePage } from '../switch/index.ts'

export type PurgeOptions = {
  readonly database: Queryable
  /** What orders must remember by themselves before a page of requests goes. */
  readonly settleOrders: (page: PurgePage) => Promise<void>
  readonly onPurged: (count: number) => void
  readonly log: Log
}

export type Purge = {
  /** Begins a purge, unless one is under way: the next day's takes what this one leaves. */
  after(closed: BusinessDate): void
  /** Ends between two statements. */
  stop(): Promise<void>
}

/**
 * After a business day has closed, requests that are too old to be repeated are deleted. One short
 * statement after the other on one connection, beside the payments and never before one of them.
 */
export function openPurge(options: PurgeOptions): Purge {
  const { onPurged, log } = options
  let running: Promise<void> | undefined
  let stopping = false
  return {
    after: (closed) => {
      if (running !== undefined || stopping) return
      const before = addDays(closed, -limits.requestRetentionDays)
      running = purge(options, before, () => stopping)
        .then((count) => {
          onPurged(count)
          if (count > 0) log.info({ before, count }, 'old requests were deleted')
        })
        .catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error)
          log.error({ reason }, 'old requests could not be deleted; tried again after the next day')
        })
        .finally(() => {
          running = undefined
        })
    },
    stop: async () => {
      stopping = true
      await running
    },
  }
}

/** Bucket by bucket; returns how many requests were deleted. */
async function purge(
  { database, settleOrders }: PurgeOptions,
  before: BusinessDate,
  isStopping: () => boolean,
): Promise<number> {
  const { bucketCount, purgeBucketsPerStatement, purgeRowsPerStatement } = limits
  let count = 0
  for (let fromBucket = 0; fromBucket < bucketCount; fromBucket += purgeBucketsPerStatement) {
    const toBucket = fromBucket + purgeBucketsPerStatement
    const page = { before, fromBucket, toBucket, limit: purgeRowsPerStatement }
    if (isStopping()) return count
    await settleOrders(page)
    for (;;) {
      if (isStopping()) return count
      const deleted = await deleteOldRequests(database, page)
      count += deleted
      if (deleted < page.limit) break
    }
  }
  return count
}
