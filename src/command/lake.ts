import { join } from 'node:path'
import { openSandboxClock, systemClock, systemTimers } from '../platform/clock.ts'
import { readConfig, type Config } from '../platform/config.ts'
import type { Database } from '../platform/postgres/database.ts'
import { rootFolder } from '../platform/root.ts'
import { loadCalendar, type Calendar } from '../directory/index.ts'
import type { Clock } from '../kernel/clock.ts'
import { openReleases, type Releases } from '../statistics/release/index.ts'
import {
  openStatistics,
  parseMonth,
  type Month,
  type PseudonymKey,
  type Statistics,
} from '../statistics/index.ts'
import { UsageError } from './usage.ts'

export type OpenLake = {
  readonly config: Config
  readonly statistics: Statistics
  readonly releases: Releases
  readonly calendar: Calendar
  readonly clock: Clock
}

/**
 * The lake of the data directory: whoever only reads figures needs no centre that runs. With the
 * centre's own record, days of it can be made again.
 */
export async function withLake<T>(
  act: (open: OpenLake) => Promise<T>,
  own?: { readonly database: Database; readonly pseudonymKey: () => PseudonymKey },
): Promise<T> {
  const config = readConfig()
  const { clock, close } = openClock(config)
  const folder = join(config.dataDir, 'lake')
  const directory = config.directory ?? join(rootFolder, 'sandbox', 'directory')
  const calendar = loadCalendar(directory)
  const options = {
    ...{ folder, clock, timers: systemTimers },
    ...(own && { tranlog: { ...own, calendar } }),
  }
  const statistics = openStatistics({ ...options, threads: 2, memoryMb: 1_024 })
  const releases = openReleases({ ...options, statistics })
  try {
    return await act({ config, statistics, releases, calendar, clock })
  } finally {
    close()
    await statistics.close()
  }
}

function openClock(config: Config): { readonly clock: Clock; close(): void } {
  if (!config.sandbox) return { clock: systemClock, close: () => undefined }
  const file = join(config.dataDir, 'sandbox', 'clock.json')
  const clock = openSandboxClock({ file, startAt: undefined })
  return { clock, close: clock.close }
}

export function monthOf(options: ReadonlyMap<string, string>): Month {
  const text = options.get('--month') ?? ''
  const month = parseMonth(text)
  if (month === undefined) throw new UsageError('--month: a month such as 2013-09')
  return month
}
