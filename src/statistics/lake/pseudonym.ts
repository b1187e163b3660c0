import { createCipheriv, hash } from 'node:crypto'
import { assert } from '../../kernel/assert.ts'
import type { PlainColumn } from '../../platform/parquet/plain-column.ts'

/** A secret of the centre, and how cards become pseudonyms by it: always as when its lake began. */
export type PseudonymKey = {
  readonly method: 'aes-256' | 'sha-256'
  /** 32 bytes. */
  readonly key: Buffer
}

/**
 * Makes pseudonyms of card tokens: 64 bits, which say nothing without the key and cannot be compared
 * with another centre's.
 */
export type Pseudonyms = {
  /** Takes the token in these bytes. */
  add(bytes: Buffer, from: number, to: number): void
  /** Writes a pseudonym to the column for each token taken since the last time, in order. */
  fill(column: PlainColumn): void
}

export function pseudonymsBy({ method, key }: PseudonymKey): Pseudonyms {
  assert(key.length === 32, 'a key of pseudonyms has 32 bytes')
  return method === 'aes-256' ? new EncryptedTokens(key) : new HashedTokens(key)
}

const blockBytes = 16

/**
 * The first 64 bits of a token's 16 bytes encrypted as one block of AES-256: different tokens are
 * different blocks. All are encrypted at once, as one call by itself takes longer than the cipher.
 */
class EncryptedTokens implements Pseudonyms {
  readonly #key: Buffer
  #blocks = Buffer.allocUnsafeSlow(64 * blockBytes)
  #end = 0

  constructor(key: Buffer) {
    this.#key = key
  }

  add(bytes: Buffer, from: number, to: number): void {
    if (this.#end === this.#blocks.length) this.#grow()
    if (!this.#addWords(bytes, from, to)) this.#addOther(bytes.subarray(from, to))
    this.#end += blockBytes
  }

  /** Of the form of the vault's: `card_` and the hexadecimal digits of 16 bytes. */
  #addWords(bytes: Buffer, from: number, to: number): boolean {
    if (to - from !== tokenPrefix.length + 2 * blockBytes) return false
    let unlike = 0
    for (let i = 0; i < tokenPrefix.length; i++) {
      unlike |= (bytes[from + i] ?? 0) ^ (tokenPrefix[i] ?? 0)
    }
    for (let at = from + tokenPrefix.length, put = this.#end; at < to; at += 2, put++) {
      const byte = (valueOf[bytes[at] ?? 0] ?? 0) * 16 + (valueOf[bytes[at + 1] ?? 0] ?? 0)
      unlike |= byte & notOfByte
      this.#blocks[put] = byte
    }
    return unlike === 0
  }

  /** Nothing else is known to be a token: as bytes that no other text has. */
  #addOther(token: Buffer): void {
    const digest = hash('sha256', Buffer.concat([this.#key, token]), 'buffer')
    digest.copy(this.#blocks, this.#end, 0, blockBytes)
  }

  fill(column: PlainColumn): void {
    const cipher = createCipheriv('aes-256-ecb', this.#key, null).setAutoPadding(false)
    const encrypted = cipher.update(this.#blocks.subarray(0, this.#end))
    for (let at = 0; at < this.#end; at += blockBytes) {
      column.halves(encrypted.readUInt32BE(at), encrypted.readUInt32BE(at + 4))
    }
    this.#end = 0
  }

  #grow(): void {
    const larger = Buffer.allocUnsafeSlow(this.#blocks.length * 2)
    this.#blocks.copy(larger)
    this.#blocks = larger
  }
}

const tokenPrefix = Buffer.from('card_')

/** What a digit adds has these bits; what is none has one of the others. */
const notOfByte = ~0xff
const none = 0x100

const valueOf = Uint16Array.from({ length: 256 }, (_, code) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(code))
  return value < 0 ? none : value
})

/** As lakes have them that began with it: the first 64 bits of the SHA-256 of key and token. */
class HashedTokens implements Pseudonyms {
  /** In hexadecimal digits. */
  readonly #key: Buffer
  #text: Buffer
  #halves: number[] = []

  constructor(key: Buffer) {
    this.#key = Buffer.from(key.toString('hex'))
    this.#text = this.#key
  }

  add(bytes: Buffer, from: number, to: number): void {
    const length = this.#key.length + to - from
    // Tokens have one length: where the hash reads key and token is made once.
    if (this.#text.length !== length) {
      this.#text = Buffer.alloc(length)
      this.#key.copy(this.#text)
    }
    bytes.copy(this.#text, this.#key.length, from, to)
    const digest = hash('sha256', this.#text, 'binary')
    this.#halves.push(wordAt(digest, 0), wordAt(digest, 4))
  }

  fill(column: PlainColumn): void {
    for (let at = 0; at < this.#halves.length; at += 2) {
      column.halves(this.#halves[at] ?? 0, this.#halves[at + 1] ?? 0)
    }
    this.#halves = []
  }
}

/** Four bytes, the upper one first, of which each is a character here: cheaper than any other text. */
const wordAt = (bytes: string, at: number): number =>
  ((bytes.charCodeAt(at) << 24) |
    (bytes.charCodeAt(at + 1) << 16) |
    (bytes.charCodeAt(at + 2) << 8) |
    bytes.charCodeAt(at + 3)) >>>
  0
