import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { before, test } from 'node:test'
import { withTestDatabase } from '../../../../../test/support/database.ts'
import type { SiteId } from '../../../../kernel/ids.ts'
import type { Database } from '../../../../platform/postgres/database.ts'
import { KeyRingSealer, newKeyLine, parseKeyRing, type KeyRing } from '../../../../vault/index.ts'
import {
  insertEndpoint,
  resealWebhookSecrets,
  rotateSecret,
  secretName,
  secretsOf,
  selectEndpoint,
} from './endpoint.ts'

const lines = ['v1', 'v2'].map((id) => newKeyLine(id, randomBytes))
const at = new Date('2013-09-15T12:00:00Z')
const until = new Date('2013-09-16T12:00:00Z')
let database: Database

before(async () => {
  database = (await withTestDatabase()).app
})

function ring(...which: readonly number[]): KeyRing {
  const parsed = parseKeyRing(which.map((i) => lines[i]).join(''))
  assert.ok(parsed.ok)
  return parsed.value
}

async function made(sealer: KeyRingSealer, number: number): Promise<string> {
  const id = `we_${number.toString(16).padStart(32, '0')}`
  await insertEndpoint(database, {
    ...{ endpoint_id: id, site_id: '600000001' as SiteId, url: 'https://shop.ma/' },
    ...{ events: ['*'], description: null, created_at: at },
    secret_sealed: sealer.seal(secretName(id), 'whsec_b25l'),
  })
  return id
}

async function secrets(id: string, sealer: KeyRingSealer, now = at): Promise<readonly string[]> {
  const found = await selectEndpoint(database, id)
  assert.ok(found !== undefined)
  return secretsOf(found, sealer, now)
}

test('both secrets sign until the overlap ends; the same rotation again keeps the one before', async () => {
  const sealer = new KeyRingSealer(ring(0), randomBytes)
  const id = await made(sealer, 1)
  const seed = 'a'.repeat(32)
  for (const secret of ['whsec_bG9zdA==', 'whsec_dHdv']) {
    const sealed = sealer.seal(secretName(id), secret)
    await rotateSecret(database, id, { sealed, previousUntil: until, seed, at })
  }
  assert.deepEqual(await secrets(id, sealer), ['whsec_dHdv', 'whsec_b25l'])
  assert.deepEqual(await secrets(id, sealer, until), ['whsec_dHdv'])
})

test('after a rotation of the vault every secret is under the current key', async () => {
  const older = new KeyRingSealer(ring(0), randomBytes)
  const id = await made(older, 2)
  const both = new KeyRingSealer(ring(1, 0), randomBytes)
  assert.ok((await resealWebhookSecrets(database, both)) >= 1)
  assert.equal(await resealWebhookSecrets(database, both), 0)
  const newer = new KeyRingSealer(ring(1), randomBytes)
  assert.deepEqual(await secrets(id, newer), ['whsec_b25l'])
})
