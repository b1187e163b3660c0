/** Goal: the published vectors, and a chained cipher that never remembers the message before. */
import assert from 'node:assert/strict'
import { createSecretKey, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { AesCmacKey, RetailMacKey, verifyMac } from './index.ts'

type RetailVector = {
  readonly key: string
  readonly data?: string
  readonly data_ascii?: string
  readonly padding: number
  readonly mac: string
}
type Fixture = {
  readonly messages: readonly {
    readonly name: string
    readonly mac?: { algorithm: string; key: string; input: string; mac: string }
  }[]
  readonly crypto: {
    readonly retail_mac: readonly RetailVector[]
    readonly x99_single_des_mac: readonly RetailVector[]
    readonly aes_cmac: { readonly key: string; readonly data: string; readonly mac: string }
  }
}

const path = new URL('../../../test/fixtures/iso8583/messages.json', import.meta.url)
const fixture = JSON.parse(readFileSync(path, 'utf8')) as Fixture
const hex = (bytes: Buffer): string => bytes.toString('hex').toUpperCase()
const bytesOf = (text: string): Buffer => Buffer.from(text, 'hex')
const aesKey = (key: string): AesCmacKey => new AesCmacKey(createSecretKey(bytesOf(key)))
const retailKey = (key: string): RetailMacKey => new RetailMacKey(createSecretKey(bytesOf(key)))

/** The four examples of [RFC4493 4]. */
const rfcKey = '2b7e151628aed2a6abf7158809cf4f3c'
const rfcText =
  '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51' +
  '30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710'
const rfcExamples: readonly (readonly [length: number, mac: string])[] = [
  [0, 'BB1D6929E95937287FA37D129B756746'],
  [16, '070A16B46B4D4144F79BDD9DD04A287C'],
  [40, 'DFA66747DE9AE63030CA32611497C827'],
  [64, '51F0BEBF7E3B9D92FC49741779363CFE'],
]

test('AES-CMAC gives the examples of its specification, in any order', () => {
  const key = aesKey(rfcKey)
  for (const [length, mac] of [...rfcExamples, ...rfcExamples.toReversed()]) {
    assert.equal(hex(key.mac(bytesOf(rfcText).subarray(0, length))), mac)
  }
  const { aes_cmac: vector } = fixture.crypto
  assert.equal(hex(aesKey(vector.key).mac(bytesOf(vector.data))), vector.mac)
})

test('a key that has made many codes makes the same as a new one', () => {
  const raw = randomBytes(16)
  const old = new AesCmacKey(createSecretKey(raw))
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), (input) => {
      const fresh = new AesCmacKey(createSecretKey(raw))
      assert.deepEqual(old.mac(Buffer.from(input)), fresh.mac(Buffer.from(input)))
    }),
  )
})

test('the retail MAC gives the vectors, and X9.9 with one key twice', () => {
  const { retail_mac: retail, x99_single_des_mac: single } = fixture.crypto
  const doubled = single.map((vector) => ({ ...vector, key: vector.key + vector.key }))
  for (const vector of [...retail, ...doubled]) {
    const { padding } = vector
    if (padding !== 1 && padding !== 2) continue
    const input = Buffer.from(vector.data ?? vector.data_ascii ?? '', vector.data ? 'hex' : 'ascii')
    assert.equal(hex(retailKey(vector.key).mac(input, padding)), vector.mac)
  }
})

test('an empty input is one block of padding', () => {
  assert.equal(retailKey('0123456789ABCDEFFEDCBA9876543210').mac(Buffer.alloc(0), 1).length, 8)
})

test('the codes of whole messages are those that another implementation made', () => {
  let checked = 0
  for (const { mac } of fixture.messages) {
    if (mac === undefined) continue
    const input = bytesOf(mac.input)
    const computed =
      mac.algorithm === 'aescmac' ? aesKey(mac.key).mac(input) : retailKey(mac.key).mac(input, 1)
    assert.equal(hex(computed.subarray(0, 8)), mac.mac)
    assert.ok(verifyMac(computed, bytesOf(mac.mac)))
    checked++
  }
  assert.equal(checked, 3)
})

test('a code that differs, or is short, or too long, is refused', () => {
  const computed = bytesOf('070A16B46B4D4144F79BDD9DD04A287C')
  assert.ok(verifyMac(computed, computed))
  assert.ok(!verifyMac(computed, bytesOf('070A16B46B4D4145')))
  assert.ok(!verifyMac(computed, bytesOf('070A16B46B4D41')))
  assert.ok(!verifyMac(computed, Buffer.alloc(0)))
  assert.ok(!verifyMac(computed, Buffer.concat([computed, Buffer.alloc(1)])))
})
