/** The checksum equals what the real clients computed, and no part of what they signed can change. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { checksumOf, matchChecksum, percentEncode } from './index.ts'

type Vector = {
  readonly case: string
  readonly url: string
  readonly storeId: string
  readonly cartId: string
  readonly totalAmountTx: string
  readonly email: string
  readonly secret: string
  readonly encoded: string
  readonly checksum: string
}

const file = new URL('../../../test/fixtures/cmi/vectors.json', import.meta.url)
const { vectors } = (
  JSON.parse(readFileSync(file, 'utf8')) as { mtc_v3_checksum: { vectors: readonly Vector[] } }
).mtc_v3_checksum

const signedOf = (vector: Vector) => ({
  values: [vector.storeId, vector.cartId, vector.totalAmountTx, vector.email].map((text) =>
    Buffer.from(text),
  ),
  secret: vector.secret,
})

test('every vector of the real client is accepted', (context) => {
  for (const vector of vectors) {
    const signed = signedOf(vector)
    const whole = Buffer.concat([Buffer.from(vector.url), ...signed.values])
    assert.equal(percentEncode(Buffer.concat([whole, Buffer.from(vector.secret)])), vector.encoded)
    assert.equal(checksumOf(Buffer.from(vector.url), signed), vector.checksum, vector.case)
    const others = ['http://elsewhere.ma/pay.asp', vector.url]
    const matched = matchChecksum(vector.checksum.toUpperCase(), others, signed)
    assert.deepEqual(matched, { prefix: vector.url, tilde: '~' })
  }
  assert.equal(vectors.length, 3)
  context.diagnostic(`${vectors.length} vectors accepted`)
})

test('every mutated field of every vector is refused', (context) => {
  let refused = 0
  for (const vector of vectors) {
    for (const name of ['url', 'storeId', 'cartId', 'totalAmountTx', 'email', 'secret'] as const) {
      for (const mutate of mutations) {
        const changed = { ...vector, [name]: mutate(vector[name]) }
        if (changed[name] === vector[name]) continue
        const matched = matchChecksum(vector.checksum, [changed.url], signedOf(changed))
        assert.equal(matched, undefined, `${vector.case} ${name} ${changed[name]}`)
        refused += 1
      }
    }
    for (const posted of ['', 'x'.repeat(32), vector.checksum.slice(1), `${vector.checksum}0`]) {
      assert.equal(matchChecksum(posted, [vector.url], signedOf(vector)), undefined)
      refused += 1
    }
  }
  context.diagnostic(`${refused} mutations refused`)
})

const mutations: readonly ((text: string) => string)[] = [
  (text) => `${text}x`,
  (text) => ` ${text}`,
  (text) => text.slice(1),
  (text) => text.toUpperCase(),
  (text) => text.replace('1', '2'),
]

test('`~` may be spelled in two ways, one of them throughout', () => {
  const signed = { values: [Buffer.from('a~b')], secret: 's~' }
  const old = checksumOf(Buffer.from('http://shop.ma/~me/'), { ...signed, tilde: '%7E' })
  assert.notEqual(old, checksumOf(Buffer.from('http://shop.ma/~me/'), signed))
  assert.equal(matchChecksum(old, ['http://shop.ma/~me/'], signed)?.tilde, '%7E')
})

test('bytes that are no UTF-8 are signed as they are', () => {
  assert.equal(percentEncode(Buffer.from([0xe9, 0x20, 0x41, 0x7e])), '%E9%20A~')
})
