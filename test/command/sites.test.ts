/** A new merchant in two minutes: a site is made while the centre runs, and is paid a second later. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { encodeForm, field, signFields } from '../../src/wire/nestpay/index.ts'
import { jsonOf, runCommandIn, type Ran } from '../support/command-line.ts'
import { launch, makePlace, until, type Launched, type Place } from '../support/launched.ts'

let place: Place
let launched: Launched

before(async () => {
  place = await makePlace()
  launched = launch(place, { command: ['node', 'scripts/start.mjs'] })
  await launched.says('ready http')
})

after(async () => {
  launched.process.kill('SIGTERM')
  await launched.exited()
  await place.remove()
})

const run = (...words: readonly string[]): Promise<Ran> => runCommandIn(place, words)
const json = <T>(...words: readonly string[]): Promise<T> => jsonOf<T>(place, words)

type Made = { readonly site: string; readonly gatewayUrl: string; readonly storeKey: string }

/** The status of the gate for a form signed with this key. */
async function post(made: Made, storeKey: string, oid: string): Promise<number> {
  const fields = signFields(
    [
      ['clientid', made.site],
      ['storetype', '3D_PAY_HOSTING'],
      ['TranType', 'Auth'],
      ['amount', '12.50'],
      ['currency', '504'],
      ['oid', oid],
      ['okUrl', 'http://127.0.0.1/ok'],
      ['failUrl', 'http://127.0.0.1/fail'],
      ['rnd', oid],
      ['hashAlgorithm', 'ver3'],
      ['lang', 'fr'],
    ].map(([name = '', value = '']) => field(name, value)),
    storeKey,
  )
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const opened = await fetch(made.gatewayUrl, {
    method: 'POST',
    redirect: 'manual',
    headers,
    body: encodeForm(fields),
  })
  const page = opened.headers.get('location')
  if (page === null) return opened.status
  const body = 'attempt=1&number=4000000000000010&expiry=12%2F39&cvc=000'
  const paid = await fetch(new URL(page, made.gatewayUrl), { method: 'POST', headers, body })
  assert.match(await paid.text(), /id="back"/)
  return opened.status
}

test('a site is made, paid, listed, and its key changed with an overlap', async () => {
  const made = await json<Made>('site', 'create', '--name', 'Épicerie', '--sector', 'retail')
  assert.equal(made.site, '600001000')
  await until(
    'the centre knows the site',
    async () => (await post(made, made.storeKey, 'A')) === 303,
  )
  const sites = await json<{ site: string; since: string | null }[]>('site', 'list')
  assert.ok(sites.some(({ site, since }) => site === made.site && since !== null))
  assert.ok(sites.some(({ site, since }) => site === '600000001' && since === null))

  const rotated = await json<{ storeKey: string }>('site', 'rotate-key', made.site)
  await until('the new key', async () => (await post(made, rotated.storeKey, 'B')) === 303)
  assert.equal(await post(made, made.storeKey, 'C'), 303, 'the key before, within its overlap')
  const again = await json<{ storeKey: string }>('site', 'rotate-key', made.site, '--overlap', '0s')
  await until('the third key', async () => (await post(made, again.storeKey, 'D')) === 303)
  assert.equal(await post(made, rotated.storeKey, 'E'), 400, 'the key before has ended')

  const user = await json<{ password: string }>('site', 'rotate-key', made.site, '--api-password')
  assert.match(user.password, /^[A-Za-z0-9]{24}$/)

  const trail = await json<{ kind: string; actor: string; outcome: string }[]>('audit', 'list')
  const told = new Set(trail.map(({ kind, actor, outcome }) => `${kind} ${actor} ${outcome}`))
  assert.ok(told.has('key command line made') && told.has('key command line rotated'))
  assert.ok(told.has('attempt cardholder approved'))
  assert.match((await run('audit', 'verify')).out, /^[0-9]+ rows in [0-9]+ chains: none was/)

  const { out } = await run('ledger', 'trial-balance')
  assert.match(out, /merchant_payable\/m-600001000\/MAD/)
})

test('keys of the API are shown once, and what is wrong is named', async () => {
  const { key } = await json<{ key: string }>('api-key', 'create', 'operator')
  assert.match(key, /^sk_operator_[A-Za-z0-9_-]{32}$/)
  const { out } = await run('api-key', 'list')
  assert.ok(!out.includes(key) && out.includes(key.slice(-4)))
  for (const [words, said] of [
    [['api-key', 'create', 'nobody'], /no site is called nobody/],
    [['site', 'rotate-key', '600000001'], /in the directory's data files/],
    [['site', 'rotate-key', '600000001', '--api-password'], /password of .* data files/],
    [['site', 'rotate-key', '1'], /no site is called 1/],
    [['site', 'create', '--name', 'A', '--sector', 'shops'], /--sector: one of billers/],
    [['site', 'create', '--sector', 'retail'], /--name: 1 to 80/],
    [['site', 'rotate-key', '1', '--overlap', 'soon'], /--overlap: a duration/],
  ] as const) {
    const { status, err } = await run(...words)
    assert.notEqual(status, 0)
    assert.match(err, said)
  }
})
