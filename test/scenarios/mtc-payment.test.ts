/**
 * Maroc Telecommerce version 3 over real sockets: paid when the merchant's server has booked, undone
 * at the bank and said so when it has not, and a customer who never pays twice.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '../../src/kernel/limits.ts'
import { says, valueOf } from '../support/merchant.ts'
import {
  checksum,
  linkIn,
  offer,
  openOffer,
  paymentsOf,
  postTo,
  triesOf,
} from '../support/mtc-shop.ts'
import { goodCard, openWebCentre, type WebCentre } from '../support/web-centre.ts'

let web: WebCentre
const email = 'éloïse~@b.ma'

before(async () => {
  web = await openWebCentre()
})

after(async () => {
  await web.stop()
})

/** The return's query is cart, total and the right checksum, after what the address had. */
function assertReturns(body: string, address: string, cart: string, total = '150.00'): void {
  const [, query = ''] = address.split('?')
  const link = linkIn(body)
  const expected = [
    ...new URLSearchParams(query),
    ['cartId', cart],
    ['totalAmountTx', total],
    ['checksum', checksum(address, '401121', cart, total, email)],
  ]
  assert.equal(`${link.origin}${link.pathname}`, address.split('?')[0])
  assert.deepEqual([...link.searchParams], expected)
}

test('paid: booked by the merchant, captured, and back by a signed return', async () => {
  const path = await openOffer(web, 'MTC-1')
  const page = await web.get(path)
  assert.match(page.body, /150,00/)
  assert.match(page.body, /environ <bdi>13\.50\u00a0EUR/, 'shown, not charged')
  const receipt = await web.payWith(path)
  assert.equal(receipt.status, 200)
  assert.match(receipt.body, /Paiement accepté/)
  assert.match(receipt.body, /http-equiv="refresh" content="5;url=/)
  assertReturns(receipt.body, `${web.merchant.url}/update?module=mtc`, 'MTC-1')
  const [call, ...more] = web.merchant.received('MTC-1')
  assert.ok(call !== undefined && more.length === 0)
  assert.equal(call.path, '/book?module=mtc')
  const said = (name: string): string => valueOf(call.fields, name) ?? ''
  assert.equal(said('totalAmountTx'), '150.00')
  assert.equal(said('email'), email)
  const bookUrl = `${web.merchant.url}/book?module=mtc`
  assert.equal(said('checksum'), checksum(bookUrl, '401121', 'MTC-1', '150.00', email))
  assert.match(said('orderNumber'), /^[0-9]{12}$/)
  assert.match(said('pmtSeqId'), /^[0-9]{6}$/)
  assert.match(said('approvalCode'), /^[0-9A-Z]{6}$/)
  assert.equal(said('3DSecureResult'), '0')
  assert.notEqual(said('bankName'), '')
  assert.equal(said('expirationDate'), '12/39')
  assert.equal(said('ccn'), '400000***0010')
  assert.equal(said('paymentBrandName'), 'VISA')
  assert.deepEqual(await paymentsOf(web, 'MTC-1'), [
    { state: 'captured', captured: '15000', door: 'mtc' },
  ])
  assert.deepEqual(await triesOf(web, 'MTC-1'), ['booked acknowledged'])
})

test('counted under its own affiliation', async () => {
  const { rows } = await web.owner.query<{ gateway: string; count: string }>(
    `SELECT gateway, count(*)::text AS count FROM reporting.payments WHERE order_reference = 'MTC-1' GROUP BY 1`,
  )
  assert.deepEqual(rows, [{ gateway: 'maroc-telecommerce', count: '1' }])
})

test('not booked: undone at the bank, and the customer is told the truth', async () => {
  const before = web.booksOf('atlas')
  for (const [i, body] of ['0;Null;Null;Null', ' 0;Null;Null;1\r\n'].entries()) {
    const cart = `UNBOOKED-${i}`
    web.merchant.answers(cart, says(body))
    const path = await openOffer(web, cart)
    const told = await web.payWith(path)
    assert.match(told.body, /n’a pas enregistré votre commande/)
    assert.match(told.body, /rien n’est débité/)
    assert.doesNotMatch(told.body, /http-equiv="refresh"/, 'it stays until it has been read')
    assertReturns(told.body, `${web.merchant.url}/offer`, cart)
    assert.match((await web.get(path)).body, /n’a pas enregistré/)
    assert.equal((await paymentsOf(web, cart)).length, 1)
    assert.deepEqual(await triesOf(web, cart), ['not_booked acknowledged'])
    // An order that was approved is final: posted again it says so.
    const again = await postTo(web, offer(web, cart))
    assert.equal(again.status, 409)
    await becomes(cart, 'reversed')
  }
  assert.deepEqual(web.booksOf('atlas').accounts, before.accounts)
})

test(
  'another cart in the answer, nonsense and errors are asked again',
  { timeout: 60_000 },
  async () => {
    const bad = {
      other_text: says('1;SOMEBODY-ELSE;20130915;2'),
      empty: says(''),
      http_status: says('1;AGAIN-http_status;20130915;2', 500),
      redirect: says('1;AGAIN-redirect;20130915;2', 302),
    }
    await Promise.all(
      Object.entries(bad).map(async ([kind, answer]) => {
        const cart = `AGAIN-${kind}`
        web.merchant.answers(cart, (response, count) => {
          if (count === 1) answer(response, count)
          else says(`1;${cart};20130915;2`)(response, count)
        })
        const path = await openOffer(web, cart)
        const waiting = await web.payWith(path)
        assert.match(waiting.body, /Paiement accepté/)
        assert.match(waiting.body, /confirme votre commande/)
        assert.match(waiting.body, /http-equiv="refresh" content="3"/)
        assert.doesNotMatch(waiting.body, /update/)
        await becomes(cart, 'captured')
        assert.deepEqual(await triesOf(web, cart), [
          `${kind} unacknowledged`,
          'booked acknowledged',
        ])
        assertReturns((await web.get(path)).body, `${web.merchant.url}/update?module=mtc`, cart)
      }),
    )
  },
)

test('a silent bookURL: paid and being confirmed, then healed', { timeout: 90_000 }, async () => {
  web.merchant.answers('SILENT', (response, count) => {
    if (count > 1) says('1;SILENT;20130915;1')(response, count)
  })
  const path = await openOffer(web, 'SILENT')
  const startedMs = performance.now()
  const waiting = await web.payWith(path)
  const waitedMs = performance.now() - startedMs
  assert.ok(waitedMs < limits.callbackFirstAnswerMs + 3_000, `${waitedMs} ms`)
  assert.match(waiting.body, /confirme votre commande/)
  assert.match((await web.post(`${path}/cancel`, {})).body, /confirme votre commande/)
  await becomes('SILENT', 'captured')
  assert.match((await web.get(path)).body, /Votre banque a accepté le paiement\.\s*<\/p>/)
})

test('never an answer: undone after the last try', { timeout: 60_000 }, async () => {
  web.merchant.answers('NEVER', says('<html>', 503))
  const path = await openOffer(web, 'NEVER')
  await web.payWith(path)
  // As if all tries but one were over: the next is the last.
  await web.owner.query(
    `INSERT INTO callback_delivery SELECT shard_key, site_id, reference, attempt, n, payment_id,
       sent_at, duration_ms, url_host, http_status, answer, excerpt, outcome
     FROM callback_delivery, generate_series(2, $2::int) n WHERE reference = $1`,
    ['NEVER', limits.callbackTriesMax - 1],
  )
  await becomes('NEVER', 'reversed')
  assert.match((await web.get(path)).body, /n’a pas enregistré votre commande/)
  const calls = web.merchant.received('NEVER').length
  assert.equal(calls, 2)
})

test('a decline is told to nobody but the customer, who may try again', async () => {
  const path = await openOffer(web, 'RETRY', { totalAmountTx: '1000.51' })
  const declined = await web.payWith(path)
  assert.match(declined.body, /solde disponible est insuffisant/)
  assert.match(declined.body, /cc-number/)
  assert.equal(web.merchant.received('RETRY').length, 0)
  const given = await web.post(`${path}/cancel`, {})
  assertReturns(given.body, `${web.merchant.url}/offer`, 'RETRY', '1000.51')
  const next = await openOffer(web, 'RETRY', { totalAmountTx: '900' })
  const paid = await web.payWith(next)
  assertReturns(paid.body, `${web.merchant.url}/update?module=mtc`, 'RETRY', '900')
  const states = (await paymentsOf(web, 'RETRY')).map(({ state }) => state)
  assert.deepEqual(states, ['declined', 'captured'])
})

test('given up: to offerURL at once, signed; without one to the registered site', async () => {
  const path = await openOffer(web, 'GIVE-UP', { offerURL: `${web.merchant.url}/o?a=1#cart` })
  const back = await web.post(`${path}/cancel`, {})
  const link = linkIn(back.body)
  assert.equal(link.hash, '#cart')
  assert.equal(link.searchParams.get('a'), '1')
  const prefix = `${web.merchant.url}/o?a=1#cart`
  const expected = checksum(prefix, '401121', 'GIVE-UP', '150.00', email)
  assert.equal(link.searchParams.get('checksum'), expected)
  assert.match(back.body, /content="0;url=/)
  const without = await openOffer(web, 'GIVE-UP-2', { offerURL: undefined })
  assert.equal(
    linkIn((await web.post(`${without}/cancel`, {})).body).href,
    'http://127.0.0.1:8081/',
  )
})

test('giving up never makes the proof of a payment', async () => {
  await web.payWith(await openOffer(web, 'HONEST'))
  for (const [i, offerURL] of [
    `${web.merchant.url}/book?module=mtc`,
    ` ${web.merchant.url}/book?module=mtc`,
  ].entries()) {
    const path = await openOffer(web, `SLY-${i}`, { offerURL })
    const link = linkIn((await web.post(`${path}/cancel`, {})).body)
    assert.equal(link.href, `${web.merchant.url}/book?module=mtc`, 'no checksum of that prefix')
  }
  const numbered = { bookURL: `${web.merchant.url}/book/12`, updateURL: `${web.merchant.url}/u` }
  await web.payWith(await openOffer(web, 'HONEST-2', numbered))
  const coded = { bookURL: `${web.merchant.url}/book?sor=Zm9v&m=book` }
  await web.payWith(await openOffer(web, 'HONEST-3', coded))
  for (const [i, [page, signed]] of (
    [
      ['book/345', false],
      ['book?sor=YmFy&m=book', false],
      ['book?m=book&sor=x1', false],
      ['book?sor=YmFy&m=offer', true],
      ['offer', true],
    ] as const
  ).entries()) {
    const offerURL = `${web.merchant.url}/${page}`
    const path = await openOffer(web, `SLY-${i + 2}`, { offerURL })
    const link = linkIn((await web.post(`${path}/cancel`, {})).body)
    assert.equal(link.searchParams.has('checksum'), signed, page)
  }
})

test('no bookURL: captured at approval, nobody asked', async () => {
  const path = await openOffer(web, 'UNASKED', { bookURL: undefined, langue: 'AR' })
  const page = await web.get(path)
  assert.match(page.body, /<html lang="ar" dir="rtl">/)
  const receipt = await web.payWith(path)
  assertReturns(receipt.body, `${web.merchant.url}/update?module=mtc`, 'UNASKED')
  assert.deepEqual(await paymentsOf(web, 'UNASKED'), [
    { state: 'captured', captured: '15000', door: 'mtc' },
  ])
  assert.equal(web.merchant.received('UNASKED').length, 0)
})

test('fifty posts, two tabs and the back button are one payment and one call', async () => {
  const [left, right] = [await openOffer(web, 'FIFTY'), await openOffer(web, 'FIFTY')]
  const card = { ...goodCard, attempt: '1' }
  const posts = Array.from({ length: 50 }, (_, i) => web.post(i % 2 === 0 ? left : right, card))
  // Whoever comes while the merchant is still being asked is told that it is paid, and waits.
  for (const { body } of await Promise.all(posts)) {
    assert.match(body, /Paiement accepté|Commande déjà payée/)
    assert.doesNotMatch(body, /cc-number/)
  }
  await web.post(left, card)
  await web.post(right, { ...card, attempt: '2' })
  const pages = await Promise.all([web.get(left), web.get(right)])
  assert.equal(pages.filter(({ body }) => body.includes('Commande déjà payée')).length, 1)
  const back = pages.find(({ body }) => body.includes('Paiement accepté'))
  assertReturns(back?.body ?? '', `${web.merchant.url}/update?module=mtc`, 'FIFTY')
  assert.equal((await paymentsOf(web, 'FIFTY')).length, 1)
  assert.equal(web.merchant.received('FIFTY').length, 1)
})

async function becomes(cart: string, state: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 40_000; waitedMs += 100) {
    if ((await paymentsOf(web, cart)).at(-1)?.state === state) return
    await sleep(100)
  }
  assert.fail(`${cart} is ${String((await paymentsOf(web, cart)).at(-1)?.state)}, not ${state}`)
}
