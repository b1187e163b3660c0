import type { Clock, RandomBytes } from '../kernel/clock.ts'
import type { SiteId } from '../kernel/ids.ts'
import { fail, ok, type Result } from '../kernel/result.ts'
import type { Database } from '../platform/postgres/database.ts'
import { hashPassword } from '../platform/password.ts'
import type { ApiUser, Merchant, Site } from './participants.ts'
import {
  merchantOf,
  newStoreKey,
  nextSiteId,
  registered,
  siteOf,
  type RegisteredSite,
  type SiteDraft,
} from './registered-site.ts'
import {
  insertSite,
  rotateApiPassword,
  selectSites,
  updateApiPassword,
  updateSealed,
  updateStoreKey,
  type SealedSite,
} from './register-sql.ts'

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

export type Admitted = {
  readonly merchant: Merchant
  readonly site: Site
  readonly apiUser: ApiUser | null
}

/** A new site with what is shown once. Only the CMI gateway has the interface of the user. */
export type NewSiteShown = {
  readonly site: RegisteredSite
  readonly storeKey: string
  readonly apiUser: { readonly name: string; readonly password: string } | null
}

/** The one user that a site comes with. */
const apiUserName = 'api'

/** Sites added by an operator: their rows, and their store keys, which are shown once. */
export class SiteRegister {
  readonly #options: RegisterOptions
  readonly #seen = new Map<SiteId, number>()
  #latest: Date | null = null

  constructor(options: RegisterOptions) {
    this.#options = options
  }

  /**
   * `taken`: ids of the directory's files. Two operators at once get two numbers. A request that
   * comes again with its seed, after a crash before it was answered, gets the site that it made.
   */
  async create(
    draft: SiteDraft,
    taken: readonly string[],
    seed: string | null = null,
  ): Promise<NewSiteShown> {
    const { database, secrets, clock, random } = this.#options
    const storeKey = newStoreKey(random)
    const password = newStoreKey(random)
    const passwordHash = await hashPassword(password, Buffer.from(random(16)))
    const hasUser = draft.gateway === 'cmi'
    const shownUser = hasUser ? { name: apiUserName, password } : null
    for (;;) {
      const there = await selectSites(database, null)
      const made = seed === null ? undefined : there.find((row) => row.creationSeed === seed)
      if (made !== undefined) {
        const { site, sealed } = made
        if (hasUser) await updateApiPassword(database, site.id, { passwordHash, now: clock.now() })
        return { site, storeKey: this.#open(site.id, sealed), apiUser: shownUser }
      }
      const id = nextSiteId(draft.gateway, [...taken, ...there.map(({ site }) => site.id)])
      const site = registered(id, draft, clock.now())
      const sealed = secrets.seal(keyName(id), storeKey)
      const apiUser = hasUser ? { name: apiUserName, passwordHash, previous: null } : null
      if (await insertSite(database, { site, sealed, apiUser, creationSeed: seed })) {
        return { site, storeKey, apiUser: shownUser }
      }
    }
  }

  /**
   * The new key is in force at once; the one before is accepted beside it for so long. A request
   * that comes again with its seed gets the key that it made.
   */
  async rotateStoreKey(
    id: SiteId,
    overlapMs: number,
    seed: string | null = null,
  ): Promise<Result<{ readonly storeKey: string; readonly until: Date }, 'unknown_site'>> {
    const { database, secrets, clock, random } = this.#options
    const storeKey = newStoreKey(random)
    const now = clock.now()
    const until = new Date(now.getTime() + overlapMs)
    const sealed = secrets.seal(keyName(id), storeKey)
    if (await updateStoreKey(database, id, { sealed, until, now, seed })) {
      return ok({ storeKey, until })
    }
    const there = (await selectSites(database, null)).find(({ site }) => site.id === id)
    if (there === undefined || there.rotationSeed !== seed) return fail('unknown_site')
    const rotated = { storeKey: this.#open(id, there.sealed) }
    return ok({ ...rotated, until: there.previous?.until ?? until })
  }

  /**
   * The same for the password of the site's user. Its hash alone is kept: a request that comes again
   * with its seed gets another password, and the one that nobody was shown is not accepted.
   */
  async rotateApiPassword(
    id: SiteId,
    overlapMs: number,
    seed: string | null = null,
  ): Promise<
    Result<{ readonly password: string; readonly until: Date }, 'unknown_site' | 'no_user'>
  > {
    const { database, clock, random } = this.#options
    const password = newStoreKey(random)
    const passwordHash = await hashPassword(password, Buffer.from(random(16)))
    const now = clock.now()
    const wanted = { passwordHash, until: new Date(now.getTime() + overlapMs), now, seed }
    const until = await rotateApiPassword(database, id, wanted)
    if (until !== undefined) return ok({ password, until })
    const there = (await selectSites(database, null)).some(({ site }) => site.id === id)
    return fail(there ? 'no_user' : 'unknown_site')
  }

  /** Every store key under the key that seals now; how many there are. */
  async reseal(): Promise<number> {
    const { database, secrets } = this.#options
    let moved = 0
    for (const row of await selectSites(database, null)) {
      const again = (sealed: Buffer): Buffer =>
        secrets.seal(keyName(row.site.id), this.#open(row.site.id, sealed))
      const previous = row.previous === null ? null : again(row.previous.sealed)
      moved += await updateSealed(database, row, { sealed: again(row.sealed), previous })
    }
    return moved
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

  #admitted({ site, sealed, previous, apiUser }: SealedSite): Admitted {
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
      apiUser: apiUser === null ? null : userOf(site.id, apiUser),
    }
  }

  #open(id: SiteId, sealed: Buffer): string {
    const key = this.#options.secrets.open(keyName(id), sealed)
    if (key === undefined) throw new Error(`the vault's key file holds no key for site ${id}`)
    return key
  }
}

const userOf = (
  site: SiteId,
  { name, passwordHash, previous }: NonNullable<SealedSite['apiUser']>,
): ApiUser => ({
  site,
  name,
  passwordHash: () => passwordHash,
  previousPasswordHash: (now) =>
    previous !== null && now < previous.until ? previous.passwordHash : null,
})

/** Bound to its site: a sealed key that is moved to another row does not open. */
const keyName = (id: SiteId): string => `store-key/${id}`
