import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseCsv } from './csv.ts'

const columns = ['a', 'b', 'c']
const header = columns.join(',')

const valuesOf = (text: string): readonly (readonly string[])[] => {
  const rows = parseCsv(text, columns)
  assert.ok(rows.ok, rows.ok ? '' : rows.error)
  return rows.value.map(({ values }) => [...values.values()])
}

const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`

test('whatever stands in quotes comes back as it was', () => {
  const value = fc.string().map((text) => text.replace(/[\r\n]/g, ''))
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value, value)), (rows) => {
      const lines = rows.map((row) => row.map(quoted).join(','))
      assert.deepEqual(valuesOf([header, ...lines].join('\r\n')), rows)
    }),
  )
})

test('comments, empty lines and a missing last line end are nothing; empty values are values', () => {
  assert.deepEqual(valuesOf(`# why\n\n${header}\r\n# more\n,,\n x , y ,"z"`), [
    ['', '', ''],
    ['x', 'y', 'z'],
  ])
  assert.deepEqual(valuesOf(`${header}\n"",b,"c,d"`), [['', 'b', 'c,d']])
})

test('lines are numbered as an editor does', () => {
  const rows = parseCsv(`# one\n\n${header}\n1,2,3\n\n4,5,6`, columns)
  assert.ok(rows.ok)
  assert.deepEqual(
    rows.value.map(({ line }) => line),
    [4, 6],
  )
})

test('what is not such a file is refused by its line', () => {
  for (const [text, expected] of [
    ['', /line 1: expected the header a,b,c/],
    ['a,b', /line 1: expected the header/],
    [`${header}\n1,2`, /line 2: expected 3 values, found 2/],
    [`${header}\n1,2,3,`, /line 2: expected 3 values, found 4/],
    [`${header}\n1,2"3,4`, /line 2: a value with a quote must be quoted/],
    [`${header}\n1,"2,3`, /line 2: a quoted value does not end/],
    [`${header}\n1,"2"x,3`, /line 2: a comma must follow a quote/],
  ] as const) {
    const rows = parseCsv(text, columns)
    assert.ok(!rows.ok, text)
    assert.match(rows.error, expected)
  }
})

test('a byte order mark, as spreadsheets write it, is not part of the header', () => {
  assert.deepEqual(valuesOf(`\uFEFF${header}\n1,2,3`), [['1', '2', '3']])
})
