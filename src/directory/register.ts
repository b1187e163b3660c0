import type { Clock, RandomBytes } from '../kernel/clock.ts'
import type { SiteId } from '../kernel/ids.ts'
import { fail, ok, type Result } from '../kernel/result.ts'
import type { Database } from '../platform/postgres/database.ts'
import type { Merchant, Site } from './participants.ts'
import {
  merchantOf,
  newStoreKey,
  nextSiteId,
  registered,
  siteOf,
  type RegisteredSite,
  type SiteDraft,
} from './registered-site.ts'
import { insertSite, selectSites, updateStoreKey, type SealedSite } from './register-sql.ts'

/** How a store key is kept: the vault's, met by its shape, as neither knows the other. */
export type SecretBox = {
  seal(name: string, text: string): Buffer
  /** Undefined when the key that it is under is gone. */
  open(name: string, sealed: Buffer): string | undefined
}

export type RegisterOptions = {
  readonly database: Database
  readonly secrets: SecretBox
  readonly clock: Clock
  readonly random: RandomBytes
}

export type Admitted = { readonly merchant: Merchant; readonly site: Site }

/** Sites added by an operator: their rows, and their store keys, which are shown once. */
export class SiteRegister {
  readonly #options: RegisterOptions
  readonly #seen = new Map<SiteId, number>()
  #latest: Date | null = null

  constructor(options: RegisterOptions) {
    this.#options = options
  }

  /** `taken`: ids of the directory's files. Two operators at once get two numbers. */
  async create(
    draft: SiteDraft,
    taken: readonly string[],
  ): Promise<{ readonly site: RegisteredSite; readonly storeKey: string }> {
    const { database, secrets, clock, random } = this.#options
    const storeKey = newStoreKey(random)
    for (;;) {
      const there = (await selectSites(database, null)).map(({ site }) => site.id)
      const id = nextSiteId(draft.gateway, [...taken, ...there])
      const site = registered(id, draft, clock.now())
      const sealed = secrets.seal(keyName(id), storeKey)
      if (await insertSite(database, site, sealed)) return { site, storeKey }
    }
  }

  /** The new key is in force at once; the one before is accepted beside it for so long. */
  async rotateStoreKey(
    id: SiteId,
    overlapMs: number,
  ): Promise<Result<{ readonly storeKey: string; readonly until: Date }, 'unknown_site'>> {
    const { database, secrets, clock, random } = this.#options
    const storeKey = newStoreKey(random)
    const now = clock.now()
    const until = new Date(now.getTime() + overlapMs)
    const sealed = secrets.seal(keyName(id), storeKey)
    const found = await updateStoreKey(database, id, { sealed, until, now })
    return found ? ok({ storeKey, until }) : fail('unknown_site')
  }

  async list(): Promise<readonly RegisteredSite[]> {
    return (await selectSites(this.#options.database, null)).map(({ site }) => site)
  }

  /**
   * Those that came or changed since it was asked last: all, the first time. A site whose key does
   * not open is left out and named, so that one spoilt row stops nobody else.
   */
  async changes(): Promise<{
    readonly admitted: readonly Admitted[]
    readonly unreadable: readonly SiteId[]
  }> {
    const admitted: Admitted[] = []
    const unreadable: SiteId[] = []
    for (const row of await selectSites(this.#options.database, this.#latest)) {
      const { site, changedAt } = row
      if (this.#seen.get(site.id) === changedAt.getTime()) continue
      this.#seen.set(site.id, changedAt.getTime())
      if (this.#latest === null || changedAt > this.#latest) this.#latest = changedAt
      try {
        admitted.push(this.#admitted(row))
      } catch {
        unreadable.push(site.id)
      }
    }
    return { admitted, unreadable }
  }

  #admitted({ site, sealed, previous }: SealedSite): Admitted {
    const current = this.#open(site.id, sealed)
    return {
      merchant: merchantOf(site),
      site: siteOf(site, {
        current,
        previous:
          previous === null
            ? null
            : { key: this.#open(site.id, previous.sealed), until: previous.until },
      }),
    }
  }

  #open(id: SiteId, sealed: Buffer): string {
    const key = this.#options.secrets.open(keyName(id), sealed)
    if (key === undefined) throw new Error(`the vault's key file holds no key for site ${id}`)
    return key
  }
}

/** Bound to its site: a sealed key that is moved to another row does not open. */
const keyName = (id: SiteId): string => `store-key/${id}`
