/** Writes sql/schema.sql from the catalogue of a freshly migrated database. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { printSchema } from '../src/platform/postgres/schema-printer.ts'
import { rootFolder } from '../src/platform/root.ts'
import { withTestDatabase } from '../test/support/database.ts'

// As a test, so that the database and its server are taken away as they are for tests.
test('sql/schema.sql is written', async () => {
  const { owner } = await withTestDatabase()
  await writeFile(join(rootFolder, 'sql', 'schema.sql'), await printSchema(owner))
})
