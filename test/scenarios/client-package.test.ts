/** What `npm run client:build` makes is a package: plain Node imports it, and its types are there. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { rootFolder } from '../../src/platform/root.ts'

const packed = join(rootFolder, 'dist', 'client')

test('built, it is imported by its name’s entry, with nothing else installed', () => {
  const built = spawnSync(process.execPath, ['scripts/build-client.mjs'], { cwd: rootFolder })
  assert.equal(built.status, 0, String(built.stdout))
  const held = JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8')) as {
    readonly exports: { readonly '.': { readonly types: string; readonly default: string } }
    readonly dependencies?: object
  }
  assert.equal(held.dependencies, undefined)
  const entry = held.exports['.']
  assert.ok(existsSync(join(packed, entry.types)))
  const program = `
    const { Monetique, webhooks, MonetiqueError } = await import(${JSON.stringify(join(packed, entry.default))})
    new Monetique('sk_sandbox_600000001', { baseUrl: 'http://127.0.0.1:1' })
    console.log(typeof webhooks.verify, MonetiqueError.name)`
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: '/',
    env: { PATH: '' },
  })
  assert.equal(String(ran.stdout).trim(), 'function MonetiqueError', String(ran.stderr))
  for (const file of readdirSync(packed).filter((name) => name.endsWith('.d.ts'))) {
    assert.ok(!/from '(?!\.\/)/.test(readFileSync(join(packed, file), 'utf8')), file)
  }
})
