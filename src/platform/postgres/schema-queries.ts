/**
 * What the printed schema is made of. Only catalogue columns and functions that say the same in
 * PostgreSQL 15 and 18: NOT NULL constraints became rows of their own in 18 and are left out (the
 * column says it), and so is the privilege MAINTAIN of 17.
 */
const ours = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_%'`

export type RelationRow = {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly kind: 'r' | 'p' | 'v' | 'm'
  readonly comment: string | null
  readonly partition_key: string | null
  readonly parent: string | null
  readonly bound: string | null
  readonly definition: string | null
}

export const relationsQuery = `
  SELECT c.oid::int AS oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind,
         obj_description(c.oid, 'pg_class') AS comment,
         CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key,
         parent.relname AS parent, pg_get_expr(c.relpartbound, c.oid) AS bound,
         CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS definition
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
    LEFT JOIN pg_class parent ON parent.oid = i.inhparent
   WHERE c.relkind IN ('r', 'p', 'v', 'm') AND ${ours}
   ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`

export type ColumnRow = {
  readonly relation: number
  readonly name: string
  readonly type: string
  readonly not_null: boolean
  readonly default_value: string | null
  readonly generated: boolean
  readonly comment: string | null
}

export const columnsQuery = `
  SELECT a.attrelid::int AS relation, a.attname AS name,
         format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null,
         pg_get_expr(d.adbin, d.adrelid) AS default_value, a.attgenerated <> '' AS generated,
         col_description(a.attrelid, a.attnum) AS comment
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
   WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm') AND ${ours}
   ORDER BY a.attrelid, a.attnum`

export type DefinitionRow = {
  readonly relation: number
  readonly name: string
  readonly definition: string
}

/** Primary key first, then uniques, checks and foreign keys by name. */
export const constraintsQuery = `
  SELECT k.conrelid::int AS relation, k.conname AS name, pg_get_constraintdef(k.oid) AS definition
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE k.contype IN ('p', 'u', 'c', 'f', 'x') AND k.conparentid = 0 AND ${ours}
   ORDER BY k.conrelid, position(k.contype::text in 'pucfx'), k.conname COLLATE "C"`

export const indexesQuery = `
  SELECT x.indrelid::int AS relation, i.relname AS name, pg_get_indexdef(i.oid) AS definition
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE NOT i.relispartition AND ${ours}
     AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p','u','x'))
   ORDER BY x.indrelid, i.relname COLLATE "C"`

export type FunctionRow = { readonly definition: string; readonly signature: string }

export const functionsQuery = `
  SELECT pg_get_functiondef(p.oid) AS definition,
         quote_ident(n.nspname) || '.' || quote_ident(p.proname) ||
           '(' || pg_get_function_identity_arguments(p.oid) || ')' AS signature
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
   WHERE p.prokind IN ('f', 'p') AND ${ours}
   ORDER BY n.nspname COLLATE "C", p.proname COLLATE "C", 2`

export type GrantRow = {
  readonly kind: 'SCHEMA' | 'TABLE' | 'FUNCTION'
  readonly target: string
  readonly grantee: string
  readonly privileges: string
}

/** The owner's own rights and the built-in defaults are left out: they say nothing. */
export const grantsQuery = `
  WITH acl AS (
    SELECT 'SCHEMA' AS kind, quote_ident(n.nspname) AS target, n.nspowner AS owner, g.*
      FROM pg_namespace n, aclexplode(n.nspacl) g WHERE ${ours} AND n.nspname <> 'public'
    UNION ALL
    SELECT 'TABLE', quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relowner, g.*
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) g
     WHERE c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition AND ${ours}
    UNION ALL
    SELECT 'TABLE', quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' column ' ||
           quote_ident(a.attname), c.relowner, g.*
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(a.attacl) g
     WHERE NOT c.relispartition AND ${ours}
    UNION ALL
    SELECT 'FUNCTION', quote_ident(n.nspname) || '.' || quote_ident(p.proname) || '(' ||
           pg_get_function_identity_arguments(p.oid) || ')', p.proowner, g.*
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace, aclexplode(p.proacl) g
     WHERE ${ours}
  )
  SELECT kind, target, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END AS grantee,
         string_agg(privilege_type, ', ' ORDER BY privilege_type COLLATE "C") AS privileges
    FROM acl
   WHERE grantee <> owner AND privilege_type <> 'MAINTAIN'
   GROUP BY kind, target, 3
   ORDER BY kind, target COLLATE "C", 3`

export const schemasQuery = `
  SELECT n.nspname AS name, obj_description(n.oid, 'pg_namespace') AS comment
    FROM pg_namespace n WHERE ${ours} AND n.nspname <> 'public' ORDER BY n.nspname COLLATE "C"`
