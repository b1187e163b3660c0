/** The demo shop believes what is signed and is for what it asked, and nothing else. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { randomBytes, systemClock } from '../../src/platform/clock.ts'
import { silentLog } from '../../src/platform/log.ts'
import { freePorts } from '../../test/support/ports.ts'
import {
  encodeForm,
  field,
  matchVer3,
  signFields,
  type Field,
} from '../../src/wire/nestpay/index.ts'
import { runShop } from './shop.ts'

let url: string
let shop: { close(): Promise<void> }
const file = join(mkdtempSync(join(tmpdir(), 'monetique-shop-')), 'orders.jsonl')

const options = async () => ({
  host: '127.0.0.1',
  port: await freePorts(),
  gatewayUrl: 'http://gateway.test',
  publicUrl: 'http://shop.test',
  clientId: '600000001',
  storeKey: 'TEST1234',
  mtc: { storeId: '401121', secret: 's3cret' },
  clock: systemClock,
  random: randomBytes,
  log: silentLog,
  file,
})

async function start(): Promise<void> {
  const chosen = await options()
  url = `http://127.0.0.1:${chosen.port}`
  shop = await runShop(chosen)
}

before(start)

after(() => shop.close())

async function post(path: string, fields: readonly Field[]): Promise<string> {
  const answer = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: encodeForm(fields),
  })
  return answer.text()
}

/** Chooses the slippers; the form that the shop makes for the gateway. */
async function buy(): Promise<readonly Field[]> {
  const page = await post('/buy', [field('product', 'babouches')])
  assert.match(page, /action="http:\/\/gateway\.test\/fim\/est3Dgate"/)
  return [...page.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
    ([, name = '', value = '']) => field(name, value),
  )
}

const valueIn = (fields: readonly Field[], name: string): string =>
  fields.find((one) => one.name === name)?.value.toString() ?? ''

const result = (form: readonly Field[], code: string): readonly Field[] => [
  ...form.filter(({ name }) => name !== 'HASH'),
  field('ProcReturnCode', code),
]

const states = (oid: string): readonly string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes(oid))
    .map((line) => (JSON.parse(line) as { status: string }).status)

test('only its own script runs, and its form leads to the gateway alone', async () => {
  const answers = await Promise.all(
    [1, 2].map(() =>
      fetch(`${url}/buy`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: encodeForm([field('product', 'babouches')]),
      }),
    ),
  )
  const nonces: string[] = []
  for (const answer of answers) {
    const policy = answer.headers.get('content-security-policy') ?? ''
    assert.match(policy, /form-action 'self' http:\/\/gateway\.test;/)
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
    assert.ok((await answer.text()).includes(`<script nonce="${nonce}">`))
    nonces.push(nonce)
  }
  assert.equal(new Set(nonces).size, 2)
  const home = await fetch(url)
  assert.match(home.headers.get('content-security-policy') ?? '', /form-action 'self';/)
  assert.doesNotMatch(home.headers.get('content-security-policy') ?? '', /script-src/)
})

test('its form is signed as the gateway expects', async () => {
  const form = await buy()
  const variant = matchVer3(form, 'TEST1234', valueIn(form, 'HASH'))
  assert.deepEqual(variant, { order: 'natural', escape: 'full', trim: true })
  assert.equal(valueIn(form, 'amount'), '249.90')
})

test('a signed approval is captured and kept, a decline acknowledged', async () => {
  const form = await buy()
  const oid = valueIn(form, 'oid')
  assert.equal(await post('/callback', signFields(result(form, '51'), 'TEST1234')), 'APPROVED')
  const approval = signFields(result(form, '00'), 'TEST1234')
  assert.equal(await post('/callback', approval), 'ACTION=POSTAUTH')
  assert.equal(await post('/callback', approval), 'ACTION=POSTAUTH', 'a replay changes nothing')
  assert.deepEqual(states(oid), ['pending', 'declined', 'paid'])
  assert.match(await post('/ok', approval), /paiement accepté/)
  await shop.close()
  await start()
  assert.match(await post('/ok', approval), /payée/, 'known again after a restart')
})

test('forged, for another amount, or for an order unknown: FAILURE', async () => {
  const form = await buy()
  const cheaper = result(form, '00').map((one) =>
    one.name === 'amount' ? field('amount', '1.00') : one,
  )
  const unknown = result(form, '00').map((one) => (one.name === 'oid' ? field('oid', 'x') : one))
  for (const fields of [
    signFields(result(form, '00'), 'another key'),
    [...result(form, '00'), field('HASH', valueIn(form, 'HASH'))],
    result(form, '00'),
    signFields(cheaper, 'TEST1234'),
    signFields(unknown, 'TEST1234'),
    [],
  ]) {
    assert.equal(await post('/callback', fields), 'FAILURE')
  }
  assert.deepEqual(states(valueIn(form, 'oid')), ['pending'])
  assert.match(await post('/ok', result(form, '00')), /non signé/)
})
