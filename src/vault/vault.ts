import { bucketOf } from '../kernel/bucket.ts'
import type { RandomBytes } from '../kernel/clock.ts'
import type { CardToken } from '../kernel/ids.ts'
import { Pan } from '../kernel/pan.ts'
import type { Database } from '../platform/postgres/database.ts'
import { lookupOf, open, seal, type KeyRing, type VaultKey } from './key-ring.ts'
import { insertCard, insertLookup, selectCard, selectToken, type Lookup } from './sql.ts'

/** Card number to token and back. A token says nothing about its card. */
export type Vault = {
  /** The same card always has the same token. Durable before it resolves. */
  tokenize(pan: Pan): Promise<CardToken>
  /** Undefined for a token that the vault never gave. */
  reveal(token: CardToken): Promise<Pan | undefined>
}

const cachedTokensMax = 200_000

export class PostgresVault implements Vault {
  readonly #database: Database
  readonly #random: RandomBytes
  #keys: KeyRing
  /** By keyed HMAC: no card number is kept in memory longer than its request. */
  readonly #tokens = new Map<string, CardToken>()

  constructor(database: Database, keys: KeyRing, random: RandomBytes) {
    this.#database = database
    this.#keys = keys
    this.#random = random
  }

  /** After a rotation: rows may be under the new generation from now on. */
  useKeys(keys: KeyRing): void {
    this.#keys = keys
    this.#tokens.clear()
  }

  async tokenize(pan: Pan): Promise<CardToken> {
    const digits = pan.reveal()
    const [current, ...older] = this.#keys
    const lookup = lookupUnder(current, digits)
    const cacheKey = lookup.lookup.toString('latin1')
    const cached = this.#tokens.get(cacheKey)
    if (cached !== undefined) return cached
    let token = await selectToken(this.#database, lookup)
    for (const key of older) {
      token ??= await selectToken(this.#database, lookupUnder(key, digits))
    }
    token ??= await this.#keep(pan, current, lookup)
    if (this.#tokens.size >= cachedTokensMax) this.#tokens.clear()
    this.#tokens.set(cacheKey, token)
    return token
  }

  async reveal(token: CardToken): Promise<Pan | undefined> {
    const shardKey = tokenBucket(token)
    const card = await selectCard(this.#database, shardKey, token)
    if (card === undefined) return undefined
    const key = this.#keys.find(({ id }) => id === card.key_id)
    if (key === undefined) throw new Error(`the vault's key file holds no key ${card.key_id}`)
    const pan = Pan.parse(open(key, token, card.sealed))
    if (!pan.ok) throw new Error('invariant broken: the vault holds what is not a card number')
    return pan.value
  }

  /** The card first, then the look-up that makes it found: a crash between leaves no half card. */
  async #keep(pan: Pan, key: VaultKey, lookup: Lookup): Promise<CardToken> {
    const token = newToken(this.#random)
    const sealed = seal(key, token, pan.reveal(), this.#random)
    await insertCard(this.#database, {
      shard_key: tokenBucket(token),
      card_token: token,
      key_id: key.id,
      sealed,
    })
    return await insertLookup(this.#database, lookup, token)
  }
}

export function lookupUnder(key: VaultKey, digits: string): Lookup {
  const lookup = lookupOf(key, digits)
  return { shardKey: bucketOf(lookup), keyId: key.id, lookup }
}

export function newToken(random: RandomBytes): CardToken {
  return `card_${random(16).toString('hex')}` as CardToken
}

function tokenBucket(token: CardToken): ReturnType<typeof bucketOf> {
  return bucketOf(Buffer.from(token.slice(5), 'hex'))
}
