import { hash } from 'node:crypto'
import type { RandomBytes } from '../kernel/clock.ts'
import type { CardToken } from '../kernel/ids.ts'
import { Pan } from '../kernel/pan.ts'
import type { Database } from '../platform/postgres/database.ts'
import { open, type KeyRing } from './key-ring.ts'
import { NewCards } from './new-cards.ts'
import { selectCard } from './sql.ts'
import { tokenBucket } from './token.ts'

/** Card number to token and back. A token says nothing about its card. */
export type Vault = {
  /** The same card always has the same token. Durable before it resolves; at once for one met lately. */
  tokenize(pan: Pan): CardToken | Promise<CardToken>
  /** Undefined for a token that the vault never gave. */
  reveal(token: CardToken): Promise<Pan | undefined>
}

const metCardsMax = 200_000

export class PostgresVault implements Vault {
  readonly #database: Database
  readonly #newCards: NewCards
  /** Of this process alone, so that what it remembers of a card is worth nothing elsewhere. */
  readonly #salt: string
  #keys: KeyRing
  /** By a salted hash: no card number is kept in memory longer than its request. */
  readonly #met = new Map<string, CardToken>()

  constructor(database: Database, keys: KeyRing, random: RandomBytes) {
    this.#database = database
    this.#keys = keys
    this.#newCards = new NewCards(database, random)
    this.#salt = random(32).toString('hex')
  }

  /** After a rotation: rows may be under the new generation from now on. */
  useKeys(keys: KeyRing): void {
    this.#keys = keys
    this.#met.clear()
  }

  tokenize(pan: Pan): CardToken | Promise<CardToken> {
    const name = hash('sha256', this.#salt + pan.reveal(), 'base64')
    return this.#met.get(name) ?? this.#meet(name, pan)
  }

  async #meet(name: string, pan: Pan): Promise<CardToken> {
    const token = await this.#newCards.tokenOf(pan, this.#keys)
    if (this.#met.size >= metCardsMax) this.#met.clear()
    this.#met.set(name, token)
    return token
  }

  async reveal(token: CardToken): Promise<Pan | undefined> {
    const card = await selectCard(this.#database, tokenBucket(token), token)
    if (card === undefined) return undefined
    const key = this.#keys.find(({ id }) => id === card.key_id)
    if (key === undefined) throw new Error(`the vault's key file holds no key ${card.key_id}`)
    const pan = Pan.parse(open(key, token, card.sealed))
    if (!pan.ok) throw new Error('invariant broken: the vault holds what is not a card number')
    return pan.value
  }
}
