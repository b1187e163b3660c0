/**
 * The centre is killed (kill -9) again and again while merchants' customers pay, with the amounts
 * that make banks silent, late and doubled. At the end the banks' books, the tranlog, the ledger,
 * what customers saw and what merchants were told agree one by one. KILL_SECONDS=60 loads longer.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { assertAgreement } from '../support/agreement.ts'
import { launch, makePlace, until, type Launched, type Place } from '../support/launched.ts'
import { loadOn } from '../support/load.ts'
import { runMerchant, type Merchant } from '../support/merchant.ts'

const loadMs = Number(process.env['KILL_SECONDS'] ?? 20) * 1000
let place: Place
let launched: Launched
let merchant: Merchant

before(async () => {
  place = await makePlace()
  merchant = await runMerchant()
  launched = launch(place, { command: ['node', 'scripts/start.mjs'] })
  await launched.says('ready http')
})

after(async () => {
  process.kill(place.pid('launcher'), 'SIGTERM')
  await launched.exited()
  await merchant.close()
  await place.remove()
})

test('killed at random moments under load: all sides agree one by one', async () => {
  const load = loadOn(place, merchant)
  const endMs = performance.now() + loadMs
  const running = load.run(loadMs)
  let kills = 0
  while (performance.now() < endMs) {
    await sleep(1_500 + ((kills * 977) % 1_500))
    try {
      process.kill(place.pid('centre'), 'SIGKILL')
      kills += 1
    } catch {
      // It is being started again.
    }
  }
  await running
  await until('the centre is back', async () => {
    const answer = await fetch(`http://127.0.0.1:${place.httpPort}/healthz`).catch(() => null)
    return answer?.status === 200
  })
  const states = await assertAgreement(place, load, merchant)
  const said = [...states].map(([state, count]) => `${count} ${state}`).join(', ')
  console.log(`${kills} kills, ${load.approved.size} shown as paid: ${said}`)
  assert.ok(kills >= 3 && load.approved.size > 10)
})

test('the command line agrees', () => {
  const out = execFileSync('node', ['monetique', 'ledger', 'trial-balance'], {
    env: { ...process.env, ...place.env },
  }).toString()
  assert.match(out, /debits and credits are equal/)
})
