/**
 * The centre is killed (kill -9) again and again while merchants' customers pay, with the amounts
 * that make banks silent, late and doubled. At the end the banks' books, the tranlog and the ledger
 * agree one by one.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { readBooks, type BookedOriginal } from '../../sandbox/bank/index.ts'
import { encodeForm, field, signFields } from '../../src/wire/nestpay/index.ts'
import { launch, makePlace, until, type Launched, type Place } from '../support/launched.ts'

const loadMs = Number(process.env['KILL_SECONDS'] ?? 20) * 1000
let place: Place
let launched: Launched

before(async () => {
  place = await makePlace()
  launched = launch(place, { command: ['node', 'scripts/start.mjs'] })
  await launched.says('ready http')
})

after(async () => {
  process.kill(place.pid('launcher'), 'SIGTERM')
  await launched.exited()
  await place.remove()
})

const cards = ['4000000000000010', '5453010000066100', '4111111111111111', '9504000000000010']
const amounts = ['12.50', '249.90', '1000.51', '1000.98', '1000.99', '1000.91', '99.00', '7.00']

/** One customer: the merchant's form, the page, the card; whatever breaks, the next one comes. */
async function customer(number: number): Promise<void> {
  const url = `http://127.0.0.1:${place.httpPort}`
  const shop = `http://127.0.0.1:${place.env['MONETIQUE_SHOP_PORT'] ?? ''}`
  const fields = signFields(
    [
      ['clientid', '600000002'],
      ['storetype', '3D_PAY_HOSTING'],
      ['TranType', number % 2 === 0 ? 'Auth' : 'PreAuth'],
      ['amount', amounts[number % amounts.length] ?? '10.00'],
      ['currency', '504'],
      ['oid', `K-${number}`],
      ['okUrl', `${shop}/ok`],
      ['failUrl', `${shop}/fail`],
      ['rnd', String(number)],
      ['hashAlgorithm', 'ver3'],
      ['lang', 'fr'],
    ].map(([name = '', value = '']) => field(name, value)),
    'TEST1234',
  )
  const post = async (to: string, body: string): Promise<Response> =>
    fetch(to, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
      signal: AbortSignal.timeout(15_000),
    })
  try {
    const opened = await post(`${url}/fim/est3Dgate`, encodeForm(fields))
    const page = opened.headers.get('location')
    if (page === null) return
    const pan = cards[number % cards.length] ?? ''
    await post(`${url}${page}`, `attempt=1&number=${pan}&expiry=12%2F39&cvc=000`)
  } catch {
    // The centre is down for a moment: that is the point.
  }
}

type Row = {
  readonly rrn: string
  readonly issuer_id: string
  readonly state: string
  readonly captured_minor: string
}

test('killed at random moments under load: the books agree one by one', async () => {
  const endMs = performance.now() + loadMs
  let started = 0
  const customers = Array.from({ length: 24 }, async () => {
    while (performance.now() < endMs) {
      await customer(started++)
      await sleep(20)
    }
  })
  let kills = 0
  while (performance.now() < endMs) {
    await sleep(1_500 + ((kills * 977) % 1_500))
    try {
      process.kill(place.pid('centre'), 'SIGKILL')
      kills += 1
    } catch {
      // It is being started again.
    }
  }
  await Promise.all(customers)
  await until('the centre is back', async () => {
    const answer = await fetch(`http://127.0.0.1:${place.httpPort}/healthz`).catch(() => null)
    return answer?.status === 200
  })
  const url = readFileSync(join(place.dataDir, 'run', 'readonly-database-url'), 'utf8').trim()
  const client = new pg.Client(url)
  await client.connect()
  try {
    await until('every request ended and every advice was taken', async () => {
      const { rows } = await client.query<{ open: number }>(
        `SELECT (SELECT count(*) FROM attempts WHERE state IN ('sent', 'reversing'))::int
           + (SELECT count(*) FROM issuer_messages
              WHERE kind <> 'request' AND response_code IS NULL)::int AS open`,
      )
      return rows[0]?.open === 0
    })
    const { rows } = await client.query<Row>(
      `SELECT rrn, issuer_id, state, captured_minor::text FROM payments`,
    )
    const booked = booksByRrn()
    for (const row of rows) compare(row, booked.get(row.rrn))
    const known = new Set(rows.map(({ rrn }) => rrn))
    for (const [rrn] of booked) assert.ok(known.has(rrn), `the bank booked ${rrn}, unknown here`)
    const due = rows.reduce(
      (sum, row) => sum + (row.state === 'captured' ? BigInt(row.captured_minor) : 0n),
      0n,
    )
    const { rows: moved } = await client.query<{ minor: string }>(
      `SELECT coalesce(sum(CASE WHEN cause IN ('purchase', 'capture') THEN amount_minor
         ELSE -amount_minor END), 0)::text AS minor FROM transfers`,
    )
    assert.equal(moved[0]?.minor, due.toString())
    const count = (state: string): number => rows.filter((row) => row.state === state).length
    console.log(
      `${kills} kills, ${rows.length} payments: ${count('captured')} captured, ` +
        `${count('approved')} approved, ${count('declined')} declined, ${count('reversed')} reversed`,
    )
    assert.ok(kills >= 3 && rows.length > 50)
  } finally {
    await client.end()
  }
})

function booksByRrn(): Map<string, BookedOriginal> {
  const folder = join(place.dataDir, 'sandbox', 'banks')
  const banks = ['atlas', 'rif', 'souss', 'visa-world', 'mastercard-world']
  const all = banks.flatMap((bank) => readBooks(folder, bank).originals)
  return new Map(all.map((original) => [original.rrn, original]))
}

function compare(row: Row, original: BookedOriginal | undefined): void {
  const where = `${row.rrn} at ${row.issuer_id}: ${row.state} here, ${original?.state ?? 'nothing'} there`
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

test('the command line agrees', () => {
  const out = execFileSync('node', ['monetique', 'ledger', 'trial-balance'], {
    env: { ...process.env, ...place.env },
  }).toString()
  assert.match(out, /debits and credits are equal/)
})
