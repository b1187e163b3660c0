/** `./monetique` against a running centre: each command, for a person and for a program. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { jsonOf, runCommandIn, type Ran } from '../support/command-line.ts'
import { launch, makePlace, type Launched, type Place } from '../support/launched.ts'

let place: Place
let launched: Launched

before(async () => {
  place = await makePlace()
  launched = launch(place, { command: ['node', 'scripts/start.mjs'] })
  await launched.says('ready http')
})

after(async () => {
  launched.process.kill('SIGTERM')
  await launched.exited()
  await place.remove()
})

const run = (...words: readonly string[]): Promise<Ran> => runCommandIn(place, words)
const json = (...words: readonly string[]): Promise<unknown> => jsonOf(place, words)

test('the business day is shown, closed, and closed in the ledger', async () => {
  const [today] = (await json('day', 'status')) as { date: string; state: string }[]
  assert.equal(today?.state, 'open')
  assert.deepEqual(await json('day', 'close'), { closed: today.date })
  const states = (await json('day', 'status')) as { date: string; state: string }[]
  assert.deepEqual(
    states.map(({ state }) => state),
    ['open', 'closed'],
  )
  const { status, out } = await run('day', 'status')
  assert.equal(status, 0)
  assert.match(out, new RegExp(`${today.date} +closed`))
  const closed = (await json('ledger', 'trial-balance', '--date', today.date)) as object
  assert.deepEqual(
    { ...closed, balances: [] },
    {
      date: today.date,
      asOf: null,
      provisional: false,
      balanced: true,
      balances: [],
    },
  )
  const open = await run('ledger', 'trial-balance', '--date', states[0]?.date ?? '')
  assert.equal(open.status, 1)
  assert.match(open.err, /is not closed/)
})

test('the books of a bank are read, those of no bank refused', async () => {
  const books = (await json('bank', 'books', 'atlas')) as { bank: string; originals: unknown[] }
  assert.deepEqual([books.bank, books.originals], ['atlas', []])
  const { status, err } = await run('bank', 'books', 'nobody')
  assert.equal(status, 1)
  assert.match(err, /no bank nobody; the sandbox's are atlas/)
})

test('the database’s address is that of a reader', async () => {
  const { status, out } = await run('database', 'url')
  assert.equal(status, 0)
  const client = new pg.Client({ connectionString: out.trim() })
  await client.connect()
  try {
    assert.equal((await client.query('SELECT FROM payments')).rowCount, 0)
    await assert.rejects(client.query('SELECT FROM public.vault_card'), /permission denied/)
    await assert.rejects(client.query('DELETE FROM payments'))
  } finally {
    await client.end()
  }
})

test('the clock moves forward only, and the day with it', async () => {
  const before = Date.parse((await run('sandbox', 'clock', 'show')).out.trim())
  const moved = await run('sandbox', 'clock', 'advance', '2d')
  assert.ok(Date.parse(moved.out.trim()) >= before + 2 * 86_400_000, moved.out + moved.err)
  assert.equal((await run('sandbox', 'clock', 'advance', '61d')).status, 1)
})

test('the vault’s key is changed under the running centre', async () => {
  const { status, out, err } = await run('vault', 'rotate')
  assert.equal(status, 0, err)
  assert.match(out, /key v2 added/)
  const ready = await fetch(`http://127.0.0.1:${place.httpPort}/healthz/ready`)
  assert.equal(ready.status, 200)
})
