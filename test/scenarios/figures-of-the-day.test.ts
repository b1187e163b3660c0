/**
 * The centre's own days: paid now, seen within seconds as provisional; closed, published into the
 * lake, whatever is killed meanwhile; shown to everybody once two people have released the month.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { apiOf, textIn, type Api } from '../support/api.ts'
import { launch, makePlace, until, type Launched, type Place } from '../support/launched.ts'
import { types } from '../../src/platform/postgres/value-types.ts'

let place: Place
let launched: Launched
let operator: Api
let shop: Api
let url: string

before(async () => {
  place = await makePlace()
  launched = launch(place)
  await launched.says('ready http')
  url = `http://127.0.0.1:${place.httpPort}`
  operator = apiOf(url, 'sk_sandbox_operator')
  shop = apiOf(url, 'sk_sandbox_600000001')
})

after(async () => {
  process.kill(place.pid('launcher'), 'SIGTERM')
  await launched.exited()
  await place.remove()
})

async function pay(
  api: Api,
  order: string,
  amountMinor: string,
  currency = 'MAD',
): Promise<string> {
  const made = await api.post('/v1/payments', {
    ...{ amountMinor, currency, order, capture: 'automatic' },
    returnUrl: 'http://127.0.0.1:9/',
  })
  assert.equal(made.status, 201, made.text)
  const form = { attempt: '1', number: '4000000000000010', expiry: '12/39', cvc: '000' }
  const paid = await fetch(textIn(made.body, 'pageUrl'), {
    method: 'POST',
    body: new URLSearchParams(form),
  })
  assert.equal(paid.status, 200)
  return textIn(made.body, 'id')
}

type Figures = {
  readonly provisional: boolean
  readonly currency: string
  readonly currencies: readonly string[]
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly total: {
    readonly count: number
    readonly amountMinor: string
    readonly declined: number
  }
}

async function figuresOf(api: Api, date: string, by = '', more = ''): Promise<Figures> {
  const answer = await api.get(`/v1/statistics?from=${date}&to=${date}&by=${by}${more}`)
  assert.equal(answer.status, 200, answer.text)
  return JSON.parse(answer.text) as Figures
}

async function today(): Promise<string> {
  const { body } = await shop.get('/v1/payments?limit=1')
  const [payment] = body['data'] as { businessDate: string }[]
  assert.ok(payment !== undefined)
  return payment.businessDate
}

async function fromTheBooks(date: string): Promise<{ count: bigint; amount: bigint }> {
  const file = join(place.dataDir, 'run', 'readonly-database-url')
  const client = new pg.Client({ connectionString: readFileSync(file, 'utf8').trim(), types })
  await client.connect()
  try {
    const { rows } = await client.query<{ count: bigint; amount: bigint }>(
      `SELECT coalesce(sum(operation_count), 0)::bigint AS count,
         coalesce(sum(amount_minor), 0)::bigint AS amount
       FROM reporting.operations WHERE business_date = $1 AND currency = 'MAD'`,
      [date],
    )
    return rows[0] ?? { count: 0n, amount: 0n }
  } finally {
    await client.end()
  }
}

const published = (date: string): boolean => {
  try {
    return readFileSync(join(place.dataDir, 'lake', 'catalogue.json'), 'utf8').includes(date)
  } catch {
    return false
  }
}

test('what was just paid is in the figures, as provisional; a site sees its own', async () => {
  for (let i = 0; i < 4; i++) await pay(shop, `T-${i}`, '24990')
  await pay(apiOf(url, 'sk_sandbox_600000002'), 'A-1', '100000')
  await pay(shop, 'D-1', '100051')
  const date = await today()
  await until('the figures', async () => (await figuresOf(operator, date)).total.count === 5)
  const all = await figuresOf(operator, date, 'sector')
  assert.equal(all.provisional, true)
  assert.deepEqual(
    all.rows.map(({ sector, count, amountMinor }) => [sector, count, amountMinor]),
    [
      ['airlines', 1, '100000'],
      ['billers', 4, '99960'],
    ],
  )
  assert.equal(all.total.declined, 1)
  assert.equal((await figuresOf(shop, date)).total.count, 4)
  const other = await shop.get(`/v1/statistics?from=${date}&to=${date}&site=600000002`)
  assert.equal(other.status, 403)
})

test('what is paid in euros is no dirham: a question of its own, and a site’s own answer', async () => {
  const site = { name: 'Port de Tanger', sector: 'other', url: 'http://127.0.0.1/port' }
  const made = await operator.post('/v1/sites', { ...site, currency: 'EUR' })
  assert.equal(made.status, 201, made.text)
  const port = apiOf(url, textIn(made.body, 'apiKey'))
  await pay(port, 'P-1', '1000', 'EUR')
  const date = await today()
  await until('the euros', async () => (await figuresOf(port, date)).total.count === 1)
  const shown = ({ currency, currencies, total }: Figures) => {
    return [currency, currencies.join(), total.count, total.amountMinor]
  }
  assert.deepEqual(shown(await figuresOf(port, date)), ['EUR', 'EUR,MAD', 1, '1000'])
  assert.deepEqual(shown(await figuresOf(operator, date)), ['MAD', 'EUR,MAD', 5, '199960'])
  const euros = await figuresOf(operator, date, 'site', '&currency=978')
  assert.deepEqual(shown(euros), ['EUR', 'EUR,MAD', 1, '1000'])
  const file = await operator.get(
    `/v1/statistics?from=${date}&to=${date}&by=site&currency=EUR&format=csv`,
  )
  assert.match(file.text, /^site,count,amountMinor,.*,currency\r\n[0-9]+,1,1000,.*,EUR\r\n$/)
  const wrong = await operator.get(`/v1/statistics?from=${date}&to=${date}&currency=euro`)
  assert.deepEqual([wrong.status, wrong.text.includes('currency is three letters')], [400, true])
})

test('a closed day is published though the centre is killed as it begins, and is the books’', async () => {
  const date = await today()
  const closing = operator.post('/v1/business-days/close').catch(() => undefined)
  await until('the day is closed', async () => {
    const open = await shop.get('/v1/payments?limit=1').catch(() => undefined)
    return open !== undefined
  })
  await closing
  process.kill(place.pid('centre'), 'SIGKILL')
  await until('the day is published', () => Promise.resolve(published(date)))
  await until(
    'the centre is back',
    async () => (await fetch(`${url}/healthz`).catch(() => ({ ok: false }))).ok,
  )
  const closed = await figuresOf(operator, date)
  const books = await fromTheBooks(date)
  assert.equal(closed.provisional, false)
  assert.deepEqual(
    [BigInt(closed.total.count), BigInt(closed.total.amountMinor)],
    [books.count, books.amount],
  )
  const euros = await figuresOf(operator, date, '', '&currency=EUR')
  assert.deepEqual(
    [euros.provisional, euros.total.amountMinor, euros.currencies],
    [false, '1000', ['EUR', 'MAD']],
  )
  assert.equal(closed.total.count, 5)
})

test('a refund after the close is a measure of its own day', async () => {
  const { body } = await shop.get('/v1/payments?order=T-0')
  const [payment] = body['data'] as { id: string; businessDate: string }[]
  assert.ok(payment !== undefined)
  const refunded = await shop.post(`/v1/payments/${payment.id}/refunds`, {})
  assert.equal(refunded.status, 201, refunded.text)
  assert.equal((await figuresOf(operator, payment.businessDate)).total.count, 5)
})

test('nobody sees a month that nobody released; its people do', async () => {
  assert.equal((await fetch(`${url}/figures`)).status, 404)
  assert.equal((await fetch(`${url}/console/figures`)).status, 401)
  const key = Buffer.from('any:sk_sandbox_operator').toString('base64')
  const own = await fetch(`${url}/console/figures?lang=en`, {
    headers: { authorization: `Basic ${key}` },
  })
  assert.equal(own.status, 200)
  const page = await own.text()
  assert.match(page, /Provisional figures/)
  assert.match(page, /in dirhams: those in other currencies \(EUR\) are not in them/)
})
