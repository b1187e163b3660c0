import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { Pseudonyms } from './pseudonym.ts'

test('a pseudonym begins the SHA-256 of key and token, whatever token came before', () => {
  const key = '42'.repeat(32)
  const pseudonyms = new Pseudonyms(key)
  for (const token of ['card_1', 'card_2', 'a longer card_1', 'card_1', '']) {
    const expected = createHash('sha256').update(`${key}${token}`).digest('hex')
    const bytes = Buffer.from(`before${token}after`)
    pseudonyms.of(bytes, 6, 6 + token.length)
    const halves = [pseudonyms.upper, pseudonyms.lower]
    assert.deepEqual(
      halves.map((half) => half.toString(16).padStart(8, '0')),
      [expected.slice(0, 8), expected.slice(8, 16)],
    )
  }
})
