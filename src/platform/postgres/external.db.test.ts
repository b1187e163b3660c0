/** A database of somebody else's: who works on it, who reads it, and with what rights. */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { testServerUrl, withTestDatabase } from '../../../test/support/database.ts'
import { testPassword } from '../../../test/support/postgres-server.ts'
import { silentLog } from '../log.ts'
import { externalDatabase } from './external.ts'
import { withDatabase } from './roles.ts'

const folder = await mkdtemp(join(tmpdir(), 'monetique-external-'))
let url: string

before(async () => {
  const { url: ours } = await withTestDatabase()
  url = withDatabase(await testServerUrl(), new URL(ours).pathname.slice(1))
})

after(() => rm(folder, { recursive: true, force: true }))

/** A data directory that knows these passwords of the two lesser roles. */
async function place(password: string): Promise<string> {
  const dataDir = await mkdtemp(join(folder, 'data-'))
  const passwords = { superuser: 'x', owner: 'x', app: password, readonly: password }
  await mkdir(join(dataDir, 'keys'))
  await writeFile(join(dataDir, 'keys', 'database-passwords.json'), JSON.stringify(passwords))
  return dataDir
}

async function ask(address: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: address })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<{ answer: unknown }>(sql)).rows[0]?.answer
  } finally {
    await client.end()
  }
}

const count = 'SELECT count(*)::int AS answer FROM payments'

test('the lesser roles are used where they let us in', async () => {
  const urls = await externalDatabase({ url, dataDir: await place(testPassword), log: silentLog })
  assert.equal(urls.owner, url)
  assert.equal(await ask(urls.app, 'SELECT current_user AS answer'), 'monetique_app')
  assert.equal(await ask(urls.readonly, 'SELECT current_user AS answer'), 'monetique_readonly')
  await assert.rejects(ask(urls.readonly, 'SELECT 1 AS answer FROM vault_card'), /vault_card/)
})

test('where they do not, the reader’s address still reads only, and finds the views', async () => {
  const urls = await externalDatabase({ url, dataDir: await place('unknown'), log: silentLog })
  assert.equal(urls.app, url)
  assert.notEqual(urls.readonly, url)
  assert.equal(await ask(urls.readonly, count), 0)
  const slip = 'DELETE FROM public.task'
  await assert.rejects(ask(urls.readonly, slip), /read-only/)
})

test('a database that is not there is said so, without its password', async () => {
  const wrong = new URL(url)
  wrong.port = '1'
  wrong.password = 'sesame'
  const dataDir = await place('x')
  await assert.rejects(
    externalDatabase({ url: wrong.toString(), dataDir, log: silentLog }),
    (error: Error) => error.message.includes('DATABASE_URL') && !error.message.includes('sesame'),
  )
})
