/** As a client of Maroc Telecommerce the demo shop books what is signed and its own, and nothing else. */
import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { randomBytes, systemClock } from '../../src/platform/clock.ts'
import { silentLog } from '../../src/platform/log.ts'
import { freePorts } from '../../test/support/ports.ts'
import { checksumOf } from '../../src/wire/maroc-telecommerce/index.ts'
import { runShop } from './shop.ts'

let url: string
let shop: { close(): Promise<void> }
const mtc = { storeId: '401121', secret: 's3cret' }

before(async () => {
  const port = await freePorts()
  url = `http://127.0.0.1:${port}`
  shop = await runShop({
    host: '127.0.0.1',
    port,
    gatewayUrl: 'http://gateway.test',
    publicUrl: 'http://shop.test',
    clientId: '600000001',
    storeKey: 'TEST1234',
    mtc,
    clock: systemClock,
    random: randomBytes,
    log: silentLog,
    file: join(mkdtempSync(join(tmpdir(), 'monetique-shop-')), 'orders.jsonl'),
  })
})

after(() => shop.close())

type Fields = Readonly<Record<string, string>>

async function post(path: string, fields: Fields): Promise<string> {
  const body = new URLSearchParams(fields)
  return (await fetch(`${url}${path}`, { method: 'POST', body })).text()
}

async function buy(product: string): Promise<Fields> {
  const page = await post('/mtc/buy', { product })
  assert.match(page, /action="http:\/\/gateway\.test\/test\/gateway\/pay\.asp"/)
  const inputs = page.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value]))
}

const sign = (prefix: string, form: Fields, secret = mtc.secret): string =>
  checksumOf(Buffer.from(prefix), {
    values: [form['storeId'], form['cartId'], form['totalAmountTx'], form['email']].map((text) =>
      Buffer.from(text ?? ''),
    ),
    secret,
  })

const told = (form: Fields, prefix: string): Fields => ({
  cartId: form['cartId'] ?? '',
  totalAmountTx: form['totalAmountTx'] ?? '',
  checksum: sign(prefix, form),
})

test('a signed approval is booked, again and again, and the return shows it', async () => {
  const form = await buy('babouches')
  assert.equal(form['checksum'], sign('http://gateway.test/test/gateway/pay.asp', form))
  const call = told(form, 'http://shop.test/mtc/book')
  for (let i = 0; i < 2; i++) {
    assert.match(await post('/mtc/book', call), new RegExp(`^1;${form['cartId']};[0-9]{8};2$`))
  }
  const query = new URLSearchParams(told(form, 'http://shop.test/mtc/update')).toString()
  assert.match(await (await fetch(`${url}/mtc/update?${query}`)).text(), /paiement accepté/)
})

test('sold out, forged or for another amount: not booked', async () => {
  const gone = await buy('rupture')
  assert.equal(await post('/mtc/book', told(gone, 'http://shop.test/mtc/book')), '0;Null;Null;Null')
  const form = await buy('babouches')
  const right = told(form, 'http://shop.test/mtc/book')
  const cheaper = { ...form, totalAmountTx: '1.00' }
  for (const wrong of [
    { ...right, checksum: sign('http://shop.test/mtc/book', form, 'another secret') },
    { ...right, checksum: sign('http://shop.test/mtc/offer', form) },
    { ...told(cheaper, 'http://shop.test/mtc/book') },
    {},
  ]) {
    assert.equal(await post('/mtc/book', wrong), '0;Null;Null;Null')
  }
  const back = await fetch(`${url}/mtc/update?cartId=${form['cartId']}&totalAmountTx=249.90`)
  assert.equal(back.status, 400)
})
