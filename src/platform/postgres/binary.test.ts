import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BinaryWriter } from './binary.ts'

const written = (write: (writer: BinaryWriter) => void): string => {
  const writer = new BinaryWriter(Buffer.alloc(4))
  write(writer)
  return writer.bytes().toString('hex')
}

test('an int8 has the eight bytes of its two’s complement, on both sides of what a double holds', () => {
  const powers = [0n, 31n, 32n, 40n, 53n, 62n].map((bits) => 2n ** bits)
  const values = [0n, 999_999_999_999n, 2n ** 63n - 1n, -(2n ** 63n)]
  for (const value of [...values, ...powers.flatMap((n) => [n, -n, n - 1n, 1n - n, n + 1n])]) {
    const expected = Buffer.alloc(12)
    expected.writeInt32BE(8, 0)
    expected.writeBigInt64BE(value, 4)
    assert.equal(
      written((writer) => {
        writer.int8(value)
      }),
      expected.toString('hex'),
      String(value),
    )
  }
})

test('an instant counts microseconds from 2000, before it too', () => {
  const at = (text: string): string =>
    written((writer) => {
      writer.timestamptz(new Date(text))
    })
  assert.equal(at('1999-12-31T23:59:59.999Z'), '00000008fffffffffffffc18')
  const micros = (Date.parse('2013-09-15T12:00:00.001Z') - Date.UTC(2000, 0, 1)) * 1000
  assert.equal(at('2013-09-15T12:00:00.001Z'), `00000008${micros.toString(16).padStart(16, '0')}`)
})

test('a text is measured in bytes, whatever its length and letters', () => {
  for (const text of ['', 'MAD', 'é', 'محل', `${'a'.repeat(23)}é`, 'x'.repeat(500)]) {
    const bytes = Buffer.from(text)
    const length = Buffer.alloc(4)
    length.writeInt32BE(bytes.length, 0)
    assert.equal(
      written((writer) => {
        writer.text(text)
      }),
      Buffer.concat([length, bytes]).toString('hex'),
    )
  }
})
