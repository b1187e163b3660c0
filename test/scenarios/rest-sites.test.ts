/** A merchant joins over the API: a site with its keys, paid by each of its doors at once. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { checksumOf } from '../../src/wire/maroc-telecommerce/index.ts'
import { encodeForm, field, signFields } from '../../src/wire/nestpay/index.ts'
import { apiOf, dataOf, newPayment, textIn, type Api } from '../support/api.ts'
import { cc5, postCc5 } from '../support/cc5.ts'
import { launch, makePlace, until, type Launched, type Place } from '../support/launched.ts'

let place: Place
let launched: Launched
let url: string
let operator: Api

before(async () => {
  place = await makePlace()
  launched = launch(place, { command: ['node', 'scripts/start.mjs'] })
  await launched.says('ready http')
  url = `http://127.0.0.1:${place.httpPort}`
  operator = apiOf(url, 'sk_sandbox_operator')
})

after(async () => {
  launched.process.kill('SIGTERM')
  await launched.exited()
  await place.remove()
})

const shop = { name: 'Épicerie des Consuls', sector: 'retail', url: 'http://127.0.0.1/shop' }
const headers = { 'content-type': 'application/x-www-form-urlencoded' }

/** The receipt of an approval. */
async function payPage(page: string): Promise<string> {
  const body = 'attempt=1&number=4000000000000010&expiry=12%2F39&cvc=000'
  const paid = await fetch(new URL(page, url), { method: 'POST', headers, body })
  assert.equal(paid.status, 200)
  const receipt = await paid.text()
  assert.match(receipt, /Autorisation/)
  return receipt
}

/** A form of the CMI gateway, signed with this key: the page it opened, or null. */
async function cmiForm(site: string, storeKey: string, oid: string): Promise<string | null> {
  const values = {
    clientid: site,
    storetype: '3D_PAY_HOSTING',
    TranType: 'Auth',
    amount: '12.50',
    currency: '504',
    oid,
    okUrl: 'http://127.0.0.1/ok',
    failUrl: 'http://127.0.0.1/fail',
    rnd: oid,
    hashAlgorithm: 'ver3',
    lang: 'fr',
  }
  const fields = Object.entries(values).map(([name, value]) => field(name, value))
  const opened = await fetch(`${url}/fim/est3Dgate`, {
    method: 'POST',
    redirect: 'manual',
    headers,
    body: encodeForm(signFields(fields, storeKey)),
  })
  return opened.headers.get('location')
}

test('made by the API, paid by a form, by REST and by CC5, at once', async () => {
  const made = await operator.post('/v1/sites', shop, { 'idempotency-key': 'join-1' })
  assert.equal(made.status, 201, made.text)
  const [site, storeKey] = [textIn(made.body, 'id'), textIn(made.body, 'storeKey')]
  assert.equal(textIn(made.body, 'gatewayUrl'), `${url}/fim/est3Dgate`)
  const again = await operator.post('/v1/sites', shop, { 'idempotency-key': 'join-1' })
  assert.equal(again.text, made.text, 'the same request made one site')

  const page = await cmiForm(site, storeKey, 'FORM-1')
  assert.ok(page !== null)
  await payPage(page)

  const own = apiOf(url, textIn(made.body, 'apiKey'))
  const payment = await own.post('/v1/payments', newPayment('REST-1'))
  assert.equal(payment.status, 201, payment.text)
  await payPage(textIn(payment.body, 'pageUrl'))
  const paid = await own.get(`/v1/payments/${textIn(payment.body, 'id')}`)
  assert.equal(paid.body['status'], 'captured')
  const published = await apiOf(url, `sk_sandbox_${site}`).get(`/v1/sites/${site}`)
  assert.equal(published.status, 200, 'the sandbox’s own key works for it too')

  const { name, password } = made.body['apiUser'] as { name: string; password: string }
  const asked = { Name: name, ClientId: site, OrderId: 'FORM-1', Extra: { ORDERSTATUS: 'QUERY' } }
  const status = await postCc5(url, cc5({ ...asked, Password: password }))
  assert.equal(status.of('Response'), 'Approved', status.body)
  const wrong = await postCc5(url, cc5({ ...asked, Password: 'sandbox-api' }))
  assert.notEqual(wrong.of('Response'), 'Approved')
})

test('keys rotate with an overlap, a store key and an API key', async () => {
  const made = await operator.post('/v1/sites', shop)
  const [site, first] = [textIn(made.body, 'id'), textIn(made.body, 'storeKey')]
  const rotate = (body: object, key: string) =>
    operator.post(`/v1/sites/${site}/rotate-key`, body, { 'idempotency-key': key })
  const second = await rotate({ key: 'store', overlapSeconds: 60 }, 'rotate-1')
  assert.equal(second.status, 200, second.text)
  assert.equal((await rotate({ key: 'store', overlapSeconds: 60 }, 'rotate-1')).text, second.text)
  assert.ok((await cmiForm(site, textIn(second.body, 'value'), 'A')) !== null)
  assert.ok((await cmiForm(site, first, 'B')) !== null, 'the key before, within its overlap')
  const third = await rotate({ key: 'store', overlapSeconds: 0 }, 'rotate-2')
  assert.ok((await cmiForm(site, textIn(third.body, 'value'), 'C')) !== null)
  assert.equal(await cmiForm(site, textIn(second.body, 'value'), 'D'), null, 'its overlap is over')

  const key = await rotate({ key: 'api', overlapSeconds: 0 }, 'rotate-3')
  const own = await apiOf(url, textIn(key.body, 'value')).get(`/v1/sites/${site}`)
  assert.equal(own.status, 200)
  const ended = await apiOf(url, textIn(made.body, 'apiKey')).get(`/v1/sites/${site}`)
  assert.equal(ended.status, 401)
})

test('the password of /fim/api rotates with an overlap', async () => {
  const made = await operator.post('/v1/sites', shop)
  const site = textIn(made.body, 'id')
  const first = made.body['apiUser'] as { name: string; password: string }
  const isRight = async (Password: string): Promise<boolean> => {
    const asked = { Name: first.name, ClientId: site, OrderId: 'NONE', Password }
    const { body } = await postCc5(url, cc5({ ...asked, Extra: { ORDERSTATUS: 'QUERY' } }))
    return !body.includes('CORE-1003')
  }
  const rotate = async (overlapSeconds: number, key: string): Promise<string> => {
    const body = { key: 'api_password', overlapSeconds }
    const headers = { 'idempotency-key': key }
    const rotated = await operator.post(`/v1/sites/${site}/rotate-key`, body, headers)
    assert.deepEqual([rotated.status, rotated.body['key']], [200, 'api_password'], rotated.text)
    return textIn(rotated.body, 'value')
  }
  const second = await rotate(60, 'password-1')
  assert.equal(await rotate(60, 'password-1'), second, 'the same request')
  assert.deepEqual([await isRight(second), await isRight(first.password)], [true, true])
  const third = await rotate(0, 'password-2')
  assert.deepEqual([await isRight(third), await isRight(second)], [true, false])

  const mtc = await operator.post('/v1/sites', { ...shop, gateway: 'maroc-telecommerce' })
  const body = { key: 'api_password' }
  const none = await operator.post(`/v1/sites/${textIn(mtc.body, 'id')}/rotate-key`, body)
  assert.deepEqual([none.status, none.body['field']], [400, 'key'])
  const inFiles = await operator.post('/v1/sites/600000001/rotate-key', body)
  assert.equal(inFiles.body['code'], 'key_in_data_files')
})

test('a Maroc Telecommerce site is answered with the key that it signs with', async () => {
  const gateway = 'maroc-telecommerce'
  const made = await operator.post('/v1/sites', { ...shop, gateway })
  const [site, first] = [textIn(made.body, 'id'), textIn(made.body, 'storeKey')]
  assert.equal(made.body['apiUser'], null)
  const rotated = await operator.post(`/v1/sites/${site}/rotate-key`, { key: 'store' })
  const sign = (address: string, cart: string, secret: string): string => {
    const values = [site, cart, '150.00', 'a@b.ma'].map((value) => Buffer.from(value))
    return checksumOf(Buffer.from(address), { values, secret })
  }
  const door = `${url}/prod/gateway/pay.asp`
  const updateURL = 'http://127.0.0.1/update'
  const open = async (cart: string, secret: string): Promise<string | null> => {
    const posted = { storeId: site, cartId: cart, totalAmountTx: '150.00', email: 'a@b.ma' }
    const body = new URLSearchParams({
      ...posted,
      langue: 'FR',
      updateURL,
      checksum: sign(door, cart, secret),
    })
    const opened = await fetch(door, { method: 'POST', redirect: 'manual', body })
    return opened.headers.get('location')
  }
  for (const [cart, secret] of [
    ['NEW-1', textIn(rotated.body, 'value')],
    ['OLD-1', first],
  ] as const) {
    const page = await open(cart, secret)
    assert.ok(page !== null, cart)
    const receipt = await payPage(page)
    assert.ok(receipt.includes(`checksum=${sign(updateURL, cart, secret)}`), receipt)
  }
  assert.equal(await open('WRONG-1', 'another'), null)
})

test('a site sees itself only, lists have pages, and what is wrong is named', async () => {
  const own = apiOf(url)
  assert.equal((await own.get('/v1/sites/600000001')).body['name'] !== undefined, true)
  assert.equal((await own.get('/v1/sites/600000002')).status, 404)
  assert.equal((await own.get('/v1/sites')).status, 403)
  assert.equal((await own.post('/v1/sites', shop)).status, 403)
  const ids: unknown[] = []
  let after = ''
  for (;;) {
    const page = await operator.get(`/v1/sites?limit=4${after}`)
    ids.push(...dataOf(page).map(({ id }) => id))
    const next = (page.body as { next?: string | null }).next
    if (next === null || next === undefined) break
    after = `&after=${next}`
  }
  assert.equal(new Set(ids).size, ids.length)
  assert.ok(ids.includes('600000007') && ids.includes('600001000'))
  for (const [body, field] of [
    [{ sector: 'retail' }, 'name'],
    [{ ...shop, sector: 'shops' }, 'sector'],
    [{ ...shop, acquirer: 'nobody' }, 'acquirer'],
    [{ ...shop, currency: 'XYZ' }, 'currency'],
    [{ ...shop, url: 'http://[' }, 'url'],
    [{ ...shop, holdHours: 10_000 }, 'holdHours'],
    [{ ...shop, shop: '1' }, 'shop'],
  ] as const) {
    const refused = await operator.post('/v1/sites', body)
    assert.equal(refused.status, 400, refused.text)
    assert.equal(refused.body['field'], field)
  }
  const inFiles = await operator.post('/v1/sites/600000001/rotate-key', { key: 'store' })
  assert.equal(inFiles.body['code'], 'key_in_data_files')
})

test('the audit trail tells who did it, and holds no card and no key', async () => {
  assert.equal((await apiOf(url, 'sk_nobody').get('/v1/sites')).status, 401)
  const wanted = [
    'key sk_sandbox_operator made',
    'key sk_sandbox_operator rotated',
    'api_request sk_sandbox_operator 201',
    'api_request sk_sandbox_600000001 403',
    'api_request sk_sandbox_600000001 404',
    'api_request unknown 401',
    'cc5_request unknown wrong user',
    'attempt cardholder approved',
  ]
  let rows: ReturnType<typeof dataOf> = []
  await until('each deed is told', async () => {
    rows = dataOf(await operator.get('/v1/audit?limit=100'))
    const told = rows.map((row) => ['kind', 'actor', 'outcome'].map((name) => textIn(row, name)))
    return wanted.every((deed) => told.some((words) => words.join(' ') === deed))
  })
  const text = JSON.stringify(rows)
  assert.doesNotMatch(text, /4000000000000010|sk_[0-9]+_[A-Za-z0-9_-]{32}|sk_nobody/)
  assert.equal((await apiOf(url).get('/v1/audit')).status, 403)
})
