/**
 * A merchant's server creates payments by the API and its customers pay them on the page: what it
 * is told at each step, what it may do with them, and what of another site it never sees.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '../../src/kernel/limits.ts'
import { apiOf, dataOf, newPayment, textIn, type Api, type ApiAnswer } from '../support/api.ts'
import { openWebCentre, type WebCentre } from '../support/web-centre.ts'

let web: WebCentre
let api: Api
let other: Api
let operator: Api

before(async () => {
  web = await openWebCentre()
  api = apiOf(web.url)
  other = apiOf(web.url, 'sk_sandbox_600000002')
  operator = apiOf(web.url, 'sk_sandbox_operator')
})

after(async () => {
  await web.stop()
})

const pageOf = ({ body }: ApiAnswer): string => new URL(textIn(body, 'pageUrl')).pathname

async function create(order: string, changes?: Readonly<Record<string, unknown>>) {
  const created = await api.post('/v1/payments', newPayment(order, changes))
  assert.equal(created.status, 201, created.text)
  return { id: textIn(created.body, 'id'), page: pageOf(created), created }
}

async function paid(order: string, changes?: Readonly<Record<string, unknown>>): Promise<string> {
  const { id, page } = await create(order, changes)
  await web.payWith(page)
  return id
}

const statusOf = async (id: string): Promise<unknown> =>
  (await api.get(`/v1/payments/${id}`)).body['status']

test('created, paid on the page, retrieved: the customer comes back with the payment’s id', async () => {
  const { id, page, created } = await create('R-1', { description: 'Deux livres' })
  const { createdAt, expiresAt, pageUrl, ...rest } = created.body
  assert.deepEqual(rest, {
    id,
    object: 'payment',
    status: 'requires_action',
    amountMinor: '24990',
    capturedMinor: '0',
    refundedMinor: '0',
    currency: 'MAD',
    order: 'R-1',
    capture: 'automatic',
    site: '600000001',
    description: 'Deux livres',
    customer: null,
    customerId: null,
    metadata: null,
    initiator: 'customer',
    card: null,
    decline: null,
    businessDate: '2013-09-15',
  })
  assert.match(id, /^pay_[0-9a-z]{32}$/)
  assert.ok(String(pageUrl).startsWith(`${web.url}/pay/`))
  assert.ok(Date.parse(String(expiresAt)) - Date.parse(String(createdAt)) === 1_800_000)
  const { body } = await web.payWith(page)
  assert.ok(
    body.includes(`https://shop.example/back?a=1&amp;payment=${id}&amp;order=R-1`),
    'the way back is a GET with the id',
  )
  const { body: now } = await api.get(`/v1/payments/${id}`)
  assert.equal(now['status'], 'captured')
  assert.equal(now['capturedMinor'], '24990')
  assert.equal(now['pageUrl'], null)
  assert.deepEqual(now['card'], {
    brand: 'visa',
    masked: '400000***0010',
    origin: 'moroccan',
    expMonth: 12,
    expYear: 2039,
  })
  const again = await api.post('/v1/payments', newPayment('R-1'))
  assert.deepEqual([again.status, again.body['code']], [409, 'order_already_paid'])
})

test('declined, then tried again: the reason of the last attempt, and the page stays open', async () => {
  const { id, page } = await create('R-2', { amountMinor: '100051' })
  await web.payWith(page)
  const { body } = await api.get(`/v1/payments/${id}`)
  assert.equal(body['status'], 'requires_action')
  assert.equal((body['decline'] as { code: string }).code, 'insufficient_funds')
  assert.equal(pageOf(await api.get(`/v1/payments/${id}`)), page, 'its page is told again')
})

test('while its bank is silent a payment is processing, and takes no other page', async () => {
  const { id, page } = await create('R-8', { amountMinor: '100099' })
  const paying = web.payWith(page)
  for (let i = 0; i < 100 && (await statusOf(id)) !== 'processing'; i++) await sleep(20)
  assert.equal(await statusOf(id), 'processing')
  const listed = dataOf(await api.get('/v1/payments?status=processing'))
  assert.deepEqual(
    listed.map(({ order }) => order),
    ['R-8'],
  )
  const again = await api.post('/v1/payments', newPayment('R-8'))
  assert.deepEqual([again.status, again.body['code']], [409, 'order_processing'])
  await paying
  const { body } = await api.get(`/v1/payments/${id}`)
  assert.equal(body['status'], 'requires_action')
  assert.equal((body['decline'] as { code: string }).code, 'no_answer')
})

test('declined as often as it may be: it is over, and another reference is wanted', async () => {
  const { id, page } = await create('R-9', { amountMinor: '100005' })
  for (let i = 0; i < limits.attemptsPerOrderMax; i++) await web.payWith(page)
  assert.equal(await statusOf(id), 'declined')
  assert.equal(dataOf(await api.get('/v1/payments?status=declined')).length, 1)
  const again = await api.post('/v1/payments', newPayment('R-9'))
  assert.deepEqual([again.status, again.body['code']], [409, 'order_closed'])
  assert.equal((await api.post(`/v1/payments/${id}/capture`)).body['code'], 'wrong_state')
})

test('manual capture: in parts, then refunds, each once and never more than there is', async () => {
  const id = await paid('R-3', { capture: 'manual' })
  assert.equal(await statusOf(id), 'authorized')
  const first = await api.post(`/v1/payments/${id}/capture`, { amountMinor: '10000' })
  assert.deepEqual([first.status, first.body['capturedMinor']], [200, '10000'])
  const much = await api.post(`/v1/payments/${id}/capture`, { amountMinor: '14991' })
  assert.deepEqual([much.status, much.body['code']], [400, 'amount_too_large'])
  const rest = await api.post(`/v1/payments/${id}/capture`)
  assert.equal(rest.body['capturedMinor'], '24990')
  const key = { 'idempotency-key': 'refund R-3' }
  const refunds = await Promise.all(
    Array.from({ length: 10 }, () =>
      api.post(`/v1/payments/${id}/refunds`, { amountMinor: '4990' }, key),
    ),
  )
  const ids = new Set(refunds.map(({ body }) => body['id']))
  assert.deepEqual([refunds[0]?.status, ids.size], [201, 1])
  const all = await api.post(`/v1/payments/${id}/refunds`, {})
  assert.deepEqual([all.body['amountMinor'], all.body['status']], ['20000', 'succeeded'])
  assert.equal(await statusOf(id), 'refunded')
  const listed = dataOf(await api.get(`/v1/payments/${id}/refunds`))
  assert.deepEqual(
    listed.map(({ amountMinor }) => amountMinor),
    ['20000', '4990'],
  )
  const one = await api.get(`/v1/refunds/${String(listed[1]?.['id'])}`)
  assert.deepEqual(one.body, listed[1])
})

test('a capture and a void at once: one of them wins, and the books agree', async () => {
  for (let i = 0; i < 5; i++) {
    const id = await paid(`RACE-${i}`, { capture: 'manual' })
    const [captured, voided] = await Promise.all([
      api.post(`/v1/payments/${id}/capture`),
      api.post(`/v1/payments/${id}/void`),
    ])
    // A void may follow the capture within the day; a capture never follows a void.
    assert.equal(voided.status, 200)
    assert.ok([200, 409].includes(captured.status), captured.text)
    assert.equal(await statusOf(id), 'voided')
  }
  const books = await web.centre.books.balances('now')
  assert.ok(books.ok)
})

test('the order is the payment, whichever door its attempts came through', async () => {
  const path = await web.open('R-CMI', { TranType: 'Auth' })
  await web.payWith(path)
  const [listed] = dataOf(await api.get('/v1/payments?order=R-CMI'))
  assert.equal(listed?.['status'], 'captured')
  const { rows } = await web.owner.query<{ payment_id: string }>(
    "SELECT payment_id FROM reporting.callbacks WHERE order_reference = 'R-CMI'",
  )
  const byAttempt = await api.get(`/v1/payments/${rows[0]?.payment_id ?? ''}`)
  assert.deepEqual(byAttempt.body, listed)
})

test('another amount for an open order: the page opened before is over', async () => {
  const old = await create('R-4')
  const { id, page } = await create('R-4', { amountMinor: '30000' })
  assert.equal(id, old.id)
  assert.equal((await web.get(old.page)).status, 410)
  assert.equal((await web.payWith(old.page)).status, 410)
  await web.payWith(page)
  const { body } = await api.get(`/v1/payments/${id}`)
  assert.deepEqual([body['status'], body['amountMinor']], ['captured', '30000'])
})

test('a page ends by the clock', async () => {
  const { id, page } = await create('R-5', { expiresInSeconds: 30 })
  web.advance(31_000)
  assert.equal((await web.get(page)).status, 410)
  assert.equal(await statusOf(id), 'expired')
  assert.equal((await api.get(`/v1/payments/${id}`)).body['pageUrl'], null)
  await create('R-5')
  assert.equal(await statusOf(id), 'requires_action')
})

test('what belongs to another site is not there; the operator sees all', async () => {
  const id = await paid('R-6', { capture: 'manual' })
  for (const [method, path] of [
    ['GET', `/v1/payments/${id}`],
    ['POST', `/v1/payments/${id}/capture`],
    ['POST', `/v1/payments/${id}/void`],
    ['POST', `/v1/payments/${id}/refunds`],
    ['GET', `/v1/payments/${id}/refunds`],
    ['GET', `/v1/refunds/ref_${id.slice(4)}_1`],
  ] as const) {
    const { status, body } = await other.call(method, path)
    assert.deepEqual([status, body['code']], [404, 'not_found'], path)
  }
  assert.equal((await other.get('/v1/payments?site=600000001')).status, 403)
  assert.deepEqual(dataOf(await other.get('/v1/payments?order=R-6')), [])
  assert.equal(await statusOf(id), 'authorized')
  assert.equal((await operator.get(`/v1/payments/${id}`)).status, 200)
  assert.deepEqual((await operator.get('/v1/payments')).body['field'], 'site')
  assert.equal(dataOf(await operator.get('/v1/payments?site=600000001&order=R-6')).length, 1)
  assert.equal((await operator.post('/v1/payments', newPayment('R-7'))).status, 403)
})

test('lists: newest first, page by page, by status, date and order', async () => {
  const site3 = apiOf(web.url, 'sk_sandbox_600000003')
  for (let i = 0; i < 5; i++) await site3.post('/v1/payments', newPayment(`L-${i}`))
  const orders: unknown[] = []
  let after = ''
  for (let pages = 0; pages < 4; pages++) {
    const page = await site3.get(`/v1/payments?limit=2${after}`)
    orders.push(...dataOf(page).map(({ order }) => order))
    const { next } = page.body
    if (next === null) break
    after = `&after=${String(next)}`
  }
  assert.deepEqual(orders, ['L-4', 'L-3', 'L-2', 'L-1', 'L-0'])
  const count = async (query: string): Promise<number> =>
    dataOf(await site3.get(`/v1/payments?${query}`)).length
  assert.equal(await count('status=requires_action'), 5)
  assert.equal(await count('status=captured'), 0)
  assert.equal(await count('from=2013-09-15&to=2013-09-15'), 5)
  assert.equal(await count('to=2013-09-14'), 0)
})
