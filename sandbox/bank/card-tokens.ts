import { createHmac, type KeyObject } from 'node:crypto'

/** How a card is known outside the memory of the bank. */
export type CardIdentity = { readonly token: string; readonly masked: string }

const REMEMBERED_MAX = 1_000_000

/**
 * Card number to token: 128 bits of HMAC-SHA-256 under the bank's own key. Cards in use are
 * remembered, since the code of one costs as much as the rest of an authorization.
 */
export class CardTokens {
  readonly #key: KeyObject
  readonly #known = new Map<string, CardIdentity>()

  constructor(key: KeyObject) {
    this.#key = key
  }

  identify(pan: string): CardIdentity {
    const known = this.#known.get(pan)
    if (known !== undefined) return known
    const code = createHmac('sha256', this.#key).update(pan).digest().subarray(0, 16)
    const masked = `${pan.slice(0, 6)}***${pan.slice(-4)}`
    const identity = { token: code.toString('base64url'), masked }
    if (this.#known.size >= REMEMBERED_MAX) this.#known.clear()
    this.#known.set(pan, identity)
    return identity
  }
}
