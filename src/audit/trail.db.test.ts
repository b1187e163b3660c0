/** Chains of audit rows: written in the background, whole again after a failure, and verified. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { withTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { randomBytes, systemClock, systemTimers } from '../platform/clock.ts'
import { silentLog } from '../platform/log.ts'
import type { Queryable } from '../platform/postgres/database.ts'
import { AuditTrail, selectEvents, verifyTrail, type AuditEvent } from './index.ts'

let database: TestDatabase
before(async () => {
  database = await withTestDatabase()
})

const event = (order: string, changes: Partial<AuditEvent> = {}): AuditEvent => ({
  kind: 'attempt',
  actor: 'cardholder',
  site: '600000001',
  outcome: 'approved',
  address: '192.0.2.1',
  facts: { order, attempt: 1 },
  ...changes,
})

const trailOn = (on: Queryable, onDropped?: (count: number) => void): AuditTrail =>
  new AuditTrail({
    database: on,
    clock: systemClock,
    timers: systemTimers,
    random: randomBytes,
    log: silentLog,
    ...(onDropped === undefined ? {} : { onDropped }),
  })

test('each row is chained to the one before, and a second writer witnesses the first', async () => {
  const first = trailOn(database.app)
  for (let i = 0; i < 1_200; i++) first.record(event(`A-${i}\0\ud800`))
  await first.stop()
  const second = trailOn(database.app)
  second.record(event('B-1', { site: '600000002' }))
  await second.stop()
  const found = await verifyTrail(database.app)
  assert.deepEqual(found, { rows: 1_203, chains: 2, faults: [] })
  const filter = { since: null, site: '600000002', after: null, limit: 10 }
  const [row, ...others] = await selectEvents(database.app, filter)
  assert.equal(others.length, 0)
  assert.deepEqual(JSON.parse(row?.facts ?? ''), { order: 'B-1', attempt: 1 })
  const page = await selectEvents(database.app, { ...filter, site: null, limit: 700 })
  const rest = await selectEvents(database.app, {
    ...filter,
    site: null,
    after: page.at(-1) ?? null,
    limit: 1_000,
  })
  assert.equal(page.length + rest.length, 1_203)
})

test('the centre’s own role can neither change nor remove a row', async () => {
  await assert.rejects(database.app.query('/* scatter: test */ DELETE FROM audit_event'))
  await assert.rejects(database.app.query("/* scatter: test */ UPDATE audit_event SET actor = 'x'"))
})

/** What the check finds after the owner of the database did something, which is undone. */
async function after(sql: string): Promise<readonly string[]> {
  const found: string[] = []
  const undone = new Error('undone')
  await database.owner
    .withTransaction(async (client) => {
      await client.query(sql)
      const on = { query: (text: string, values?: unknown[]) => client.query(text, values) }
      const { faults } = await verifyTrail(on)
      found.push(...faults.map(({ position, what }) => `${what} ${position}`))
      throw undone
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error
    })
  return found
}

test('a row that was changed, removed or cut off is found', async () => {
  const one = "facts->>'order' LIKE 'A-41%' AND position = 42"
  const tag = '/* scatter: test */'
  assert.deepEqual(await after(`${tag} SELECT 1`), [])
  assert.deepEqual(await after(`${tag} UPDATE audit_event SET outcome = 'x' WHERE ${one}`), [
    'changed 42',
  ])
  assert.deepEqual(await after(`${tag} DELETE FROM audit_event WHERE ${one}`), ['removed 42'])
  const [cut] = await after(`${tag} DELETE FROM audit_event WHERE position > 1100`)
  assert.equal(cut, 'removed 1200')
  const renewed = `${tag} UPDATE audit_event SET outcome = 'x', digest = sha256('x') WHERE position = 1200`
  assert.deepEqual(await after(renewed), ['changed 1200'])
})

test('a failed batch is sent again as it was; floods are bounded and counted', async () => {
  let failures = 2
  const failing: Queryable = {
    query: (text, values) => {
      if (text.includes('INSERT') && failures-- > 0) return Promise.reject(new Error('away'))
      return database.app.query(text, values)
    },
  }
  let dropped = 0
  const trail = trailOn(failing, (count) => (dropped += count))
  for (let i = 0; i < 80; i++) trail.record(event(`C-${i}`, { refused: true }))
  assert.equal(dropped, 30)
  await new Promise<void>((resolve) => systemTimers.after(400, resolve))
  failures = 0
  await trail.stop()
  assert.deepEqual((await verifyTrail(database.app)).faults, [])
  const lost = trailOn({ query: () => Promise.reject(new Error('away')) }, (n) => (dropped += n))
  lost.record(event('D-1'))
  await lost.stop()
  assert.equal(dropped, 31)
})
