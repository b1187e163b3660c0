import { hash } from 'node:crypto'

/** A pseudonym has so many hexadecimal digits: 64 bits. */
export const pseudonymDigits = 16

/**
 * Makes pseudonyms of card tokens: the first 64 bits of a keyed hash, which say nothing without the
 * key and cannot be compared with another centre's.
 */
export class Pseudonyms {
  readonly #key: Buffer
  #text: Buffer

  constructor(key: string) {
    this.#key = Buffer.from(key, 'utf8')
    this.#text = this.#key
  }

  /** Of the token in these bytes: all digits of the hash, of which it is the first. */
  of(bytes: Buffer, from: number, to: number): string {
    const length = this.#key.length + to - from
    // Tokens have one length: where the hash reads key and token is made once.
    if (this.#text.length !== length) {
      this.#text = Buffer.alloc(length)
      this.#key.copy(this.#text)
    }
    bytes.copy(this.#text, this.#key.length, from, to)
    return hash('sha256', this.#text, 'hex')
  }
}
