/** A sealed card opens as it was, under its own key and token, or not at all. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { randomBytes } from '../platform/clock.ts'
import { lookupOf, newKeyLine, open, parseKeyRing, seal, type VaultKey } from './key-ring.ts'

function keyOf(line: string): VaultKey {
  const ring = parseKeyRing(line)
  assert.ok(ring.ok, ring.ok ? '' : ring.error)
  return ring.value[0]
}

const key = keyOf(newKeyLine('v1', randomBytes))
const other = keyOf(newKeyLine('v1', randomBytes))
const digits = fc.stringMatching(/^[0-9]{12,19}$/)
const token = fc.stringMatching(/^card_[0-9a-f]{32}$/)

test('what was sealed opens, and never looks the same twice', () => {
  fc.assert(
    fc.property(token, digits, (name, number) => {
      const sealed = seal(key, name, number, randomBytes)
      assert.equal(open(key, name, sealed), number)
      assert.notDeepEqual(seal(key, name, number, randomBytes), sealed)
      assert.ok(!sealed.includes(number))
    }),
  )
})

test('a row that was altered, cut, moved to another token or under another key does not open', () => {
  fc.assert(
    fc.property(
      token,
      token,
      digits,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (a, b, n, at, flip) => {
        fc.pre(a !== b)
        const sealed = seal(key, a, n, randomBytes)
        const altered = Buffer.from(sealed)
        altered[at % altered.length] = (altered[at % altered.length] ?? 0) ^ flip
        assert.throws(() => open(key, a, altered))
        assert.throws(() => open(key, a, sealed.subarray(0, at % sealed.length)))
        assert.throws(() => open(key, b, sealed))
        assert.throws(() => open(other, a, sealed))
      },
    ),
  )
})

test('a look-up says nothing without its key, and its key seals nothing', () => {
  assert.deepEqual(lookupOf(key, '4000000000000010'), lookupOf(key, '4000000000000010'))
  assert.notDeepEqual(lookupOf(key, '4000000000000010'), lookupOf(other, '4000000000000010'))
  assert.notDeepEqual(lookupOf(key, '4000000000000010'), lookupOf(key, '4000000000000028'))
  assert.ok(!key.seal.equals(key.lookup))
})

test('the first line is the current generation', () => {
  const ring = parseKeyRing(
    `\n${newKeyLine('v2', randomBytes)}\r\n${newKeyLine('v1', randomBytes)}`,
  )
  assert.ok(ring.ok)
  assert.deepEqual(
    ring.value.map(({ id }) => id),
    ['v2', 'v1'],
  )
})

test('a line that is no generation is refused by its number, without a word of the key', () => {
  const good = newKeyLine('v1', randomBytes)
  const secret = good.split(' ')[1] ?? ''
  for (const [text, expected] of [
    ['', /no key/],
    [`${good}v2 ${secret}`, /line 2: expected ID and two keys/],
    [`${good}V2 ${secret} ${secret}`, /line 2/],
    [good.replace(secret, secret.slice(1)), /line 1/],
    [good + good, /line 2: key v1 is there twice/],
  ] as const) {
    const ring = parseKeyRing(text)
    assert.ok(!ring.ok)
    assert.match(ring.error, expected)
    assert.ok(!ring.error.includes(secret.slice(1)))
  }
})

test('two keys of one generation that are the same are refused: a look-up must not share', () => {
  const secret = randomBytes(32).toString('hex')
  const ring = parseKeyRing(`v1 ${secret} ${secret}\n`)
  assert.ok(!ring.ok)
})
