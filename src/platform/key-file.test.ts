import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { randomBytes } from './clock.ts'
import { readKeyFile } from './key-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'monetique-key-file-'))
after(() => {
  rmSync(folder, { recursive: true, force: true })
})

test('the sandbox makes a missing key once, for its owner alone', () => {
  const path = join(folder, 'new', 'vault.key')
  const made = readKeyFile({ path, bytes: 32, makeWith: randomBytes })
  assert.equal(made.length, 32)
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(readKeyFile({ path, bytes: 32, makeWith: randomBytes }), made)
})

test('elsewhere a missing key is an error: a new one would open nothing', () => {
  assert.throws(() => readKeyFile({ path: join(folder, 'none'), bytes: 32 }), /does not exist/)
})

test('a key that others can read, or of another length, is refused without showing it', () => {
  const path = join(folder, 'open.key')
  writeFileSync(path, 'ab'.repeat(32), { mode: 0o600 })
  chmodSync(path, 0o644)
  assert.throws(() => readKeyFile({ path, bytes: 32 }), /can be read by others \(mode 644\)/)
  chmodSync(path, 0o600)
  assert.equal(readKeyFile({ path, bytes: 32 }).toString('hex'), 'ab'.repeat(32))
  assert.throws(
    () => readKeyFile({ path, bytes: 16 }),
    (error) =>
      error instanceof Error && /16 bytes/.test(error.message) && !/abab/.test(error.message),
  )
})
