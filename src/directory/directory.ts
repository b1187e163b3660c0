import type { BusinessDate } from '../kernel/business-date.ts'
import type { AcquirerId, IssuerId, MerchantId, SiteId } from '../kernel/ids.ts'
import type { Pan } from '../kernel/pan.ts'
import { loadContents, type Contents, type LoadOptions } from './load.ts'
import type {
  Acquirer,
  ApiUser,
  CardRange,
  GrowingDirectory,
  Issuer,
  Merchant,
  Site,
  Tariff,
  Terminal,
} from './participants.ts'
import { findRange } from './ranges.ts'

/** Reads a folder of data files; throws a DirectoryError that says what is wrong and where. */
export function loadDirectory(folder: string, options: LoadOptions): GrowingDirectory {
  return directoryOf(loadContents(folder, options))
}

export function directoryOf(contents: Contents): GrowingDirectory {
  return new LoadedDirectory(contents)
}

class LoadedDirectory implements GrowingDirectory {
  readonly #contents: Contents
  readonly #merchants: Map<string, Merchant>
  readonly #sites: Map<string, Site>
  readonly #joinedUsers = new Map<SiteId, ApiUser>()
  readonly calendar: Contents['calendar']

  constructor(contents: Contents) {
    this.#contents = contents
    this.#merchants = new Map(contents.merchants)
    this.#sites = new Map(contents.sites)
    this.calendar = contents.calendar
  }

  admit({ merchant, site, apiUser }: Parameters<GrowingDirectory['admit']>[0]): void {
    this.#merchants.set(merchant.id, merchant)
    this.#sites.set(site.id, site)
    if (apiUser !== null) this.#joinedUsers.set(site.id, apiUser)
  }

  site(id: string): Site | undefined {
    return this.#sites.get(id)
  }

  apiUser(site: SiteId, name: string): ApiUser | undefined {
    const joined = this.#joinedUsers.get(site)
    if (joined?.name === name) return joined
    return this.#contents.apiUsers.find((user) => user.site === site && user.name === name)
  }

  terminal(id: string): Terminal | undefined {
    return this.#contents.terminals.get(id)
  }

  merchant(id: MerchantId): Merchant {
    return known(this.#merchants, id)
  }

  acquirer(id: AcquirerId): Acquirer {
    return known(this.#contents.acquirers, id)
  }

  issuer(id: IssuerId): Issuer {
    return known(this.#contents.issuers, id)
  }

  issuers(): readonly Issuer[] {
    return [...this.#contents.issuers.values()]
  }

  acquirers(): readonly Acquirer[] {
    return [...this.#contents.acquirers.values()]
  }

  merchants(): readonly Merchant[] {
    return [...this.#merchants.values()]
  }

  sites(): readonly Site[] {
    return [...this.#sites.values()]
  }

  cardRange(pan: Pan): CardRange | undefined {
    return findRange(this.#contents.ranges, pan.reveal())
  }

  tariff(
    acquirer: AcquirerId,
    origin: 'moroccan' | 'foreign',
    date: BusinessDate,
  ): Tariff | undefined {
    return this.#contents.tariffs.find(
      (tariff) =>
        tariff.acquirer === acquirer &&
        tariff.origin === origin &&
        tariff.from <= date &&
        date <= tariff.to,
    )
  }
}

/** Ids of this brand come from the directory itself, so they are there. */
function known<T>(entries: ReadonlyMap<string, T>, id: string): T {
  const found = entries.get(id)
  if (found === undefined) throw new Error(`invariant broken: ${id} is not in the directory`)
  return found
}
