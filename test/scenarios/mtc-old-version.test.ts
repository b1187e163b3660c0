/**
 * Maroc Telecommerce version 1.9 whole, over real sockets: the merchant's server posts the order and
 * sends its customer to the address in the answer.
 */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { limits } from '../../src/kernel/limits.ts'
import { Pan } from '../../src/kernel/pan.ts'
import { says, valueOf } from '../support/merchant.ts'
import { linkIn, order19, paymentsOf, postTo, triesOf, type Changes } from '../support/mtc-shop.ts'
import { goodCard, openWebCentre, wayBackIn, type WebCentre } from '../support/web-centre.ts'

let web: WebCentre

before(async () => {
  web = await openWebCentre()
})

after(async () => {
  await web.stop()
})

async function redirected(cart: string, changes: Changes = {}): Promise<string> {
  const answer = await postTo(web, order19(web, cart, changes))
  assert.equal(answer.status, 302, answer.body)
  const location = answer.headers.get('location') ?? ''
  assert.ok(location.startsWith(`${web.url}/pay/`), location)
  return location.slice(web.url.length)
}

/** What the known module compares, as text, with what it sent. */
const compared = {
  count: '2',
  city: 'Tanger',
  StoreId: '401122',
  cardName: 'Éloïse B.',
  country: 'MA',
  qty: '1;2',
  postcode: '90000',
  email: 'e@b.ma',
}

test('paid: told with every echo that the module compares, and back by its page of thanks', async () => {
  // The known module answers its callback with a redirect.
  web.merchant.answers('OLD-1', (response) => {
    response.writeHead(302, { location: '/thanks' }).end()
  })
  const path = await redirected('OLD-1')
  const page = await web.get(path)
  assert.match(page.body, /<html lang="en"/)
  assert.match(page.body, /MAD\u00a02,051\.32/)
  const receipt = await web.payWith(path)
  const [call, ...more] = web.merchant.received('OLD-1')
  assert.ok(call !== undefined && more.length === 0)
  assert.equal(call.path, '/book-1.9')
  const back = wayBackIn(receipt.body)
  assert.equal(back.action, `${web.merchant.url}/book-1.9`)
  for (const fields of [call.fields, back.fields]) {
    for (const [name, value] of Object.entries(compared)) assert.equal(valueOf(fields, name), value)
    assert.equal(valueOf(fields, 'TotalmountTx'), '2051.32')
    assert.equal(valueOf(fields, 'paymentResult'), 'ok')
    assert.match(valueOf(fields, 'mtc_order_num') ?? '', /^[0-9]{12}$/)
  }
  assert.deepEqual(await paymentsOf(web, 'OLD-1'), [
    { state: 'captured', captured: '205132', door: 'mtc' },
  ])
  assert.deepEqual(await triesOf(web, 'OLD-1'), ['booked acknowledged'])
})

test('numbers as Python prints them are charged and echoed to the letter', async () => {
  for (const [i, [total, minor]] of [
    ['100.0', '10000'],
    ['2051.3', '205130'],
  ].entries()) {
    const cart = `PYTHON-${i}`
    await web.payWith(await redirected(cart, { TotalmountTx: total }))
    assert.equal(valueOf(web.merchant.received(cart)[0]?.fields ?? [], 'TotalmountTx'), total)
    assert.equal((await paymentsOf(web, cart))[0]?.captured, minor)
  }
})

test('a cart 0 is no cart: each is an order of its own', async () => {
  for (const path of [await redirected('0'), await redirected('0')]) {
    assert.match((await web.payWith(path)).body, /Payment approved/)
  }
  const calls = web.merchant.received('0')
  assert.equal(calls.length, 2)
  assert.notEqual(
    valueOf(calls[0]?.fields ?? [], 'mtc_order_num'),
    valueOf(calls[1]?.fields ?? [], 'mtc_order_num'),
  )
})

test('an error of the merchant’s server is asked again; a decline is told to nobody', async () => {
  web.merchant.answers('OLD-500', says('', 500))
  const waiting = await web.payWith(await redirected('OLD-500'))
  assert.match(waiting.body, /The shop is confirming your order/)
  assert.deepEqual(await triesOf(web, 'OLD-500'), ['http_status unacknowledged'])
  const path = await redirected('OLD-NO', { TotalmountTx: '1000.05' })
  assert.match((await web.payWith(path)).body, /declined the payment/)
  assert.equal(web.merchant.received('OLD-NO').length, 0)
  const given = await web.post(`${path}/cancel`, {})
  assert.equal(linkIn(given.body).href, `${web.merchant.url}/offer`)
})

test('posted again when paid: the customer’s page says so', async () => {
  await web.payWith(await redirected('OLD-TWICE'))
  const again = await web.get(await redirected('OLD-TWICE'))
  assert.equal(again.status, 409)
  assert.match(again.body, /already been paid/)
})

test('cards that are tried from one address are not held against the merchant’s server', async () => {
  const { addressDeclinedCardsMax, sandboxTimes } = limits.velocity
  for (let i = 0; i < addressDeclinedCardsMax * sandboxTimes; i++) {
    const path = await redirected(`TRIED-${i}`, { TotalmountTx: '2000000.0' })
    const declined = await payFrom('127.0.0.2', path, cardNumber(i))
    assert.match(declined, /not enough funds/, `${i}`)
  }
  const path = await redirected('TRIED-LAST')
  assert.doesNotMatch(await payFrom('127.0.0.2', path, cardNumber(999)), /Payment approved/)
  assert.match(await payFrom('127.0.0.3', path, cardNumber(999)), /Payment approved/)
})

/** A synthetic card of the national range, its check digit right. */
function cardNumber(i: number): string {
  const digits = `95040000000${String(i + 500).padStart(4, '0')}`
  for (let check = 0; check < 10; check++) {
    if (Pan.parse(`${digits}${check}`).ok) return `${digits}${check}`
  }
  throw new Error('one check digit of ten is right')
}

/** The card form, posted by a customer who has an address of their own. */
function payFrom(localAddress: string, path: string, number: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const options = { method: 'POST', localAddress, headers }
    const sent = request(`${web.url}${path}`, options, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        resolve(Buffer.concat(chunks).toString())
      })
    })
    sent.on('error', reject)
    sent.end(new URLSearchParams({ ...goodCard, number, attempt: '1' }).toString())
  })
}
