/**
 * A card typed into the centre's frame becomes a token, and the merchant's server pays with it: by
 * the same rules as a card of the page, once, for its own site, for a few minutes.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { limits } from '../../src/kernel/limits.ts'
import { apiOf, newPayment, textIn, type Api } from '../support/api.ts'
import { postCard, tokenOf } from '../support/card-token.ts'
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

const noPage = (order: string, source: string, changes: object = {}) =>
  api.post('/v1/payments', {
    ...{ amountMinor: '24990', currency: 'MAD', order, source },
    ...changes,
  })

test('created and paid in one request: captured, or held where the capture is manual', async () => {
  const token = await tokenOf(web.url)
  const paid = await noPage('T-1', token, { capture: 'manual' })
  assert.deepEqual([paid.status, paid.body['status']], [201, 'authorized'], paid.text)
  assert.equal((paid.body['card'] as { masked: string }).masked, '400000***0010')
  assert.equal(paid.body['pageUrl'], null)
  const captured = await api.post(`/v1/payments/${textIn(paid.body, 'id')}/capture`)
  assert.equal(captured.body['status'], 'captured')
  const atOnce = await noPage('T-2', await tokenOf(web.url))
  assert.equal(atOnce.body['status'], 'captured')
  const again = await noPage('T-2', await tokenOf(web.url))
  assert.deepEqual([again.status, again.body['code']], [409, 'order_already_paid'])
})

test('declined: the payment says why and waits; another token, or its page, may pay it', async () => {
  const first = await noPage('T-3', await tokenOf(web.url), { amountMinor: '100051' })
  assert.deepEqual([first.status, first.body['status']], [201, 'requires_action'])
  assert.equal((first.body['decline'] as { code: string }).code, 'insufficient_funds')
  assert.ok(textIn(first.body, 'pageUrl').startsWith(`${web.url}/pay/`))
  const id = textIn(first.body, 'id')
  const source = await tokenOf(web.url)
  const second = await api.post(`/v1/payments/${id}/confirm`, { source })
  assert.deepEqual([second.status, second.body['status']], [200, 'requires_action'])
  const used = await api.post(`/v1/payments/${id}/confirm`, { source })
  assert.deepEqual(
    [used.status, used.body['code'], used.body['field']],
    [400, 'token_used', 'source'],
  )
})

test('a payment created for its page is confirmed by a token', async () => {
  const created = await api.post('/v1/payments', newPayment('T-4'))
  const id = textIn(created.body, 'id')
  const confirmed = await api.post(`/v1/payments/${id}/confirm`, { source: await tokenOf(web.url) })
  assert.equal(confirmed.body['status'], 'captured', confirmed.text)
  const again = await api.post(`/v1/payments/${id}/confirm`, { source: await tokenOf(web.url) })
  assert.equal(again.body['code'], 'order_already_paid')
})

test('fifty times the same token at once is one payment', async () => {
  const source = await tokenOf(web.url)
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_one, i) => noPage(`T-MANY-${i % 5}`, source)),
  )
  const paid = answers.filter(({ body }) => body['status'] === 'captured')
  assert.equal(paid.length, 1, answers.map(({ text }) => text).join('\n'))
  const codes = new Set(answers.flatMap(({ body }) => body['code'] ?? []))
  for (const code of codes) {
    assert.ok(
      ['token_used', 'order_processing', 'order_already_paid'].includes(String(code)),
      String(code),
    )
  }
})

test('the same request with its key is answered alike', async () => {
  const body = {
    amountMinor: '24990',
    currency: 'MAD',
    order: 'T-5',
    source: await tokenOf(web.url),
  }
  const headers = { 'idempotency-key': 'token-1' }
  const [one, two] = await Promise.all([
    api.post('/v1/payments', body, headers),
    api.post('/v1/payments', body, headers),
  ])
  assert.equal(one.body['status'], 'captured')
  assert.equal(one.text, two.text)
})

test('another site’s token, or one that never was, is unknown', async () => {
  const others = await tokenOf(web.url, {}, 'pk_sandbox_600000002')
  for (const source of [others, `tok_${'A'.repeat(24)}`]) {
    const refused = await noPage('T-6', source)
    assert.deepEqual([refused.status, refused.body['code']], [400, 'token_unknown'])
  }
  const shape = await noPage('T-6', 'card_1')
  assert.deepEqual([shape.body['code'], shape.body['field']], ['invalid_field', 'source'])
  const page = await api.post('/v1/payments', { amountMinor: '1', currency: 'MAD', order: 'T-6' })
  assert.deepEqual([page.body['code'], page.body['field']], ['missing_field', 'returnUrl'])
})

test('only a page of the centre may ask for a token', async () => {
  const elsewhere = [
    { origin: 'https://shop.example' },
    { origin: 'null' },
    { origin: web.url, 'sec-fetch-site': 'cross-site' },
    { origin: web.url, 'sec-fetch-site': 'same-site' },
  ]
  for (const headers of elsewhere) {
    const { status, body } = await postCard(web.url, {}, { headers })
    assert.deepEqual([status, body['code']], [403, 'forbidden'], JSON.stringify(headers))
  }
  for (const key of ['sk_sandbox_600000001', 'pk_sandbox_1', 'pk_', 'pk_sandbox_operator']) {
    assert.equal((await postCard(web.url, {}, { key })).status, 401, key)
  }
  const api = apiOf(web.url, 'pk_sandbox_600000001')
  assert.equal((await api.get('/v1/payments')).status, 401, 'and its key opens nothing else')
})

test('a wrong card names its field and is never quoted; no key makes a trace of it', async () => {
  const wrong = [
    [{ number: '4000000000000011' }, 'number'],
    [{ number: '' }, 'number'],
    [{ expiry: '01/13' }, 'expiry'],
    [{ cvc: '12' }, 'cvc'],
    [{ name: '<b>' }, 'name'],
  ] as const
  for (const [card, field] of wrong) {
    const { status, body } = await postCard(web.url, card)
    assert.deepEqual([status, body['code'], body['field']], [400, 'invalid_card', field])
    assert.ok(!JSON.stringify(body).includes('40000000'))
  }
  await postCard(web.url, {}, { headers: { 'idempotency-key': 'a-card' } })
  const { rows } = await web.owner.query<{ n: string }>('SELECT count(*) AS n FROM api_request')
  const before = Number(rows[0]?.n)
  await postCard(web.url, {}, { headers: { 'idempotency-key': 'a-card-2' } })
  const after = await web.owner.query<{ n: string }>('SELECT count(*) AS n FROM api_request')
  assert.equal(Number(after.rows[0]?.n), before)
})

test('a page whose time is over takes no token', async () => {
  const created = await api.post('/v1/payments', newPayment('T-7', { expiresInSeconds: 30 }))
  web.advance(31_000)
  const path = `/v1/payments/${textIn(created.body, 'id')}/confirm`
  const late = await api.post(path, { source: await tokenOf(web.url) })
  assert.deepEqual([late.status, late.body['code']], [409, 'wrong_state'])
})

test('cards are tried: the rule of the page holds here too', async () => {
  let last
  for (let i = 0; i <= limits.velocity.cardDeclinesMax; i++) {
    const source = await tokenOf(web.url, { cvc: '999', number: '5453010000066100' })
    last = await noPage(`T-V-${i}`, source)
  }
  assert.deepEqual([last?.status, last?.body['code']], [409, 'too_many_declines'])
})
