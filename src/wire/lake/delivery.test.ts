import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BusinessDate } from '../../kernel/business-date.ts'
import { deliveryFromJson, deliveryToJson, type Delivery } from './index.ts'

const day = (date: string) => ({
  date: date as BusinessDate,
  rows: 3,
  operations: 2,
  amountMinor: 9_007_199_254_740_993n,
})
const delivery: Delivery = {
  source: 'nation, seed 1',
  files: [
    {
      file: '2013-09.parquet',
      sha256: 'a'.repeat(64),
      days: [day('2013-09-01'), day('2013-09-02')],
    },
  ],
}

test('a delivery is read as it was written, amounts past a double included', () => {
  assert.deepEqual(deliveryFromJson(deliveryToJson(delivery)), { ok: true, value: delivery })
})

test('what is wrong with a delivery is named', () => {
  const changed = (change: (plain: Record<string, unknown>) => void): string => {
    const plain = JSON.parse(deliveryToJson(delivery)) as Record<string, unknown>
    change(plain)
    const read = deliveryFromJson(JSON.stringify(plain))
    return read.ok ? 'accepted' : read.error
  }
  const withFile = (change: object) => (plain: Record<string, unknown>) => {
    const [file] = plain['files'] as object[]
    plain['files'] = [{ ...file, ...change }]
  }
  assert.deepEqual(deliveryFromJson('{'), { ok: false, error: 'is not JSON' })
  assert.equal(
    changed((plain) => (plain['format'] = 2)),
    'has a format other than 1',
  )
  assert.equal(
    changed((plain) => (plain['files'] = [])),
    'has no files',
  )
  for (const file of ['../x.parquet', 'a/b.parquet', 'x.csv', '']) {
    assert.match(changed(withFile({ file })), /no name of a Parquet file/)
  }
  assert.match(changed(withFile({ sha256: 'A'.repeat(64) })), /no sha256/)
  const days = [day('2013-09-02'), day('2013-09-01')].map((each) => ({ ...each, amountMinor: '1' }))
  assert.match(changed(withFile({ days })), /days out of order/)
  assert.match(changed(withFile({ days: [{ ...days[0], date: '2013-02-29' }] })), /days\[0\]/)
  assert.match(changed(withFile({ days: [{ ...days[0], rows: -1 }] })), /days\[0\]/)
})
