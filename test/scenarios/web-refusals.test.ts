/**
 * What the gate refuses, over real sockets: each with a code, the field and the rule, nothing
 * stored, nobody called, no HTML of the sender's; and what real modules send that it must take.
 */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '../../src/kernel/limits.ts'
import {
  encodeForm,
  field,
  findField,
  matchVer3,
  signFields,
  type Field,
} from '../../src/wire/nestpay/index.ts'
import { valueOf } from '../support/merchant.ts'
import { openWebCentre, storeKey, type WebCentre } from '../support/web-centre.ts'

let web: WebCentre

before(async () => {
  web = await openWebCentre()
})

after(async () => {
  await web.stop()
})

async function stored(): Promise<number> {
  const { rows } = await web.owner.query<{ count: string }>(
    'SELECT (SELECT count(*) FROM web_order) + (SELECT count(*) FROM web_session) AS count',
  )
  return Number(rows[0]?.count)
}

type Case = readonly [
  what: string,
  code: string,
  field: string | null,
  changes: Readonly<Record<string, string | undefined>>,
]

const cases: readonly Case[] = [
  ['no site', 'FORM-0003', 'clientid', { clientid: undefined }],
  ['an unknown site', 'FORM-0002', 'clientid', { clientid: '699999999' }],
  ['a site of the other gateway', 'FORM-0002', 'clientid', { clientid: '401121' }],
  ['HTML for a site', 'FORM-0002', 'clientid', { clientid: '"><script>alert(1)</script>' }],
  ['no store type', 'FORM-0003', 'storetype', { storetype: undefined }],
  ['an absurd store type', 'FORM-0004', 'storetype', { storetype: '3D_PAY_FREE' }],
  ['an absurd TranType', 'FORM-0004', 'TranType', { TranType: 'Credit' }],
  ['no amount', 'FORM-0003', 'amount', { amount: undefined }],
  ['an empty amount', 'FORM-0003', 'amount', { amount: '' }],
  ['a zero', 'FORM-0004', 'amount', { amount: '0.00' }],
  ['a negative amount', 'FORM-0004', 'amount', { amount: '-1.00' }],
  ['too many decimals', 'FORM-0004', 'amount', { amount: '1.005' }],
  ['an amount beyond DE4', 'FORM-0004', 'amount', { amount: '99999999999.00' }],
  ['thousands separators', 'FORM-0004', 'amount', { amount: '1,000.00' }],
  ['an exponent', 'FORM-0004', 'amount', { amount: '1e3' }],
  ['HTML for an amount', 'FORM-0004', 'amount', { amount: '<b>1</b>' }],
  ['no currency', 'FORM-0003', 'currency', { currency: undefined }],
  ['euros at a site in dirhams', 'FORM-0005', 'currency', { currency: '978' }],
  ['no such currency', 'FORM-0005', 'currency', { currency: '000' }],
  ['a long reference', 'FORM-0004', 'oid', { oid: 'x'.repeat(65) }],
  ['a control character in the reference', 'FORM-0004', 'oid', { oid: 'a\u0007b' }],
  ['a line end in the reference', 'FORM-0004', 'oid', { oid: 'a\nb' }],
  ['no okUrl', 'FORM-0003', 'okUrl', { okUrl: undefined }],
  ['no failUrl', 'FORM-0003', 'failUrl', { failUrl: '' }],
  ['a script for okUrl', 'FORM-0004', 'okUrl', { okUrl: 'javascript:alert(1)' }],
  ['a relative okUrl', 'FORM-0004', 'okUrl', { okUrl: '/ok' }],
  ['credentials in failUrl', 'FORM-0004', 'failUrl', { failUrl: 'http://a:b@shop.ma/' }],
  ['a file for callbackUrl', 'FORM-0004', 'callbackUrl', { callbackUrl: 'file:///etc/passwd' }],
  ['a line end in shopurl', 'FORM-0004', 'shopurl', { shopurl: 'http://shop.ma/\r\nX: y' }],
  ['a policy in okUrl', 'FORM-0004', 'okUrl', { okUrl: 'http://shop.ma;script-src.ma/' }],
  ['a long okUrl', 'FORM-0004', 'okUrl', { okUrl: `http://shop.ma/${'x'.repeat(2048)}` }],
  ['a short session', 'FORM-0004', 'sessionTimeout', { sessionTimeout: '29' }],
  ['a long session', 'FORM-0004', 'sessionTimeout', { sessionTimeout: '2701' }],
  ['an absurd session', 'FORM-0004', 'sessionTimeout', { sessionTimeout: '<i>' }],
  ['a control character in a name', 'FORM-0004', 'BillToName', { BillToName: 'a\u0000b' }],
  ['a long telephone', 'FORM-0004', 'tel', { tel: '0'.repeat(33) }],
  ['a long e-mail', 'FORM-0004', 'email', { email: 'a'.repeat(256) }],
  ['a control character in a field unknown', 'FORM-0004', 'zz', { zz: '\u001b[31m' }],
  ['a card number', 'FORM-0006', 'pan', { pan: '4000000000000010' }],
  ['a security code', 'FORM-0006', 'cv2', { cv2: '000' }],
]

test('each wrong field: a code, the field, the rule, and nothing stored', async () => {
  const earlier = await stored()
  for (const [what, code, name, changes] of cases) {
    const page = await web.gate(web.form('REFUSED', changes))
    assert.equal(page.status, 400, what)
    assert.match(page.body, new RegExp(`<code>${code}</code>`), what)
    if (name !== null) assert.match(page.body, new RegExp(`<code>${name}</code>`), what)
    assert.doesNotMatch(page.body, /<script|<b>|<i>|REFUSED/, what)
    assert.equal(page.headers.get('cache-control'), 'no-store')
    assert.match(page.headers.get('content-security-policy') ?? '', /^default-src 'none'/)
  }
  assert.equal(await stored(), earlier)
  assert.equal(web.merchant.received('REFUSED').length, 0)
})

test('any change after signing is 3D-1004, and posts nothing to anyone', async () => {
  const earlier = await stored()
  const signed = web.form('FORGED')
  const changed = [
    signed.map((one) => (one.name === 'amount' ? field('amount', '1.00') : one)),
    signed.map((one) => (one.name === 'okUrl' ? field('okUrl', 'http://evil.ma/') : one)),
    signed.filter(({ name }) => name !== 'rnd'),
    signed.filter(({ name }) => name !== 'HASH'),
    signed.map((one) => (one.name === 'HASH' ? field('HASH', '') : one)),
    [...signed, field('zz', '1')],
    signFields(signed, 'another key'),
    web.form('FORGED', { hashAlgorithm: 'ver1' }),
    web.form('FORGED', { hashAlgorithm: 'ver2' }),
    web.form('FORGED', { hashAlgorithm: undefined }),
  ]
  for (const fields of changed) {
    const page = await web.gate(fields)
    assert.equal(page.status, 400)
    assert.match(page.body, /3D-1004/)
    assert.doesNotMatch(page.body, /<form/)
  }
  assert.equal(await stored(), earlier)
  assert.equal(web.merchant.received('FORGED').length, 0)
})

test('bodies that are no form: told apart, never a 500', async () => {
  const signed = encodeForm(web.form('BODY'))
  const bodies: readonly (readonly [number, RegExp, Buffer | string, string?])[] = [
    [400, /FORM-0001/, '', 'application/x-www-form-urlencoded'],
    [400, /percent_escape/, 'clientid=%4'],
    [400, /duplicate/, `${signed}&AMOUNT=1.00`],
    [400, /too_many_fields/, Array.from({ length: 201 }, (_, i) => `f${i}=`).join('&')],
    [400, /value_too_long/, `a=${'x'.repeat(limits.formFieldValueBytesMax + 1)}`],
    [400, /name_characters/, 'é=1'],
    [413, /trop grande/, 'x'.repeat(limits.formBytesMax + 1)],
    [400, /content_type/, '{"clientid":1}', 'text/plain'],
    [400, /content_type/, '<CC5Request/>', 'application/xml'],
    [400, /multipart_shape/, '--x', 'multipart/form-data; boundary=y'],
    [400, /FORM-0001/, Buffer.from([0, 255, 61, 38, 37]), 'application/x-www-form-urlencoded'],
  ]
  for (const [status, expected, body, type] of bodies) {
    const page = await web.gate(typeof body === 'string' ? Buffer.from(body) : body, type)
    assert.equal(page.status, status, String(expected))
    if (body !== '') assert.match(page.body, expected)
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
  }
  assert.equal((await web.get('/fim/est3Dgate')).status, 405)
  assert.equal((await web.get('/pay/nothing')).status, 404)
  assert.equal((await web.get(`/pay/${'A'.repeat(27)}`)).status, 404)
  assert.equal((await web.post(`/pay/${'A'.repeat(27)}`, { number: '1' })).status, 404)
  assert.equal((await web.get('/nothing')).status, 404)
})

test('HTML in every field that is shown or echoed stays text', async () => {
  const html = '"><script>alert(1)</script>'
  const path = await web.open(`H${html}`, { BillToName: html, rnd: html, zz: html, lang: html })
  const page = await web.get(path)
  assert.doesNotMatch(page.body, /<script>alert/)
  const receipt = await web.payWith(path)
  assert.doesNotMatch(receipt.body, /<script>alert/)
  const [call] = web.merchant.received(`H${html}`)
  assert.ok(call !== undefined)
  assert.equal(valueOf(call.fields, 'BillToName'), html)
})

test('bytes that are not UTF-8 come back as they came, from a page in that charset', async () => {
  const latin = Buffer.from([0xc9, 0x6c, 0x6f, 0xfd, 0xfe, 0xf0])
  const fields = web
    .form('LATIN')
    .map((one) => (one.name === 'BillToName' ? field('BillToName', latin) : one))
  const signed = signFields(fields, storeKey)
  const opened = await web.gate(signed)
  assert.equal(opened.status, 303)
  const path = opened.headers.get('location') ?? ''
  const receipt = await web.payWith(path)
  assert.match(receipt.body, /accept-charset="windows-1254"/)
  assert.match(receipt.body, /value="Éloışğ"/)
  const [call] = web.merchant.received('LATIN')
  assert.ok(call !== undefined)
  assert.deepEqual(findField(call.fields, 'BillToName')?.value, latin)
  assert.notEqual(matchVer3(call.fields, storeKey, valueOf(call.fields, 'HASH') ?? ''), undefined)
})

test('multipart, names in other cases, commas, and the spellings of real modules', async () => {
  const boundary = 'aBc'
  const parts = web
    .form('MULTI')
    .map(({ name, value }) => {
      const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`
      return Buffer.concat([Buffer.from(head), value, Buffer.from('\r\n')])
    })
    .concat(Buffer.from(`--${boundary}--\r\n`))
  const type = `multipart/form-data; boundary=${boundary}`
  assert.equal((await web.gate(Buffer.concat(parts), type)).status, 303)
  const changes = { clientid: undefined, clientId: '600000001', TranType: undefined }
  const spelled = { okUrl: undefined, okurl: 'http://127.0.0.1/ok', trantype: 'PREAUTH' }
  const path = await web.open('SPELLED', {
    ...changes,
    ...spelled,
    amount: '31,50',
    storetype: '3DPAYHOSTING',
    amountCur: '',
    symbolCur: '',
    lang: 'AR',
  })
  const page = await web.get(path)
  assert.match(page.body, /31,50/)
  assert.match(page.body, /dir="rtl"/)
  const odd = await web.open('ORD|10\\02', { lang: 'xx' })
  assert.match((await web.get(odd)).body, /ORD\|10\\02/)
})

test('a slow client is cut, and nobody else waits for it', { timeout: 60_000 }, async () => {
  const { port } = new URL(web.url)
  const said = (head: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(Number(port), '127.0.0.1')
      let text = ''
      socket.on('data', (chunk) => (text += chunk.toString()))
      socket.on('close', () => {
        resolve(text)
      })
      socket.on('error', () => undefined)
      socket.write(head)
    })
  const slowHeaders = said('POST /fim/est3Dgate HTTP/1.1\r\nHost: a\r\n')
  const slowBody = said(
    'POST /fim/est3Dgate HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\na=',
  )
  await sleep(200)
  assert.equal((await web.get('/')).status, 200)
  assert.match(await slowHeaders, /^(HTTP\/1\.1 408|$)/)
  assert.match(await slowBody, /^(HTTP\/1\.1 408|$)/)
})

test('a header beyond the bound, and garbage, are refused without a stack', async () => {
  const long = await fetch(web.url, { headers: { 'x-long': 'x'.repeat(20_000) } })
  assert.ok(long.status >= 400 && long.status < 500)
  const fields: readonly Field[] = [field('attempt', '1'), field('number', 'x'.repeat(5_000))]
  const path = await web.open('GARBAGE')
  const page = await web.post(
    path,
    Object.fromEntries(fields.map(({ name, value }) => [name, value.toString()])),
  )
  assert.equal(page.status, 422)
  assert.doesNotMatch(page.body, /node:internal|at file:/)
})
