import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ShardKey } from '../../../kernel/bucket.ts'
import { newSessionToken, placeOf } from './session.ts'

const fixed = (count: number): Buffer => Buffer.alloc(count, 0xa5)

test('the address holds the bucket and 144 random bits; only their digest is stored', () => {
  const token = newSessionToken(4095 as ShardKey, fixed)
  assert.match(token, /^[A-Za-z0-9_-]{27}$/)
  const place = placeOf(token)
  assert.equal(place?.shardKey, 4095)
  assert.match(place.digest, /^[0-9a-f]{32}$/)
  assert.ok(!token.includes(place.digest))
  const other = newSessionToken(4095 as ShardKey, (count) => Buffer.alloc(count, 1))
  assert.notEqual(placeOf(other)?.digest, place.digest)
})

test('what no token can be is no place', () => {
  const token = newSessionToken(1 as ShardKey, fixed)
  for (const text of [
    '',
    token.slice(1),
    `${token}A`,
    `${token.slice(0, -1)}/`,
    `${token.slice(0, -1)}=`,
    // The last character has spare bits: one session has one address.
    `${token.slice(0, -1)}V`,
    `_${token.slice(1)}`,
  ]) {
    assert.equal(placeOf(text), undefined, text)
  }
})
