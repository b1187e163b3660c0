import pg from 'pg'
import type { Log } from '../log.ts'
import { clusterPaths, readOrMakePasswords, type Passwords } from './cluster.ts'
import { limitReader, type DatabaseUrls } from './roles.ts'

/**
 * A database of somebody else's (DATABASE_URL). Its user owns the schema; the two lesser roles are
 * made where that user may make roles, and used where they let us in. Else the URL serves for all.
 */
export async function externalDatabase(options: {
  readonly url: string
  readonly dataDir: string
  readonly log: Log
}): Promise<DatabaseUrls> {
  const { url, log } = options
  const passwords = await readOrMakePasswords(clusterPaths(options.dataDir))
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`the database of DATABASE_URL cannot be used: ${why}`, { cause: error })
  }
  try {
    const version = await serverVersion(client)
    if (version < 150_000)
      throw new Error('the database of DATABASE_URL is older than PostgreSQL 15')
    await makeRoles(client, passwords)
  } finally {
    await client.end()
  }
  const app = await lesser(url, 'monetique_app', passwords.app)
  const readonly = await lesser(url, 'monetique_readonly', passwords.readonly)
  if (app === undefined) log.warn({}, 'the centre uses the user of DATABASE_URL itself')
  return { superuser: url, owner: url, app: app ?? url, readonly: readonly ?? readOnly(url) }
}

/** Where no lesser role can be had: the same user, on whom a slip of the hand changes nothing. */
function readOnly(url: string): string {
  const changed = new URL(url)
  const options = '-c default_transaction_read_only=on -c search_path=reporting'
  changed.searchParams.set('options', options)
  // A plus sign is a space in a form only: libpq reads the query by percent-encoding.
  return changed.toString().replaceAll('+', '%20')
}

async function serverVersion(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ version: string }>(
    `SELECT current_setting('server_version_num') AS version`,
  )
  return Number(rows[0]?.version ?? '0')
}

async function makeRoles(client: pg.Client, passwords: Passwords): Promise<void> {
  const { rows } = await client.query<{ may: boolean; name: string | null }>(
    `SELECT me.rolsuper OR me.rolcreaterole AS may, other.rolname AS name
       FROM pg_roles me
       LEFT JOIN pg_roles other ON other.rolname IN ('monetique_app', 'monetique_readonly')
      WHERE me.rolname = current_user`,
  )
  if (rows[0]?.may !== true) return
  const present = new Set(rows.map(({ name }) => name))
  for (const [role, password] of [
    ['monetique_app', passwords.app],
    ['monetique_readonly', passwords.readonly],
  ] as const) {
    if (present.has(role)) continue
    const name = pg.escapeIdentifier(role)
    await client.query(`CREATE ROLE ${name} LOGIN PASSWORD ${pg.escapeLiteral(password)}`)
    if (role === 'monetique_readonly') await limitReader(client)
  }
}

/** The same address as a lesser role, if its password is the one we know. */
async function lesser(url: string, role: string, password: string): Promise<string | undefined> {
  const changed = new URL(url)
  changed.username = role
  changed.password = password
  const client = new pg.Client({
    connectionString: changed.toString(),
    connectionTimeoutMillis: 10_000,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return changed.toString()
  } catch {
    return undefined
  } finally {
    await client.end().catch(() => undefined)
  }
}
