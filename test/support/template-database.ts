/** Databases cloned from a template that the migrations made, for whoever closes them afterwards. */
import { createHash, randomBytes } from 'node:crypto'
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
import { testPassword } from './postgres-server.ts'

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

/** A database of one's own, and how to drop it. */
export type OpenedDatabase = TestDatabase & { close(): Promise<void> }

export async function cloneOf(superuserUrl: string, template: string): Promise<OpenedDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await asSuperuser(superuserUrl, async (client) => {
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER monetique`)
  })
  const ownerUrl = asRole(superuserUrl, { role: 'monetique', database: name })
  const url = asRole(superuserUrl, { role: 'monetique_app', database: name })
  const owner = open(ownerUrl, undefined)
  const app = open(url, guardStatements(await shardedTables(owner)))
  const close = async (): Promise<void> => {
    await app.close()
    await owner.close()
    await asSuperuser(superuserUrl, async (client) => {
      await client.query(`DROP DATABASE ${name} WITH (FORCE)`)
    })
  }
  return { app, owner, url, ownerUrl, close }
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
export async function templateDatabase(superuserUrl: string): Promise<string> {
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
