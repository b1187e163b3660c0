import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AuditTrail, type AuditEvent } from '../audit/index.ts'
import { ApiKeys, SiteRegister } from '../directory/index.ts'
import type { Clock } from '../kernel/clock.ts'
import { openSandboxClock, randomBytes, systemClock, systemTimers } from '../platform/clock.ts'
import { readConfig, type Config } from '../platform/config.ts'
import { silentLog } from '../platform/log.ts'
import { openDatabase, type Database } from '../platform/postgres/database.ts'
import { KeyRingSealer, readKeyRing } from '../vault/index.ts'

/** The address under which the centre of a data directory writes; it must have been started once. */
export function databaseUrl(dataDir: string): string {
  try {
    return readFileSync(join(dataDir, 'run', 'app-database-url'), 'utf8').trim()
  } catch {
    throw new Error(`no database has been started in ${dataDir} yet: npm start`)
  }
}

export type OpenRegister = {
  readonly config: Config
  readonly database: Database
  readonly sites: SiteRegister
  readonly keys: ApiKeys
  /** A key was made or rotated: it is in the audit trail when the command ends. */
  keyChanged(change: Pick<AuditEvent, 'site' | 'outcome' | 'facts'>): void
}

/** Sites and keys, as the running centre will see them a second later. */
export async function withRegister<T>(act: (open: OpenRegister) => Promise<T>): Promise<T> {
  const config = readConfig()
  const database = openDatabase(databaseUrl(config.dataDir), {
    log: silentLog,
    applicationName: 'monetique command',
    connectionsMax: 2,
    statementTimeoutMs: 15_000,
  })
  const clock = openClock(config)
  const random = randomBytes
  const audit = new AuditTrail({
    database,
    clock: clock.clock,
    timers: systemTimers,
    random,
    log: silentLog,
    onDropped: () => {
      throw new Error('done, but the audit trail could not be written')
    },
  })
  try {
    const secrets = new KeyRingSealer(readKeyRing(config.vaultKeyFile, undefined), random)
    const sites = new SiteRegister({ database, secrets, clock: clock.clock, random })
    const keys = new ApiKeys({ database, clock: clock.clock, random })
    return await act({
      config,
      database,
      sites,
      keys,
      keyChanged: (change) => {
        audit.record({ kind: 'key', actor: 'command line', address: null, ...change })
      },
    })
  } finally {
    await audit.stop().finally(async () => {
      clock.close()
      await database.close()
    })
  }
}

/** What is stamped here is compared with the centre's business clock. */
function openClock(config: Config): { readonly clock: Clock; close(): void } {
  if (!config.sandbox) return { clock: systemClock, close: () => undefined }
  const file = join(config.dataDir, 'sandbox', 'clock.json')
  const clock = openSandboxClock({ file, startAt: undefined })
  return { clock, close: clock.close }
}
