/** Goal: the dump that people read is right, framed or not, and shows no card data. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildFrame, buildMessage } from './build.ts'
import { decodeHex, decodeHexToJson } from './decode-hex.ts'
import { asciibin, bcdtpdu } from './dialect.ts'

const fields = {
  2: '4111111111111111',
  11: '000123',
  45: 'B4111111111111111^TEST/CARD^17122011234',
  48: '42020292030004304ABCD',
  55: Buffer.from('5A084111111111111111570B4111111111111111D171229F3602000795050000008000', 'hex'),
  63: 'card 4111111111111111 seen',
}

const hexOf = (draft: Parameters<typeof buildMessage>[1], framed: boolean): string => {
  const dialect = draft.header === undefined ? asciibin : bcdtpdu
  const built = framed ? buildFrame(dialect, draft) : buildMessage(dialect, draft)
  assert.ok(built.ok, built.ok ? '' : built.error.message)
  return built.value.toString('hex')
}

for (const header of [undefined, Buffer.from('6000010000', 'hex')]) {
  const name = header === undefined ? 'asciibin' : 'bcdtpdu'

  test(`${name} is recognized and masked, with and without its length`, () => {
    for (const framed of [true, false]) {
      const decoded = decodeHex(hexOf({ mti: '0200', header, fields }, framed))
      assert.ok(decoded.ok, decoded.ok ? '' : decoded.error)
      const dump = decoded.value
      assert.match(dump, new RegExp(`^dialect ${name}`))
      assert.match(dump, /0200 \(financial request\)/)
      assert.match(dump, /411111\*\*\*1111/)
      assert.match(dump, /9F36=0007 95=0000008000/)
      assert.match(dump, /4202029203\*\*\*4304ABCD/)
      assert.ok(!dump.includes('4111111111111111'))
      assert.ok(!dump.includes(Buffer.from('4111111111111111').toString('hex')))
      assert.ok(!dump.includes('9203000'))
    }
  })
}

test('a program reads the same parts, masked alike', () => {
  const decoded = decodeHexToJson(hexOf({ mti: '0200', fields }, true))
  assert.ok(decoded.ok)
  const { dialect, mti, framed, parts } = JSON.parse(decoded.value) as {
    readonly [name: string]: unknown
    readonly parts: readonly { readonly field: string; readonly value: string }[]
  }
  assert.deepEqual([dialect, mti, framed], ['asciibin', '0200', true])
  assert.equal(parts.find(({ field }) => field === '2')?.value, '411111***1111')
  assert.equal(parts.find(({ field }) => field === '11')?.value, '000123')
  assert.ok(!decoded.value.includes('4111111111111111'))
  assert.ok(!decoded.value.includes(Buffer.from('4111111111111111').toString('hex')))
})

test('chip and private data that do not parse are not shown', () => {
  const damaged = { ...fields, 48: '9203000x', 55: Buffer.from('5A094111111111111111', 'hex') }
  const decoded = decodeHex(hexOf({ mti: '0200', fields: damaged }, false))
  assert.ok(decoded.ok)
  assert.ok(!decoded.value.includes('9203'))
  assert.ok(!decoded.value.includes('4111111111111111'))
})

test('a failure names the offset in the bytes given, the field and the rule', () => {
  const framed = hexOf({ mti: '0800', fields: { 11: '000001' } }, true)
  const broken = framed.replace('303030303031', '304130303031')
  const decoded = decodeHex(broken)
  assert.ok(!decoded.ok)
  assert.match(decoded.error, /offset 15 \(0x000f\)/)
  assert.match(decoded.error, /field 11, offset 13: .*character_class/)
  assert.match(decoded.error, /System Trace Audit Number/)
})

test('what is not hexadecimal, or not whole, is said plainly', () => {
  const problems: readonly (readonly [string, RegExp])[] = [
    ['', /nothing to decode/],
    ['30 3x', /digit 4 is not hexadecimal/],
    ['303', /one is missing/],
    ['0010 30', /says 16 bytes, 1 follow/],
  ]
  for (const [text, expected] of problems) {
    const decoded = decodeHex(text)
    assert.ok(!decoded.ok)
    assert.match(decoded.error, expected)
  }
})

test('the dialect can be forced', () => {
  const decoded = decodeHex(hexOf({ mti: '0800', fields: { 11: '000001' } }, false), 'bcdtpdu')
  assert.ok(!decoded.ok)
  assert.match(decoded.error, /not a valid bcdtpdu message/)
})
