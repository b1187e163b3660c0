import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadDirectory, type KeyOwner } from '../../../directory/index.ts'
import type { SiteId } from '../../../kernel/ids.ts'
import { rootFolder } from '../../../platform/root.ts'
import { accessOf, publishableAccessOf } from './access.ts'

const directory = loadDirectory(join(rootFolder, 'sandbox', 'directory'), { issuersPort: 1 })
const made = new Map<string, KeyOwner>([
  ['sk_600000002_secret', '600000002' as SiteId],
  ['sk_operator_secret', null],
  ['sk_1_secret', '1' as SiteId],
])
const keys = {
  ownerOf: (key: string) => {
    const owner = made.get(key)
    return owner === undefined ? undefined : { owner, shown: 'sk_…cret' }
  },
}

test('the published keys open their own site, and nothing without the sandbox', () => {
  const access = accessOf({ directory, sandbox: true, keys })
  const found = access('Bearer sk_sandbox_600000001')
  assert.equal(found?.kind === 'site' ? found.site.id : undefined, '600000001')
  assert.equal(access('Bearer sk_sandbox_operator')?.kind, 'operator')
  for (const wrong of [undefined, '', 'sk_sandbox_600000001', 'Bearer sk_sandbox_1', 'Bearer ']) {
    assert.equal(access(wrong), undefined)
  }
  const closed = accessOf({ directory, sandbox: false, keys })
  assert.equal(closed('Bearer sk_sandbox_600000001'), undefined)
  assert.equal(closed('Bearer sk_sandbox_operator'), undefined)
})

test('keys that were made open what they were made for, sandbox or not, and are never the name', () => {
  for (const sandbox of [true, false]) {
    const access = accessOf({ directory, sandbox, keys })
    const site = access('Bearer sk_600000002_secret')
    assert.equal(site?.kind === 'site' ? site.site.id : undefined, '600000002')
    assert.equal(site?.key, 'sk_…cret')
    assert.equal(access('Bearer sk_operator_secret')?.kind, 'operator')
    assert.equal(access('Bearer sk_1_secret'), undefined, 'its site has left')
  }
})

test('a publishable key names its site; the sandbox’s form of it is unknown elsewhere', () => {
  const open = publishableAccessOf({ directory, sandbox: true })
  const closed = publishableAccessOf({ directory, sandbox: false })
  for (const access of [open, closed]) {
    assert.equal(access('Bearer pk_600000001')?.kind, 'site')
    assert.equal(access('Bearer sk_sandbox_600000001'), undefined)
    assert.equal(access(undefined), undefined)
  }
  assert.equal(open('Bearer pk_sandbox_600000001')?.kind, 'site')
  assert.equal(closed('Bearer pk_sandbox_600000001'), undefined)
})
