/**
 * The centre is killed (kill -9) when a first payment has been approved and its card is not kept yet:
 * the approval carried that with it, and whoever lost the answer gets it by the same key.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { apiOf, textIn } from '../support/api.ts'
import { tokenOf } from '../support/card-token.ts'
import { byMerchant, cardsOf, newCustomer, pays } from '../support/cards-on-file.ts'
import { launch, makePlace, until, type Launched, type Place } from '../support/launched.ts'

let place: Place
let launched: Launched

before(async () => {
  place = await makePlace()
  launched = launch(place, { command: ['node', 'scripts/start.mjs'] })
  await launched.says('ready http')
})

after(async () => {
  process.kill(place.pid('launcher'), 'SIGTERM')
  await launched.exited()
  await place.remove()
})

test('approved, killed before the card is kept: it is kept, and the answer is there', async () => {
  const url = `http://127.0.0.1:${place.httpPort}`
  const api = apiOf(url)
  const customerId = await newCustomer(api)
  const body = {
    amountMinor: '24990',
    currency: 'MAD',
    source: await tokenOf(url),
    customerId,
    saveCard: true,
  }
  const key = { 'idempotency-key': 'first-payment' }
  const client = new pg.Client(
    readFileSync(join(place.dataDir, 'run', 'app-database-url'), 'utf8').trim(),
  )
  await client.connect()
  try {
    // Whoever keeps the card waits for this row, and is killed meanwhile.
    await client.query('BEGIN')
    await client.query('SELECT 1 FROM customer FOR UPDATE')
    const lost = api.post('/v1/payments', body, key).catch(() => undefined)
    await until('the bank has approved', async () => {
      const { rows } = await client.query(`SELECT 1 FROM payment WHERE on_file = 'first'`)
      return rows.length === 1
    })
    process.kill(place.pid('centre'), 'SIGKILL')
    assert.equal(await lost, undefined)
    await client.query('ROLLBACK')
  } finally {
    await client.end()
  }
  await until('the card is kept', async () => {
    const cards = await cardsOf(api, customerId).catch(() => [])
    return cards.length === 1
  })
  const [card] = await cardsOf(api, customerId)
  const charged = await pays(api, 'K-1', byMerchant(textIn(card ?? {}, 'id')))
  assert.equal(charged.body['status'], 'captured', charged.text)
  await until('its key is answered', async () => {
    const again = await api.post('/v1/payments', body, key)
    if (again.status === 503) return false
    assert.deepEqual([again.status, again.body['status']], [201, 'captured'], again.text)
    return true
  })
  assert.equal((await cardsOf(api, customerId)).length, 1)
})
