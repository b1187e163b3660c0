/**
 * Whatever happens to a payment, no card number, no security code and no key is left anywhere: not
 * in the database's files or its log, not in a log, not in a bank's journal, not on the terminal.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { hasCheckDigit } from '../../src/kernel/pan.ts'
import { encodeForm, field, signFields } from '../../src/wire/nestpay/index.ts'
import { apiOf, newPayment, textIn } from '../support/api.ts'
import { postCard } from '../support/card-token.ts'
import { byMerchant, cardsOf, newCustomer, pays } from '../support/cards-on-file.ts'
import { cc5, postCc5 } from '../support/cc5.ts'
import { launch, makePlace, until, type Launched, type Place } from '../support/launched.ts'
import { runMerchant, type Merchant } from '../support/merchant.ts'
import { needlesOfCard, needlesOfKey, needlesOfText, scan } from '../support/secret-scan.ts'

/** Of this run alone: found again, they can only come from here. */
const middle = String(Math.floor(Math.random() * 1e8)).padStart(8, '0')
const withCheckDigit = (start: string): string =>
  [...'0123456789'].map((digit) => start + digit).find(hasCheckDigit) ?? start

/** Of each bank, of no bank at all, and one whose check digit is wrong. */
const cards = ['95040', '95041', '95042', '95043', '95044', '60119'].map((bank) =>
  withCheckDigit(`${bank}${middle}31`),
)
const mistyped = `95040${middle}31${(Number(cards[0]?.at(-1)) + 1) % 10}`
const wrongCode = '739'

let place: Place
let launched: Launched
let merchant: Merchant

before(async () => {
  merchant = await runMerchant()
  place = await makePlace()
  launched = launch(place, { command: ['node', 'scripts/start.mjs'] })
  await launched.says('ready http')
})

after(async () => {
  await merchant.close()
  await place.remove()
})

async function pay(oid: string, amount: string, pan: string, cvc: string): Promise<number> {
  const origin = `http://127.0.0.1:${place.httpPort}`
  const fields = signFields(
    [
      ['clientid', '600000001'],
      ['storetype', '3D_PAY_HOSTING'],
      ['TranType', 'PreAuth'],
      ['amount', amount],
      ['currency', '504'],
      ['oid', oid],
      ['okUrl', `${merchant.url}/ok`],
      ['failUrl', `${merchant.url}/fail`],
      ['callbackUrl', `${merchant.url}/callback`],
      ['rnd', oid],
      ['hashAlgorithm', 'ver3'],
      ['lang', 'fr'],
    ].map(([name = '', value = '']) => field(name, value)),
    'TEST1234',
  )
  const post = (url: string, body: string): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    })
  const opened = await post(`${origin}/fim/est3Dgate`, encodeForm(fields))
  const page = opened.headers.get('location')
  assert.ok(page !== null)
  const card = `attempt=1&number=${pan}&expiry=12%2F39&cvc=${cvc}&name=A`
  return (await post(origin + page, card)).status
}

/** Cards by the XML interface: approved, of a wrong code, mistyped, refused, in broken XML. */
async function byInterface(): Promise<void> {
  const origin = `http://127.0.0.1:${place.httpPort}`
  const sale = { Type: 'Auth', Total: '12.50', Currency: '504', Expires: '12/39' }
  for (const [i, Number] of [...cards, mistyped].entries()) {
    const whole = cc5({ ...sale, OrderId: `L-XML-${i}`, Number, Cvv2Val: wrongCode })
    for (const xml of [
      whole,
      whole.replace('sandbox-api', 'wrong'),
      whole.replace('</CC5Request>', ''),
      whole.replace('12.50', '&x;'),
      `DATA=${encodeURIComponent(whole)}`,
    ]) {
      assert.equal((await postCc5(origin, xml)).status, 200)
    }
  }
}

/** Cards typed into a frame: paid with, declined, wrong, and never used at all. */
async function byToken(): Promise<void> {
  const origin = `http://127.0.0.1:${place.httpPort}`
  for (const [i, number] of [...cards, mistyped].entries()) {
    const headers = { 'idempotency-key': `leak-${i}` }
    await postCard(origin, { number, cvc: wrongCode }, { headers })
    const { status, body } = await postCard(origin, { number, cvc: wrongCode }, { headers })
    assert.equal(status, number === mistyped ? 400 : 201)
    const order = { amountMinor: '1250', currency: 'MAD', order: `L-TOKEN-${i}` }
    await apiOf(origin).post('/v1/payments', { ...order, source: body['id'] }, headers)
    await apiOf(origin).post('/v1/payments', { ...order, source: number })
    await postCard(origin, { number, cvc: wrongCode, extra: number })
  }
}

/** Cards that are kept: charged by the merchant, and confirmed on a page by a wrong code. */
async function onFile(): Promise<void> {
  const origin = `http://127.0.0.1:${place.httpPort}`
  const api = apiOf(origin)
  const customerId = await newCustomer(api)
  for (const [i, number] of cards.slice(0, 3).entries()) {
    const { body } = await postCard(origin, { number, cvc: '000' })
    await pays(api, `L-KEPT-${i}`, { source: body['id'], customerId, saveCard: true })
  }
  const kept = (await cardsOf(api, customerId)).map((card) => textIn(card, 'id'))
  assert.equal(kept.length, 3)
  for (const [i, card] of kept.entries()) {
    const charged = await pays(api, `L-AGAIN-${i}`, byMerchant(card))
    assert.equal(charged.body['status'], 'captured', charged.text)
    const asked = newPayment(`L-CONFIRM-${i}`, { source: card, initiator: 'customer' })
    const page = textIn((await api.post('/v1/payments', asked)).body, 'pageUrl')
    const confirmed = new URLSearchParams({ attempt: '1', kept: 'yes', cvc: wrongCode })
    assert.equal((await fetch(page, { method: 'POST', body: confirmed })).status, 200)
  }
  await api.call('DELETE', `/v1/customers/${customerId}`)
}

test('the scan finds a secret in each form that it looks for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'monetique-scan-'))
  try {
    const needles = [...needlesOfCard(cards[0] ?? ''), ...needlesOfText('code', 'cvc=739')]
    needles.forEach(({ bytes }, i) => {
      writeFileSync(join(folder, String(i)), Buffer.concat([Buffer.from('x'), bytes]))
    })
    const { found } = scan(folder, needles)
    for (const { what } of needles) assert.ok(found.some((one) => one.what === what))
    assert.equal(new Set(found.map(({ file }) => file)).size, needles.length)
    const inText = Buffer.from(`ab${cards[0]}`).toString('base64')
    writeFileSync(join(folder, 'text'), inText)
    assert.ok(scan(folder, needles).found.some(({ file }) => file.endsWith('text')))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('paid, refused, mistyped, unanswered, reversed, killed: nothing is left of any card', async () => {
  for (const [i, pan] of cards.entries()) {
    assert.equal(await pay(`L-OK-${i}`, '12.50', pan, '000'), 200)
    await pay(`L-CODE-${i}`, '12.50', pan, wrongCode)
  }
  await byInterface()
  await byToken()
  await onFile()
  await pay('L-MISTYPED', '12.50', mistyped, wrongCode)
  await pay('L-GARBAGE', '12.50', `${cards[0]}'"<`, `${wrongCode}x`)
  const unanswered = pay('L-SILENT', '1000.99', cards[0] ?? '', '000').catch(() => 0)
  const closed = pay('L-CLOSED', '1000.91', cards[1] ?? '', '000').catch(() => 0)
  await closed
  process.kill(place.pid('centre'), 'SIGKILL')
  await unanswered
  await until('the centre is back', async () => {
    const answer = await fetch(`http://127.0.0.1:${place.httpPort}/healthz`).catch(() => null)
    return answer?.status === 200
  })
  await pay('L-AFTER', '249.90', cards[2] ?? '', '000')
  process.kill(place.pid('launcher'), 'SIGTERM')
  await launched.exited()
  const keyFile = join(place.dataDir, 'keys', 'vault.keys')
  const keys = readFileSync(keyFile, 'utf8').match(/[0-9a-f]{64}/g) ?? []
  assert.equal(keys.length, 2)
  writeFileSync(join(place.dataDir, 'log', 'terminal.log'), launched.output())
  const needles = [
    ...[...cards, mistyped].flatMap(needlesOfCard),
    ...[
      `cvc=${wrongCode}`,
      `Cvv2Val>${wrongCode}`,
      `9203${wrongCode}`,
      `"cvc":"${wrongCode}"`,
    ].flatMap((text) => needlesOfText('security code', text)),
    ...keys.flatMap((key) => needlesOfKey(Buffer.from(key, 'hex'))),
  ]
  const { files, bytes, found } = scan(place.dataDir, needles, {
    except: (path) => path === keyFile,
  })
  console.log(`${needles.length} needles in ${files} files, ${Math.round(bytes / 1e6)} MB`)
  assert.ok(files > 500 && bytes > 30_000_000)
  assert.deepEqual(found, [])
})
