import assert from 'node:assert/strict'
import { test } from 'node:test'
import { guardStatements } from './guard.ts'

const guard = guardStatements(['payment', 'transfer'])

test('a statement that names the bucket, or touches no sharded table, passes', () => {
  guard('SELECT state FROM payment WHERE shard_key = $1 AND id = $2')
  guard('INSERT INTO payment (shard_key, id) VALUES ($1, $2)')
  guard('COPY transfer (shard_key, id) FROM STDIN BINARY')
  guard("SELECT name FROM merchant WHERE note = 'payment'")
  guard('SELECT payment_count FROM site')
})

test('a statement on a sharded table without the bucket is refused', () => {
  assert.throws(() => {
    guard('SELECT count(*) FROM payment')
  }, /sharded table payment names no shard_key/)
  assert.throws(() => {
    guard("UPDATE transfer SET note = 'shard_key' -- shard_key")
  }, /sharded table transfer/)
})

test('a scatter is allowed only with its reason', () => {
  guard('/* scatter: recovery reads every unanswered request */ SELECT id FROM payment')
  assert.throws(() => {
    guard('/* scatter: */ SELECT id FROM payment')
  }, /shard_key/)
})

test('locks and notifications that one node alone would have are refused', () => {
  for (const sql of [
    'TRUNCATE merchant',
    'LOCK TABLE merchant',
    'SELECT pg_advisory_xact_lock(1)',
    'SELECT pg_try_advisory_lock(1)',
    'NOTIFY work',
    "SELECT pg_notify('work', '')",
    'LISTEN work',
  ]) {
    assert.throws(() => {
      guard(sql)
    }, /is refused/)
  }
  guard("SELECT 'truncate lock table notify' AS words")
  guard('SELECT id FROM merchant FOR UPDATE SKIP LOCKED')
})
