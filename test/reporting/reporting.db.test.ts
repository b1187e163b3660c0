/** The views for whoever checks from outside: what they hold, who may read them, each column told. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { addDays, type BusinessDate } from '../../src/kernel/business-date.ts'
import { silentLog } from '../../src/platform/log.ts'
import { openDatabase, type Database } from '../../src/platform/postgres/database.ts'
import { rootFolder } from '../../src/platform/root.ts'
import {
  declinedState,
  openRecorded,
  record,
  recordStory,
  sentOn,
  type Recorded,
} from '../support/recorded.ts'
import { deleteOldRequests } from '../../src/switch/index.ts'

const date = '2013-09-15' as BusinessDate

let recorded: Recorded
let reader: Database

before(async () => {
  recorded = await openRecorded()
  const url = new URL(recorded.url)
  url.username = 'monetique_readonly'
  reader = openDatabase(url.toString(), {
    log: silentLog,
    applicationName: 'reader',
    connectionsMax: 1,
    statementTimeoutMs: 10_000,
  })
  const captured = sentOn(recorded.directory, { date })
  await recordStory(recorded, captured, [
    { kind: 'captured', on: date, amountMinor: 6_000n },
    { kind: 'captured', on: addDays(date, 1), amountMinor: 4_000n },
    { kind: 'refunded', on: addDays(date, 2), amountMinor: 1_000n },
  ])
  const declined = sentOn(recorded.directory, { date })
  await record(recorded, declined, declinedState(declined))
  await record(recorded, sentOn(recorded.directory, { date }))
})

const rows = async (sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> =>
  (await reader.query(sql)).rows

test('an attempt is reported before and after its request is purged', async () => {
  const seen = () =>
    rows('SELECT state, response_code FROM reporting.attempts ORDER BY state, response_code')
  const expected = [
    { state: 'captured', response_code: '00' },
    { state: 'declined', response_code: '51' },
    { state: 'sent', response_code: null },
  ]
  assert.deepEqual(await seen(), expected)
  const page = { before: addDays(date, 1), fromBucket: 0, toBucket: 4096, limit: 100 }
  const messages = await rows('SELECT * FROM reporting.issuer_messages ORDER BY rrn')
  assert.equal(await deleteOldRequests(recorded.app, page), 2)
  assert.deepEqual(await seen(), expected)
  assert.deepEqual(await rows('SELECT * FROM reporting.issuer_messages ORDER BY rrn'), messages)
})

test('operations and transfers add up to the payments', async () => {
  const counted = await rows(
    `SELECT business_date::text, operation_count, amount_minor FROM reporting.operations
     ORDER BY business_date`,
  )
  assert.deepEqual(counted, [
    { business_date: '2013-09-15', operation_count: 1, amount_minor: 6_000n },
    { business_date: '2013-09-16', operation_count: 0, amount_minor: 4_000n },
  ])
  const moved = await rows(
    `SELECT cause, debit_account, credit_account, amount_minor FROM reporting.transfers
     ORDER BY business_date`,
  )
  const accounts = ['issuer_receivable/atlas/MAD', 'merchant_payable/m-telecom/MAD']
  assert.deepEqual(
    moved.map((row) => Object.values(row)),
    [
      ['capture', ...accounts, 6_000n],
      ['capture', ...accounts, 4_000n],
      ['refund', ...accounts.toReversed(), 1_000n],
    ],
  )
})

test('the reader sees the views and nothing else, and changes nothing', async () => {
  for (const table of ['payment', 'request', 'vault_card', 'vault_lookup', 'web_session']) {
    await assert.rejects(rows(`SELECT 1 FROM public.${table}`), /permission denied/)
  }
  for (const sql of [
    "INSERT INTO reporting.payments (state) VALUES ('approved')",
    'DELETE FROM reporting.transfers',
    'UPDATE reporting.callbacks SET attempt = 2',
    'CREATE TABLE mine (a int)',
  ]) {
    await assert.rejects(rows(sql), /permission denied|read-only|cannot (insert|delete|update)/)
  }
  const columns = await rows(
    `SELECT column_name FROM information_schema.columns WHERE table_schema = 'reporting'`,
  )
  for (const { column_name: name } of columns) {
    assert.doesNotMatch(String(name), /token|sealed|lookup|expiry|cvc|facts|form$|key_id/)
  }
})

test('each view and each column is told in docs/reporting.md, and nothing that is not there', async () => {
  const text = readFileSync(join(rootFolder, 'docs', 'reporting.md'), 'utf8')
  const told = text
    .split(/^## /m)
    .slice(1)
    .flatMap((section) => {
      const view = section.slice(0, section.indexOf('\n'))
      return [...section.matchAll(/^\| `([a-z_]+)`/gm)].map(([, column]) => `${view}.${column}`)
    })
  const present = await recorded.owner.query<{ name: string }>(
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
     WHERE table_schema = 'reporting'`,
  )
  assert.deepEqual(told.sort(), present.rows.map(({ name }) => name).sort())
})
