/** A snapshot's connections see one instant, and are kept for the next one where nothing is wrong. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Client } from 'pg'
import { withEmptyDatabase } from '../../../test/support/database.ts'
import { connectClient } from './client.ts'
import { openSnapshots, type Snapshot, type Snapshots } from './snapshot.ts'

let owner: Client
let snapshots: Snapshots

before(async () => {
  const { url } = (await withEmptyDatabase()).owner
  owner = await connectClient(url, { applicationName: 'owner', statementTimeoutMs: 60_000 })
  await owner.query('CREATE TABLE seen (at int)')
  snapshots = openSnapshots(url, {
    ...{ connections: 2, applicationName: 'snapshots' },
    ...{ statementTimeoutMs: 60_000, workMemMb: 5 },
  })
})

after(async () => {
  await snapshots.close()
  await owner.end()
})

const one = async <T>(client: Client, sql: string): Promise<T> => {
  const { rows } = await client.query<{ value: T }>(`SELECT (${sql}) AS value`)
  assert.ok(rows[0])
  return rows[0].value
}

const counts = ({ clients }: Snapshot): Promise<bigint[]> =>
  Promise.all(clients.map((client) => one<bigint>(client, 'SELECT count(*) FROM seen')))

const pids = async ({ clients }: Snapshot): Promise<number[]> =>
  (await Promise.all(clients.map((client) => one<number>(client, 'pg_backend_pid()')))).sort(
    (a, b) => a - b,
  )

test('all see the same instant, whatever is written meanwhile, and change nothing', async () => {
  const snapshot = await snapshots.take()
  await owner.query('INSERT INTO seen VALUES (1)')
  assert.deepEqual(await counts(snapshot), [0n, 0n])
  const [first] = snapshot.clients
  assert.equal(await one(first, `current_setting('work_mem')`), '5MB')
  await assert.rejects(first.query('INSERT INTO seen VALUES (2)'), { code: '25006' })
  await snapshot.release()
})

test('the connections of one are those of the next, which sees what was written', async () => {
  const before = await snapshots.take()
  const known = await pids(before)
  await owner.query('INSERT INTO seen VALUES (3)')
  await before.release()
  const after = await snapshots.take()
  assert.deepEqual(await pids(after), known)
  assert.deepEqual(await counts(after), [2n, 2n])
  await after.release()
})

test('two at once have connections of their own', async () => {
  const [one, other] = await Promise.all([snapshots.take(), snapshots.take()])
  assert.equal(new Set([...(await pids(one)), ...(await pids(other))]).size, 4)
  await Promise.all([one.release(), other.release()])
})

test('what is abandoned ends at once, and its connections are not used again', async () => {
  const snapshot = await snapshots.take()
  const known = await pids(snapshot)
  const [first] = snapshot.clients
  const waiting = assert.rejects(first.query('SELECT pg_sleep(60)'))
  snapshot.abandon()
  snapshot.abandon()
  await waiting
  const next = await snapshots.take()
  assert.deepEqual(
    (await pids(next)).filter((pid) => known.includes(pid)),
    [],
  )
  await next.release()
})

test('one whose connection was ended while nothing used it is made anew', async () => {
  const snapshot = await snapshots.take()
  const known = await pids(snapshot)
  await snapshot.release()
  await owner.query('SELECT pg_terminate_backend(pid, 5000) FROM unnest($1::int[]) AS pid', [known])
  const next = await snapshots.take()
  assert.deepEqual(await counts(next), [2n, 2n])
  await next.release()
})

test('one whose connection is lost in use is let go without a failure', async () => {
  const snapshot = await snapshots.take()
  await owner.query('SELECT pg_terminate_backend(pid, 5000) FROM unnest($1::int[]) AS pid', [
    await pids(snapshot),
  ])
  await snapshot.release()
  const next = await snapshots.take()
  assert.deepEqual(await counts(next), [2n, 2n])
  await next.release()
})

test('where no connection can be had, that is said, and none is left behind', async () => {
  const nowhere = openSnapshots('postgres://nobody@127.0.0.1:1/none', {
    ...{ connections: 2, applicationName: 'nowhere' },
    ...{ statementTimeoutMs: 1_000, workMemMb: 5 },
  })
  await assert.rejects(nowhere.take(), { code: 'ECONNREFUSED' })
  await nowhere.close()
})
