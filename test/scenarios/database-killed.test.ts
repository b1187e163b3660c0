/**
 * PostgreSQL is killed (kill -9) while customers pay: the postmaster, then single backends. Every
 * payment that a customer was shown is there exactly once, all sides agree, and neither the centre
 * nor the sandbox had to be started again. KILL_SECONDS=60 loads longer.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { assertAgreement, readonlyUrl } from '../support/agreement.ts'
import { launch, makePlace, until, type Launched, type Place } from '../support/launched.ts'
import { loadOn, type Load } from '../support/load.ts'
import { runMerchant, type Merchant } from '../support/merchant.ts'

const loadMs = Number(process.env['KILL_SECONDS'] ?? 12) * 1000
let place: Place
let launched: Launched
let merchant: Merchant
let load: Load

before(async () => {
  place = await makePlace()
  merchant = await runMerchant()
  launched = launch(place, { command: ['node', 'scripts/start.mjs'] })
  await launched.says('ready http')
  load = loadOn(place, merchant)
})

after(async () => {
  process.kill(place.pid('launcher'), 'SIGTERM')
  await launched.exited()
  await merchant.close()
  await place.remove()
})

/** A session of the centre, taken in turn; undefined while the server is starting. */
async function backendPid(turn: number): Promise<number | undefined> {
  const client = new pg.Client({ connectionString: readonlyUrl(place) })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE usename = 'monetique_app' ORDER BY pid`,
    )
    return rows[turn % Math.max(rows.length, 1)]?.pid
  } catch {
    return undefined
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function killedUnderLoad(
  victim: (turn: number) => Promise<number | undefined>,
): Promise<void> {
  const [centre, sandbox] = [place.pid('centre'), place.pid('sandbox')]
  const shownBefore = load.approved.size
  const endMs = performance.now() + loadMs
  const running = load.run(loadMs)
  let kills = 0
  while (performance.now() < endMs) {
    await sleep(2_500 + ((kills * 977) % 1_500))
    // The last of them is to be over before the sides are compared.
    if (performance.now() > endMs - 1_000) break
    const pid = await victim(kills)
    try {
      if (pid !== undefined) {
        process.kill(pid, 'SIGKILL')
        kills += 1
      }
    } catch {
      // It has just ended, or is being started again.
    }
  }
  await running
  await until('the centre takes payments again', async () => {
    const answer = await fetch(`http://127.0.0.1:${place.httpPort}/healthz`).catch(() => null)
    return answer?.status === 200
  })
  const states = await assertAgreement(place, load, merchant)
  const said = [...states].map(([state, count]) => `${count} ${state}`).join(', ')
  const shown = load.approved.size - shownBefore
  console.log(`${kills} kills, ${shown} more shown as paid; in all ${said}`)
  assert.ok(kills >= 2 && shown > 10)
  assert.deepEqual([place.pid('centre'), place.pid('sandbox')], [centre, sandbox])
  assert.deepEqual(await place.alive(), ['launcher', 'centre', 'sandbox', 'postgres'])
}

test('the server is killed under load: each payment shown is there once', () =>
  killedUnderLoad(() => Promise.resolve(place.pid('postgres'))))

test('single sessions of it are killed under load: likewise', () => killedUnderLoad(backendPid))
