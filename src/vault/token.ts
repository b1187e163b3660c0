import { bucketOf } from '../kernel/bucket.ts'
import type { RandomBytes } from '../kernel/clock.ts'
import type { CardToken } from '../kernel/ids.ts'
import { lookupOf, type VaultKey } from './key-ring.ts'
import type { Lookup } from './sql.ts'

export function newToken(random: RandomBytes): CardToken {
  return `card_${random(16).toString('hex')}` as CardToken
}

export function tokenBucket(token: CardToken): ReturnType<typeof bucketOf> {
  return bucketOf(Buffer.from(token.slice(5), 'hex'))
}

/** Where a card is found under one generation of keys. */
export function lookupUnder(key: VaultKey, digits: string): Lookup {
  const lookup = lookupOf(key, digits)
  return { shardKey: bucketOf(lookup), keyId: key.id, lookup }
}
