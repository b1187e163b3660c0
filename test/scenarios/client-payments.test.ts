/**
 * A merchant's server with the TypeScript client, against the centre over real sockets: each of its
 * calls, its lists, its errors, and a webhook as it is really delivered.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  Monetique,
  MonetiqueError,
  webhooks,
  WebhookVerificationError,
} from '../../clients/typescript/src/index.ts'
import { tokenOf } from '../support/card-token.ts'
import { openWebCentre, type WebCentre } from '../support/web-centre.ts'
import { runReceiver, type Receiver } from '../support/webhook-receiver.ts'

let web: WebCentre
let receiver: Receiver
let monetique: Monetique

before(async () => {
  web = await openWebCentre()
  receiver = await runReceiver()
  monetique = new Monetique('sk_sandbox_600000001', { baseUrl: web.url })
})

after(async () => {
  await receiver.close()
  await web.stop()
})

const order = (reference: string) =>
  ({ amountMinor: '24990', currency: 'MAD', order: reference }) as const

const withPage = (reference: string) => ({
  ...order(reference),
  returnUrl: 'https://shop.example/back',
})

const refused = (code: string, field?: string) => (error: unknown) => {
  assert.ok(error instanceof MonetiqueError)
  assert.equal(error.code, code)
  if (field !== undefined) assert.equal(error.field, field)
  assert.match(error.requestId ?? '', /^req_/)
  return true
}

test('a payment by its page: created, paid, captured in part, refunded, looked up', async () => {
  const created = await monetique.payments.create({ ...withPage('C-1'), capture: 'manual' })
  assert.equal(created.status, 'requires_action')
  await web.payWith(new URL(created.pageUrl ?? '').pathname)
  assert.equal((await monetique.payments.retrieve(created.id)).status, 'authorized')
  const captured = await monetique.payments.capture(created.id, { amountMinor: '10000' })
  assert.equal(captured.capturedMinor, '10000')
  const back = await monetique.refunds.create(created.id, { amountMinor: '4000' })
  assert.deepEqual([back.status, back.amountMinor], ['succeeded', '4000'])
  assert.deepEqual(await monetique.refunds.retrieve(back.id), back)
  assert.deepEqual((await monetique.refunds.list(created.id)).data, [back])
})

test('a payment by a token, and one that is undone', async () => {
  const paid = await monetique.payments.create({
    ...order('C-2'),
    source: await tokenOf(web.url),
  })
  assert.equal(paid.status, 'captured')
  assert.equal((await monetique.payments.void(paid.id)).status, 'voided')
  const waiting = await monetique.payments.create(withPage('C-3'))
  const source = await tokenOf(web.url)
  assert.equal((await monetique.payments.confirm(waiting.id, { source })).status, 'captured')
})

test('a customer, a card on file, and a charge by the merchant', async () => {
  const customer = await monetique.customers.create({ reference: 'ABONNE-7' })
  assert.deepEqual(await monetique.customers.retrieve(customer.id), customer)
  const found = await monetique.customers.list({ reference: 'ABONNE-7' })
  assert.deepEqual(found.data, [customer])
  const source = await tokenOf(web.url)
  await monetique.payments.create({
    ...order('C-KEPT'),
    source,
    customerId: customer.id,
    saveCard: true,
  })
  const [card] = (await monetique.cards.list(customer.id)).data
  assert.ok(card !== undefined)
  const next = { ...order('C-NEXT'), source: card.id, initiator: 'merchant' } as const
  const charged = await monetique.payments.create({ ...next, reason: 'recurring' })
  assert.deepEqual([charged.status, charged.initiator], ['captured', 'merchant'])
  assert.equal((await monetique.cards.remove(card.id)).status, 'removed')
  assert.equal((await monetique.cards.retrieve(card.id)).status, 'removed')
  assert.equal((await monetique.customers.delete(customer.id)).id, customer.id)
  await assert.rejects(monetique.customers.retrieve(customer.id), refused('not_found'))
})

test('a refusal is an error with its code and its field', async () => {
  await assert.rejects(monetique.payments.retrieve('pay_none'), refused('not_found'))
  await assert.rejects(
    monetique.payments.create({ ...withPage('C-4'), currency: 'EUR' }),
    refused('currency_not_allowed', 'currency'),
  )
  const stranger = new Monetique('sk_nobody', { baseUrl: web.url })
  await assert.rejects(stranger.payments.retrieve('pay_none'), refused('unauthorized'))
  assert.throws(() => new Monetique('pk_sandbox_600000001', { baseUrl: web.url }), TypeError)
})

test('the same key is the same payment', async () => {
  const again = { idempotencyKey: 'client-1' }
  const { order: _own, ...unnamed } = withPage('')
  const one = await monetique.payments.create(unnamed, again)
  const two = await monetique.payments.create(unnamed, again)
  assert.equal(one.id, two.id)
  assert.notEqual((await monetique.payments.create(unnamed)).id, one.id)
})

test('a list is a page when awaited, and every item in a loop', async () => {
  for (let i = 0; i < 5; i++) await monetique.payments.create(withPage(`C-LIST-${i}`))
  const all = await monetique.payments.list({ limit: 100 })
  const page = await monetique.payments.list({ limit: 2 })
  assert.deepEqual([page.data.length, page.next === null], [2, false])
  const ids: string[] = []
  for await (const { id } of monetique.payments.list({ limit: 2 })) ids.push(id)
  assert.deepEqual(
    ids,
    all.data.map(({ id }) => id),
  )
  await assert.rejects(
    (async () => {
      for await (const one of monetique.payments.list({ after: 'x' })) assert.fail(one.id)
    })(),
    refused('invalid_cursor'),
  )
})

test('links and their picture', async () => {
  const link = await monetique.links.create({ amountMinor: '5000', currency: 'MAD' })
  assert.equal((await monetique.links.retrieve(link.id)).url, link.url)
  assert.match(await monetique.links.qrCode(link.id), /^<svg/)
  assert.equal((await monetique.links.deactivate(link.id)).status, 'inactive')
  assert.ok((await monetique.links.list()).data.some(({ id }) => id === link.id))
})

test('a webhook as it is delivered is verified; what was changed on its way is not', async () => {
  const made = await monetique.webhookEndpoints.create({
    url: `${receiver.url}/client`,
    events: ['payment.captured'],
  })
  const paid = await monetique.payments.create({
    ...order('C-HOOK'),
    source: await tokenOf(web.url),
  })
  const [message] = await receiver.until('/client', 1)
  assert.ok(message !== undefined)
  const { headers, body } = message
  const event = await webhooks.verify(headers, body, made.secret)
  assert.deepEqual([event.type, event.data.id], ['payment.captured', paid.id])
  assert.deepEqual(await monetique.events.retrieve(event.id), event)

  const because = (code: WebhookVerificationError['code']) => (error: unknown) =>
    error instanceof WebhookVerificationError && error.code === code
  await assert.rejects(webhooks.verify(headers, `${body} `, made.secret), because('signature'))
  const other = `whsec_${Buffer.alloc(32).toString('base64')}`
  await assert.rejects(webhooks.verify(headers, body, other), because('signature'))
  const later = { now: new Date(Date.now() + 301_000) }
  await assert.rejects(webhooks.verify(headers, body, made.secret, later), because('timestamp'))
  const earlier = { now: new Date(Date.now() - 301_000) }
  await assert.rejects(webhooks.verify(headers, body, made.secret, earlier), because('timestamp'))
  const patient = { ...later, toleranceSeconds: 600 }
  assert.equal((await webhooks.verify(headers, body, made.secret, patient)).id, event.id)
  const bare = { ...headers, 'webhook-signature': undefined }
  await assert.rejects(webhooks.verify(bare, body, made.secret), because('header_missing'))

  // While the secret rotates a message carries both signatures, and either secret is enough.
  const rotated = await monetique.webhookEndpoints.rotateSecret(made.id)
  assert.notEqual(rotated.secret, made.secret)
  await monetique.events.replay(event.id, { endpoint: made.id })
  const [, second] = await receiver.until('/client', 2)
  assert.ok(second !== undefined)
  for (const secrets of [made.secret, rotated.secret, [other, rotated.secret]]) {
    const bytes = new TextEncoder().encode(second.body)
    const asWeb: Headers = new Headers(
      Object.entries(second.headers).map(([k, v]) => [k, String(v)]),
    )
    assert.equal((await webhooks.verify(asWeb, bytes, secrets)).id, event.id)
  }
  const sent = await monetique.webhookEndpoints.deliveries(made.id)
  assert.equal(sent.data.length, 2)
  const off = await monetique.webhookEndpoints.update(made.id, { status: 'disabled' })
  assert.equal(off.status, 'disabled')
  assert.equal((await monetique.webhookEndpoints.list()).data.length, 1)
  assert.equal((await monetique.webhookEndpoints.delete(made.id)).deleted, true)
})
