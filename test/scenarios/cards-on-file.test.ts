/**
 * A customer lets a site keep a card, with a first payment on the page or by a token; later the site
 * charges it alone, or the customer confirms it with its code. The bank is told which of these it is,
 * and by which payment its cardholder agreed.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { limits } from '../../src/kernel/limits.ts'
import { apiOf, newPayment, textIn, type Api } from '../support/api.ts'
import { tokenOf } from '../support/card-token.ts'
import { byMerchant, cardsOf, keptCard, newCustomer, pays } from '../support/cards-on-file.ts'
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

type Told = {
  readonly entry_mode: string
  readonly condition_code: string
  readonly eci: string | null
  readonly on_file: string | null
  readonly first_reference: string | null
  readonly rrn: string
  readonly response_code: string
}

/** What the bank was told of an order's only payment, and said. */
async function toldOf(order: string): Promise<Told> {
  const { rows } = await web.owner.query<Told>(
    `SELECT entry_mode, condition_code, eci, on_file, first_reference, rrn, response_code
     FROM payment WHERE order_reference = $1`,
    [order],
  )
  assert.equal(rows.length, 1, order)
  return rows[0] as Told
}

const codeOf = ({ body }: { readonly body: Readonly<Record<string, unknown>> }): unknown =>
  body['code']

test('kept by a token, charged by the merchant: the bank knows both and the first reference', async () => {
  const { customerId, card } = await keptCard(api, 'F-1', await tokenOf(web.url))
  const [kept] = await cardsOf(api, customerId)
  assert.deepEqual(
    [kept?.['status'], kept?.['masked'], kept?.['brand'], kept?.['expYear']],
    ['active', '400000***0010', 'visa', 2039],
  )
  const first = await toldOf('F-1')
  assert.deepEqual(
    [first.entry_mode, first.condition_code, first.eci, first.on_file, first.first_reference],
    ['812', '59', '07', 'first', null],
  )
  for (const reason of ['recurring', 'unscheduled', 'instalment']) {
    const order = `F-1-${reason}`
    const paid = await pays(api, order, byMerchant(card, reason))
    assert.deepEqual([paid.status, paid.body['status']], [201, 'captured'], paid.text)
    assert.deepEqual(
      [paid.body['initiator'], paid.body['customerId'], paid.body['pageUrl']],
      ['merchant', customerId, null],
    )
    const told = await toldOf(order)
    assert.deepEqual(
      [told.entry_mode, told.condition_code, told.eci, told.on_file, told.first_reference],
      ['102', '01', null, reason, first.rrn],
    )
  }
  const ordinary = await pays(api, 'F-1-plain', { source: await tokenOf(web.url) })
  assert.equal(ordinary.body['initiator'], 'customer')
  assert.equal((await toldOf('F-1-plain')).on_file, null)
})

test('kept by the page, which says so in each language before anything is paid', async () => {
  const customerId = await newCustomer(api)
  const created = await api.post(
    '/v1/payments',
    newPayment('F-2', { customerId, saveCard: true, capture: 'manual' }),
  )
  const page = textIn(created.body, 'pageUrl').slice(web.url.length)
  const says = { fr: 'En payant, vous acceptez', en: 'By paying, you agree', ar: 'بأدائكم توافقون' }
  for (const [lang, sentence] of Object.entries(says)) {
    await web.post(`${page}/language`, { lang })
    assert.ok((await web.get(page)).body.includes(sentence), lang)
  }
  assert.deepEqual(await cardsOf(api, customerId), [])
  await web.payWith(page)
  const [card] = await cardsOf(api, customerId)
  const paid = await pays(api, 'F-2-next', byMerchant(textIn(card ?? {}, 'id')))
  assert.equal(paid.body['status'], 'captured', paid.text)
  const plain = await api.post('/v1/payments', newPayment('F-2-plain', { customerId }))
  const other = textIn(plain.body, 'pageUrl').slice(web.url.length)
  assert.ok(!(await web.get(other)).body.includes('vous acceptez'))
  await web.payWith(other, { number: '5453010000066100' })
  assert.equal((await cardsOf(api, customerId)).length, 1, 'nobody asked to keep this one')
})

test('the customer confirms a kept card by its code, or pays with another', async () => {
  const { card } = await keptCard(api, 'F-3', await tokenOf(web.url))
  const asked = { source: card, initiator: 'customer' }
  const missing = await pays(api, 'F-3-page', asked)
  assert.deepEqual([codeOf(missing), missing.body['field']], ['missing_field', 'returnUrl'])
  const created = await api.post('/v1/payments', newPayment('F-3-page', asked))
  assert.equal(created.body['status'], 'requires_action', created.text)
  const page = textIn(created.body, 'pageUrl').slice(web.url.length)
  const shown = (await web.get(page)).body
  assert.ok(shown.includes('400000***0010') && !shown.includes('name="number"'))
  const wrong = await web.post(page, { attempt: '1', kept: 'yes', cvc: '12' })
  assert.equal(wrong.status, 422)
  assert.ok(wrong.body.includes('aria-invalid="true"') && !wrong.body.includes('name="number"'))
  await web.post(page, { attempt: '1', kept: 'yes', cvc: '999' })
  assert.equal((await toldOf('F-3-page')).response_code, '82')
  await web.post(page, { attempt: '2', kept: 'yes', cvc: '000' })
  const paid = await api.get(`/v1/payments/${textIn(created.body, 'id')}`)
  assert.deepEqual([paid.body['status'], paid.body['initiator']], ['captured', 'customer'])
  const { rows } = await web.owner.query<Told>(
    `SELECT entry_mode, condition_code, eci, on_file, first_reference FROM payment
     WHERE order_reference = 'F-3-page' AND attempt = 2`,
  )
  const { rrn } = await toldOf('F-3')
  assert.deepEqual(Object.values(rows[0] ?? {}), ['102', '59', '07', 'customer', rrn])

  const again = await api.post('/v1/payments', newPayment('F-3-other', asked))
  const second = textIn(again.body, 'pageUrl').slice(web.url.length)
  assert.ok((await web.get(`${second}?another`)).body.includes('name="number"'))
  await web.payWith(second, { number: '5453010000066100' })
  assert.deepEqual(await toldOf('F-3-other').then((told) => told.on_file), null)
})

test('the same card again is one card; another site sees neither it nor its customer', async () => {
  const { customerId, card } = await keptCard(api, 'F-4', await tokenOf(web.url))
  const source = await tokenOf(web.url, { expiry: '12/40' })
  await pays(api, 'F-4-again', { source, customerId, saveCard: true })
  const cards = await cardsOf(api, customerId)
  assert.deepEqual(
    cards.map(({ id, expYear }) => [id, expYear]),
    [[card, 2040]],
  )
  const stranger = apiOf(web.url, 'sk_sandbox_600000002')
  const paths = [`/v1/customers/${customerId}`, `/v1/customers/${customerId}/cards`]
  for (const path of [...paths, `/v1/cards/${card}`]) {
    assert.equal((await stranger.get(path)).status, 404, path)
  }
  assert.equal((await stranger.call('DELETE', `/v1/cards/${card}`)).status, 404)
  assert.equal((await stranger.call('DELETE', `/v1/customers/${customerId}`)).status, 404)
  const charged = await pays(stranger, 'F-4-theirs', byMerchant(card))
  assert.deepEqual([charged.status, codeOf(charged)], [400, 'card_unknown'])
  const named = await pays(stranger, 'F-4-named', { source, customerId, saveCard: true })
  assert.deepEqual([named.status, codeOf(named)], [400, 'customer_unknown'])
  const others = await newCustomer(api)
  const mixed = await pays(api, 'F-4-mixed', { ...byMerchant(card), customerId: others })
  assert.equal(codeOf(mixed), 'card_unknown')
})

test('removed by itself, with its customer, or past its month: a clear refusal, no bank asked', async () => {
  const one = await keptCard(api, 'F-5', await tokenOf(web.url))
  const removed = await api.call('DELETE', `/v1/cards/${one.card}`)
  assert.deepEqual([removed.status, removed.body['status']], [200, 'removed'])
  assert.equal((await api.call('DELETE', `/v1/cards/${one.card}`)).status, 200)
  assert.deepEqual(await cardsOf(api, one.customerId), [])
  const two = await keptCard(api, 'F-6', await tokenOf(web.url))
  const deleted = await api.call('DELETE', `/v1/customers/${two.customerId}`)
  assert.deepEqual([deleted.status, deleted.body['deleted']], [200, true])
  assert.equal((await api.get(`/v1/customers/${two.customerId}`)).status, 404)
  for (const { card } of [one, two]) {
    const charged = await pays(api, 'F-5-late', byMerchant(card))
    assert.deepEqual([charged.status, codeOf(charged)], [409, 'card_removed'])
  }
  const left = await web.owner.query(
    `SELECT 1 FROM card_on_file WHERE removed_at IS NOT NULL AND card_token IS NOT NULL
     UNION ALL SELECT 1 FROM customer WHERE deleted_at IS NOT NULL AND name IS NOT NULL`,
  )
  assert.equal(left.rows.length, 0)
  const three = await keptCard(api, 'F-7', await tokenOf(web.url))
  await web.owner.query(
    `/* scatter: test */ UPDATE card_on_file SET card_expiry = '1308' WHERE first_payment = $1`,
    [(await cardsOf(api, three.customerId))[0]?.['firstPayment']],
  )
  assert.equal((await api.get(`/v1/cards/${three.card}`)).body['status'], 'expired')
  const charged = await pays(api, 'F-7-late', byMerchant(three.card))
  assert.deepEqual([charged.status, codeOf(charged)], [409, 'card_expired'])
  const none = await web.owner.query(
    `SELECT 1 FROM payment WHERE order_reference IN ('F-5-late', 'F-7-late')`,
  )
  assert.equal(none.rows.length, 0)
})

test('a first payment that its bank declines keeps nothing', async () => {
  const customerId = await newCustomer(api)
  const source = await tokenOf(web.url)
  const body = { source, customerId, saveCard: true, amountMinor: '100051' }
  const declined = await pays(api, 'F-8', body)
  assert.equal(declined.body['status'], 'requires_action', declined.text)
  assert.deepEqual(await cardsOf(api, customerId), [])
})

test('the same Idempotency-Key charges once; a declined charge may be made again', async () => {
  const { card } = await keptCard(api, 'F-9', await tokenOf(web.url))
  const body = { amountMinor: '5000', currency: 'MAD', ...byMerchant(card) }
  const key = { 'idempotency-key': 'renewal-1' }
  const answers = await Promise.all([1, 2, 3].map(() => api.post('/v1/payments', body, key)))
  assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
  assert.equal(answers[0]?.body['status'], 'captured')
  const { rows } = await web.owner.query<{ n: string }>(
    `SELECT count(*) AS n FROM payment WHERE order_reference = $1`,
    [answers[0]?.body['order']],
  )
  assert.equal(Number(rows[0]?.n), 1)
  const declined = await pays(api, 'F-9-low', { ...byMerchant(card), amountMinor: '100051' })
  assert.equal((declined.body['decline'] as { code: string }).code, 'insufficient_funds')
  const retried = await pays(api, 'F-9-low', byMerchant(card))
  assert.equal(retried.body['status'], 'captured', retried.text)
})

test('a made-up first reference is refused by the bank', async () => {
  const { customerId, card } = await keptCard(api, 'F-10', await tokenOf(web.url))
  await web.owner.query(
    `/* scatter: test */ UPDATE card_on_file SET first_reference = '999999999999'
     WHERE first_payment = $1`,
    [(await cardsOf(api, customerId))[0]?.['firstPayment']],
  )
  const refused = await pays(api, 'F-10-next', byMerchant(card))
  assert.equal(refused.body['status'], 'requires_action', refused.text)
  assert.equal((await toldOf('F-10-next')).response_code, '25')
})

test('a night of declined renewals turns nobody else away; one card is not tried for ever', async () => {
  const number = '5453010000066100'
  const { card } = await keptCard(api, 'F-12', await tokenOf(web.url, { number }))
  // More than the card has: a decline that no amount of the sandbox asks for.
  const low = { ...byMerchant(card), amountMinor: '200000000' }
  const answers = []
  for (let i = 0; i <= limits.velocity.cardDeclinesMax; i++) {
    answers.push(await pays(api, `F-12-${i}`, low))
  }
  assert.deepEqual(answers.slice(0, -1).map(codeOf).filter(Boolean), [])
  assert.equal(codeOf(answers.at(-1) ?? answers[0] ?? { body: {} }), 'too_many_declines')
  const { rows } = await web.owner.query<{ n: string }>(
    `SELECT count(*) AS n FROM payment WHERE order_reference LIKE 'F-12-%'`,
  )
  assert.equal(Number(rows[0]?.n), limits.velocity.cardDeclinesMax)
  const visitor = await pays(api, 'F-12-visitor', { source: await tokenOf(web.url) })
  assert.equal(visitor.body['status'], 'captured', visitor.text)
})

test('what does not fit together names its field', async () => {
  const { card } = await keptCard(api, 'F-11', await tokenOf(web.url))
  const source = await tokenOf(web.url)
  const wrong = [
    [{ source, saveCard: true }, 'missing_field', 'customerId'],
    [{ source: card }, 'missing_field', 'initiator'],
    [{ source: card, initiator: 'merchant' }, 'missing_field', 'reason'],
    [{ source: card, initiator: 'customer', reason: 'recurring' }, 'invalid_field', 'reason'],
    [{ source, initiator: 'merchant', reason: 'recurring' }, 'invalid_field', 'initiator'],
    [{ ...byMerchant(card), saveCard: true }, 'invalid_field', 'saveCard'],
    [{ source: card, initiator: 'bank' }, 'invalid_field', 'initiator'],
    [{ ...byMerchant(`card_${'0'.repeat(32)}`) }, 'card_unknown', 'source'],
  ] as const
  for (const [body, code, field] of wrong) {
    const refused = await pays(api, 'F-11-wrong', body)
    assert.deepEqual([codeOf(refused), refused.body['field']], [code, field], refused.text)
  }
})
