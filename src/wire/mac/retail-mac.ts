import { createCipheriv, createSecretKey, type Cipher, type KeyObject } from 'node:crypto'
import { assert } from '../../kernel/assert.ts'

const BLOCK = 8
const ZERO_BLOCK = Buffer.alloc(BLOCK)

/** Method 1 fills with zeros, method 2 with a one bit and zeros [ISO9797-1 6.3]. */
export type MacPadding = 1 | 2

/**
 * The retail MAC: algorithm 3 of ISO 9797-1, also X9.19. CBC under single DES with the first half
 * of the key, then one block of triple DES. Single DES is refused by current OpenSSL, so it is
 * written as triple DES with one key three times, which is the same function.
 */
export class RetailMacKey {
  readonly #chainKey: KeyObject
  readonly #lastKey: KeyObject

  /** 16 bytes: K1 then K2. With K1 = K2 it is the single DES code of X9.9. */
  constructor(key: KeyObject) {
    assert(key.symmetricKeySize === 2 * BLOCK, 'a retail MAC key has 128 bits')
    const raw = key.export()
    const first = raw.subarray(0, BLOCK)
    this.#chainKey = createSecretKey(Buffer.concat([first, first, first]))
    this.#lastKey = createSecretKey(Buffer.concat([raw, first]))
    raw.fill(0)
  }

  /** Eight bytes. */
  mac(input: Buffer, padding: MacPadding): Buffer {
    const padded = pad(input, padding)
    const lastAt = padded.length - BLOCK
    const last = Buffer.from(padded.subarray(lastAt))
    if (lastAt > 0) {
      const chain = encrypt(this.#chainKey).update(padded.subarray(0, lastAt))
      const chained = chain.subarray(lastAt - BLOCK)
      for (let i = 0; i < BLOCK; i++) last[i] = (last[i] ?? 0) ^ (chained[i] ?? 0)
    }
    // Encrypt with K1, decrypt with K2, encrypt with K1: the end of algorithm 3 in one block.
    return encrypt(this.#lastKey).update(last)
  }
}

function encrypt(key: KeyObject): Cipher {
  return createCipheriv('des-ede3-cbc', key, ZERO_BLOCK).setAutoPadding(false)
}

function pad(input: Buffer, padding: MacPadding): Buffer {
  const marked = padding === 2 ? input.length + 1 : input.length
  const padded = Buffer.alloc(Math.max(BLOCK, Math.ceil(marked / BLOCK) * BLOCK))
  input.copy(padded)
  if (padding === 2) padded[input.length] = 0x80
  return padded
}
