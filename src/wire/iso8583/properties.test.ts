/**
 * Goal: whatever comes in, the codec never throws, and what it accepts it would write again byte
 * for byte. Method: generated drafts of every field in both dialects, and damaged bytes.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { buildMessage, type FieldValues } from './build.ts'
import { dialects, type Dialect, type FieldCodec } from './dialect.ts'
import { decodeHex } from './decode-hex.ts'
import { describeMessage } from './describe.ts'
import type { Message } from './message.ts'
import { mtiByPackedValue } from './mti.ts'
import { parseMessage } from './parse.ts'

const alphabets: Readonly<Record<FieldCodec['kind'], string>> = {
  n: '0123456789',
  xn: '0123456789',
  z: '0123456789D',
  an: '0123456789abcXYZ',
  ans: '0123456789abcXYZ ~!=*\\',
  b: '',
}

function valueOf(codec: FieldCodec): fc.Arbitrary<string | Buffer> {
  const minLength = codec.prefixBytes === 0 ? codec.max : 1
  // Short contents mostly, so that whole messages stay within a frame; the greatest too.
  const length = { minLength, maxLength: Math.min(codec.max, minLength + 130) }
  if (codec.kind === 'b') {
    return fc.uint8Array(length).map((bytes) => Buffer.from(bytes))
  }
  const unit = fc.constantFrom(...alphabets[codec.kind])
  if (codec.kind !== 'xn') return fc.string({ ...length, unit })
  const digits = fc.string({ minLength: codec.max - 1, maxLength: codec.max - 1, unit })
  return fc.tuple(fc.constantFrom('C', 'D'), digits).map(([sign, rest]) => sign + rest)
}

type AnyDraft = { mti: string; header?: Buffer; fields: FieldValues }

function draftOf(dialect: Dialect): fc.Arbitrary<AnyDraft> {
  const codecs = dialect.fields.filter((codec) => codec !== undefined)
  const fields = fc
    .subarray(codecs, { minLength: 1, maxLength: 24 })
    .chain((chosen) => fc.tuple(...chosen.map((codec) => valueOf(codec).map((v) => [codec.de, v]))))
    .map((entries): FieldValues => Object.fromEntries(entries) as FieldValues)
  const mti = fc.constantFrom(...mtiByPackedValue.values())
  const header = fc
    .uint8Array({ minLength: 4, maxLength: 4 })
    .map((rest) => Buffer.from([0x60, ...rest]))
  return dialect.headerBytes === 0 ? fc.record({ mti, fields }) : fc.record({ mti, header, fields })
}

function rebuild(message: Message): Buffer {
  const fields: Record<number, string | Buffer | undefined> = {}
  for (const de of message.fields()) fields[de] = message.text(de) ?? message.binary(de)
  const built = buildMessage(message.dialect, { mti: message.mti, header: message.header, fields })
  assert.ok(built.ok, built.ok ? '' : built.error.message)
  return built.value
}

/** An error that names a place and a rule, or a message that is written again as it came. */
function acceptOrExplain(dialect: Dialect, bytes: Buffer): void {
  const parsed = parseMessage(dialect, bytes)
  if (parsed.ok) {
    assert.deepEqual(rebuild(parsed.value), bytes)
    describeMessage(parsed.value)
  } else {
    assert.ok(parsed.error.offset >= 0 && parsed.error.offset <= bytes.length)
    assert.match(parsed.error.message, /offset \d+: .+ \([a-z_]+\)$/)
  }
}

for (const dialect of Object.values(dialects)) {
  test(`${dialect.name}: a draft comes back as it was`, () => {
    fc.assert(
      fc.property(draftOf(dialect), (draft) => {
        const built = buildMessage(dialect, draft)
        if (!built.ok) {
          assert.equal(built.error.rule, 'message_too_long')
          return
        }
        const parsed = parseMessage(dialect, built.value)
        assert.ok(parsed.ok, parsed.ok ? '' : parsed.error.message)
        assert.equal(parsed.value.mti, draft.mti)
        assert.deepEqual(parsed.value.header, draft.header)
        const numbers = Object.keys(draft.fields).map(Number)
        assert.deepEqual(parsed.value.fields(), numbers)
        for (const de of numbers) {
          const value = draft.fields[de]
          const read: unknown =
            typeof value === 'string' ? parsed.value.text(de) : parsed.value.binary(de)
          assert.deepEqual(read, value)
        }
        assert.deepEqual(rebuild(parsed.value), built.value)
      }),
      { numRuns: 300 },
    )
  })

  test(`${dialect.name}: every truncation is an error, never an exception`, () => {
    fc.assert(
      fc.property(draftOf(dialect), (draft) => {
        const built = buildMessage(dialect, draft)
        if (!built.ok) return
        for (let length = 0; length < built.value.length; length += 1 + (length >> 4)) {
          const parsed = parseMessage(dialect, built.value.subarray(0, length))
          assert.ok(!parsed.ok, `accepted when cut at ${length}`)
          assert.ok(parsed.error.offset <= length)
        }
      }),
      { numRuns: 100 },
    )
  })

  test(`${dialect.name}: damaged and random bytes are refused or written again`, () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 7 })), { maxLength: 3 })
    fc.assert(
      fc.property(draftOf(dialect), damage, (draft, flips) => {
        const built = buildMessage(dialect, draft)
        if (!built.ok) return
        const bytes = Buffer.from(built.value)
        for (const [at, bit] of flips) {
          const index = at % bytes.length
          bytes[index] = (bytes[index] ?? 0) ^ (1 << bit)
        }
        acceptOrExplain(dialect, bytes)
      }),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        acceptOrExplain(dialect, Buffer.from(noise))
      }),
      { numRuns: 300 },
    )
  })
}

test('decoding any text gives a dump or an explanation', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789abcdef ') }))
  fc.assert(
    fc.property(text, (given) => {
      const decoded = decodeHex(given)
      assert.ok(decoded.ok ? decoded.value !== '' : decoded.error !== '')
    }),
  )
})
