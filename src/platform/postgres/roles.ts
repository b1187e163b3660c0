import pg from 'pg'
import type { Passwords } from './cluster.ts'

/** One connection string per role; what each may do is granted by the migrations. */
export type DatabaseUrls = {
  readonly superuser: string
  /** Owns the schema: migrations and partitions. */
  readonly owner: string
  /** The centre: least privilege, ledgers append-only. */
  readonly app: string
  /** For people and outside checks: the schema `reporting`, read-only, over TCP. */
  readonly readonly: string
}

export const databaseName = 'monetique'

export function roleUrls(options: {
  readonly passwords: Passwords
  readonly port: number
  /** Empty where the path of a socket would be too long. */
  readonly socketDir: string
}): DatabaseUrls {
  const { passwords, port } = options
  const socket = options.socketDir === '' ? '' : `?host=${encodeURIComponent(options.socketDir)}`
  const url = (role: string, password: string): string =>
    `postgresql://${role}:${password}@127.0.0.1:${port}/${databaseName}`
  return {
    superuser: url('postgres', passwords.superuser) + socket,
    owner: url('monetique', passwords.owner) + socket,
    app: url('monetique_app', passwords.app) + socket,
    readonly: url('monetique_readonly', passwords.readonly),
  }
}

/** The same server and role, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.toString()
}

/**
 * Makes the three roles and the database where they are missing. Idempotent: a start that was
 * killed between initdb and here is completed by the next.
 */
export async function prepareRoles(superuserUrl: string, passwords: Passwords): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(superuserUrl, 'postgres') })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT rolname AS name FROM pg_roles WHERE rolname LIKE 'monetique%'
       UNION ALL SELECT 'database:' || datname FROM pg_database`,
    )
    const present = new Set(rows.map(({ name }) => name))
    const roles = [
      ['monetique', passwords.owner],
      ['monetique_app', passwords.app],
      ['monetique_readonly', passwords.readonly],
    ] as const
    await client.query('BEGIN')
    for (const [role, password] of roles) {
      if (!present.has(role)) await client.query(createRole(role, password))
    }
    if (!present.has('monetique_readonly')) await limitReader(client)
    await client.query('COMMIT')
    if (!present.has(`database:${databaseName}`)) {
      await client.query(`CREATE DATABASE ${databaseName} OWNER monetique`)
    }
  } finally {
    await client.end()
  }
}

/** Who reads from outside finds the views by their bare names, and cannot keep the server busy. */
export async function limitReader(client: pg.Client): Promise<void> {
  await client.query('ALTER ROLE monetique_readonly SET default_transaction_read_only = on')
  await client.query("ALTER ROLE monetique_readonly SET statement_timeout = '60s'")
  await client.query('ALTER ROLE monetique_readonly SET search_path = reporting')
}

const createRole = (role: string, password: string): string =>
  `CREATE ROLE ${pg.escapeIdentifier(role)} LOGIN PASSWORD ${pg.escapeLiteral(password)}`
