import { hash } from 'node:crypto'
import { join } from 'node:path'
import type { BusinessDays } from '../clearing/index.ts'
import type { ApiKeys, Directory } from '../directory/index.ts'
import { registerFiguresPage } from '../edge/console/index.ts'
import { accessOf } from '../edge/online/rest/index.ts'
import type { Clock } from '../kernel/clock.ts'
import { randomBytes, systemTimers } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import type { HttpServer } from '../platform/http.ts'
import { openReleases } from '../statistics/release/index.ts'
import {
  printsWithin,
  PublicPlans,
  yearBefore,
  yearToDate,
  type Month,
  type Statistics,
} from '../statistics/index.ts'

/** `/figures` shows what two people have released; `/console/figures` every month, today's too. */
export function openFiguresPage(
  server: HttpServer,
  options: {
    readonly config: Config
    readonly directory: Directory
    readonly statistics: Statistics
    readonly keys: Pick<ApiKeys, 'ownerOf'>
    readonly days: Pick<BusinessDays, 'current'>
    readonly clock: Clock
  },
): void {
  const { config, directory, statistics, keys, days, clock } = options
  const folder = join(config.dataDir, 'lake')
  const releases = openReleases({ folder, clock, timers: systemTimers, statistics })
  const plans = new PublicPlans(statistics)
  const access = accessOf({ directory, sandbox: config.sandbox, keys })
  const countAhead = registerFiguresPage(server, {
    statistics,
    releasedMonths: () => releases.releasedMonths(),
    knownMonths: async () => {
      const { parts } = await statistics.catalogue()
      const dates = parts.flatMap((part) => part.days.map(({ date }) => date))
      const months = new Set([days.current(), ...dates].map((date) => date.slice(0, 7) as Month))
      return [...months].sort().reverse()
    },
    versionOf: async (month) => {
      const { parts } = await statistics.catalogue()
      const year = yearToDate(month)
      const prints = [yearBefore(year), year].flatMap((period) => printsWithin(parts, period))
      return hash('sha256', prints.join())
    },
    planOf: (month) => plans.of(month),
    isOperator: (authorization) => access(authorization)?.kind === 'operator',
    random: randomBytes,
  })
  let closed = false
  let cancel = (): void => undefined
  // A month is released by a command, of which this process is not told.
  const ahead = async (): Promise<void> => {
    // What cannot be counted is told to whoever asks for it.
    await countAhead().catch(() => undefined)
    if (!closed) cancel = systemTimers.after(aheadEveryMs, () => void ahead())
  }
  void ahead()
  server.addHook('onClose', (_server, done) => {
    closed = true
    cancel()
    done()
  })
}

/** So that the first reader of a month need not wait. */
const aheadEveryMs = 10_000
