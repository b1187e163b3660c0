/**
 * Goal: each malformed message is refused with the field, the offset and the rule, and each
 * impossible draft likewise. Method: one table of damaged bytes, one of wrong drafts.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '../../kernel/limits.ts'
import { buildMessage, type Draft } from './build.ts'
import { startMessage } from './message-writer.ts'
import type { CodecPlace, CodecRule } from './codec-error.ts'
import { asciibin, bcdtpdu, type Dialect } from './dialect.ts'
import { parseMessage } from './parse.ts'

type Refusal = readonly [dialect: Dialect, bytes: string, CodecPlace, offset: number, CodecRule]

const ascii = (text: string): string => Buffer.from(text, 'latin1').toString('hex')

/** 0800 with DE11 and one more field, in ASCII. */
const withField = (bitmap: string, rest: string): string => `${ascii('0800')}${bitmap}${rest}`
const tpdu = '6000010000'

const refused: readonly Refusal[] = [
  [asciibin, '', 'mti', 0, 'truncated'],
  [asciibin, ascii('08'), 'mti', 2, 'truncated'],
  [asciibin, ascii('08A0'), 'mti', 0, 'mti_digits'],
  [asciibin, ascii('1800'), 'mti', 0, 'mti_version'],
  [asciibin, ascii('0900'), 'mti', 0, 'mti_class'],
  [asciibin, ascii('0850'), 'mti', 0, 'mti_function'],
  [asciibin, ascii('0806'), 'mti', 0, 'mti_origin'],
  [asciibin, `${ascii('0800')}0020`, 'bitmap', 6, 'truncated'],
  [asciibin, withField('0000000000000000', ''), 'bitmap', 4, 'bitmap_empty'],
  [asciibin, withField('8020000000000000', '00'), 'bitmap', 13, 'truncated'],
  [asciibin, withField('8020000000000000', '0000000000000000'), 'bitmap', 12, 'bitmap_empty'],
  [asciibin, withField('8000000000000000', '8000000000000000'), 65, 12, 'field_unsupported'],
  [asciibin, withField('0020000000000000', ascii('00000')), 11, 17, 'truncated'],
  [asciibin, withField('0020000000000000', ascii('00A000')), 11, 14, 'character_class'],
  [asciibin, withField('0020000000000000', ascii('0000001')), 'message', 18, 'trailing_bytes'],
  [asciibin, withField('4000000000000000', ascii('1')), 2, 13, 'truncated'],
  [asciibin, withField('4000000000000000', ascii('1x')), 2, 12, 'length_digits'],
  [asciibin, withField('4000000000000000', ascii('00')), 2, 12, 'length_zero'],
  [asciibin, withField('4000000000000000', ascii('20')), 2, 12, 'length_above_max'],
  [asciibin, withField('0000001000000000', ascii('X00000000')), 28, 12, 'sign'],
  [asciibin, withField('0000001000000000', ascii('C0000000x')), 28, 20, 'character_class'],
  [
    asciibin,
    withField('0000000008000000', `${ascii('12345')}00${ascii('789012')}`),
    37,
    17,
    'character_class',
  ],
  [asciibin, withField('0000000000001000', '00'), 52, 13, 'truncated'],
  [bcdtpdu, '600001', 'tpdu', 3, 'truncated'],
  [bcdtpdu, '6100010000', 'tpdu', 0, 'tpdu_id'],
  [bcdtpdu, `${tpdu}08`, 'mti', 6, 'truncated'],
  [bcdtpdu, `${tpdu}0A00`, 'mti', 5, 'mti_digits'],
  [bcdtpdu, `${tpdu}08000020000000000000 00000A`, 11, 17, 'packed_digit'],
  [bcdtpdu, `${tpdu}08000000040000000000 1504`, 22, 15, 'packed_padding'],
  [bcdtpdu, `${tpdu}08004000000000000000 13 41111111111110`, 2, 22, 'packed_padding'],
  [bcdtpdu, `${tpdu}08004000000000000000 1A 41111111111110`, 2, 15, 'length_digits'],
  [bcdtpdu, `${tpdu}08000000000020000000 05 41111B`, 35, 18, 'packed_padding'],
  [bcdtpdu, `${tpdu}08000000000000000200 0256 00`, 55, 15, 'length_above_max'],
  [bcdtpdu, `${tpdu}08000000001000000000 43 0000000A`, 28, 19, 'packed_digit'],
]

for (const [dialect, hex, field, offset, rule] of refused) {
  test(`${dialect.name}: ${String(field)} refused at ${offset} for ${rule}: ${hex}`, () => {
    const parsed = parseMessage(dialect, Buffer.from(hex.replaceAll(' ', ''), 'hex'))
    assert.ok(!parsed.ok)
    const { error } = parsed
    assert.deepEqual([error.field, error.offset, error.rule], [field, offset, rule])
  })
}

test('a message above the greatest frame is refused before anything is read', () => {
  const parsed = parseMessage(asciibin, Buffer.alloc(limits.frameBytesMax + 1))
  assert.ok(!parsed.ok)
  assert.equal(parsed.error.rule, 'message_too_long')
})

type WrongDraft = readonly [name: string, Dialect, Draft, CodecPlace, offset: number, CodecRule]

const header = Buffer.from(tpdu, 'hex')
const stan = { 11: '000001' }
const longTexts = Object.fromEntries([57, 58, 59, 60, 61].map((de) => [de, 'x'.repeat(999)]))
const macOf = (bytes: number) => (): Buffer => Buffer.alloc(bytes)

const wrongDrafts: readonly WrongDraft[] = [
  ['letters in the MTI', asciibin, { mti: '08x0', fields: stan }, 'mti', 0, 'mti_digits'],
  [
    'a TPDU between hosts',
    asciibin,
    { mti: '0800', header, fields: stan },
    'tpdu',
    0,
    'header_unexpected',
  ],
  ['no TPDU', bcdtpdu, { mti: '0800', fields: stan }, 'tpdu', 0, 'header_missing'],
  [
    'a short TPDU',
    bcdtpdu,
    { mti: '0800', header: header.subarray(1), fields: stan },
    'tpdu',
    0,
    'header_length',
  ],
  [
    'a wrong TPDU',
    bcdtpdu,
    { mti: '0800', header: Buffer.alloc(5), fields: stan },
    'tpdu',
    0,
    'tpdu_id',
  ],
  ['no field', asciibin, { mti: '0800', fields: {} }, 'bitmap', 0, 'bitmap_empty'],
  [
    'a bitmap',
    asciibin,
    { mti: '0800', fields: { 1: Buffer.alloc(8) } },
    1,
    0,
    'field_unsupported',
  ],
  ['field 129', asciibin, { mti: '0800', fields: { 129: '0' } }, 'message', 0, 'field_number'],
  ['a short STAN', asciibin, { mti: '0800', fields: { 11: '1' } }, 11, 0, 'length_not_exact'],
  ['an empty PAN', asciibin, { mti: '0800', fields: { 2: '' } }, 2, 0, 'length_zero'],
  [
    'a long acquirer',
    asciibin,
    { mti: '0800', fields: { 32: '0'.repeat(12) } },
    32,
    11,
    'length_above_max',
  ],
  [
    'a letter in a STAN',
    bcdtpdu,
    { mti: '0800', header, fields: { 11: '0000x1' } },
    11,
    4,
    'character_class',
  ],
  ['an accent', asciibin, { mti: '0800', fields: { 48: 'caf\u00e9' } }, 48, 3, 'character_class'],
  [
    'a character past a byte',
    asciibin,
    { mti: '0800', fields: { 48: 'a\u0130' } },
    48,
    1,
    'character_class',
  ],
  ['a fee without sign', asciibin, { mti: '0800', fields: { 28: '000000000' } }, 28, 0, 'sign'],
  [
    'text for a PIN block',
    asciibin,
    { mti: '0800', fields: { 52: '00000000' } },
    52,
    0,
    'value_type',
  ],
  [
    'bytes for a STAN',
    asciibin,
    { mti: '0800', fields: { 11: Buffer.alloc(6) } },
    11,
    0,
    'value_type',
  ],
  [
    'too long a whole',
    asciibin,
    { mti: '0800', fields: longTexts },
    'message',
    4096,
    'message_too_long',
  ],
  [
    'a MAC before a field',
    asciibin,
    { mti: '0800', fields: { 70: '001' }, mac: { de: 64, compute: macOf(8) } },
    64,
    0,
    'mac_position',
  ],
  [
    'a MAC twice',
    asciibin,
    { mti: '0800', fields: { 128: Buffer.alloc(8) }, mac: { de: 128, compute: macOf(8) } },
    128,
    0,
    'mac_position',
  ],
  [
    'a short MAC',
    asciibin,
    { mti: '0800', fields: stan, mac: { de: 64, compute: macOf(4) } },
    64,
    0,
    'mac_length',
  ],
]

for (const [name, dialect, draft, field, offset, rule] of wrongDrafts) {
  test(`${dialect.name}: a draft with ${name} is refused for ${rule}`, () => {
    const built = buildMessage(dialect, draft)
    assert.ok(!built.ok)
    const { error } = built
    assert.deepEqual([error.field, error.offset, error.rule], [field, offset, rule])
  })
}

test('no refusal repeats the value that it refuses', () => {
  const built = buildMessage(asciibin, { mti: '0100', fields: { 2: '41111111111111x1' } })
  assert.ok(!built.ok)
  assert.ok(!built.error.message.includes('4111'))
})

test('fields are written once each, in ascending order, and the first fault is the one told', () => {
  const twice = startMessage(asciibin, '0800').field(11, '000001').field(11, '000002').field(3, '1')
  const refused = twice.end()
  assert.ok(!refused.ok)
  assert.equal(refused.error.rule, 'field_order')
  assert.equal(refused.error.field, 11)
  const forgotten = startMessage(asciibin, '0800').field(11, '000001')
  const next = startMessage(asciibin, '0800').field(70, '301').end()
  assert.ok(next.ok, 'what was begun and not ended leaves nothing in the next message')
  const parsed = parseMessage(asciibin, next.value)
  assert.ok(parsed.ok)
  assert.deepEqual(parsed.value.fields(), [70])
  assert.equal(forgotten, twice, 'there is one writer')
})
