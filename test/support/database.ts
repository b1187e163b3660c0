/**
 * A database of its own for each test file: cloned from a template that the migrations made, with
 * the centre's least privilege role and the query guard on, dropped afterwards.
 */
import { after } from 'node:test'
import { startTestServer } from './postgres-server.ts'
import { cloneOf, templateDatabase, type TestDatabase } from './template-database.ts'

export { migrationsFolder, partitionSpan, type TestDatabase } from './template-database.ts'

let server: Promise<string> | undefined

/** The server's superuser URL: the run's own, or one started for this file alone. */
export function testServerUrl(): Promise<string> {
  server ??= sharedOrStarted()
  return server
}

async function sharedOrStarted(): Promise<string> {
  const shared = process.env['TEST_POSTGRES_URL']
  if (shared !== undefined && shared !== '') return shared
  const started = await startTestServer()
  closing.push(() => started.stop())
  return started.superuserUrl
}

const closing: (() => Promise<void>)[] = []

// Registered on import, hence for the whole file: a hook made inside a hook ends with that hook.
// Last opened, first closed: databases before their server.
after(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Call it at the top of a file or in a `before`; it is dropped when the file's tests are done. */
export async function withTestDatabase(): Promise<TestDatabase> {
  const superuserUrl = await testServerUrl()
  return await kept(superuserUrl, await templateDatabase(superuserUrl))
}

/** A database with no table at all, for the tests of the tools that make them. */
export async function withEmptyDatabase(): Promise<TestDatabase> {
  return await kept(await testServerUrl(), 'template1')
}

async function kept(superuserUrl: string, template: string): Promise<TestDatabase> {
  const opened = await cloneOf(superuserUrl, template)
  closing.push(() => opened.close())
  return opened
}
