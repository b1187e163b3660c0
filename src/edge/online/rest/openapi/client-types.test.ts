import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { format, resolveConfig } from 'prettier'
import { rootFolder } from '../../../../platform/root.ts'
import { clientTypes } from './client-types.ts'

test('the client’s types are those of the API: npm run client:types', async () => {
  for (const [file, written] of Object.entries(clientTypes)) {
    const path = join(rootFolder, 'clients', 'typescript', 'src', file)
    const style = await resolveConfig(path)
    const wanted = await format(written(), { ...style, filepath: path })
    assert.equal(readFileSync(path, 'utf8'), wanted, file)
  }
})
