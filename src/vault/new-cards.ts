import type { Database } from '../platform/postgres/database.ts'
import type { RandomBytes } from '../kernel/clock.ts'
import type { CardToken } from '../kernel/ids.ts'
import type { Pan } from '../kernel/pan.ts'
import { seal, type KeyRing } from './key-ring.ts'
import { insertCards, insertLookups, selectTokens, type Lookup } from './sql.ts'
import { lookupUnder, newToken, tokenBucket } from './token.ts'

/** A card that this process has not met, or has forgotten. */
type Unmet = {
  readonly pan: Pan
  readonly lookup: Lookup
  readonly resolve: (token: CardToken) => void
  readonly reject: (error: unknown) => void
}

const batchMax = 256

/**
 * Cards that this process has not met yet, found or kept together: those that arrive while the
 * database is asked go with the next question, so that a thousand new cards a second cost a few
 * statements and not four each.
 */
export class NewCards {
  readonly #database: Database
  readonly #random: RandomBytes
  #waiting: Unmet[] = []
  #asking = false

  constructor(database: Database, random: RandomBytes) {
    this.#database = database
    this.#random = random
  }

  /** The token of the card, made and durable if there was none. */
  tokenOf(pan: Pan, keys: KeyRing): Promise<CardToken> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ pan, lookup: lookupUnder(keys[0], pan.reveal()), resolve, reject })
      if (!this.#asking) this.#ask(keys)
    })
  }

  /** At the end of this turn of the event loop: what one read event brought goes together. */
  #ask(keys: KeyRing): void {
    this.#asking = true
    setImmediate(() => {
      const batch = this.#waiting.splice(0, batchMax)
      void this.#answer(batch, keys).then(() => {
        this.#asking = false
        if (this.#waiting.length > 0) this.#ask(keys)
      })
    })
  }

  async #answer(batch: readonly Unmet[], keys: KeyRing): Promise<void> {
    try {
      const tokens = await this.#tokens(batch, keys)
      for (const { lookup, resolve } of batch) {
        const token = tokens.get(nameOf(lookup))
        if (token === undefined) throw new Error('invariant broken: a kept card without a token')
        resolve(token)
      }
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  /** By the name of the look-up under the current generation of keys. */
  async #tokens(batch: readonly Unmet[], keys: KeyRing): Promise<Map<string, CardToken>> {
    const found = new Map<string, CardToken>()
    const wanted = new Map(batch.map((unmet) => [nameOf(unmet.lookup), unmet]))
    for (const key of keys) {
      const missing = [...wanted].filter(([name]) => !found.has(name))
      if (missing.length === 0) return found
      const lookups = missing.map(([name, { pan, lookup }]) => {
        const own = lookup.keyId === key.id ? lookup : lookupUnder(key, pan.reveal())
        return { name, lookup: own }
      })
      const tokens = await selectTokens(
        this.#database,
        lookups.map(({ lookup }) => lookup),
      )
      for (const { name, lookup } of lookups) {
        const token = tokens.get(lookup.lookup.toString('hex'))
        if (token !== undefined) found.set(name, token)
      }
    }
    const unknown = [...wanted.values()].filter(({ lookup }) => !found.has(nameOf(lookup)))
    for (const [name, token] of await this.#keep(unknown, keys)) found.set(name, token)
    return found
  }

  /** The cards first, then the look-ups that make them found: a crash between leaves no half card. */
  async #keep(unknown: readonly Unmet[], keys: KeyRing): Promise<Map<string, CardToken>> {
    if (unknown.length === 0) return new Map()
    const [key] = keys
    const cards = unknown.map(({ pan }) => {
      const token = newToken(this.#random)
      const sealed = seal(key, token, pan.reveal(), this.#random)
      return { shard_key: tokenBucket(token), card_token: token, key_id: key.id, sealed }
    })
    await insertCards(this.#database, cards)
    const lookups = unknown.map(({ lookup }) => lookup)
    await insertLookups(
      this.#database,
      lookups,
      cards.map(({ card_token }) => card_token),
    )
    // Ours, or those of whoever met the same card first.
    const won = await selectTokens(this.#database, lookups)
    return new Map(
      lookups.flatMap((lookup): [string, CardToken][] => {
        const token = won.get(lookup.lookup.toString('hex'))
        return token === undefined ? [] : [[nameOf(lookup), token]]
      }),
    )
  }
}

const nameOf = ({ lookup }: Lookup): string => lookup.toString('latin1')
