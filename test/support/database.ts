/**
 * A database of its own for each test file: cloned from a template that the migrations made, with
 * the centre's least privilege role and the query guard on, dropped afterwards.
 */
import { createHash, randomBytes } from 'node:crypto'
import { after } from 'node:test'
import { join } from 'node:path'
import pg from 'pg'
import { silentLog } from '../../src/platform/log.ts'
import { shardedTables } from '../../src/platform/postgres/catalogue-linter.ts'
import { openDatabase, type Database } from '../../src/platform/postgres/database.ts'
import { guardStatements } from '../../src/platform/postgres/guard.ts'
import { migrate, readMigrations } from '../../src/platform/postgres/migrate.ts'
import { ensurePartitions, partitionedTables } from '../../src/platform/postgres/partitions.ts'
import { withDatabase } from '../../src/platform/postgres/roles.ts'
import { rootFolder } from '../../src/platform/root.ts'
import { startTestServer, testPassword } from './postgres-server.ts'

export type TestDatabase = {
  /** The centre's role, guarded. */
  readonly app: Database
  /** The owner of the schema, not guarded: migrations, partitions, looking at everything. */
  readonly owner: Database
  /** Where the centre's role connects. */
  readonly url: string
  readonly ownerUrl: string
}

/** The months that every clone has partitions for. */
export const partitionSpan = { fromMonth: '2013-08', monthsAhead: 5 } as const

export const migrationsFolder = join(rootFolder, 'sql', 'migrations')

let server: Promise<string> | undefined

/** The server's superuser URL: the run's own, or one started for this file alone. */
export function testServerUrl(): Promise<string> {
  server ??= sharedOrStarted()
  return server
}

async function sharedOrStarted(): Promise<string> {
  const shared = process.env['TEST_POSTGRES_URL']
  if (shared !== undefined && shared !== '') return shared
  const started = await startTestServer()
  closing.push(() => started.stop())
  return started.superuserUrl
}

const closing: (() => Promise<void>)[] = []

// Registered on import, hence for the whole file: a hook made inside a hook ends with that hook.
// Last opened, first closed: databases before their server.
after(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Call it at the top of a file or in a `before`; it is dropped when the file's tests are done. */
export async function withTestDatabase(): Promise<TestDatabase> {
  const superuserUrl = await testServerUrl()
  const template = await templateDatabase(superuserUrl)
  return cloneOf(superuserUrl, template)
}

/** A database with no table at all, for the tests of the tools that make them. */
export async function withEmptyDatabase(): Promise<TestDatabase> {
  return cloneOf(await testServerUrl(), 'template1')
}

async function cloneOf(superuserUrl: string, template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await asSuperuser(superuserUrl, async (client) => {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER monetique`)
  })
  const ownerUrl = asRole(superuserUrl, { role: 'monetique', database: name })
  const url = asRole(superuserUrl, { role: 'monetique_app', database: name })
  const owner = open(ownerUrl, undefined)
  const app = open(url, guardStatements(await shardedTables(owner)))
  closing.push(async () => {
    await app.close()
    await owner.close()
    await asSuperuser(superuserUrl, async (client) => {
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`)
    })
  })
  return { app, owner, url, ownerUrl }
}

const open = (url: string, guard: ((sql: string) => void) | undefined): Database =>
  openDatabase(url, {
    log: silentLog,
    applicationName: 'test',
    connectionsMax: 6,
    statementTimeoutMs: 15_000,
    guard,
  })

function asRole(superuserUrl: string, who: { role: string; database: string }): string {
  const url = new URL(withDatabase(superuserUrl, who.database))
  url.username = who.role
  url.password = testPassword
  return url.toString()
}

/** Made once per server and per state of the migrations, under a lock: files run side by side. */
async function templateDatabase(superuserUrl: string): Promise<string> {
  const migrations = await readMigrations(migrationsFolder)
  const state = JSON.stringify([migrations.map(({ sha256 }) => sha256), partitionSpan])
  const name = `template_${createHash('sha256').update(state).digest('hex').slice(0, 16)}`
  await asSuperuser(superuserUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock(4096)')
    const { rows } = await client.query(
      'SELECT FROM pg_database WHERE datname = $1 AND datistemplate',
      [name],
    )
    if (rows.length > 0) return
    await client.query(`DROP DATABASE IF EXISTS ${name}`)
    await client.query(`CREATE DATABASE ${name} OWNER monetique`)
    const owner = open(asRole(superuserUrl, { role: 'monetique', database: name }), undefined)
    await migrate({ database: owner, folder: migrationsFolder, log: silentLog })
    await ensurePartitions(owner, await partitionedTables(owner), partitionSpan)
    await owner.close()
    await client.query(`ALTER DATABASE ${name} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`)
  })
  return name
}

async function asSuperuser(url: string, act: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(url, 'postgres') })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await act(client)
  } finally {
    await client.end()
  }
}
