import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readWords, table, UsageError } from './usage.ts'

test('options are told from words wherever they stand', () => {
  const known = { flags: ['--json'], values: ['--date'] }
  const { rest, options } = readWords(['a', '--date', '2013-09-15', 'b', '--json'], known)
  assert.deepEqual([...rest], ['a', 'b'])
  assert.deepEqual(
    [...options],
    [
      ['--date', '2013-09-15'],
      ['--json', ''],
    ],
  )
})

test('an option that is not known, or lacks its value, is refused', () => {
  const known = { flags: ['--json'], values: ['--date'] }
  for (const words of [['--jsno'], ['--date'], ['--date', '--json']]) {
    assert.throws(() => readWords(words, known), UsageError, words.join(' '))
  }
})

test('columns line up and nothing is cut', () => {
  const cell = fc.stringMatching(/^[a-z]{0,12}$/)
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1 }), (rows) => {
      const lines = table(rows)
      assert.equal(lines.length, rows.length)
      const second = Math.max(...rows.map(([first]) => first.length)) + 2
      for (const [i, row] of rows.entries()) {
        const line = lines[i] ?? ''
        assert.ok(line.startsWith(row[0]))
        assert.equal(line.slice(second, second + row[1].length), row[1])
        assert.equal(line, line.trimEnd())
      }
    }),
  )
})
