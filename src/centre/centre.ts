import { readDirectory, type Directory } from '../directory/index.ts'
import { BusinessDays } from '../clearing/index.ts'
import type { Clock } from '../kernel/clock.ts'
import { systemTimers } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import { openMetrics } from '../platform/metrics.ts'
import { openAudit, recordClose } from './audit.ts'
import { openDoors } from './doors.ts'
import { measuresIn } from './measures.ts'
import { openPayments } from './payments.ts'
import { openPurge } from './purge.ts'
import { openRegister } from './register.ts'
import { openFigures } from './statistics.ts'
import { openStore, type Store } from './store.ts'

/** The centre, joined from its parts, in the order in which they need each other. */
export async function openCentre(
  config: Config,
  clock: Clock,
  log: Log,
): Promise<{ stop(): Promise<void> }> {
  const directory = readDirectory(config)
  const metrics = openMetrics({ process: 'centre' })
  const measures = measuresIn(metrics.registry)
  const onError = (error: Error): void => {
    log.error({ reason: error.message }, 'the business day or the database')
  }
  const store = await openStore({ config, directory, clock, log })
  const audit = openAudit({ store, measures, clock, log })
  const days = await openDays({ directory, store, clock, onError })
  const joined = { config, directory, store, measures, clock, log }
  const payments = openPayments({ ...joined, businessDay: days, onError })
  const register = openRegister({ store, directory, sealer: payments.sealer, clock, log })
  const figures = openFigures(joined)
  let stopping = false
  const doors = openDoors({
    ...joined,
    days,
    payments,
    register,
    statistics: figures.statistics,
    audit,
    metrics,
    stopping: () => stopping,
  })
  const purge = openPurge({
    database: store.database,
    settleOrders: doors.settleOrders,
    onPurged: measures.purged,
    log,
  })
  await register.start()
  await payments.start()
  days.start({
    drained: (date) => payments.switch.inFlight.drained(date),
    closed: (date) => {
      recordClose(audit, date)
      purge.after(date)
      figures.publish()
    },
  })
  figures.publish()
  await doors.listen()
  return {
    stop: async () => {
      stopping = true
      register.stop()
      const closing = doors.close()
      await payments.drain()
      await closing
      await days.stop()
      await purge.stop()
      await figures.close()
      await payments.close()
      await audit.stop()
      await store.close()
    },
  }
}

const openDays = (joined: {
  readonly directory: Directory
  readonly store: Store
  readonly clock: Clock
  readonly onError: (error: Error) => void
}): Promise<BusinessDays> =>
  BusinessDays.open({
    database: joined.store.database,
    books: joined.store.books,
    calendar: joined.directory.calendar,
    clock: joined.clock,
    timers: systemTimers,
    prepare: joined.store.prepareMonths,
    onError: joined.onError,
  })
