import { ApiKeys, SiteRegister, type GrowingDirectory } from '../directory/index.ts'
import type { Clock } from '../kernel/clock.ts'
import { limits } from '../kernel/limits.ts'
import { randomBytes, systemTimers } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Sealer } from '../vault/index.ts'
import type { Store } from './store.ts'

export type Register = {
  readonly sites: SiteRegister
  readonly keys: ApiKeys
  /** Everybody who joined before is in the directory when it resolves; then it follows changes. */
  start(): Promise<void>
  /** At once, for whoever has just added a site by this process. */
  refresh(): Promise<void>
  stop(): void
}

/**
 * Sites and keys that operators add while the centre runs. They may do so by another process (the
 * command line, another centre), so that the tables are looked at once a second.
 */
export function openRegister(options: {
  readonly store: Store
  readonly directory: GrowingDirectory
  readonly sealer: Sealer
  readonly clock: Clock
  readonly log: Log
}): Register {
  const { store, directory, clock, log } = options
  const { database } = store
  const sites = new SiteRegister({
    database,
    secrets: options.sealer,
    clock,
    random: randomBytes,
  })
  const keys = new ApiKeys({ database, clock, random: randomBytes })
  let cancel = (): void => undefined
  let stopped = false
  const refresh = async (): Promise<void> => {
    const { admitted, unreadable } = await sites.changes()
    for (const site of unreadable) log.error({ site }, 'a site’s store key cannot be opened')
    for (const one of admitted) {
      await store.admit(one)
      directory.admit(one)
    }
    await keys.refresh()
  }
  const follow = (): void => {
    cancel = systemTimers.after(limits.registerCheckMs, () => {
      refresh()
        .catch((thrown: unknown) => {
          log.warn({ reason: String(thrown) }, 'sites and keys could not be read; they are later')
        })
        .finally(() => {
          if (!stopped) follow()
        })
    })
  }
  return {
    sites,
    keys,
    refresh,
    start: async () => {
      await refresh()
      follow()
    },
    stop: () => {
      stopped = true
      cancel()
    },
  }
}
