import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ShardKey } from '../../../kernel/bucket.ts'
import {
  cursorText,
  fromBuckets,
  pageOf,
  readPage,
  type Cursor,
  type PageAsked,
} from './page-of.ts'

const keyOf = (number: number): string => number.toString(16).padStart(32, '0')
const rowOf = (number: number): Cursor => ({
  at: new Date(1_000 * Math.floor(number / 2)),
  key: keyOf(number),
})
const same = (row: Cursor): Cursor => row

test('a cursor comes back as it went; anything else is refused', () => {
  const cursor = rowOf(7)
  const read = readPage({ after: cursorText(cursor) })
  assert.deepEqual(read, { ok: true, value: { limit: 20, after: cursor } })
  for (const after of ['', 'x', '%00', cursorText({ ...cursor, key: "' OR 1=1" })]) {
    assert.equal(readPage({ after }).ok, false)
  }
})

test('rows of many buckets are one list, newest first, nothing twice and nothing missed', async () => {
  const buckets = [0, 1, 2] as ShardKey[]
  const rows = Array.from({ length: 20 }, (_, i) => rowOf(i)).reverse()
  const seen: Cursor[] = []
  let after: Cursor | null = null
  for (;;) {
    const page: PageAsked = { limit: 3, after }
    const behind: Cursor[] = after === null ? rows : rows.slice(rows.indexOf(after) + 1)
    const found: readonly Cursor[] = await fromBuckets(buckets, 4, same, (bucket) =>
      Promise.resolve(behind.filter((_row, i) => i % 3 === bucket).slice(0, 4)),
    )
    const shown = pageOf(found, page, { shown: same, cursor: same })
    seen.push(...shown.data)
    if (shown.next === null) break
    after = shown.data.at(-1) ?? null
  }
  assert.deepEqual(seen, rows)
})
