import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../../test/support/lake.ts'
import { readPseudonymKey } from './pseudonym-key.ts'

const sevens = (bytes: number): Buffer => Buffer.alloc(bytes, 7)
const eights = (bytes: number): Buffer => Buffer.alloc(bytes, 8)

test('a new centre’s key is made once', () => {
  const folder = join(temporaryFolder(), 'keys')
  const made = readPseudonymKey(folder, sevens)
  assert.deepEqual(made, { method: 'aes-256', key: sevens(32) })
  assert.deepEqual(readPseudonymKey(folder, eights), made)
  assert.deepEqual(readPseudonymKey(folder), made)
  assert.deepEqual(readdirSync(folder), ['pseudonym.key'])
})

test('a lake that began with the older method keeps it', () => {
  const folder = join(temporaryFolder(), 'keys')
  mkdirSync(folder)
  writeFileSync(join(folder, 'lake.key'), `${sevens(32).toString('hex')}\n`, { mode: 0o600 })
  assert.deepEqual(readPseudonymKey(folder, eights), { method: 'sha-256', key: sevens(32) })
  assert.deepEqual(readdirSync(folder), ['lake.key'])
})

test('where none is to be made, a missing one is named', () => {
  const folder = join(temporaryFolder(), 'keys')
  assert.throws(() => readPseudonymKey(folder), /pseudonym\.key does not exist/)
})
