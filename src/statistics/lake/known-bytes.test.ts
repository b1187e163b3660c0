import assert from 'node:assert/strict'
import { test } from 'node:test'
import { property, array, assert as check, uint8Array } from 'fast-check'
import { KnownBytes } from './known-bytes.ts'

const viewOf = (bytes: Uint8Array): DataView => {
  // In the middle of a larger memory, as the bytes of a row are.
  const memory = new Uint8Array(bytes.length + 7)
  memory.set(bytes, 3)
  return new DataView(memory.buffer)
}

const numbered = (known: KnownBytes, bytes: Uint8Array): { number: number; isNew: boolean } => {
  const [view, from, to] = [viewOf(bytes), 3, 3 + bytes.length]
  const found = known.numberOf(view, from, to)
  return { number: found ?? known.remember(view, from, to), isNew: found === undefined }
}

test('the same bytes have the same number, and others another', () => {
  const runs = array(uint8Array({ maxLength: 9, max: 3 }), { maxLength: 200 })
  check(
    property(runs, (all) => {
      const known = new KnownBytes(256)
      const expected = new Map<string, number>()
      for (const bytes of all) {
        const { number, isNew } = numbered(known, bytes)
        assert.equal(isNew, !expected.has(bytes.join()))
        if (isNew) expected.set(bytes.join(), number)
        assert.equal(number, expected.get(bytes.join()))
      }
      assert.equal(new Set(expected.values()).size, expected.size)
    }),
  )
})

test('past its bound all are forgotten, and no number is given twice', () => {
  const known = new KnownBytes(4)
  const bytes = [0, 1, 2, 3, 4].map((byte) => Uint8Array.of(byte))
  const first = bytes.map((run) => numbered(known, run))
  assert.deepEqual(
    first.map(({ number }) => number),
    [0, 1, 2, 3, 4],
  )
  const [zero] = bytes
  assert.deepEqual(numbered(known, zero ?? Uint8Array.of()), { number: 5, isNew: true })
  assert.deepEqual(numbered(known, zero ?? Uint8Array.of()), { number: 5, isNew: false })
})
