import { isAlreadyThere } from './errors.ts'
import type { Database, Queryable } from './database.ts'

/** A calendar month as `YYYY-MM`. */
export type Month = string

/** Tables partitioned by range, which therefore need their months made ahead. */
export async function partitionedTables(client: Queryable): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT c.relname AS name
      FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
     WHERE p.partstrat = 'r' AND NOT c.relispartition
     ORDER BY 1`)
  return rows.map(({ name }) => name)
}

/** `payment_2013_09` */
export const partitionName = (table: string, month: Month): string =>
  `${table}_${month.replace('-', '_')}`

/** The months from `fromMonth` to `monthsAhead` after it, both included. */
export function monthsFrom(fromMonth: Month, monthsAhead: number): readonly Month[] {
  const parts = /^([0-9]{4})-(0[1-9]|1[0-2])/.exec(fromMonth)
  if (parts === null) throw new Error(`${fromMonth} is not a month YYYY-MM`)
  const first = Number(parts[1]) * 12 + Number(parts[2]) - 1
  return Array.from({ length: monthsAhead + 1 }, (_, ahead) => monthOf(first + ahead))
}

const monthOf = (index: number): Month =>
  `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`

/**
 * Makes the months' partitions that are missing; run by the owner at each start and at each day's
 * turn. ATTACH, not CREATE … PARTITION OF, which would lock the table against payments while it
 * waits for the longest query. Returns the names made.
 */
export async function ensurePartitions(
  database: Database,
  tables: readonly string[],
  span: { readonly fromMonth: Month; readonly monthsAhead: number },
): Promise<readonly string[]> {
  const made: string[] = []
  for (const month of monthsFrom(span.fromMonth, span.monthsAhead)) {
    for (const table of tables) {
      if (await ensurePartition(database, table, month)) made.push(partitionName(table, month))
    }
  }
  return made
}

async function ensurePartition(database: Database, table: string, month: Month): Promise<boolean> {
  const name = partitionName(table, month)
  if (await isAttached(database, table, name)) return false
  const until = monthsFrom(month, 1)[1] ?? month
  try {
    await database.withTransaction(async (client) => {
      await client.query(
        `CREATE TABLE ${name} (LIKE ${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS
           INCLUDING GENERATED INCLUDING STORAGE)`,
      )
      await client.query(
        `ALTER TABLE ${table} ATTACH PARTITION ${name}
         FOR VALUES FROM ('${month}-01') TO ('${until}-01')`,
      )
    })
    return true
  } catch (error) {
    // Another process made it between the look and the making.
    if (isAlreadyThere(error) && (await isAttached(database, table, name))) return false
    throw error
  }
}

async function isAttached(client: Queryable, table: string, name: string): Promise<boolean> {
  const { rows } = await client.query<{ present: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_inherits
                     WHERE inhrelid = to_regclass($2) AND inhparent = to_regclass($1)) AS present`,
    [table, name],
  )
  return rows[0]?.present === true
}
