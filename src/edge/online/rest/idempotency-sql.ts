import type { ShardKey } from '../../../kernel/bucket.ts'
import type { Queryable } from '../../../platform/postgres/database.ts'

type RequestName = {
  readonly shardKey: ShardKey
  readonly owner: string
  readonly key: string
  /** 32 hexadecimal digits: whose claim it is. */
  readonly mine: string
}

export type ClaimedRequest = {
  readonly fingerprint: Buffer
  readonly seed: string
  readonly claim: string
  readonly status: number | null
  readonly sealed: Buffer | null
}

// The update makes RETURNING give the row that was there. A claim that is silent for too long is
// taken over with its seed; one with an answer never is.
const claim = `
  /* kept plan */ INSERT INTO api_request AS held (shard_key, owner, idempotency_key, fingerprint, seed, claim,
    claimed_at, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
  ON CONFLICT (shard_key, owner, idempotency_key) DO UPDATE SET
    claim = CASE WHEN held.status IS NULL AND held.claimed_at < $8
      AND held.fingerprint = excluded.fingerprint THEN excluded.claim ELSE held.claim END,
    claimed_at = CASE WHEN held.status IS NULL AND held.claimed_at < $8
      AND held.fingerprint = excluded.fingerprint THEN excluded.claimed_at
      ELSE held.claimed_at END
  RETURNING fingerprint, replace(seed::text, '-', '') AS seed,
    replace(claim::text, '-', '') AS claim, status, answer_sealed AS sealed`

/** The row as it stands, claimed by us or by somebody else. */
export async function claimRequest(
  database: Queryable,
  request: RequestName & {
    readonly fingerprint: Buffer
    readonly seed: string
    readonly at: Date
    readonly staleBefore: Date
  },
): Promise<ClaimedRequest> {
  const { shardKey, owner, key, fingerprint, seed, mine, at, staleBefore } = request
  const values = [shardKey, owner, key, fingerprint, seed, mine, at, staleBefore]
  const { rows } = await database.query<ClaimedRequest>(claim, values)
  const [row] = rows
  if (row === undefined) throw new Error('invariant broken: RETURNING gave no row')
  return row
}

export async function finishRequest(
  database: Queryable,
  request: RequestName & { readonly status: number; readonly sealed: Buffer },
): Promise<void> {
  const { shardKey, owner, key, mine, status, sealed } = request
  await database.query(
    `/* kept plan */ UPDATE api_request SET status = $5, answer_sealed = $6
     WHERE shard_key = $1 AND owner = $2 AND idempotency_key = $3 AND claim = $4`,
    [shardKey, owner, key, mine, status, sealed],
  )
}

/** Whoever comes next with the key works at once. */
export async function releaseRequest(database: Queryable, request: RequestName): Promise<void> {
  const { shardKey, owner, key, mine } = request
  await database.query(
    `UPDATE api_request SET claimed_at = '-infinity'
     WHERE shard_key = $1 AND owner = $2 AND idempotency_key = $3 AND claim = $4
       AND status IS NULL`,
    [shardKey, owner, key, mine],
  )
}

/** Keys older than a day, so many at a time; returns how many went. */
export async function deleteOldApiRequests(
  database: Queryable,
  before: Date,
  limit: number,
): Promise<number> {
  const { rowCount } = await database.query(
    `/* scatter: purge of idempotency keys */ DELETE FROM api_request
     WHERE (shard_key, owner, idempotency_key) IN (
       SELECT shard_key, owner, idempotency_key FROM api_request
       WHERE created_at < $1 ORDER BY created_at LIMIT $2)`,
    [before, limit],
  )
  return rowCount ?? 0
}
