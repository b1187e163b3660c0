import type { Timers } from '../kernel/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Statistics } from '../statistics/index.ts'

export type PublishingOptions = {
  readonly statistics: Pick<Statistics, 'publishDay' | 'unpublished'>
  readonly timers: Timers
  readonly log: Log
}

export type Publishing = {
  /** A date has closed, or may have while the centre was away. */
  begin(): void
  /** Ends after the day under way. */
  stop(): Promise<void>
}

const retryMinMs = 5_000
const retryMaxMs = 300_000

/**
 * Puts closed days into the lake, oldest first. What fails is tried again until it is done: a full
 * disk, another process that holds the lake. The figures are right in the meantime, as a day that
 * is not published is read from the tranlog.
 */
export function openPublishing({ statistics, timers, log }: PublishingOptions): Publishing {
  let running: Promise<void> | undefined
  let cancel: (() => void) | undefined
  let stopping = false
  let again = false
  let waitMs = retryMinMs

  const publish = async (): Promise<void> => {
    for (const date of await statistics.unpublished()) {
      if (stopping) return
      const { part, already } = await statistics.publishDay(date)
      const [day] = part.days
      if (!already) log.info({ date, operations: day?.operations }, 'a day was published')
    }
  }

  const begin = (): void => {
    again = true
    if (running !== undefined || stopping) return
    cancel?.()
    again = false
    running = publish()
      .then(() => {
        waitMs = retryMinMs
      })
      .catch((thrown: unknown) => {
        const reason = thrown instanceof Error ? thrown.message : String(thrown)
        log.error({ reason }, 'a closed day could not be published: tried again')
        if (!stopping) cancel = timers.after(waitMs, begin)
        waitMs = Math.min(waitMs * 2, retryMaxMs)
        again = false
      })
      .finally(() => {
        running = undefined
        if (again && !stopping) begin()
      })
  }

  return {
    begin,
    stop: async () => {
      stopping = true
      cancel?.()
      await running
    },
  }
}
