import { watchFile, unwatchFile } from 'node:fs'
import type { Directory } from '../directory/index.ts'
import { Issuers } from '../edge/issuers/index.ts'
import type { Clock } from '../kernel/clock.ts'
import { randomBytes, systemTimers } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import {
  createSwitch,
  leaseFrom,
  NumberSource,
  PostgresTranlog,
  type BusinessDay,
  type RunningSwitch,
} from '../switch/index.ts'
import {
  KeyRingSealer,
  PostgresVault,
  readKeyRing,
  type Sealer,
  type Vault,
} from '../vault/index.ts'
import type { Measures } from './measures.ts'
import type { Store } from './store.ts'

/** Ready means ready to take payments: the banks get this long to sign on, a dead one no longer. */
const signOnPatienceMs = 1_500
const signOnCheckEveryMs = 25

const keyFileCheckEveryMs = 1_000

export type PaymentsOptions = {
  readonly config: Config
  readonly directory: Directory
  readonly store: Store
  readonly businessDay: BusinessDay
  readonly measures: Measures
  readonly clock: Clock
  readonly log: Log
  readonly onError: (error: Error) => void
}

/** The switch and what it decides with. */
export type Payments = {
  readonly switch: RunningSwitch
  readonly issuers: Issuers
  /** Merchants' secrets, under the vault's keys. */
  readonly sealer: Sealer
  readonly vault: Vault
  /** Dials the banks and ends what a dead process left; resolves once a payment can be taken. */
  start(): Promise<void>
  /** What is in flight gets its outcome; resolves when nothing moves any more. */
  drain(): Promise<void>
  close(): Promise<void>
}

export function openPayments(options: PaymentsOptions): Payments {
  const { config, directory, store, measures, clock, log, onError } = options
  const timers = systemTimers
  const tranlog = new PostgresTranlog({
    database: store.database,
    random: randomBytes,
    clock,
    timers,
    connect: store.connect,
    observe: measures.flushed,
    onError,
  })
  const { vault, sealer, close: closeVault } = openVault(config, store, log)
  const issuers = new Issuers({ directory, clock, timers, observe: measures.issuerObserver(log) })
  const theSwitch = createSwitch({
    directory,
    vault,
    tranlog,
    chart: store.chart,
    issuers,
    businessDay: options.businessDay,
    numbers: new NumberSource(leaseFrom(store.database, 'rrn')),
    clock,
    timers,
    observe: measures.switchObserver(log),
  })
  measures.queues(() => ({ tranlog: tranlog.depth, advices: theSwitch.storeAndForward.depth }))
  measures.links(() => issuers.states())
  return {
    switch: theSwitch,
    issuers,
    sealer,
    vault,
    start: async () => {
      issuers.start()
      const { recovered } = await theSwitch.start()
      if (recovered > 0)
        log.warn({ recovered }, 'requests of a dead process were declined and reversed')
      await signOns(issuers)
    },
    drain: () => theSwitch.stop(),
    close: async () => {
      closeVault()
      issuers.stop()
      await tranlog.stop()
    },
  }
}

/** A rotation changes the key file of the running centre: it is read again when it changes. */
function openVault(
  config: Config,
  { database }: Store,
  log: Log,
): { readonly vault: PostgresVault; readonly sealer: Sealer; close(): void } {
  const { vaultKeyFile } = config
  const keys = readKeyRing(vaultKeyFile, config.sandbox ? randomBytes : undefined)
  const vault = new PostgresVault(database, keys, randomBytes)
  const sealer = new KeyRingSealer(keys, randomBytes)
  const onChange = (): void => {
    try {
      const changed = readKeyRing(vaultKeyFile, undefined)
      vault.useKeys(changed)
      sealer.useKeys(changed)
      log.info({}, 'the vault’s keys were read again')
    } catch (error) {
      // The keys in use go on: a file that was spoilt must not stop payments.
      const reason = error instanceof Error ? error.message : String(error)
      log.error({ reason }, 'the vault’s key file could not be read again')
    }
  }
  watchFile(vaultKeyFile, { interval: keyFileCheckEveryMs, persistent: false }, onChange)
  return {
    vault,
    sealer,
    close: () => {
      unwatchFile(vaultKeyFile, onChange)
    },
  }
}

async function signOns(issuers: Issuers): Promise<void> {
  for (let waitedMs = 0; waitedMs < signOnPatienceMs; waitedMs += signOnCheckEveryMs) {
    if (issuers.states().every(({ up }) => up)) return
    await new Promise<void>((resolve) => systemTimers.after(signOnCheckEveryMs, resolve))
  }
}
