/**
 * A merchant's form to a paid order over real sockets: one charge whatever is clicked, a decline
 * that can be tried again, giving up, sessions that expire, and an order that is paid once.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { findField, matchVer3, type Field } from '../../src/wire/nestpay/index.ts'
import { valueOf } from '../support/merchant.ts'
import {
  goodCard,
  openWebCentre,
  storeKey,
  wayBackIn,
  type WebCentre,
} from '../support/web-centre.ts'

let web: WebCentre

before(async () => {
  web = await openWebCentre()
})

after(async () => {
  await web.stop()
})

const isSigned = (fields: readonly Field[]): boolean => {
  const variant = matchVer3(fields, storeKey, valueOf(fields, 'HASH') ?? '')
  return variant?.order === 'natural' && variant.escape === 'full'
}

type Paid = { state: string; amount: string; captured: string | null; attempt: number }

/** What the books of record say of an order, oldest first. */
async function paymentsOf(oid: string): Promise<readonly Paid[]> {
  const { rows } = await web.owner.query<Paid>(
    `SELECT state, amount_minor::text AS amount, captured_minor::text AS captured, attempt
     FROM reporting.payments WHERE order_reference = $1 ORDER BY attempt`,
    [oid],
  )
  return rows
}

test('paid: page, callback, capture, receipt and a signed return', async () => {
  const path = await web.open('PAID-1')
  const page = await web.get(path)
  assert.equal(page.status, 200)
  assert.match(page.body, /249,90/)
  for (const token of ['cc-number', 'cc-exp', 'cc-csc', 'cc-name']) {
    assert.equal(page.body.split(`autocomplete="${token}"`).length, 2, token)
  }
  assert.ok(Buffer.byteLength(page.body) < 20_000)
  const policy = page.headers.get('content-security-policy') ?? ''
  assert.match(
    policy,
    /^default-src 'none'; style-src 'nonce-[^']+'; script-src 'sha256-[^']+'; form-action 'self'; /,
  )
  assert.match(policy, /frame-ancestors 'none'; base-uri 'none'; report-uri \/pay\/reports; /)
  assert.equal(page.body.match(/<script/g)?.length, 1, 'one script, of ours')
  assert.equal(page.headers.get('cache-control'), 'no-store')

  const receipt = await web.payWith(path)
  assert.equal(receipt.status, 200)
  assert.doesNotMatch(receipt.body, /4000 ?0000 ?0000 ?0010/)
  const back = wayBackIn(receipt.body)
  assert.equal(back.action, `${web.merchant.url}/ok?a=1`)
  assert.ok(isSigned(back.fields))
  assert.equal(valueOf(back.fields, 'ProcReturnCode'), '00')
  assert.equal(valueOf(back.fields, 'amount'), '249.90')
  const leaving = receipt.headers.get('content-security-policy') ?? ''
  assert.match(leaving, /^default-src 'none'; style-src 'nonce-/)
  assert.match(leaving, /script-src 'sha256-[^']+';/)

  const [call, ...more] = web.merchant.received('PAID-1')
  assert.ok(call !== undefined && more.length === 0)
  assert.match(call.contentType, /^application\/x-www-form-urlencoded/)
  assert.ok(isSigned(call.fields))
  const names = call.fields.map(({ name }) => name).filter((name) => name !== 'HASH')
  assert.deepEqual([...names].sort(natural), names, 'posted in natural order')
  assert.equal(valueOf(call.fields, 'rnd'), '0.12345600 1700000000')
  assert.equal(valueOf(call.fields, 'BillToName'), 'Éloïse')
  assert.equal(valueOf(call.fields, 'MaskedPan'), '400000***0010')
  assert.match(valueOf(call.fields, 'EXTRA.TRXDATE') ?? '', /^[0-9]{8} [0-9:]{8}$/)
  assert.match(valueOf(call.fields, 'HostRefNum') ?? '', /^[0-9]{12}$/)
  assert.match(valueOf(call.fields, 'TransId') ?? '', /^[0-9A-Za-z]{1,64}$/)
  assert.deepEqual(await paymentsOf('PAID-1'), [
    { state: 'captured', amount: '24990', captured: '24990', attempt: 1 },
  ])
})

const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare

test('paid once: the page, another form and another card all say so, and nobody is called', async () => {
  const first = await web.open('PAID-2')
  const second = await web.open('PAID-2')
  await web.payWith(first)
  const again = await web.payWith(first)
  assert.equal(valueOf(wayBackIn(again.body).fields, 'ProcReturnCode'), '00')
  assert.equal(wayBackIn((await web.get(first)).body).action, `${web.merchant.url}/ok?a=1`)
  for (const page of [
    await web.get(second),
    await web.post(second, { ...goodCard, attempt: '1' }),
    await web.post(second, { ...goodCard, attempt: '2' }),
    await web.gate(web.form('PAID-2', { amount: '1.00' })),
  ]) {
    assert.equal(page.status, 409)
    assert.match(page.body, /déjà payée/)
    assert.doesNotMatch(page.body, /cc-number/)
    assert.match(page.body, /249,90/)
  }
  assert.equal(web.merchant.received('PAID-2').length, 1)
  assert.equal((await paymentsOf('PAID-2')).length, 1)
})

test('fifty posts of one card at once are one payment and one callback', async () => {
  const path = await web.open('FIFTY')
  const card = { ...goodCard, attempt: '1' }
  const answers = await Promise.all(Array.from({ length: 50 }, () => web.post(path, card)))
  const codes = new Set(
    answers.map(({ body }) => valueOf(wayBackIn(body).fields, 'HostRefNum') ?? ''),
  )
  assert.equal(codes.size, 1)
  assert.equal((await paymentsOf('FIFTY')).length, 1)
  assert.equal(web.merchant.received('FIFTY').length, 1)
})

test('fifty posts of a card that is declined are one attempt', async () => {
  const path = await web.open('FIFTY-NO', { amount: '1000.51' })
  const card = { ...goodCard, attempt: '1' }
  const answers = await Promise.all(Array.from({ length: 50 }, () => web.post(path, card)))
  for (const { body } of answers) {
    assert.match(body, /solde disponible est insuffisant/)
    assert.match(body, /name="attempt" value="2"/)
  }
  assert.equal((await paymentsOf('FIFTY-NO')).length, 1)
})

test('a decline: the reason, another try, each told to the merchant; then paid', async () => {
  const path = await web.open('RETRY', { amount: '1000.51' })
  const declined = await web.payWith(path)
  assert.match(declined.body, /solde disponible est insuffisant/)
  assert.match(declined.body, /cc-number/)
  const back = await web.post(`${path}/cancel`, {})
  const failure = wayBackIn(back.body)
  assert.equal(failure.action, `${web.merchant.url}/fail`)
  assert.equal(valueOf(failure.fields, 'ProcReturnCode'), '51')
  assert.equal(valueOf(failure.fields, 'Response'), 'Declined')
  assert.ok(isSigned(failure.fields))
  // The merchant posts the order again with a total that this bank accepts.
  const next = await web.open('RETRY', { amount: '900.00' })
  const paid = await web.payWith(next)
  assert.equal(valueOf(wayBackIn(paid.body).fields, 'amount'), '900.00')
  assert.deepEqual(
    web.merchant.received('RETRY').map(({ fields }) => valueOf(fields, 'ProcReturnCode')),
    ['51', '00'],
  )
  assert.deepEqual(
    (await paymentsOf('RETRY')).map(({ state, amount }) => [state, amount]),
    [
      ['declined', '100051'],
      ['captured', '90000'],
    ],
  )
})

test('a bank that never answers: declined, reversed, and the order may be tried again', async () => {
  const path = await web.open('SILENT', { amount: '1000.99' })
  const declined = await web.payWith(path)
  assert.match(declined.body, /pas répondu à temps/)
  assert.match(declined.body, /name="attempt" value="2"/)
  const [call] = web.merchant.received('SILENT')
  assert.ok(call !== undefined)
  assert.equal(valueOf(call.fields, 'Response'), 'Declined')
  assert.notEqual(valueOf(call.fields, 'ProcReturnCode'), '00')
})

test('two tabs with two amounts: the amount charged is the one of the tab that paid', async () => {
  const dear = await web.open('TABS', { amount: '300.00' })
  const cheap = await web.open('TABS', { amount: '200.00' })
  const card = { ...goodCard, attempt: '1' }
  const [one, other] = await Promise.all([web.post(dear, card), web.post(cheap, card)])
  const [payment, ...more] = await paymentsOf('TABS')
  assert.equal(more.length, 0)
  const winner = payment?.amount === '30000' ? one : other
  const loser = winner === one ? other : one
  const shown = valueOf(wayBackIn(winner.body).fields, 'amount')
  assert.equal(shown, payment?.amount === '30000' ? '300.00' : '200.00')
  assert.doesNotMatch(loser.body, /ProcReturnCode/)
})

test('two tabs with one amount: both get the decision', async () => {
  const [left, right] = [await web.open('PAIR'), await web.open('PAIR')]
  const card = { ...goodCard, attempt: '1' }
  const answers = await Promise.all([web.post(left, card), web.post(right, card)])
  for (const { body } of answers) assert.equal(valueOf(wayBackIn(body).fields, 'oid'), 'PAIR')
  assert.equal((await paymentsOf('PAIR')).length, 1)
})

test('a session ends by the clock; what was paid in it stays shown', async () => {
  const unpaid = await web.open('LATE', { sessionTimeout: '60' })
  const paid = await web.open('LATE-PAID', { sessionTimeout: '60' })
  await web.payWith(paid)
  web.advance(61_000)
  for (const page of [
    await web.get(unpaid),
    await web.post(unpaid, { ...goodCard, attempt: '1' }),
  ]) {
    assert.equal(page.status, 410)
    assert.match(page.body, /a expiré/)
    assert.match(page.body, new RegExp(`href="${web.merchant.url}/"`))
    assert.doesNotMatch(page.body, /cc-number/)
  }
  assert.equal((await paymentsOf('LATE')).length, 0)
  assert.equal(valueOf(wayBackIn((await web.get(paid)).body).fields, 'ProcReturnCode'), '00')
})

test('the language that the customer chooses stays with the page, to the receipt', async () => {
  const path = await web.open('LANGUAGE')
  const chosen = await web.post(`${path}/language`, { lang: 'en' })
  assert.equal(chosen.status, 303)
  assert.equal(chosen.headers.get('location'), path)
  for (const lang of ['xx', '']) await web.post(`${path}/language`, { lang })
  assert.match((await web.get(path)).body, /<html lang="en" dir="ltr">/)
  const receipt = await web.payWith(path)
  assert.match(receipt.body, /Payment approved/)
  assert.equal(valueOf(wayBackIn(receipt.body).fields, 'lang'), 'fr', 'the echo is the form’s')
  assert.equal((await web.post('/pay/nobody/language', { lang: 'ar' })).status, 303)
})

test('giving up: to the shop, or to failUrl with a signed error', async () => {
  const path = await web.open('GIVE-UP')
  const toShop = await web.post(`${path}/cancel`, {})
  assert.match(toShop.body, new RegExp(`content="0;url=${web.merchant.url}/"`))
  const without = await web.open('GIVE-UP-2', { shopurl: undefined })
  const failure = wayBackIn((await web.post(`${without}/cancel`, {})).body)
  assert.equal(failure.action, `${web.merchant.url}/fail`)
  assert.equal(valueOf(failure.fields, 'ProcReturnCode'), '99')
  assert.equal(valueOf(failure.fields, 'ErrMsg'), 'cancelled')
  assert.ok(isSigned(failure.fields))
  assert.equal((await paymentsOf('GIVE-UP')).length, 0)
})

test('wrong card fields: each told beside its field, nothing sent, nothing refilled', async () => {
  const path = await web.open('WRONG-CARD')
  const page = await web.payWith(path, {
    number: '4000000000000011',
    expiry: '12/12',
    cvc: '1',
    name: '<script>alert',
  })
  assert.equal(page.status, 422)
  for (const name of ['number', 'expiry', 'cvc', 'name']) {
    assert.match(page.body, new RegExp(`id="${name}-error"`))
    assert.match(page.body, new RegExp(`aria-describedby="[^"]*${name}-error"`))
  }
  assert.doesNotMatch(page.body, /40000000|<script>alert/)
  assert.equal((await paymentsOf('WRONG-CARD')).length, 0)
  assert.equal((await web.payWith(path)).status, 200)
})

test('an order without a reference gets one; Auth is captured at once', async () => {
  const path = await web.open('', { TranType: 'Auth', callbackUrl: undefined })
  const back = wayBackIn((await web.payWith(path)).body)
  const oid = valueOf(back.fields, 'oid') ?? ''
  assert.match(oid, /^[0-9A-Za-z]{8,64}$/)
  assert.ok(isSigned(back.fields))
  const [payment] = await paymentsOf(oid)
  assert.equal(payment?.state, 'captured')
})

test('a forged field of ours, in any spelling, never survives the echo', async () => {
  const path = await web.open('FORGED', {
    procreturncode: '00',
    EXTRA_TRXDATE: 'never',
    Response: 'Approved',
    amount: '1000.05',
  })
  await web.payWith(path)
  const [call] = web.merchant.received('FORGED')
  assert.ok(call !== undefined && isSigned(call.fields))
  assert.equal(valueOf(call.fields, 'ProcReturnCode'), '05')
  assert.equal(findField(call.fields, 'EXTRA_TRXDATE'), undefined)
  assert.equal(valueOf(call.fields, 'Response'), 'Declined')
})
