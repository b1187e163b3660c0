import assert from 'node:assert/strict'
import { test } from 'node:test'
import { delayAfter, usualBackoff } from './send.ts'

test('an endpoint that is away is tried for three days, ever more slowly', () => {
  const delays = Array.from({ length: usualBackoff.triesMax - 1 }, (_, i) =>
    delayAfter(i + 1, usualBackoff),
  )
  assert.deepEqual(delays.slice(0, 4), [5_000, 15_000, 45_000, 135_000])
  const days = delays.reduce((sum, one) => sum + one, 0) / 86_400_000
  assert.ok(days >= 3 && days < 3.5, `${days} days`)
})
