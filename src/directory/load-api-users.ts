import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { records } from './data-file.ts'
import type { ApiUser, Site } from './participants.ts'

const file = 'api-users.csv'

const hashShape =
  /^scrypt\$(?:16384|32768|65536)\$8\$1\$[A-Za-z0-9+/]{22,44}={0,2}\$[A-Za-z0-9+/]{43}=$/

/** `api-users.csv`; without it a site has no user, and nobody uses the interface. */
export function loadApiUsers(folder: string, sites: ReadonlyMap<string, Site>): ApiUser[] {
  if (!existsSync(join(folder, file))) return []
  const users: ApiUser[] = []
  for (const r of records(folder, file, ['site', 'user', 'password_hash'])) {
    const site = r.reference('site', sites, 'site').id
    const name = r.text('user', 40)
    const passwordHash = r.matching('password_hash', hashShape, 'scrypt$N$8$1$SALT$HASH')
    if (users.some((other) => other.site === site && other.name === name)) {
      r.refuse('user', 'a user that does not stand above for this site')
    }
    users.push({
      site,
      name,
      passwordHash: () => passwordHash,
      previousPasswordHash: () => null,
    })
  }
  return users
}
