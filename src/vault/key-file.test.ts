import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { randomBytes } from '../platform/clock.ts'
import { ConfigurationError } from '../platform/config.ts'
import { addKey, readKeyRing } from './key-file.ts'

const fresh = (): string => join(mkdtempSync(join(tmpdir(), 'monetique-vault-')), 'keys', 'v.keys')

test('the sandbox makes a file that only its owner reads; elsewhere a missing one is an error', () => {
  const path = fresh()
  assert.throws(() => readKeyRing(path, undefined), ConfigurationError)
  const made = readKeyRing(path, randomBytes)
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.ok(made[0].seal.equals(readKeyRing(path, undefined)[0].seal), 'the next start reads it')
})

test('a file that others can read is refused with what to do', () => {
  const path = fresh()
  readKeyRing(path, randomBytes)
  for (const mode of [0o640, 0o604, 0o660, 0o777]) {
    chmodSync(path, mode)
    assert.throws(() => readKeyRing(path, randomBytes), /can be read by others .*chmod 600/)
  }
})

test('a rotation puts a generation in front and keeps the others', () => {
  const path = fresh()
  const [before] = readKeyRing(path, randomBytes)
  assert.equal(addKey(path, randomBytes), 'v2')
  const [current, old] = readKeyRing(path, undefined)
  assert.equal(current.id, 'v2')
  assert.ok(old !== undefined && old.seal.equals(before.seal))
  assert.equal(statSync(path).mode & 0o777, 0o600)
})

test('a generation never takes the name of one that is there, whatever lines were removed', () => {
  const path = fresh()
  readKeyRing(path, randomBytes)
  addKey(path, randomBytes)
  writeFileSync(path, `${readFileSync(path, 'utf8').split('\n')[0] ?? ''}\n`)
  assert.equal(addKey(path, randomBytes), 'v3')
  assert.deepEqual(
    readKeyRing(path, undefined).map(({ id }) => id),
    ['v3', 'v2'],
  )
})

test('a file that was spoilt is not added to', () => {
  const path = fresh()
  readKeyRing(path, randomBytes)
  writeFileSync(path, 'v1 spoilt\n')
  assert.throws(() => addKey(path, randomBytes), ConfigurationError)
  assert.equal(readFileSync(path, 'utf8'), 'v1 spoilt\n')
})
