/**
 * Goal: the codec agrees with messages that another implementation made, byte for byte, in both
 * directions. Method: every message of the fixture is parsed, read field by field, and rebuilt.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { buildFrame, buildMessage } from './build.ts'
import { describeMessage } from './describe.ts'
import { dialects, guessDialect, type DialectName } from './dialect.ts'
import { frame } from './frame.ts'
import { parseMessage } from './parse.ts'

type Vector = {
  readonly name: string
  readonly profile: DialectName
  readonly hex: string
  readonly framed_hex: string
  readonly decoded: Readonly<Record<string, string>>
  readonly mac?: { readonly input: string; readonly mac: string }
}

const fixture = new URL('../../../test/fixtures/iso8583/messages.json', import.meta.url)
const { messages } = JSON.parse(readFileSync(fixture, 'utf8')) as { messages: readonly Vector[] }

for (const vector of messages) {
  const dialect = dialects[vector.profile]
  const bytes = Buffer.from(vector.hex, 'hex')
  const decoded = Object.entries(vector.decoded).filter(([key]) => Number(key) > 1)
  const isBinary = (de: number): boolean => dialect.fields[de]?.kind === 'b'

  test(`${vector.name} is read as decoded elsewhere`, () => {
    const parsed = parseMessage(dialect, bytes)
    assert.ok(parsed.ok, parsed.ok ? '' : parsed.error.message)
    const message = parsed.value
    assert.equal(message.mti, vector.decoded['t'])
    assert.equal(message.header?.toString('hex').toUpperCase(), vector.decoded['h'])
    assert.deepEqual(message.fields(), decoded.map(([key]) => Number(key)).toSorted(ascending))
    for (const [key, value] of decoded) {
      const de = Number(key)
      const read = isBinary(de)
        ? message.binary(de)?.toString('hex').toUpperCase()
        : message.text(de)
      assert.equal(read, value, `field ${de}`)
    }
    if (vector.mac !== undefined) {
      assert.equal(message.macInput().toString('hex').toUpperCase(), vector.mac.input)
    }
    assert.equal(guessDialect(bytes), dialect)
  })

  test(`${vector.name} is built to the same bytes`, () => {
    const fields = Object.fromEntries(
      decoded.map(([key, value]) => {
        return [key, isBinary(Number(key)) ? Buffer.from(value, 'hex') : value]
      }),
    )
    const header = vector.decoded['h']
    const draft = {
      mti: vector.decoded['t'] ?? '',
      header: header === undefined ? undefined : Buffer.from(header, 'hex'),
      fields,
    }
    const built = buildMessage(dialect, draft)
    assert.ok(built.ok, built.ok ? '' : built.error.message)
    assert.equal(built.value.toString('hex').toUpperCase(), vector.hex)
    assert.equal(frame(built.value).toString('hex').toUpperCase(), vector.framed_hex)
    const framed = buildFrame(dialect, draft)
    assert.ok(framed.ok)
    assert.equal(framed.value.toString('hex').toUpperCase(), vector.framed_hex)
  })

  test(`the dump of ${vector.name} shows no card data`, () => {
    const parsed = parseMessage(dialect, bytes)
    assert.ok(parsed.ok)
    const dump = describeMessage(parsed.value).join('\n')
    for (const de of [2, 35, 52]) {
      const secret = vector.decoded[String(de)]
      if (secret === undefined) continue
      assert.ok(!dump.includes(secret), `field ${de} as text`)
      assert.ok(!dump.includes(Buffer.from(secret).toString('hex')), `field ${de} as bytes`)
    }
    assert.ok(dump.includes(vector.decoded['11'] ?? ''))
  })
}

function ascending(a: number, b: number): number {
  return a - b
}
