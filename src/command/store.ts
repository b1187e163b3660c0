import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ApiKeys, SiteRegister } from '../directory/index.ts'
import type { Clock } from '../kernel/clock.ts'
import { openSandboxClock, randomBytes, systemClock } from '../platform/clock.ts'
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
  try {
    const random = randomBytes
    const secrets = new KeyRingSealer(readKeyRing(config.vaultKeyFile, undefined), random)
    const sites = new SiteRegister({ database, secrets, clock: clock.clock, random })
    const keys = new ApiKeys({ database, clock: clock.clock, random })
    return await act({ config, database, sites, keys })
  } finally {
    clock.close()
    await database.close()
  }
}

/** What is stamped here is compared with the centre's business clock. */
function openClock(config: Config): { readonly clock: Clock; close(): void } {
  if (!config.sandbox) return { clock: systemClock, close: () => undefined }
  const file = join(config.dataDir, 'sandbox', 'clock.json')
  const clock = openSandboxClock({ file, startAt: undefined })
  return { clock, close: clock.close }
}
