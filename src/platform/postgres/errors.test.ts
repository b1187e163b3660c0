import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isCertainRollback, isRetryable, isUnknownOutcome, UnknownOutcome } from './errors.ts'

const failure = (code: string): Error => Object.assign(new Error(code), { code })

test('what goes away by itself is tried again, what does not is not', () => {
  for (const code of [
    '40001',
    '40P01',
    '08006',
    '08003',
    '57P01',
    '57P03',
    '25006',
    'ECONNREFUSED',
  ]) {
    assert.equal(isRetryable(failure(code)), true, code)
  }
  for (const code of ['23505', '42601', '57014', '53100']) {
    assert.equal(isRetryable(failure(code)), false, code)
  }
  assert.equal(isRetryable(new Error('Connection terminated unexpectedly')), true)
  assert.equal(isRetryable(new Error('a bug')), false)
  assert.equal(isRetryable('40001'), false)
})

test('only the server itself makes a failed COMMIT certain', () => {
  assert.equal(isCertainRollback(failure('40001')), true)
  assert.equal(isCertainRollback(failure('23505')), true)
  assert.equal(isCertainRollback(failure('57P01')), false)
  assert.equal(isCertainRollback(failure('ECONNRESET')), false)
  assert.equal(isCertainRollback(new Error('Query read timeout')), false)
  const unknown = new UnknownOutcome(failure('57P01'))
  assert.equal(isUnknownOutcome(unknown), true)
  assert.equal(isRetryable(unknown), false)
})
