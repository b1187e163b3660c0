/**
 * What the doors of Maroc Telecommerce refuse: nothing is stored, nobody is called, the code is
 * stable and the field is named. And every address that a module may have signed with is accepted.
 */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { encodeForm, field, type Field } from '../../src/wire/nestpay/index.ts'
import { valueOf } from '../support/merchant.ts'
import { checksum, linkIn, offer, order19, postTo, type Changes } from '../support/mtc-shop.ts'
import { openWebCentre, type WebCentre } from '../support/web-centre.ts'

let web: WebCentre

before(async () => {
  web = await openWebCentre()
})

after(async () => {
  await web.stop()
})

let carts = 0
const cart = (): string => `R-${(carts += 1)}`

async function sessions(): Promise<number> {
  const { rows } = await web.owner.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM web_session',
  )
  return rows[0]?.n ?? -1
}

/** The code and the field that a page of refusal shows. */
function saidIn(body: string): string {
  const shown = [...body.matchAll(/<dd><code>([^<]*)<\/code><\/dd>/g)].map(([, text]) => text)
  return shown.join(' ')
}

test('each alias of the door is accepted, in both schemes; another is not', async () => {
  const { host, port } = new URL(web.url)
  const path = '/test/gateway/pay.asp'
  const right = [
    `http://${host}${path}`,
    `https://${host}${path}`,
    `http://127.0.0.1${path}`,
    `https://127.0.0.1:443${path}`,
    `http://${host}${path}/`,
    'http://demo.maroctelecommerce.com/test/gateway/pay.asp',
    'https://shopping.maroctelecommerce.com/prod/gateway/pay.asp',
    'https://golden.maroccommerce.com/test/pay.cgi',
  ]
  for (const action of right) {
    const answer = await postTo(web, offer(web, cart(), { action }))
    assert.equal(answer.status, 303, action)
  }
  const before = await sessions()
  for (const action of [`http://evil.ma${path}`, `ftp://${host}${path}`, '', `http://${host}/`]) {
    const answer = await postTo(web, offer(web, cart(), { action }))
    assert.equal(answer.status, 400, action)
    assert.equal(saidIn(answer.body), 'MTC-1001 checksum')
  }
  assert.equal(await sessions(), before)
  assert.ok(Number(port) > 0)
})

test('the prod door, and a query in the address', async () => {
  const prod = offer(web, cart(), { path: '/prod/gateway/pay.asp' })
  assert.equal((await postTo(web, prod)).status, 303)
  const queried = offer(web, cart(), { path: '/test/gateway/pay.asp?shop=1' })
  assert.equal((await postTo(web, queried)).status, 303)
})

test('a module that signs no e-mail and posts one is taken as it is', async () => {
  const action = `${web.url}/test/gateway/pay.asp`
  const right = checksum(action, '401121', 'NO-MAIL', '150.00')
  const answer = await postTo(web, offer(web, 'NO-MAIL', { email: 'ddddddd', checksum: right }))
  assert.equal(answer.status, 303)
  const receipt = await web.payWith(answer.headers.get('location') ?? '')
  const [call] = web.merchant.received('NO-MAIL')
  const bookUrl = `${web.merchant.url}/book?module=mtc`
  assert.equal(
    valueOf(call?.fields ?? [], 'checksum'),
    checksum(bookUrl, '401121', 'NO-MAIL', '150.00', 'ddddddd'),
  )
  const updateUrl = `${web.merchant.url}/update?module=mtc`
  const expected = checksum(updateUrl, '401121', 'NO-MAIL', '150.00')
  assert.equal(linkIn(receipt.body).searchParams.get('checksum'), expected)
})

test('the recorded form is accepted at the door that it was made for', async () => {
  const body =
    'storeId=401121&cartId=1001&totalAmountTx=150.00&email=a%40b.ma' +
    '&updateURL=http%3A%2F%2F127.0.0.1%3A9%2F&checksum='
  const post = (checksum: string, host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const sent = request(
        `${web.url}/test/gateway/pay.asp`,
        { method: 'POST', headers: { host, 'content-type': 'application/x-www-form-urlencoded' } },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        },
      )
      sent.on('error', reject)
      sent.end(body + checksum)
    })
  const recorded = '35d444d1c2948b66e28baa07b72c0394'
  assert.equal(await post(recorded, '127.0.0.1:9999'), 303)
  assert.equal(await post(recorded, '127.0.0.1:9998'), 400)
  assert.equal(await post(recorded.replace('3', '4'), '127.0.0.1:9999'), 400)
})

test('every signed field that is changed is refused', async (context) => {
  const mutate: readonly ((text: string) => string)[] = [
    (text) => `${text}1`,
    (text) => ` ${text}`,
    (text) => text.slice(0, -1),
    () => '',
  ]
  const before = await sessions()
  let refused = 0
  for (const make of [offer, order19]) {
    for (const name of ['cartId', 'totalAmountTx', 'TotalmountTx', 'email', 'Count', 'checksum']) {
      for (const change of mutate) {
        const { path, fields } = make(web, cart())
        const changed = fields.map((one) =>
          one.name.toLowerCase() === name.toLowerCase()
            ? field(one.name, change(one.value.toString()))
            : one,
        )
        if (encodeForm(changed) === encodeForm(fields)) continue
        const answer = await postTo(web, { path, fields: changed })
        assert.equal(answer.status, 400)
        assert.equal(saidIn(answer.body).toLowerCase(), 'mtc-1001 checksum')
        refused += 1
      }
    }
  }
  assert.equal(await sessions(), before)
  context.diagnostic(`${refused} changed fields refused`)
})

const tooLong = 'x'.repeat(300)

const wrong: readonly (readonly [Changes, string])[] = [
  [{ storeId: undefined }, 'MTC-0003 storeId'],
  [{ storeId: '999' }, 'MTC-0002 storeId'],
  [{ storeId: '600000001' }, 'MTC-0002 storeId'],
  [{ cartId: '' }, 'MTC-0003 cartId'],
  [{ cartId: 'x'.repeat(65) }, 'MTC-0004 cartId'],
  [{ totalAmountTx: undefined }, 'MTC-0003 totalAmountTx'],
  [{ totalAmountTx: '0' }, 'MTC-0004 totalAmountTx'],
  [{ totalAmountTx: '-5' }, 'MTC-0004 totalAmountTx'],
  [{ totalAmountTx: '1.999' }, 'MTC-0004 totalAmountTx'],
  [{ totalAmountTx: '1e3' }, 'MTC-0004 totalAmountTx'],
  [{ updateURL: undefined }, 'MTC-0003 updateURL'],
  [{ updateURL: 'javascript:alert(1)' }, 'MTC-0004 updateURL'],
  [{ offerURL: '/relative' }, 'MTC-0004 offerURL'],
  [{ bookURL: 'http://user:word@shop.ma/' }, 'MTC-0004 bookURL'],
  [{ bookURL: 'file:///etc/passwd' }, 'MTC-0004 bookURL'],
  [{ name: tooLong }, 'MTC-0004 name'],
  [{ city: 'a\u0000b' }, 'MTC-0004 city'],
  [{ cvv: '123' }, 'MTC-0006 cvv'],
]

test('each field that breaks a rule is named, and nothing is stored', async () => {
  const before = await sessions()
  for (const [changes, said] of wrong) {
    const answer = await postTo(web, offer(web, cart(), changes))
    assert.equal(answer.status, 400, said)
    assert.equal(saidIn(answer.body), said)
  }
  const lacking = await postTo(web, order19(web, cart(), { ShippingCharge: undefined }))
  assert.equal(saidIn(lacking.body), 'MTC-0003 ShippingCharge')
  const got = await web.get('/test/gateway/pay.asp')
  assert.equal(got.status, 405)
  assert.equal(got.headers.get('allow'), 'POST')
  const twice = offer(web, cart())
  const doubled = await postTo(web, { ...twice, fields: [...twice.fields, field('CARTID', '1')] })
  assert.match(saidIn(doubled.body), /^MTC-0001 CARTID/)
  assert.equal(await sessions(), before)
})

test('a note of ours among the posted fields changes nothing', async () => {
  const { path, fields } = offer(web, 'NOTES')
  const forged = [field(':version', '1.9'), ...fields, field(':tilde', '%7E')]
  const answer = await postTo(web, { path, fields: forged })
  assert.equal(answer.status, 303)
  await web.payWith(answer.headers.get('location') ?? '')
  assert.equal(web.merchant.received('NOTES')[0]?.path, '/book?module=mtc')
})

test(
  'whatever a field holds, the door answers with less than 500',
  { timeout: 120_000 },
  async (context) => {
    let posts = 0
    const bytes = fc.uint8Array({ maxLength: 80 }).map((one) => Buffer.from(one))
    const value = fc.oneof(
      bytes,
      fc.string({ unit: 'binary', maxLength: 40 }).map((text) => Buffer.from(text)),
      fc
        .constantFrom(
          '0',
          '-1',
          '99999999999999999999',
          '~',
          '%7E',
          '|',
          'é',
          'http://[::1',
          tooLong,
        )
        .map((text) => Buffer.from(text)),
    )
    const names = [...offer(web, 'x').fields, ...order19(web, 'x').fields].map(({ name }) => name)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(offer, order19),
        fc.constantFrom(...names),
        value,
        fc.boolean(),
        async (make, name, posted, sign) => {
          posts += 1
          const { path, fields } = make(web, cart())
          const changed = fields.map((one) => (one.name === name ? { name, value: posted } : one))
          const answer = await postTo(web, {
            path,
            fields: sign ? signAgain(path, changed) : changed,
          })
          assert.ok(answer.status < 500, `${name} ${posted.toString('hex')} ${answer.status}`)
        },
      ),
      { numRuns: 600, seed: 3 },
    )
    context.diagnostic(`${posts} posts`)
  },
)

/** As a module would sign what it posts, so that the rules behind the checksum are met too. */
function signAgain(path: string, fields: readonly Field[]): readonly Field[] {
  const old = path.endsWith('paiement.asp')
  const names = old
    ? ['storeid', 'cartid', 'count', 'totalmounttx', 'email']
    : ['storeid', 'cartid', 'totalamounttx', 'email']
  const values = names.map(
    (name) => fields.find((one) => one.name.toLowerCase() === name)?.value.toString() ?? '',
  )
  const right = isWellFormed(values.join('')) ? checksum(`${web.url}${path}`, ...values) : ''
  return fields.map((one) => (one.name.toLowerCase() === 'checksum' ? field(one.name, right) : one))
}

/** Lone surrogates have no percent encoding. */
const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text)
