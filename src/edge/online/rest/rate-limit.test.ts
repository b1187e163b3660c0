import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RateLimiter } from './rate-limit.ts'

test('a burst is allowed, then the rate; keys do not share', () => {
  let nowMs = 0
  const limiter = new RateLimiter({ perSecond: 2, burst: 3 }, { monotonicMs: () => nowMs })
  const allowed = (key = 'a'): boolean => limiter.take(key).allowed
  assert.deepEqual([allowed(), allowed(), allowed(), allowed()], [true, true, true, false])
  assert.ok(allowed('b'))
  nowMs = 400
  assert.deepEqual(limiter.take('a'), {
    ...{ allowed: false, limit: 3, remaining: 0, resetSeconds: 2, retrySeconds: 1 },
  })
  nowMs = 500
  assert.ok(allowed())
  nowMs = 1_000_000
  assert.deepEqual(limiter.take('a').remaining, 2, 'no more than the burst is saved up')
})
