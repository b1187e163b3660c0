import type { ShardKey } from '../kernel/bucket.ts'
import type { Queryable } from '../platform/postgres/database.ts'
import type { AuditKind, AuditRow } from './event.ts'

/** Once for each position, however often it is sent. */
export async function insertRows(
  database: Queryable,
  shardKey: ShardKey,
  rows: readonly AuditRow[],
): Promise<void> {
  await database.query(
    `/* kept plan */ INSERT INTO audit_event (shard_key, writer, position, occurred_at, kind, actor, site_id,
       outcome, address, facts, previous_digest, digest)
     SELECT $1, r.writer, r.position, r."occurredAt", r.kind, r.actor, r.site, r.outcome,
       r.address, r.facts::json, decode(r.previous, 'hex'), decode(r.digest, 'hex')
     FROM json_to_recordset($2::json) AS r(writer uuid, position int, "occurredAt" timestamptz,
       kind text, actor text, site text, outcome text, address text, facts text, previous text,
       digest text)
     ON CONFLICT (shard_key, writer, position) DO NOTHING`,
    [shardKey, JSON.stringify(rows)],
  )
}

type Row = {
  readonly shard_key: ShardKey
  readonly writer: string
  readonly position: number
  readonly occurred_at: Date
  readonly kind: AuditKind
  readonly actor: string
  readonly site_id: string | null
  readonly outcome: string
  readonly address: string | null
  readonly facts: string
  readonly previous: string
  readonly digest: string
}

const columns = `writer, position, occurred_at, kind, actor, site_id, outcome, address,
  facts::text AS facts, encode(previous_digest, 'hex') AS previous, encode(digest, 'hex') AS digest`

const rowOf = (row: Row): AuditRow => ({
  writer: row.writer.replaceAll('-', ''),
  position: row.position,
  occurredAt: row.occurred_at,
  kind: row.kind,
  actor: row.actor,
  site: row.site_id,
  outcome: row.outcome,
  address: row.address,
  facts: row.facts,
  previous: row.previous,
  digest: row.digest,
})

export type Head = Pick<AuditRow, 'writer' | 'position' | 'digest'>

/** Where the latest chains stand now. */
export async function selectHeads(database: Queryable, limit: number): Promise<readonly Head[]> {
  const { rows } = await database.query<Row>(
    `/* scatter: audit, once for each writer */
     SELECT head.writer, head.position, encode(head.digest, 'hex') AS digest
     FROM (SELECT shard_key, writer FROM audit_event WHERE position = 0
           ORDER BY occurred_at DESC LIMIT $1) opened,
     LATERAL (SELECT e.writer, e.position, e.digest FROM audit_event e
       WHERE e.shard_key = opened.shard_key AND e.writer = opened.writer
       ORDER BY e.position DESC LIMIT 1) head`,
    [limit],
  )
  return rows.map(({ writer, position, digest }) => ({
    writer: writer.replaceAll('-', ''),
    position,
    digest,
  }))
}

export type Chain = { readonly shardKey: ShardKey; readonly writer: string }

export async function selectChains(database: Queryable): Promise<readonly Chain[]> {
  const { rows } = await database.query<Row>(
    '/* scatter: audit, a check of every chain */ SELECT DISTINCT shard_key, writer FROM audit_event',
  )
  return rows.map(({ shard_key, writer }) => ({ shardKey: shard_key, writer }))
}

export async function selectChain(
  database: Queryable,
  { shardKey, writer }: Chain,
  page: { readonly from: number; readonly limit: number },
): Promise<readonly AuditRow[]> {
  const { rows } = await database.query<Row>(
    `SELECT ${columns} FROM audit_event WHERE shard_key = $1 AND writer = $2 AND position >= $3
     ORDER BY position LIMIT $4`,
    [shardKey, writer, page.from, page.limit],
  )
  return rows.map(rowOf)
}

export type AuditFilter = {
  readonly since: Date | null
  readonly site: string | null
  /** The last row of the page before. */
  readonly after: Pick<AuditRow, 'occurredAt' | 'writer' | 'position'> | null
  readonly limit: number
}

/** Newest first, of all writers. */
export async function selectEvents(
  database: Queryable,
  { since, site, after, limit }: AuditFilter,
): Promise<readonly AuditRow[]> {
  const { rows } = await database.query<Row>(
    `/* scatter: audit, an operator’s list */
     SELECT ${columns} FROM audit_event
     WHERE occurred_at >= coalesce($1, '-infinity'::timestamptz)
       AND ($2::text IS NULL OR site_id = $2)
       AND ($3::timestamptz IS NULL OR (occurred_at, writer, position) < ($3, $4::uuid, $5::int))
     ORDER BY occurred_at DESC, writer DESC, position DESC LIMIT $6`,
    [since, site, after?.occurredAt ?? null, after?.writer ?? null, after?.position ?? null, limit],
  )
  return rows.map(rowOf)
}
