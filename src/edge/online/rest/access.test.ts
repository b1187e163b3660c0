import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadDirectory } from '../../../directory/index.ts'
import { rootFolder } from '../../../platform/root.ts'
import { sandboxAccess } from './access.ts'

const directory = loadDirectory(join(rootFolder, 'sandbox', 'directory'), { issuersPort: 1 })

test('the published keys open their own site, and nothing without the sandbox', () => {
  const access = sandboxAccess(directory, true)
  const found = access('Bearer sk_sandbox_600000001')
  assert.equal(found?.kind === 'site' ? found.site.id : undefined, '600000001')
  assert.equal(access('Bearer sk_sandbox_operator')?.kind, 'operator')
  for (const wrong of [undefined, '', 'sk_sandbox_600000001', 'Bearer sk_sandbox_1', 'Bearer ']) {
    assert.equal(access(wrong), undefined)
  }
  const closed = sandboxAccess(directory, false)
  assert.equal(closed('Bearer sk_sandbox_600000001'), undefined)
  assert.equal(closed('Bearer sk_sandbox_operator'), undefined)
})
