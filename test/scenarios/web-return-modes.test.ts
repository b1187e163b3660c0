/**
 * How a merchant is told and the customer goes back: with and without callback, at once or after
 * the receipt, the indicative amount, the languages, the sessions' length, and giving up.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { says, valueOf } from '../support/merchant.ts'
import { openWebCentre, wayBackIn, type WebCentre } from '../support/web-centre.ts'

let web: WebCentre

before(async () => {
  web = await openWebCentre()
})

after(async () => {
  await web.stop()
})

async function stateOf(oid: string): Promise<string | undefined> {
  const { rows } = await web.owner.query<{ state: string }>(
    'SELECT state FROM reporting.payments WHERE order_reference = $1',
    [oid],
  )
  return rows[0]?.state
}

test('CallbackResponse: absent and anything true call the merchant; empty, false and 0 do not', async () => {
  for (const [value, called] of [
    [undefined, true],
    ['true', true],
    ['1', true],
    ['on', true],
    ['', false],
    ['false', false],
    ['FALSE', false],
    ['0', false],
  ] as const) {
    const oid = `MODE-${value ?? 'absent'}-${String(called)}`
    const receipt = await web.payWith(await web.open(oid, { callbackResponse: value }))
    assert.equal(web.merchant.received(oid).length, called ? 1 : 0, oid)
    assert.equal(await stateOf(oid), called ? 'captured' : 'approved', oid)
    const back = wayBackIn(receipt.body)
    assert.equal(back.action, `${web.merchant.url}/ok?a=1`, 'okUrl is posted to in either mode')
    assert.equal(valueOf(back.fields, 'ReturnOid'), oid)
    assert.equal(valueOf(back.fields, 'callbackResponse'), value)
  }
})

test('APPROVED leaves the hold to the merchant', async () => {
  web.merchant.answers('MANUAL', says('Approved\n'))
  await web.payWith(await web.open('MANUAL'))
  assert.equal(await stateOf('MANUAL'), 'approved')
})

test('AutoRedirect and refreshtime: at once, or after so many seconds on the receipt', async () => {
  for (const [changes, delayMs] of [
    [{ AutoRedirect: 'true' }, 0],
    [{ autoRedirect: '1', refreshtime: '30' }, 0],
    [{ AutoRedirect: 'on' }, 0],
    [{ AutoRedirect: 'false', refreshtime: '7' }, 7_000],
    [{ AutoRedirect: '', refreshTime: '999' }, 999_000],
    [{ refreshtime: '0' }, 0],
    [{}, 5_000],
  ] as const) {
    const oid = `BACK-${JSON.stringify(changes).replace(/[^A-Za-z0-9]/g, '')}`
    const { body } = await web.payWith(await web.open(oid, changes))
    assert.match(body, new RegExp(`data-seconds="${delayMs / 1000}"`), oid)
    assert.match(body, /<button class="go">/, 'and a button without JavaScript')
  }
  for (const changes of [
    { AutoRedirect: 'maybe' },
    { refreshtime: '1000' },
    { refreshtime: '-1' },
  ]) {
    assert.match((await web.gate(web.form('BACK-WRONG', changes))).body, /FORM-0004/)
  }
})

test('amountCur and symbolCur: beside the amount, echoed to the letter, never charged', async () => {
  const path = await web.open('INDICATIVE', { amountCur: '22,75', symbolCur: 'EUR' })
  const page = await web.get(path)
  assert.match(page.body, /249,90/)
  assert.match(page.body, /À titre indicatif, environ <bdi>22,75\u00a0EUR<\/bdi>/)
  await web.payWith(path)
  const [call] = web.merchant.received('INDICATIVE')
  assert.ok(call !== undefined)
  assert.equal(valueOf(call.fields, 'amountCur'), '22,75')
  assert.equal(valueOf(call.fields, 'symbolCur'), 'EUR')
  assert.equal(valueOf(call.fields, 'amount'), '249.90')
  const { rows } = await web.owner.query<{ captured: string }>(
    "SELECT captured_minor::text AS captured FROM reporting.payments WHERE order_reference = 'INDICATIVE'",
  )
  assert.equal(rows[0]?.captured, '24990')
  for (const [amountCur, symbolCur] of [
    ['', 'EUR'],
    ['10.25', ''],
    ['free', 'EUR'],
    ['1', '<b>'],
  ] as const) {
    const other = await web.open('INDICATIVE-NONE', { amountCur, symbolCur })
    assert.doesNotMatch((await web.get(other)).body, /À titre indicatif/)
  }
})

test('lang: French unless it is Arabic or English, whatever the code', async () => {
  for (const [lang, expected] of [
    ['fr', 'lang="fr"'],
    ['fr_FR', 'lang="fr"'],
    ['tr', 'lang="fr"'],
    ['', 'lang="fr"'],
    ['en', 'lang="en"'],
    ['en-US', 'lang="en"'],
    ['AR', 'lang="ar"'],
    ['ar_MA', 'lang="ar"'],
  ] as const) {
    const page = await web.get(await web.open(`LANG-${lang}`, { lang }))
    assert.ok(page.body.includes(expected), lang)
  }
})

test('sessionTimeout: 30 to 2700 seconds, and the page says when it is over', async () => {
  const short = await web.open('SHORT', { sessionTimeout: '30' })
  const long = await web.open('LONG', { sessionTimeout: '2700' })
  web.advance(31_000)
  assert.match((await web.get(short)).body, /Cette page a expiré/)
  assert.match((await web.get(long)).body, /cc-number/)
  web.advance(-31_000)
})

test('giving up: shopurl by GET; without it, failUrl by POST', async () => {
  const path = await web.open('CANCEL-SHOP', { shopurl: `${web.merchant.url}/basket?a=1&b=2` })
  const page = await web.post(`${path}/cancel`, {})
  assert.match(page.body, /basket\?a=1&amp;b=2/)
  const other = await web.open('CANCEL-FAIL', { shopurl: undefined })
  const back = wayBackIn((await web.post(`${other}/cancel`, {})).body)
  assert.equal(back.action, `${web.merchant.url}/fail`)
  assert.equal(valueOf(back.fields, 'ErrMsg'), 'cancelled')
  assert.equal(await stateOf('CANCEL-SHOP'), undefined)
})
