import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { withEmptyDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { isRetryable, isUnknownOutcome } from './errors.ts'

let database: TestDatabase

before(async () => {
  database = await withEmptyDatabase()
  await database.owner.query(
    `CREATE TABLE note (id int PRIMARY KEY CHECK (id > 0), amount bigint, day date, at timestamptz)`,
  )
})

test('values keep what they are: bigint, day, exact decimal, instant', async () => {
  const { rows } = await database.owner.query(
    `SELECT 9007199254740993::int8 AS big, '2013-09-15'::date AS day, 1.10::numeric AS exact,
            '2013-09-15T00:30:00Z'::timestamptz AS at, ARRAY[1,NULL,3]::int8[] AS bigs,
            ARRAY['2013-09-15'::date] AS days, 7::int AS small`,
  )
  assert.deepEqual(rows[0], {
    big: 9007199254740993n,
    day: '2013-09-15',
    exact: '1.10',
    at: new Date('2013-09-15T00:30:00Z'),
    bigs: [1n, null, 3n],
    days: ['2013-09-15'],
    small: 7,
  })
})

test('a failed act leaves nothing and gives back a usable connection', async () => {
  await assert.rejects(
    database.owner.withTransaction(async (client) => {
      await client.query('INSERT INTO note (id) VALUES (1)')
      await client.query('INSERT INTO note (id) VALUES (-1)')
    }),
    /note_id_check/,
  )
  const { rows } = await database.owner.query('SELECT count(*) AS count FROM note')
  assert.deepEqual(rows, [{ count: 0n }])
})

test('a swallowed failure does not pass for a commit', async () => {
  await assert.rejects(
    database.owner.withTransaction(async (client) => {
      await client.query('INSERT INTO note (id) VALUES (2)')
      await client.query('SELECT 1/0').catch(() => undefined)
    }),
    /rolled back/,
  )
})

test('a session ended by the server fails its statement, not the process', async () => {
  const lost = database.owner.withTransaction(async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    await database.owner.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
    await client.query('SELECT 1')
  })
  await assert.rejects(lost, (error) => isRetryable(error))
  const { rows } = await database.owner.query('SELECT 1 AS one')
  assert.deepEqual(rows, [{ one: 1 }])
})

test('a session lost before COMMIT is answered: the outcome is unknown', async () => {
  const lost = database.owner.withTransaction(async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
    await client.query('INSERT INTO note (id) VALUES (3)')
    await database.owner.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid])
  })
  await assert.rejects(lost, (error) => isUnknownOutcome(error))
})
