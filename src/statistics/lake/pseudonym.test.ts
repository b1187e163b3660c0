import assert from 'node:assert/strict'
import { createCipheriv, createHash, hash } from 'node:crypto'
import { test } from 'node:test'
import { PlainColumn } from '../../platform/parquet/plain-column.ts'
import { pseudonymsBy, type PseudonymKey } from './pseudonym.ts'

const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index))

/** In hexadecimal digits; the tokens stand among other bytes, and come in batches of this size. */
function pseudonymsOf(
  method: PseudonymKey['method'],
  tokens: readonly string[],
  batch = tokens.length,
): readonly string[] {
  const pseudonyms = pseudonymsBy({ method, key })
  const column = new PlainColumn('card', 'UBIGINT')
  tokens.forEach((token, index) => {
    const bytes = Buffer.from(`before${token}after`)
    pseudonyms.add(bytes, 6, 6 + Buffer.byteLength(token))
    if ((index + 1) % batch === 0) pseudonyms.fill(column)
  })
  pseudonyms.fill(column)
  const values = column.take()
  return Array.from({ length: values.length / 8 }, (_, index) =>
    values
      .readBigUInt64LE(index * 8)
      .toString(16)
      .padStart(16, '0'),
  )
}

test('a token’s bytes are encrypted: the example of FIPS 197', () => {
  const token = 'card_00112233445566778899aabbccddeeff'
  assert.deepEqual(pseudonymsOf('aes-256', [token]), ['8ea2b7ca516745bf'])
})

test('as many as come, in order, whatever the batches', () => {
  const tokens = Array.from({ length: 1_000 }, (_, index) => {
    return `card_${hash('sha256', String(index % 900)).slice(0, 32)}`
  })
  const expected = tokens.map((token) => {
    const cipher = createCipheriv('aes-256-ecb', key, null)
    return cipher.update(Buffer.from(token.slice(5), 'hex')).toString('hex', 0, 8)
  })
  for (const batch of [1, 7, 64, 1_000]) {
    assert.deepEqual(pseudonymsOf('aes-256', tokens, batch), expected)
  }
})

test('what is no token of the vault’s form has a pseudonym of its own too', () => {
  const tokens = [
    ...['', 'card_1', 'card_2', 'card_', 'tok_', 'é'],
    `card_${'0'.repeat(32)}`,
    `card_${'0'.repeat(31)}`,
    `card_${'0'.repeat(31)}g`,
    `card_${'0'.repeat(31)}A`,
    `card_${'0'.repeat(31)}a`,
    `Card_${'0'.repeat(32)}`,
    `card_${'0'.repeat(31)}\u00ff`.slice(0, 37),
  ]
  const made = pseudonymsOf('aes-256', tokens)
  assert.equal(new Set(made).size, tokens.length)
  assert.deepEqual(pseudonymsOf('aes-256', tokens, 1), made)
  assert.deepEqual(pseudonymsOf('aes-256', tokens.toReversed()), made.toReversed())
})

test('by the older method it begins the SHA-256 of key and token', () => {
  const tokens = ['card_1', 'card_2', 'a longer card_1', 'card_1', '']
  const expected = tokens.map((token) =>
    createHash('sha256')
      .update(`${key.toString('hex')}${token}`)
      .digest('hex')
      .slice(0, 16),
  )
  assert.deepEqual(pseudonymsOf('sha-256', tokens), expected)
  assert.deepEqual(pseudonymsOf('sha-256', tokens, 2), expected)
})
