/**
 * A merchant sends a link; whoever follows it gets a payment page, until it is paid as often as it
 * may be, has expired or was taken back. And the API’s own description, as programs and people get it.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { apiOf, dataOf, textIn, type Api } from '../support/api.ts'
import { openWebCentre, type WebCentre } from '../support/web-centre.ts'

let web: WebCentre
let api: Api

before(async () => {
  web = await openWebCentre()
  api = apiOf(web.url)
})

after(async () => {
  await web.stop()
})

const asked = { amountMinor: '5000', currency: 'MAD', description: 'Adhésion' }

async function link(changes: Readonly<Record<string, unknown>> = {}) {
  const made = await api.post('/v1/payment-links', { ...asked, ...changes })
  assert.equal(made.status, 201, made.text)
  const path = new URL(textIn(made.body, 'url')).pathname
  return { id: textIn(made.body, 'id'), path, made }
}

async function follow(path: string): Promise<string> {
  const { status, headers } = await web.get(path)
  assert.equal(status, 303)
  return headers.get('location') ?? ''
}

const statusOf = async (id: string): Promise<unknown> =>
  (await api.get(`/v1/payment-links/${id}`)).body['status']

test('each visit is a page of its own for one order, which is paid once', async () => {
  const { id, path } = await link({ order: 'FACTURE-7', returnUrl: 'https://shop.example/merci' })
  const pages = await Promise.all([follow(path), follow(path)])
  assert.notEqual(pages[0], pages[1])
  const paid = await web.payWith(pages[0] ?? '')
  assert.ok(paid.body.includes('https://shop.example/merci?payment=pay_'))
  const [payment] = dataOf(await api.get('/v1/payments?order=FACTURE-7'))
  assert.deepEqual([payment?.['status'], payment?.['description']], ['captured', 'Adhésion'])
  const { rows } = await web.owner.query<{ door: string }>(
    "SELECT door FROM reporting.payments WHERE order_reference = 'FACTURE-7'",
  )
  assert.deepEqual(rows, [{ door: 'link' }])
  assert.equal((await web.payWith(pages[1] ?? '')).status, 409)
  assert.equal((await web.get(path)).status, 409)
  assert.equal(await statusOf(id), 'completed')
})

test('paid as often as it may be, each time an order of its own', async () => {
  const { id, path } = await link({ order: 'BILLET', maxPayments: 2 })
  for (let i = 0; i < 2; i++) await web.payWith(await follow(path))
  assert.equal((await web.get(path)).status, 409)
  const { body } = await api.get(`/v1/payment-links/${id}`)
  assert.deepEqual([body['status'], body['paidCount']], ['completed', 2])
})

test('over by the clock, or taken back', async () => {
  const expiresAt = new Date(Date.now() + 60_000).toISOString()
  const { id, path } = await link({ expiresAt })
  const page = await follow(path)
  web.advance(61_000)
  assert.equal((await web.get(path)).status, 410)
  assert.equal((await web.get(page)).status, 410, 'a page never outlives its link')
  assert.equal(await statusOf(id), 'expired')
  const back = await link()
  assert.equal((await api.call('DELETE', `/v1/payment-links/${back.id}`)).status, 200)
  assert.equal((await web.get(back.path)).status, 410)
  assert.equal(await statusOf(back.id), 'inactive')
  const past = { ...asked, expiresAt: '2013-01-01T00:00:00Z' }
  assert.equal((await api.post('/v1/payment-links', past)).body['field'], 'expiresAt')
  assert.equal((await web.get(`/pay/l/${'0'.repeat(32)}`)).status, 404)
})

test('the QR code is a picture, and a link of another site is not there', async () => {
  const { id } = await link()
  const code = await api.get(`/v1/payment-links/${id}/qr.svg`)
  assert.equal(code.headers.get('content-type'), 'image/svg+xml')
  assert.ok(code.text.startsWith('<svg ') && code.text.trimEnd().endsWith('</svg>'))
  const other = apiOf(web.url, 'sk_sandbox_600000002')
  for (const path of ['', '/qr.svg']) {
    assert.equal((await other.get(`/v1/payment-links/${id}${path}`)).status, 404)
  }
  assert.equal((await other.call('DELETE', `/v1/payment-links/${id}`)).status, 404)
  assert.ok(dataOf(await api.get('/v1/payment-links?limit=1')).some((one) => one['id'] === id))
})

test('the same request for a link makes one link', async () => {
  const key = { 'idempotency-key': 'one link' }
  const made = await Promise.all(
    Array.from({ length: 10 }, () => api.post('/v1/payment-links', asked, key)),
  )
  assert.equal(new Set(made.map(({ body }) => body['id'])).size, 1)
})

type Document = { paths: Readonly<Record<string, Readonly<Record<string, unknown>>>> }

test('what the document says is there, and wants a key', async () => {
  const response = await fetch(`${web.url}/v1/openapi.json`)
  const { paths } = (await response.json()) as Document
  const stranger = apiOf(web.url, 'nobody')
  let count = 0
  for (const [path, methods] of Object.entries(paths)) {
    for (const method of Object.keys(methods)) {
      const { status } = await stranger.call(method.toUpperCase(), path.replace('{id}', 'x'))
      assert.equal(status, 401, `${method} ${path}`)
      count += 1
    }
  }
  assert.ok(count >= 20)
})

test('/docs shows each route without a script', async () => {
  const { status, headers, body } = await web.get('/docs')
  assert.equal(status, 200)
  assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/)
  assert.ok(!body.includes('<script'))
  for (const text of ['/v1/payments/{id}/capture', 'sk_sandbox_600000001', 'order_already_paid']) {
    assert.ok(body.includes(text), text)
  }
})
