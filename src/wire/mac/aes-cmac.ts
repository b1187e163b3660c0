import { createCipheriv, timingSafeEqual, type Cipher, type KeyObject } from 'node:crypto'
import { assert } from '../../kernel/assert.ts'

const BLOCK = 16
const ZERO_BLOCK = Buffer.alloc(BLOCK)
/** The field polynomial of a 128-bit block [RFC4493 2.3]. */
const RB = 0x87

/**
 * AES-128-CMAC [RFC4493] under one key. The subkeys are made once, and one CBC cipher lives as
 * long as the key: opening a cipher costs several times what it costs to run it over a message.
 * The cipher chains on from its last block, so the first block of the next message is combined
 * with that block first, which leaves it as if the chain had started from zeros.
 */
export class AesCmacKey {
  readonly #cipher: Cipher
  readonly #wholeSubkey: Buffer
  readonly #paddedSubkey: Buffer
  readonly #chained = Buffer.alloc(BLOCK)
  #work = Buffer.alloc(4 * 1024)

  constructor(key: KeyObject) {
    assert(key.symmetricKeySize === BLOCK, 'an AES-CMAC key has 128 bits')
    this.#cipher = createCipheriv('aes-128-cbc', key, ZERO_BLOCK).setAutoPadding(false)
    this.#cipher.update(ZERO_BLOCK).copy(this.#chained)
    this.#wholeSubkey = doubled(this.#chained)
    this.#paddedSubkey = doubled(this.#wholeSubkey)
  }

  /** The whole code, 16 bytes; DE64 and DE128 carry the first 8. */
  mac(input: Buffer): Buffer {
    const { length } = input
    const blocks = Math.max(1, Math.ceil(length / BLOCK))
    const total = blocks * BLOCK
    if (total > this.#work.length) this.#work = Buffer.alloc(total)
    const work = this.#work
    input.copy(work, 0)
    let subkey = this.#wholeSubkey
    if (length !== total) {
      // [RFC4493 2.4] An incomplete last block is padded with a one bit and zeros.
      work[length] = 0x80
      work.fill(0, length + 1, total)
      subkey = this.#paddedSubkey
    }
    combine(work, total - BLOCK, subkey)
    combine(work, 0, this.#chained)
    const encrypted = this.#cipher.update(work.subarray(0, total))
    assert(encrypted.length === total, 'a cipher without padding gives out whole blocks at once')
    const code = encrypted.subarray(total - BLOCK)
    code.copy(this.#chained)
    return code
  }
}

/** Multiplication by x in the field: a shift, and the polynomial where a bit falls out. */
function doubled(block: Buffer): Buffer {
  const result = Buffer.alloc(BLOCK)
  for (let i = 0; i < BLOCK; i++) {
    result[i] = (((block[i] ?? 0) << 1) | ((block[i + 1] ?? 0) >> 7)) & 0xff
  }
  if (((block[0] ?? 0) & 0x80) !== 0) result[BLOCK - 1] = (result[BLOCK - 1] ?? 0) ^ RB
  return result
}

function combine(work: Buffer, at: number, block: Buffer): void {
  for (let i = 0; i < BLOCK; i++) work[at + i] = (work[at + i] ?? 0) ^ (block[i] ?? 0)
}

/** Compares a received code with the computed one over the received one's length, in constant time. */
export function verifyMac(computed: Buffer, received: Buffer): boolean {
  const { length } = received
  // [ISO8583-87 DE64] Eight bytes travel; a shorter code would be easier to guess.
  if (length < 8 || length > computed.length) return false
  return timingSafeEqual(computed.subarray(0, length), received)
}
