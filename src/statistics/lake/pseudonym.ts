import { hash } from 'node:crypto'

/**
 * Makes pseudonyms of card tokens: the first 64 bits of a keyed hash, which say nothing without the
 * key and cannot be compared with another centre's.
 */
export class Pseudonyms {
  /** Of the last pseudonym. */
  upper = 0
  lower = 0
  readonly #key: Buffer
  #text: Buffer

  constructor(key: string) {
    this.#key = Buffer.from(key, 'utf8')
    this.#text = this.#key
  }

  /** Of the token in these bytes; it is found in `upper` and `lower`, of 32 bits each. */
  of(bytes: Buffer, from: number, to: number): void {
    const length = this.#key.length + to - from
    // Tokens have one length: where the hash reads key and token is made once.
    if (this.#text.length !== length) {
      this.#text = Buffer.alloc(length)
      this.#key.copy(this.#text)
    }
    bytes.copy(this.#text, this.#key.length, from, to)
    const digest = hash('sha256', this.#text, 'binary')
    this.upper = wordAt(digest, 0)
    this.lower = wordAt(digest, 4)
  }
}

/** Four bytes, the upper one first, of which each is a character here: cheaper than any other text. */
const wordAt = (bytes: string, at: number): number =>
  ((bytes.charCodeAt(at) << 24) |
    (bytes.charCodeAt(at + 1) << 16) |
    (bytes.charCodeAt(at + 2) << 8) |
    bytes.charCodeAt(at + 3)) >>>
  0
