import type { RandomBytes } from '../kernel/clock.ts'
import type { CardToken } from '../kernel/ids.ts'
import type { Pan } from '../kernel/pan.ts'
import { newToken } from './token.ts'
import type { Vault } from './vault.ts'

/** The vault's model, for the simulation. */
export class MemoryVault implements Vault {
  readonly #random: RandomBytes
  readonly #tokens = new Map<string, CardToken>()
  readonly #cards = new Map<CardToken, Pan>()

  constructor(random: RandomBytes) {
    this.#random = random
  }

  tokenize(pan: Pan): Promise<CardToken> {
    const known = this.#tokens.get(pan.reveal())
    if (known !== undefined) return Promise.resolve(known)
    const token = newToken(this.#random)
    this.#tokens.set(pan.reveal(), token)
    this.#cards.set(token, pan)
    return Promise.resolve(token)
  }

  reveal(token: CardToken): Promise<Pan | undefined> {
    return Promise.resolve(this.#cards.get(token))
  }
}
