import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { withEmptyDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { silentLog } from '../log.ts'
import { migrate } from './migrate.ts'

let database: TestDatabase
let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'monetique-migrations-'))
})

beforeEach(async () => {
  database = await withEmptyDatabase()
  await rm(folder, { recursive: true })
  await mkdtemp(folder).then((made) => {
    folder = made
  })
  await write(
    '0001_first.sql',
    `CREATE TABLE a (b text DEFAULT ';'); INSERT INTO a VALUES ('x;y');`,
  )
})

after(() => rm(folder, { recursive: true, force: true }))

const write = (name: string, sql: string): Promise<void> => writeFile(join(folder, name), sql)

const run = (): Promise<readonly number[]> =>
  migrate({ database: database.owner, folder, log: silentLog })

test('applies what is missing, once', async () => {
  assert.deepEqual(await run(), [1])
  assert.deepEqual(await run(), [])
  await write('0002_second.sql', 'ALTER TABLE a ADD c int')
  assert.deepEqual(await run(), [2])
  assert.deepEqual((await database.owner.query('SELECT * FROM a')).rows, [{ b: 'x;y', c: null }])
})

test('two processes that start at once apply it once', async () => {
  const outcomes = await Promise.all([run(), run(), run()])
  assert.deepEqual(outcomes.flat(), [1])
})

test('a file that fails leaves nothing of itself and says where', async () => {
  await write('0002_second.sql', 'CREATE TABLE d (); INSERT INTO nowhere VALUES (1)')
  await assert.rejects(run(), /migration 0002_second: relation "nowhere".*\n.*INSERT INTO nowhere/)
  const { rows } = await database.owner.query(`SELECT to_regclass('d') AS d`)
  assert.deepEqual(rows, [{ d: null }])
})

test('a changed file and a newer database are clear errors', async () => {
  await run()
  await write('0001_first.sql', 'CREATE TABLE z ()')
  await assert.rejects(run(), /0001_first was applied to this database and has been changed since/)
  await rm(join(folder, '0001_first.sql'))
  await write(
    '0001_first.sql',
    `CREATE TABLE a (b text DEFAULT ';'); INSERT INTO a VALUES ('x;y');`,
  )
  await write('0002_second.sql', 'ALTER TABLE a ADD c int')
  await run()
  await rm(join(folder, '0002_second.sql'))
  await assert.rejects(run(), /the database is newer than this program: migration 0002_second/)
})

test('a bad name, a number used twice and a number that comes too late are refused', async () => {
  await write('0003_third.sql', 'SELECT 1')
  assert.deepEqual(await run(), [1, 3])
  await write('0002_second.sql', 'SELECT 1')
  await assert.rejects(run(), /migration 0002_second comes before 3, which was already applied/)
  await write('0003_again.sql', 'SELECT 1')
  await assert.rejects(run(), /another migration has the number 0003/)
  await write('2-second.sql', 'SELECT 1')
  await assert.rejects(run(), /is not named NNNN_name.sql/)
})

test('a grant to a role that this server does not have is passed over, others are not', async () => {
  await write(
    '0002_grants.sql',
    'GRANT SELECT ON a TO monetique_app; GRANT SELECT ON a TO nobody_here',
  )
  await assert.rejects(run(), /role "nobody_here" does not exist/)
})
