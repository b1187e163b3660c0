import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCommandLine } from './command-line.ts'

test('seeds, a bug and PostgreSQL are asked for by name', () => {
  const plain = { kind: 'run', first: 1, count: 1_000, bug: undefined, postgres: false }
  assert.deepEqual(parseCommandLine([]), plain)
  const all = '--seed 257 --count 1 --bug reversal-not-stored --postgres'.split(' ')
  assert.deepEqual(parseCommandLine(all), {
    kind: 'run',
    first: 257,
    count: 1,
    bug: 'reversal-not-stored',
    postgres: true,
  })
  assert.deepEqual(parseCommandLine(['--help', '--seed', 'x']), { kind: 'help' })
})

test('what cannot be run is refused, and the reason names it', () => {
  const bad: readonly (readonly [string, RegExp])[] = [
    ['--seed x', /--seed x: a whole number/],
    ['--seed 1.5', /--seed 1.5/],
    ['--seed 99999999999', /--seed 99999999999/],
    ['--count 0', /--count 0: a whole number from 1 on/],
    ['--bug none', /--bug none: one of reversal-not-stored/],
    ['--sed 1', /--sed/],
    ['12', /12/],
  ]
  for (const [line, reason] of bad) {
    const parsed = parseCommandLine(line.split(' '))
    assert.ok(parsed.kind === 'refused', line)
    assert.match(parsed.reason, reason)
  }
})
