import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadDirectory, storeDirectory, type Directory } from '../../src/directory/index.ts'
import { Issuers, type IssuersOptions } from '../../src/edge/issuers/index.ts'
import type { BusinessDate } from '../../src/kernel/business-date.ts'
import { accountsFor, openChart, PostgresBooks } from '../../src/ledger/index.ts'
import { randomBytes, systemClock, systemTimers } from '../../src/platform/clock.ts'
import { connectClient } from '../../src/platform/postgres/client.ts'
import { openDatabase } from '../../src/platform/postgres/database.ts'
import { silentLog } from '../../src/platform/log.ts'
import { rootFolder } from '../../src/platform/root.ts'
import {
  createSwitch,
  leaseFrom,
  NumberSource,
  PostgresTranlog,
  type RunningSwitch,
} from '../../src/switch/index.ts'
import { PostgresVault, readKeyRing } from '../../src/vault/index.ts'

export type SwitchUnderTest = {
  readonly switch: RunningSwitch
  readonly directory: Directory
  readonly issuers: Issuers
  readonly tranlog: PostgresTranlog
  readonly books: PostgresBooks
  readonly vault: PostgresVault
  stop(): Promise<void>
}

/** The real switch on a migrated database, its links dialled to banks on these ports. */
export async function openSwitch(options: {
  readonly url: string
  readonly issuersPort: number
  /** The open business day, or a function where the test turns it. */
  readonly date: BusinessDate | (() => BusinessDate)
  readonly macKeys?: boolean
  readonly onError?: (error: Error) => void
  /** Each flush: how many writes it held and how long it took. */
  readonly onFlush?: (writes: number, durationMs: number) => void
  /** Banks reached otherwise than by the directory, and what is told of their links. */
  readonly dial?: IssuersOptions['dial']
  readonly observe?: IssuersOptions['observe']
}): Promise<SwitchUnderTest> {
  const { url, date } = options
  const clock = systemClock
  const timers = systemTimers
  const folder = join(rootFolder, 'sandbox', 'directory')
  const directory = loadDirectory(folder, { issuersPort: options.issuersPort })
  const database = openDatabase(url, {
    log: silentLog,
    applicationName: 'test',
    connectionsMax: 8,
    statementTimeoutMs: 15_000,
  })
  await storeDirectory(database, directory)
  const names = accountsFor({
    issuers: directory.issuers().map(({ id }) => id),
    merchants: directory.merchants().map(({ id }) => id),
    acquirers: directory.acquirers().map(({ id }) => id),
    currencies: [...new Set(directory.sites().map(({ currency }) => currency))],
  })
  const chart = await openChart(database, names)
  const onError = options.onError ?? ((): void => undefined)
  const tranlog = new PostgresTranlog({
    database,
    random: randomBytes,
    clock,
    timers,
    connect: () =>
      connectClient(url, { applicationName: 'test tranlog', statementTimeoutMs: 15_000 }),
    onError,
    ...(options.onFlush === undefined ? {} : { observe: options.onFlush }),
  })
  const keyFile = join(mkdtempSync(join(tmpdir(), 'monetique-keys-')), 'vault.keys')
  const vault = new PostgresVault(database, readKeyRing(keyFile, randomBytes), randomBytes)
  const issuers = new Issuers({
    directory,
    clock,
    timers,
    macKeys: options.macKeys ?? true,
    observe:
      options.observe ??
      (() => ({
        state: () => undefined,
        unmatched: () => undefined,
        refused: (what, reason) => {
          onError(new Error(`${what}: ${reason}`))
        },
      })),
    ...(options.dial === undefined ? {} : { dial: options.dial }),
  })
  const running = createSwitch({
    directory,
    vault,
    tranlog,
    chart,
    issuers,
    businessDay: { current: () => (typeof date === 'function' ? date() : date) },
    numbers: new NumberSource(leaseFrom(database, 'rrn')),
    clock,
    timers,
    observe: {
      decided: () => undefined,
      alert: (what, facts) => {
        onError(new Error(`${what} ${JSON.stringify(facts)}`))
      },
    },
  })
  issuers.start()
  await running.start()
  for (let i = 0; i < 200 && issuers.states().some(({ up }) => !up); i++) {
    await new Promise<void>((resolve) => timers.after(25, resolve))
  }
  return {
    switch: running,
    directory,
    issuers,
    tranlog,
    books: new PostgresBooks(database, clock),
    vault,
    stop: async () => {
      await running.stop()
      issuers.stop()
      await tranlog.stop()
      await database.close()
    },
  }
}
