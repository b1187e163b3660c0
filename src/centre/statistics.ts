import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Directory } from '../directory/index.ts'
import type { Clock } from '../kernel/clock.ts'
import { randomBytes, systemTimers } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import { openStatistics, readPseudonymKey, type Statistics } from '../statistics/index.ts'
import { openPublishing } from './publishing.ts'
import type { Store } from './store.ts'

/** Payments come first: figures take half of the cores, and never more memory than this. */
const memoryMb = 512

export type CentreFigures = {
  readonly statistics: Statistics
  /** A date has closed, or may have while the centre was away. */
  publish(): void
  close(): Promise<void>
}

/** The lake of this centre, into which its closed days go by themselves. */
export function openFigures(options: {
  readonly config: Config
  readonly directory: Directory
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
}): CentreFigures {
  const { config, directory, store, clock, log } = options
  const statistics = openStatistics({
    folder: join(config.dataDir, 'lake'),
    clock,
    timers: systemTimers,
    threads: Math.max(1, Math.floor(availableParallelism() / 2)),
    memoryMb,
    tranlog: {
      database: store.database,
      calendar: directory.calendar,
      pseudonymKey: () => readPseudonymKey(join(config.dataDir, 'keys'), randomBytes),
    },
  })
  const publishing = openPublishing({ statistics, timers: systemTimers, log })
  return {
    statistics,
    publish: () => {
      publishing.begin()
    },
    close: async () => {
      await publishing.stop()
      await statistics.close()
    },
  }
}
