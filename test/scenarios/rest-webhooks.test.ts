/**
 * Merchants' servers are told of each change of a payment, whoever made it and through whichever
 * door it came: signed, again until it is taken, and never where the centre should not call.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { apiOf, dataOf, newPayment, textIn, type Api } from '../support/api.ts'
import { openWebCentre, type WebCentre } from '../support/web-centre.ts'
import { isSigned, runReceiver, type Receiver } from '../support/webhook-receiver.ts'

let web: WebCentre
let receiver: Receiver
let api: Api

before(async () => {
  web = await openWebCentre()
  receiver = await runReceiver()
  api = apiOf(web.url)
})

after(async () => {
  await receiver.close()
  await web.stop()
})

type Made = { readonly id: string; readonly secret: string; readonly path: string }

async function endpoint(path: string, events = ['*'], own = api): Promise<Made> {
  const made = await own.post('/v1/webhook-endpoints', { url: receiver.url + path, events })
  assert.equal(made.status, 201, made.text)
  return { id: textIn(made.body, 'id'), secret: textIn(made.body, 'secret'), path }
}

async function remove({ id }: Made): Promise<void> {
  assert.equal((await api.call('DELETE', `/v1/webhook-endpoints/${id}`)).body['deleted'], true)
}

async function paid(order: string, changes?: Readonly<Record<string, unknown>>): Promise<string> {
  const created = await api.post('/v1/payments', newPayment(order, changes))
  await web.payWith(new URL(textIn(created.body, 'pageUrl')).pathname)
  return textIn(created.body, 'id')
}

const manual = { capture: 'manual' }

test('each change is one event, as the payment was then, signed with the endpoint’s secret', async () => {
  const made = await endpoint('/all')
  const id = await paid('W-1', manual)
  await api.post(`/v1/payments/${id}/capture`, { amountMinor: '10000' })
  await api.post(`/v1/payments/${id}/capture`, {})
  await api.post(`/v1/payments/${id}/refunds`, { amountMinor: '24990' })
  const messages = await receiver.until('/all', 4)
  const told = messages
    .map(({ event: { type, data } }) => [
      type,
      data['status'],
      data['capturedMinor'],
      data['refundedMinor'],
    ])
    .sort((a, b) => String(a).localeCompare(String(b)))
  assert.deepEqual(told, [
    ['payment.authorized', 'authorized', '0', '0'],
    ['payment.captured', 'captured', '10000', '0'],
    ['payment.captured', 'captured', '24990', '0'],
    ['payment.refunded', 'refunded', '24990', '24990'],
  ])
  for (const message of messages) {
    assert.ok(isSigned(message, made.secret))
    assert.equal(message.headers['webhook-id'], message.event.id)
    assert.equal(message.event.data['id'], id)
    assert.equal(message.event.data['pageUrl'], null)
    const skewMs = Date.now() - Number(message.headers['webhook-timestamp']) * 1_000
    assert.ok(Math.abs(skewMs) < 60_000)
  }
  await remove(made)
})

test('declines, voids, and what the CMI gateway’s callback captures, are told too', async () => {
  const made = await endpoint('/doors', ['payment.captured', 'payment.declined', 'payment.voided'])
  await web.payWith(await web.open('W-CMI'))
  await paid('W-2', { amountMinor: '100005' })
  const id = await paid('W-3')
  await api.post(`/v1/payments/${id}/void`)
  const messages = await receiver.until('/doors', 4)
  const told = messages.map(({ event: { type, data } }) => `${String(data['order'])} ${type}`)
  assert.deepEqual(told.sort(), [
    'W-2 payment.declined',
    'W-3 payment.captured',
    'W-3 payment.voided',
    'W-CMI payment.captured',
  ])
  const declined = messages.find(({ event }) => event.type === 'payment.declined')
  assert.deepEqual((declined?.event.data['decline'] as { code: string }).code, 'do_not_honour')
  await remove(made)
})

test('500, then well again: told until it is taken, and each try is on record', async () => {
  const made = await endpoint('/heals')
  receiver.answers('/heals', (response, count) => {
    response.writeHead(count < 3 ? 500 : 204).end()
  })
  await paid('W-4')
  const messages = await receiver.until('/heals', 3)
  assert.equal(new Set(messages.map(({ headers }) => headers['webhook-id'])).size, 1)
  await sleep(200)
  const tries = dataOf(await api.get(`/v1/webhook-endpoints/${made.id}/deliveries`))
  assert.deepEqual(
    tries.map(({ tryNumber, result, httpStatus }) => [tryNumber, result, httpStatus]),
    [
      [3, 'delivered', 204],
      [2, 'http_status', 500],
      [1, 'http_status', 500],
    ],
  )
  const page = await api.get(`/v1/webhook-endpoints/${made.id}/deliveries?limit=2`)
  const rest = await api.get(
    `/v1/webhook-endpoints/${made.id}/deliveries?limit=2&after=${textIn(page.body, 'next')}`,
  )
  assert.deepEqual([...dataOf(page), ...dataOf(rest)], tries)
  await remove(made)
})

test('one that always fails is given up after its tries; a replay begins again', async () => {
  const made = await endpoint('/fails', ['payment.captured'])
  const before = web.webhookResults.length
  receiver.answers('/fails', (response, count) => {
    response.writeHead(count <= 6 ? 500 : 200).end()
  })
  await paid('W-5')
  const messages = await receiver.until('/fails', 6)
  await sleep(1_500)
  assert.equal(receiver.received('/fails').length, 6)
  const results = web.webhookResults.slice(before)
  assert.deepEqual(results, [...Array<string>(6).fill('http_status'), 'given_up'])
  const event = String(messages[0]?.event.id)
  const key = { 'idempotency-key': 'replay W-5' }
  for (let i = 0; i < 2; i++) {
    const replayed = await api.post(`/v1/events/${event}/replay`, {}, key)
    assert.deepEqual(replayed.body['endpoints'], [made.id], 'the same request is one replay')
  }
  await receiver.until('/fails', 7)
  await sleep(500)
  assert.equal(receiver.received('/fails').length, 7)
  await remove(made)
})

test('one that hangs holds up nobody else; a redirect is not followed', async () => {
  const hangs = await endpoint('/hangs')
  const redirects = await endpoint('/redirects')
  const well = await endpoint('/well')
  receiver.answers('/hangs', () => undefined)
  receiver.answers('/redirects', (response) => {
    response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end()
  })
  await Promise.all(['W-6', 'W-7', 'W-8'].map((order) => paid(order)))
  assert.equal((await receiver.until('/well', 3)).length, 3)
  await receiver.until('/redirects', 2)
  const tries = dataOf(await api.get(`/v1/webhook-endpoints/${redirects.id}/deliveries`))
  assert.ok(tries.every(({ result }) => result === 'redirect'))
  for (const made of [hangs, redirects, well]) await remove(made)
})

test('addresses inside a cloud are refused at once, and user names in an address', async () => {
  for (const url of ['http://169.254.169.254/', 'http://[fe80::1]/', 'ftp://shop.ma/', 'x']) {
    const { status, body } = await api.post('/v1/webhook-endpoints', { url, events: ['*'] })
    assert.deepEqual([status, body['code'], body['field']], [400, 'invalid_field', 'url'], url)
  }
  const named = await api.post('/v1/webhook-endpoints', {
    ...{ url: 'https://user:pass@shop.ma/', events: ['*'] },
  })
  assert.equal(named.status, 400)
  const none = await api.post('/v1/webhook-endpoints', { url: 'https://shop.ma/', events: [] })
  assert.deepEqual([none.status, none.body['field']], [400, 'events'])
})

test('a secret is shown once; after a rotation both sign, then the new one alone', async () => {
  const made = await endpoint('/rotates', ['payment.captured'])
  const read = await api.get(`/v1/webhook-endpoints/${made.id}`)
  assert.equal(read.body['secret'], undefined)
  const path = `/v1/webhook-endpoints/${made.id}/rotate-secret`
  const key = { 'idempotency-key': 'rotate once' }
  const rotated = await api.post(path, { overlapSeconds: 60 }, key)
  const fresh = textIn(rotated.body, 'secret')
  assert.equal((await api.post(path, { overlapSeconds: 60 }, key)).body['secret'], fresh)
  await paid('W-9')
  const [both] = await receiver.until('/rotates', 1)
  assert.ok(both !== undefined && isSigned(both, made.secret) && isSigned(both, fresh))
  web.advance(61_000)
  await paid('W-10')
  const last = (await receiver.until('/rotates', 2)).at(-1)
  assert.ok(last !== undefined && !isSigned(last, made.secret) && isSigned(last, fresh))
  const { rows } = await web.owner.query<{ row: string }>(
    'SELECT e::text AS row FROM webhook_endpoint e',
  )
  for (const secret of [made.secret, fresh]) {
    const hex = Buffer.from(secret).toString('hex')
    assert.ok(rows.every(({ row }) => !row.includes(secret) && !row.includes(hex)))
  }
  await remove(made)
})

test('switched off, nothing is sent; events are listed all the same, and by their site only', async () => {
  const made = await endpoint('/off')
  await api.call('PATCH', `/v1/webhook-endpoints/${made.id}`, { body: { status: 'disabled' } })
  const id = await paid('W-11', manual)
  await sleep(300)
  assert.deepEqual(receiver.received('/off'), [])
  const listed = dataOf(await api.get('/v1/events?limit=1&type=payment.authorized'))
  assert.equal((listed[0]?.['data'] as { id: string }).id, id)
  const event = String(listed[0]?.['id'])
  assert.deepEqual((await api.get(`/v1/events/${event}`)).body, listed[0])
  const other = apiOf(web.url, 'sk_sandbox_600000002')
  for (const [method, path] of [
    ['GET', `/v1/events/${event}`],
    ['POST', `/v1/events/${event}/replay`],
    ['GET', `/v1/webhook-endpoints/${made.id}`],
    ['PATCH', `/v1/webhook-endpoints/${made.id}`],
    ['DELETE', `/v1/webhook-endpoints/${made.id}`],
    ['POST', `/v1/webhook-endpoints/${made.id}/rotate-secret`],
    ['GET', `/v1/webhook-endpoints/${made.id}/deliveries`],
  ] as const) {
    assert.equal((await other.call(method, path)).status, 404, path)
  }
  assert.deepEqual(dataOf(await other.get('/v1/events')), [])
  await remove(made)
})
