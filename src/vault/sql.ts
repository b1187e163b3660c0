import type { ShardKey } from '../kernel/bucket.ts'
import type { CardToken } from '../kernel/ids.ts'
import type { Database } from '../platform/postgres/database.ts'

export type SealedCard = {
  readonly shard_key: ShardKey
  readonly card_token: CardToken
  readonly key_id: string
  readonly sealed: Buffer
}

export async function insertCards(database: Database, cards: readonly SealedCard[]): Promise<void> {
  await database.query(
    `INSERT INTO vault_card (shard_key, card_token, key_id, sealed)
     SELECT * FROM unnest($1::int4[], $2::text[], $3::text[], $4::bytea[])`,
    [
      cards.map(({ shard_key }) => shard_key),
      cards.map(({ card_token }) => card_token),
      cards.map(({ key_id }) => key_id),
      cards.map(({ sealed }) => sealed),
    ],
  )
}

export async function selectCard(
  database: Database,
  shardKey: ShardKey,
  token: CardToken,
): Promise<SealedCard | undefined> {
  const { rows } = await database.query<SealedCard>(
    `/* kept plan */ SELECT shard_key, card_token, key_id, sealed FROM vault_card
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

/** Whoever meets a card first gives it its token: the others' rows change nothing. */
export async function insertLookups(
  database: Database,
  lookups: readonly Lookup[],
  tokens: readonly CardToken[],
): Promise<void> {
  await database.query(
    `INSERT INTO vault_lookup (shard_key, key_id, lookup, card_token)
     SELECT * FROM unnest($1::int4[], $2::text[], $3::bytea[], $4::text[])
     ON CONFLICT DO NOTHING`,
    [...lookupColumns(lookups), tokens],
  )
}

/** The tokens that are known, by their look-up in hexadecimal. */
export async function selectTokens(
  database: Database,
  lookups: readonly Lookup[],
): Promise<Map<string, CardToken>> {
  const { rows } = await database.query<{ lookup: Buffer; card_token: CardToken }>(
    `/* kept plan */ SELECT lookup, card_token
     FROM unnest($1::int4[], $2::text[], $3::bytea[]) AS wanted (shard_key, key_id, lookup)
     JOIN vault_lookup USING (shard_key, key_id, lookup)`,
    lookupColumns(lookups),
  )
  return new Map(rows.map((row) => [row.lookup.toString('hex'), row.card_token]))
}

function lookupColumns(lookups: readonly Lookup[]): unknown[] {
  return [
    lookups.map(({ shardKey }) => shardKey),
    lookups.map(({ keyId }) => keyId),
    lookups.map(({ lookup }) => lookup),
  ]
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
