/**
 * After whatever was broken: the banks' books, the tranlog, the ledger, what customers were shown
 * and what merchants were told, one payment after the other.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { readBooks, type BookedOriginal } from '../../sandbox/bank/index.ts'
import { matchVer3 } from '../../src/wire/nestpay/index.ts'
import { until, type Place } from './launched.ts'
import type { Load } from './load.ts'
import { valueOf, type Merchant } from './merchant.ts'

type Row = {
  readonly rrn: string
  readonly issuer_id: string
  readonly state: string
  readonly kind: string
  readonly captured_minor: string
  readonly order_reference: string
}

const banks = ['atlas', 'rif', 'souss', 'visa-world', 'mastercard-world']

/** Payments by state, once everything has ended and all sides agree. */
export async function assertAgreement(
  place: Place,
  load: Load,
  merchant: Merchant,
): Promise<ReadonlyMap<string, number>> {
  const client = await connected(place)
  try {
    await settled(client)
    const { rows } = await client.query<Row>(
      'SELECT rrn, issuer_id, state, kind, captured_minor::text, order_reference FROM payments',
    )
    compareWithBanks(place, rows)
    compareWithCustomers(rows, load)
    for (const row of rows) compareWithMerchant(row, load, merchant)
    await compareWithLedger(client, rows)
    const states = new Map<string, number>()
    for (const { state } of rows) states.set(state, (states.get(state) ?? 0) + 1)
    return states
  } finally {
    await client.end()
  }
}

/** The server may still be recovering, however well the sessions of a moment ago answered. */
async function connected(place: Place): Promise<pg.Client> {
  let found: pg.Client | undefined
  await until('the database takes connections', async () => {
    const client = new pg.Client(readonlyUrl(place))
    client.on('error', () => undefined)
    found = await client.connect().then(
      () => client,
      () => undefined,
    )
    return found !== undefined
  })
  assert.ok(found !== undefined)
  return found
}

export const readonlyUrl = (place: Place): string =>
  readFileSync(join(place.dataDir, 'run', 'readonly-database-url'), 'utf8').trim()

/** What is still under way, in words: empty once every request, advice and callback has ended. */
const openSql = `
  SELECT 'attempt ' || state || ' ' || rrn AS what FROM attempts
    WHERE state IN ('sent', 'reversing')
  UNION ALL
  SELECT kind || ' to ' || issuer_id || ' ' || rrn FROM issuer_messages
    WHERE kind <> 'request' AND response_code IS NULL
  UNION ALL
  SELECT 'callback of ' || order_reference || ' ' || state FROM payments p
    WHERE NOT EXISTS (
      SELECT 1 FROM callbacks c WHERE c.order_reference = p.order_reference
        AND c.attempt = p.attempt AND c.outcome = 'acknowledged')`

async function settled(client: pg.Client): Promise<void> {
  let open: readonly string[] = []
  await until('every request ended, every advice was taken, every outcome told', async () => {
    open = (await client.query<{ what: string }>(openSql)).rows.map(({ what }) => what)
    return open.length === 0
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; open: ${open.join(', ')}`)
  })
  // The capture that a merchant asked for follows its answer in another dbTransaction.
  await until('what merchants asked for is captured', async () => {
    const { rows } = await client.query<{ open: number }>(
      `SELECT count(*)::int AS open FROM payments p JOIN callbacks c
         ON c.order_reference = p.order_reference AND c.attempt = p.attempt
       WHERE p.state = 'approved' AND c.answer = 'post_auth'`,
    )
    return rows[0]?.open === 0
  })
}

function compareWithBanks(place: Place, rows: readonly Row[]): void {
  const folder = join(place.dataDir, 'sandbox', 'banks')
  const all = banks.flatMap((bank) => readBooks(folder, bank).originals)
  const booked = new Map(all.map((original) => [original.rrn, original]))
  assert.equal(booked.size, all.length, 'no bank booked a number twice')
  for (const row of rows) compareWithBank(row, booked.get(row.rrn))
  const known = new Set(rows.map(({ rrn }) => rrn))
  for (const rrn of booked.keys()) assert.ok(known.has(rrn), `a bank booked ${rrn}, unknown here`)
}

function compareWithBank(row: Row, original: BookedOriginal | undefined): void {
  const there = original?.state ?? 'nothing'
  const where = `${row.rrn} at ${row.issuer_id}: ${row.state} here, ${there} there`
  switch (row.state) {
    case 'captured':
      assert.equal(original?.postedMinor, row.captured_minor, where)
      return
    case 'approved':
      assert.equal(original?.state, 'held', where)
      return
    case 'declined':
      assert.ok(original === undefined || original.state === 'declined', where)
      return
    default:
      assert.ok(original === undefined || ['reversed', 'declined'].includes(original.state), where)
  }
}

const stands = ({ state }: Row): boolean => state === 'approved' || state === 'captured'

function compareWithCustomers(rows: readonly Row[], load: Load): void {
  const byOrder = new Map<string, Row>()
  for (const row of rows) {
    assert.ok(!byOrder.has(row.order_reference), `${row.order_reference} was sent twice`)
    byOrder.set(row.order_reference, row)
  }
  for (const oid of load.approved) {
    const row = byOrder.get(oid)
    assert.ok(
      row !== undefined && stands(row),
      `${oid} was shown as paid, and is ${row?.state ?? 'lost'}`,
    )
  }
}

function compareWithMerchant(row: Row, load: Load, merchant: Merchant): void {
  const oid = row.order_reference
  const calls = merchant.received(oid)
  for (const { fields } of calls) {
    assert.ok(matchVer3(fields, 'TEST1234', valueOf(fields, 'HASH') ?? '') !== undefined, oid)
    const approved = valueOf(fields, 'Response') === 'Approved'
    assert.equal(approved, stands(row), `${oid} is ${row.state}; its merchant was told otherwise`)
    if (approved) assert.equal(valueOf(fields, 'HostRefNum'), row.rrn, oid)
  }
  // Declines too, and those that recovery gave in the place of a process that was killed.
  assert.ok(calls.length > 0, `${oid} is ${row.state}, and its merchant does not know`)
  if (!stands(row)) return
  const due = row.kind === 'purchase' || load.toCapture.has(oid)
  assert.equal(row.state, due ? 'captured' : 'approved', oid)
}

async function compareWithLedger(client: pg.Client, rows: readonly Row[]): Promise<void> {
  const due = rows.reduce(
    (sum, row) => sum + (row.state === 'captured' ? BigInt(row.captured_minor) : 0n),
    0n,
  )
  const { rows: moved } = await client.query<{ minor: string }>(
    `SELECT coalesce(sum(CASE WHEN cause IN ('purchase', 'capture') THEN amount_minor
       ELSE -amount_minor END), 0)::text AS minor FROM transfers`,
  )
  assert.equal(moved[0]?.minor, due.toString())
}
