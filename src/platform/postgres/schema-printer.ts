import type { Queryable } from './database.ts'
import {
  columnsQuery,
  constraintsQuery,
  functionsQuery,
  grantsQuery,
  indexesQuery,
  relationsQuery,
  schemasQuery,
  type ColumnRow,
  type DefinitionRow,
  type FunctionRow,
  type GrantRow,
  type RelationRow,
} from './schema-queries.ts'

const heading = `-- The schema that the migrations of sql/migrations make, printed from the catalogue of a
-- migrated database. Made by "npm run schema", compared by the tests; never edited by hand.
-- Partitions of months and days are not listed: they are made ahead as time goes.`

/**
 * The schema as text, the same for the same migrations on PostgreSQL 15 and 18, whatever the order
 * in which things were made and whatever month it is.
 */
export async function printSchema(client: Queryable): Promise<string> {
  const read = async <Row extends object>(query: string): Promise<readonly Row[]> =>
    (await client.query<Row & Record<string, unknown>>(query)).rows
  const schemas = await read<{ name: string; comment: string | null }>(schemasQuery)
  const relations = await read<RelationRow>(relationsQuery)
  const columns = byRelation(await read<ColumnRow>(columnsQuery))
  const constraints = byRelation(await read<DefinitionRow>(constraintsQuery))
  const indexes = byRelation(await read<DefinitionRow>(indexesQuery))
  const functions = await read<FunctionRow>(functionsQuery)
  const grants = await read<GrantRow>(grantsQuery)
  const names = schemas.map(({ name }) => name).concat('public', 'pg_catalog')
  const blocks = [
    heading,
    ...schemas.map(({ name, comment }) => printSchemaName(name, comment)),
    ...functions.map(({ definition }) => `${definition.trim()};`),
    ...relations
      .filter((relation) => !isPeriod(relation))
      .map((relation) => {
        const parts = {
          columns: columns.get(relation.oid) ?? [],
          constraints: constraints.get(relation.oid) ?? [],
          indexes: indexes.get(relation.oid) ?? [],
        }
        return relation.definition === null
          ? printTable(relation, parts)
          : printView(relation, parts.columns, names)
      }),
    grants.map(printGrant).join('\n'),
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

type Parts = {
  readonly columns: readonly ColumnRow[]
  readonly constraints: readonly DefinitionRow[]
  readonly indexes: readonly DefinitionRow[]
}

/** A partition of a month (`payment_2013_09`) or a day: not part of the schema's text. */
const isPeriod = ({ parent, name }: RelationRow): boolean =>
  parent !== null && new RegExp(`^${parent}_[0-9]{4}_[0-9]{2}(_[0-9]{2})?$`).test(name)

function printSchemaName(name: string, comment: string | null): string {
  const lines = [`CREATE SCHEMA ${name};`]
  if (comment !== null) lines.push(`COMMENT ON SCHEMA ${name} IS ${quote(comment)};`)
  return lines.join('\n')
}

function printTable(relation: RelationRow, parts: Parts): string {
  const name = fullName(relation)
  if (relation.parent !== null) {
    return `CREATE TABLE ${name} PARTITION OF ${relation.parent} ${relation.bound ?? ''};`
  }
  const body = [
    ...parts.columns.map(printColumn),
    ...parts.constraints.map(({ name: label, definition }) => `CONSTRAINT ${label} ${definition}`),
  ]
  const by = relation.partition_key === null ? '' : ` PARTITION BY ${relation.partition_key}`
  return [
    `CREATE TABLE ${name} (\n${body.map((line) => `  ${line}`).join(',\n')}\n)${by};`,
    ...parts.indexes.map(({ definition }) => `${definition.replace(' ON ONLY ', ' ON ')};`),
    ...comments(relation, name, parts.columns),
  ].join('\n')
}

function printColumn(column: ColumnRow): string {
  const value =
    column.default_value === null
      ? ''
      : column.generated
        ? ` GENERATED ALWAYS AS (${column.default_value}) STORED`
        : ` DEFAULT ${column.default_value}`
  return `${column.name} ${column.type}${column.not_null ? ' NOT NULL' : ''}${value}`
}

function printView(
  relation: RelationRow,
  columns: readonly ColumnRow[],
  schemas: readonly string[],
): string {
  const name = fullName(relation)
  const kind = relation.kind === 'm' ? 'MATERIALIZED VIEW' : 'VIEW'
  const shape = columns.map((column) => `--   ${column.name} ${column.type}`)
  return [
    `-- ${name}:`,
    ...shape,
    `CREATE ${kind} ${name} AS\n${unqualified(relation.definition ?? '', schemas)}`,
    ...comments(relation, name, columns),
  ].join('\n')
}

/**
 * Servers before 16 qualify every column of a view by its table, later ones only where there are
 * two: the qualifiers go, and so do the differences in white space. Read the migration for them.
 */
function unqualified(definition: string, schemas: readonly string[]): string {
  const pattern = /'(?:[^']|'')*'|\b([a-z_][a-z0-9_]*)\.(?=[a-z_"])/g
  return definition
    .replace(pattern, (all: string, qualifier: string | undefined) =>
      qualifier === undefined || schemas.includes(qualifier) ? all : '',
    )
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => `  ${line}`)
    .join('\n')
}

function comments(
  relation: RelationRow,
  name: string,
  columns: readonly ColumnRow[],
): readonly string[] {
  const kind = { r: 'TABLE', p: 'TABLE', v: 'VIEW', m: 'MATERIALIZED VIEW' }[relation.kind]
  return [
    ...(relation.comment === null
      ? []
      : [`COMMENT ON ${kind} ${name} IS ${quote(relation.comment)};`]),
    ...columns.flatMap((column) =>
      column.comment === null
        ? []
        : [`COMMENT ON COLUMN ${name}.${column.name} IS ${quote(column.comment)};`],
    ),
  ]
}

const printGrant = ({ kind, target, grantee, privileges }: GrantRow): string =>
  `GRANT ${privileges} ON ${kind === 'TABLE' ? '' : `${kind} `}${target} TO ${grantee};`

const fullName = ({ schema, name }: RelationRow): string =>
  schema === 'public' ? name : `${schema}.${name}`

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`

function byRelation<Row extends { readonly relation: number }>(
  rows: readonly Row[],
): ReadonlyMap<number, readonly Row[]> {
  const groups = new Map<number, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.relation)
    if (group === undefined) groups.set(row.relation, [row])
    else group.push(row)
  }
  return groups
}
