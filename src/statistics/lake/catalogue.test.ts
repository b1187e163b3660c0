/** The catalogue is read as it was written, and never half understood. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BusinessDate } from '../../kernel/business-date.ts'
import { catalogueFromJson, catalogueToJson, emptyCatalogue, type Catalogue } from './catalogue.ts'

const day = (date: string) => ({
  ...{ date: date as BusinessDate, rows: 3, operations: 2 },
  amountMinor: 9_007_199_254_740_993n,
})
const print = { sha256: 'a'.repeat(64), bytes: 10 }
const part = {
  ...{ file: 'operations/2013-09/centre-1.parquet', ...print, source: 'centre' },
  ...{ imported: false, publishedAt: '2013-10-01T00:00:00.000Z' },
  days: [day('2013-09-01'), day('2013-09-02')],
}
const whole: Catalogue = {
  parts: [part],
  rollups: [
    {
      month: '2013-09',
      cube: { file: 'rollups/2013-09/cube-1.parquet', ...print },
      sites: { file: 'rollups/2013-09/sites-1.parquet', ...print },
      hours: { file: 'rollups/2013-09/hours-1.parquet', ...print },
      months: { file: 'rollups/2013-09/months-1.parquet', ...print },
    },
  ],
}

test('what is written is read, amounts past a double included', () => {
  for (const catalogue of [whole, emptyCatalogue]) {
    assert.deepEqual(catalogueFromJson(catalogueToJson(catalogue)), { ok: true, value: catalogue })
  }
})

test('a rollup of an earlier release, which lacks a file, is as if it were not there', () => {
  for (const lacking of ['hours', 'months']) {
    const earlier = { ...whole.rollups[0], [lacking]: undefined }
    const text = JSON.stringify({ ...JSON.parse(catalogueToJson(whole)), rollups: [earlier] })
    assert.deepEqual(catalogueFromJson(text), { ok: true, value: { parts: [part], rollups: [] } })
  }
})

test('what is wrong is named', () => {
  const refused = (text: string): string => {
    const read = catalogueFromJson(text)
    return read.ok ? 'accepted' : read.error
  }
  const withParts = (...parts: readonly object[]): string =>
    refused(catalogueToJson({ ...whole, parts: parts as Catalogue['parts'] }))
  const text = catalogueToJson(whole)
  assert.equal(refused(text.slice(0, -10)), 'is not JSON')
  assert.match(refused('{"format":2}'), /format/)
  assert.equal(refused('{"format":1}'), 'parts is not a list')
  assert.match(withParts({ ...part, file: 'operations/2013-09/../../etc/x.parquet' }), /parts\[0\]/)
  assert.match(withParts({ ...part, file: '/etc/x.parquet' }), /parts\[0\]/)
  assert.match(withParts({ ...part, sha256: 'A' }), /parts\[0\]/)
  assert.match(withParts({ ...part, bytes: -1 }), /parts\[0\]/)
  assert.match(withParts({ ...part, publishedAt: 'today' }), /parts\[0\]/)
  assert.match(withParts({ ...part, days: [] }), /parts\[0\]/)
  assert.match(withParts({ ...part, days: [day('2013-10-01')] }), /parts\[0\]/)
  assert.match(withParts({ ...part, days: [day('2013-09-02'), day('2013-09-01')] }), /parts\[0\]/)
  const twice = { ...part, file: 'operations/2013-09/other.parquet' }
  assert.equal(withParts(part, twice), 'has 2013-09-01 in two parts')
})
