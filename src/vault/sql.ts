import type { ShardKey } from '../kernel/bucket.ts'
import type { CardToken } from '../kernel/ids.ts'
import type { Database } from '../platform/postgres/database.ts'

export type SealedCard = {
  readonly shard_key: ShardKey
  readonly card_token: CardToken
  readonly key_id: string
  readonly sealed: Buffer
}

export async function insertCard(database: Database, card: SealedCard): Promise<void> {
  await database.query(
    `INSERT INTO vault_card (shard_key, card_token, key_id, sealed) VALUES ($1, $2, $3, $4)`,
    [card.shard_key, card.card_token, card.key_id, card.sealed],
  )
}

export async function selectCard(
  database: Database,
  shardKey: ShardKey,
  token: CardToken,
): Promise<SealedCard | undefined> {
  const { rows } = await database.query<SealedCard>(
    `SELECT shard_key, card_token, key_id, sealed FROM vault_card
     WHERE shard_key = $1 AND card_token = $2`,
    [shardKey, token],
  )
  return rows[0]
}

export type Lookup = {
  readonly shardKey: ShardKey
  readonly keyId: string
  readonly lookup: Buffer
}

/** The token that won: ours, or that of whoever saw the same card first. */
export async function insertLookup(
  database: Database,
  { shardKey, keyId, lookup }: Lookup,
  token: CardToken,
): Promise<CardToken> {
  await database.query(
    `INSERT INTO vault_lookup (shard_key, key_id, lookup, card_token) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING`,
    [shardKey, keyId, lookup, token],
  )
  return (await selectToken(database, { shardKey, keyId, lookup })) ?? token
}

export async function selectToken(
  database: Database,
  { shardKey, keyId, lookup }: Lookup,
): Promise<CardToken | undefined> {
  const { rows } = await database.query<{ card_token: CardToken }>(
    `SELECT card_token FROM vault_lookup WHERE shard_key = $1 AND key_id = $2 AND lookup = $3`,
    [shardKey, keyId, lookup],
  )
  return rows[0]?.card_token
}

/** Cards that are still under another generation, a page at a time. */
export async function selectCardsNotUnder(
  database: Database,
  keyId: string,
  limit: number,
): Promise<SealedCard[]> {
  const { rows } = await database.query<SealedCard>(
    `/* scatter: key rotation */ SELECT shard_key, card_token, key_id, sealed FROM vault_card
     WHERE key_id <> $1 LIMIT $2`,
    [keyId, limit],
  )
  return rows
}

export async function updateCard(database: Database, card: SealedCard): Promise<void> {
  await database.query(
    `UPDATE vault_card SET key_id = $3, sealed = $4 WHERE shard_key = $1 AND card_token = $2`,
    [card.shard_key, card.card_token, card.key_id, card.sealed],
  )
}

export async function deleteLookupsNotUnder(database: Database, keyId: string): Promise<void> {
  await database.query('/* scatter: key rotation */ DELETE FROM vault_lookup WHERE key_id <> $1', [
    keyId,
  ])
}
