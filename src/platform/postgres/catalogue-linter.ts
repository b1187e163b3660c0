import type { Queryable } from './database.ts'
import { monthsFrom, partitionName, type Month } from './partitions.ts'

type Table = {
  readonly name: string
  readonly comment: string | null
  readonly partitioned: boolean
  readonly key_type: string | null
  readonly key_not_null: boolean | null
}

type Constraint = {
  readonly name: string
  readonly table_name: string
  readonly kind: string
  readonly deferrable: boolean
  readonly first_column: string | null
  readonly target: string | null
  readonly target_first_column: string | null
}

const tablesQuery = `
  SELECT c.relname AS name, obj_description(c.oid, 'pg_class') AS comment,
         c.relkind = 'p' AS partitioned,
         (SELECT format_type(a.atttypid, a.atttypmod) FROM pg_attribute a
           WHERE a.attrelid = c.oid AND a.attname = 'shard_key' AND NOT a.attisdropped) AS key_type,
         (SELECT a.attnotnull FROM pg_attribute a
           WHERE a.attrelid = c.oid AND a.attname = 'shard_key') AS key_not_null
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
     AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_%'
   ORDER BY 1`

const constraintsQuery = `
  SELECT k.conname AS name, c.relname AS table_name, k.contype AS kind,
         k.condeferrable AS deferrable, first.attname AS first_column,
         target.relname AS target, target_first.attname AS target_first_column
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_class target ON target.oid = k.confrelid AND k.confrelid <> 0
    LEFT JOIN pg_attribute first ON first.attrelid = k.conrelid AND first.attnum = k.conkey[1]
    LEFT JOIN pg_attribute target_first
           ON target_first.attrelid = k.confrelid AND target_first.attnum = k.confkey[1]
   WHERE NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema')
     AND k.contype <> 'n'
   ORDER BY c.relname, k.conname`

/** What no sharded database may hold, whatever the table. */
const forbiddenQuery = `
  SELECT 'trigger ' || t.tgname || ' on ' || c.relname AS what
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal
  UNION ALL
  SELECT 'sequence ' || c.relname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind = 'S' AND n.nspname NOT LIKE 'pg_%'
  UNION ALL
  SELECT 'identity column ' || c.relname || '.' || a.attname
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE a.attidentity <> '' AND n.nspname NOT LIKE 'pg_%' AND n.nspname <> 'information_schema'
  ORDER BY 1`

const uniqueIndexesQuery = `
  SELECT i.relname AS name, c.relname AS table_name,
         (SELECT a.attname FROM pg_attribute a
           WHERE a.attrelid = c.oid AND a.attnum = x.indkey[0]) AS first_column
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE x.indisunique AND NOT c.relispartition AND n.nspname NOT LIKE 'pg_%'
     AND n.nspname <> 'information_schema'
     AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u'))
   ORDER BY 1`

/** Every breach of the rules of DESIGN §3 in the catalogue of a migrated database. */
export async function lintCatalogue(
  client: Queryable,
  partitionsAhead: { readonly fromMonth: Month; readonly monthsAhead: number },
): Promise<readonly string[]> {
  const { rows: tables } = await client.query<Table>(tablesQuery)
  const { rows: constraints } = await client.query<Constraint>(constraintsQuery)
  const { rows: forbidden } = await client.query<{ what: string }>(forbiddenQuery)
  const { rows: uniques } =
    await client.query<Pick<Constraint, 'name' | 'table_name' | 'first_column'>>(uniqueIndexesQuery)
  const sharded = new Set(tables.filter(isSharded).map(({ name }) => name))
  return [
    ...tables.flatMap(lintTable),
    ...tables
      .filter(isSharded)
      .filter((table) => !hasPrimaryKey(table, constraints))
      .map(noKey),
    ...constraints.flatMap((constraint) => lintConstraint(constraint, sharded, tables)),
    ...uniques
      .filter((index) => sharded.has(index.table_name) && index.first_column !== 'shard_key')
      .map(
        (index) => `${index.table_name}: unique index ${index.name} does not begin with shard_key`,
      ),
    ...forbidden.map(({ what }) => `${what} is not allowed`),
    ...(await missingPartitions(client, tables, partitionsAhead)),
  ]
}

/** The tables that the query guard watches, as the migrations declared them. */
export async function shardedTables(client: Queryable): Promise<readonly string[]> {
  const { rows } = await client.query<Table>(tablesQuery)
  return rows.filter(isSharded).map(({ name }) => name)
}

const isSharded = (table: Table): boolean => table.comment?.startsWith('sharded:') === true

const isReference = (table: Table | undefined): boolean =>
  table?.comment?.startsWith('reference:') === true

const hasPrimaryKey = (table: Table, constraints: readonly Constraint[]): boolean =>
  constraints.some(({ kind, table_name }) => kind === 'p' && table_name === table.name)

const noKey = (table: Table): string => `${table.name}: a sharded table needs a primary key`

function lintTable(table: Table): readonly string[] {
  if (table.comment === null) return [`${table.name}: has no comment`]
  if (isReference(table)) {
    return table.key_type === null ? [] : [`${table.name}: a reference table has no shard_key`]
  }
  if (!isSharded(table)) {
    return [`${table.name}: its comment must begin with "sharded:" or "reference:"`]
  }
  return table.key_type === 'integer' && table.key_not_null === true
    ? []
    : [`${table.name}: a sharded table has a column shard_key int NOT NULL`]
}

function lintConstraint(
  constraint: Constraint,
  sharded: ReadonlySet<string>,
  tables: readonly Table[],
): readonly string[] {
  const label = `${constraint.table_name}: ${constraint.name}`
  const found: string[] = []
  if (constraint.deferrable) found.push(`${label} is deferrable`)
  if (constraint.kind === 'x') found.push(`${label} is an exclusion constraint`)
  const isHere = sharded.has(constraint.table_name)
  if (isHere && 'pu'.includes(constraint.kind) && constraint.first_column !== 'shard_key') {
    found.push(`${label} does not begin with shard_key`)
  }
  if (constraint.kind !== 'f') return found
  const from = tables.find(({ name }) => name === constraint.table_name)
  const target = tables.find(({ name }) => name === constraint.target)
  if (isReference(target)) return found
  // A foreign key into or out of a partitioned table doubles what a payment costs PostgreSQL.
  if (!isHere) found.push(`${label}: a reference table cannot point at a sharded one`)
  else if (from?.partitioned === true || target?.partitioned === true) {
    found.push(`${label}: a partitioned table may only point at reference tables, and none at it`)
  } else if (
    constraint.first_column !== 'shard_key' ||
    constraint.target_first_column !== 'shard_key'
  ) {
    found.push(`${label} does not begin with shard_key on both sides`)
  }
  return found
}

async function missingPartitions(
  client: Queryable,
  tables: readonly Table[],
  span: { readonly fromMonth: Month; readonly monthsAhead: number },
): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT relname AS name FROM pg_class WHERE relispartition',
  )
  const present = new Set(rows.map(({ name }) => name))
  const wanted = monthsFrom(span.fromMonth, span.monthsAhead)
  return tables
    .filter(({ partitioned }) => partitioned)
    .flatMap(({ name }) => wanted.map((month) => partitionName(name, month)))
    .filter((name) => !present.has(name))
    .map((name) => `${name}: this month's partition has not been made`)
}
