import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClientBase } from 'pg'
import type { Log } from '../log.ts'
import { isAlreadyThere } from './errors.ts'
import { codeOnly, splitStatements } from './sql-text.ts'
import type { Database } from './database.ts'

export type Migration = {
  readonly number: number
  readonly name: string
  readonly sql: string
  readonly sha256: string
}

type Applied = { readonly number: number; readonly name: string; readonly sha256: string }

/** The roles that a migration may grant to; on a database of somebody else they may be absent. */
const optionalRoles = ['monetique_app', 'monetique_readonly']

const createTable = `
  CREATE TABLE IF NOT EXISTS schema_migration (
    number int PRIMARY KEY,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`
const comment = `COMMENT ON TABLE schema_migration IS 'reference: the migrations applied here'`

/** `NNNN_name.sql` in the order of their numbers; gaps are fine, two of one number are not. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
  const migrations: Migration[] = []
  const shape = /^([0-9]{4})_([a-z0-9_]+)\.sql$/
  const misnamed = files.find((file) => !shape.test(file))
  if (misnamed !== undefined)
    throw new Error(`${join(folder, misnamed)} is not named NNNN_name.sql`)
  for (const file of files) {
    const parts = shape.exec(file)
    if (parts === null) continue
    const number = Number(parts[1])
    if (migrations.at(-1)?.number === number) {
      throw new Error(`${join(folder, file)}: another migration has the number ${parts[1] ?? ''}`)
    }
    const sql = await readFile(join(folder, file), 'utf8')
    const sha256 = createHash('sha256').update(sql).digest('hex')
    migrations.push({ number, name: parts[2] ?? '', sql, sha256 })
  }
  return migrations
}

/**
 * Applies what is missing, forward only, each file in one dbTransaction. Two processes that start
 * at once take turns on the table's lock. Returns the numbers applied.
 */
export async function migrate(options: {
  readonly database: Database
  readonly folder: string
  readonly log: Log
}): Promise<readonly number[]> {
  const { database, log } = options
  const migrations = await readMigrations(options.folder)
  await prepareTable(database)
  const done: number[] = []
  for (const migration of migrations) {
    const applied = await database.withTransaction(async (client) => {
      await client.query('LOCK TABLE schema_migration IN ACCESS EXCLUSIVE MODE')
      const rows = await client.query<Applied>('SELECT number, name, sha256 FROM schema_migration')
      checkHistory(rows.rows, migrations)
      if (rows.rows.some(({ number }) => number === migration.number)) return false
      const last = Math.max(0, ...rows.rows.map(({ number }) => number))
      if (last > migration.number) {
        throw new Error(
          `migration ${labelOf(migration)} comes before ${last}, which was already applied here: ` +
            'give it a number after the last',
        )
      }
      await apply(client, migration, log)
      return true
    })
    if (applied) done.push(migration.number)
  }
  if (done.length > 0) log.info({ migrations: done }, 'the database was migrated')
  return done
}

async function prepareTable(database: Database): Promise<void> {
  const exists = `SELECT to_regclass('schema_migration') IS NOT NULL AS present`
  for (let tries = 0; tries < 3; tries++) {
    const { rows } = await database.query<{ present: boolean }>(exists)
    if (rows[0]?.present === true) return
    try {
      await database.withTransaction(async (client) => {
        await client.query(createTable)
        await client.query(comment)
      })
    } catch (error) {
      // Another process made it in the same moment: IF NOT EXISTS does not cover that race.
      if (!isAlreadyThere(error)) throw error
    }
  }
}

const labelOf = ({ number, name }: { readonly number: number; readonly name: string }): string =>
  `${String(number).padStart(4, '0')}_${name}`

function checkHistory(applied: readonly Applied[], migrations: readonly Migration[]): void {
  for (const row of applied) {
    const file = migrations.find(({ number }) => number === row.number)
    const label = labelOf(row)
    if (file === undefined) {
      throw new Error(
        `the database is newer than this program: migration ${label} was applied to it and is ` +
          'not known here. Use the newer program; migrations only go forward',
      )
    }
    if (file.sha256 !== row.sha256) {
      throw new Error(
        `migration ${label} was applied to this database and has been changed since: restore the ` +
          'file and write the change as a new migration',
      )
    }
  }
}

async function apply(client: ClientBase, migration: Migration, log: Log): Promise<void> {
  const label = labelOf(migration)
  const { rows } = await client.query<{ name: string }>('SELECT rolname AS name FROM pg_roles')
  const roles = new Set(rows.map(({ name }) => name))
  const absent = optionalRoles.filter((role) => !roles.has(role))
  for (const statement of splitStatements(migration.sql)) {
    if (isGrantTo(absent, statement)) continue
    try {
      await client.query(statement)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new Error(`migration ${label}: ${why}\n  in: ${statement.slice(0, 300)}`, {
        cause: error,
      })
    }
  }
  await client.query('INSERT INTO schema_migration (number, name, sha256) VALUES ($1, $2, $3)', [
    migration.number,
    migration.name,
    migration.sha256,
  ])
  log.debug({ migration: label, absent }, 'migration applied')
}

function isGrantTo(absentRoles: readonly string[], statement: string): boolean {
  const code = codeOnly(statement).trim()
  if (!/^(grant|revoke|alter\s+default\s+privileges)\b/i.test(code)) return false
  return absentRoles.some((role) => new RegExp(`\\b${role}\\b`).test(code))
}
