/** Sites and keys that operators add: numbered, sealed, found again, and ended in time. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { withTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { MAD } from '../kernel/currency.ts'
import type { AcquirerId, SiteId } from '../kernel/ids.ts'
import { randomBytes } from '../platform/clock.ts'
import { isPassword } from '../platform/password.ts'
import { rootFolder } from '../platform/root.ts'
import { ApiKeys } from './api-keys.ts'
import { loadDirectory } from './directory.ts'
import { SiteRegister, type SecretBox } from './register.ts'
import type { SiteDraft } from './registered-site.ts'

let database: TestDatabase
let nowMs = Date.parse('2013-09-15T10:00:00Z')
const clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs }

/** Seals by name, as the vault does: what is sealed for one row opens for no other. */
const secrets: SecretBox = {
  seal: (name, text) => Buffer.from(`${name}\n${[...text].reverse().join('')}`),
  open: (name, sealed) => {
    const [of, text = ''] = sealed.toString().split('\n')
    if (of !== name) throw new Error('sealed for another')
    return text === '' ? undefined : [...text].reverse().join('')
  },
}

const register = (): SiteRegister =>
  new SiteRegister({ database: database.app, secrets, clock, random: randomBytes })

before(async () => {
  database = await withTestDatabase()
})

const draft: SiteDraft = {
  name: 'Épicerie de la rue des Consuls, depuis 1920',
  city: 'RABAT',
  country: 'MA',
  acquirer: 'cmi' as AcquirerId,
  gateway: 'cmi',
  sector: 'retail',
  mcc: '5411',
  url: 'https://epicerie.ma/',
  currency: MAD,
  holdHours: 168,
}

test('ten operators at once get ten sites, numbered above those of the files', async () => {
  const made = await Promise.all(
    Array.from({ length: 10 }, () => register().create(draft, ['600000001', '600001003'])),
  )
  const ids = made.map(({ site }) => site.id).sort()
  assert.deepEqual(
    ids,
    Array.from({ length: 10 }, (_, i) => String(600_001_004 + i)),
  )
  assert.equal(new Set(made.map(({ storeKey }) => storeKey)).size, 10)
  for (const { storeKey } of made) assert.match(storeKey, /^[A-Za-z2-9]{24}$/)
  const { rows } = await database.owner.query<{ text: string }>(
    'SELECT row_to_json(s)::text AS text FROM registered_site s',
  )
  for (const { storeKey } of made) assert.ok(rows.every(({ text }) => !text.includes(storeKey)))
})

test('the directory takes up what came and what changed, once', async () => {
  const directory = loadDirectory(join(rootFolder, 'sandbox', 'directory'), { issuersPort: 1 })
  const following = register()
  const { site, storeKey } = await register().create(draft, [])
  for (const one of (await following.changes()).admitted) directory.admit(one)
  const known = directory.site(site.id)
  assert.equal(known?.storeKey(), storeKey)
  assert.equal(directory.merchant(site.merchant).name, 'Épicerie de la rue des Co')
  assert.equal(directory.merchant(site.merchant).cardAcceptorId, `000000${site.id}`)
  assert.deepEqual((await following.changes()).admitted, [])

  nowMs += 1_000
  const rotated = await register().rotateStoreKey(site.id, 60_000)
  assert.ok(rotated.ok)
  const [changed, ...others] = (await following.changes()).admitted
  assert.deepEqual(others, [])
  assert.equal(changed?.site.storeKey(), rotated.value.storeKey)
  assert.equal(changed.site.previousStoreKey(clock.now()), storeKey)
  assert.equal(changed.site.previousStoreKey(rotated.value.until), null)
  const unknown = await register().rotateStoreKey('1' as SiteId, 0)
  assert.deepEqual(unknown, { ok: false, error: 'unknown_site' })
})

test('a user’s password rotates with an overlap; the same request twice keeps the one before', async () => {
  const { site, apiUser } = await register().create(draft, [])
  assert.ok(apiUser !== null)
  const userOf = async () =>
    (await register().changes()).admitted.find((one) => one.site.id === site.id)?.apiUser
  nowMs += 1_000
  const seed = 'a'.repeat(32)
  const lost = await register().rotateApiPassword(site.id, 60_000, seed)
  const rotated = await register().rotateApiPassword(site.id, 90_000, seed)
  assert.ok(lost.ok && rotated.ok)
  assert.deepEqual(rotated.value.until, lost.value.until)
  const user = await userOf()
  const before = user?.previousPasswordHash(clock.now()) ?? ''
  assert.ok(await isPassword(rotated.value.password, user?.passwordHash() ?? ''))
  assert.ok(await isPassword(apiUser.password, before))
  assert.ok(!(await isPassword(lost.value.password, before)), 'what nobody was shown')
  assert.equal(user?.previousPasswordHash(rotated.value.until), null)

  const mtc = await register().create({ ...draft, gateway: 'maroc-telecommerce' }, [])
  const none = await register().rotateApiPassword(mtc.site.id, 0)
  assert.deepEqual(none, { ok: false, error: 'no_user' })
  const unknown = await register().rotateApiPassword('1' as SiteId, 0)
  assert.deepEqual(unknown, { ok: false, error: 'unknown_site' })
})

test('a key that was moved to another site’s row does not open, and stops nobody else', async () => {
  const { site: one } = await register().create(draft, [])
  const { site: other } = await register().create(draft, [])
  await database.owner.query(
    `UPDATE registered_site SET store_key_sealed =
       (SELECT store_key_sealed FROM registered_site WHERE site_id = $1) WHERE site_id = $2`,
    [one.id, other.id],
  )
  const { admitted, unreadable } = await register().changes()
  assert.deepEqual(unreadable, [other.id])
  assert.ok(admitted.some(({ site }) => site.id === one.id))
})

test('store keys follow a rotation of the vault’s keys, the one before as well', async () => {
  const { site, storeKey } = await register().create(draft, [])
  const rotated = await register().rotateStoreKey(site.id, 60_000)
  assert.ok(rotated.ok)
  const renewed: SecretBox = {
    seal: (name, text) => Buffer.from(`new ${name}\n${[...text].reverse().join('')}`),
    open: (name, sealed) => {
      const text = sealed.toString()
      if (text.startsWith('new ')) return secrets.open(name, Buffer.from(text.slice(4)))
      return secrets.open(name, sealed)
    },
  }
  await database.owner.query('DELETE FROM registered_site WHERE site_id <> $1', [site.id])
  const on = { database: database.app, secrets: renewed, clock, random: randomBytes }
  assert.equal(await new SiteRegister(on).reseal(), 1)
  const { rows } = await database.owner.query<{ now: Buffer; before: Buffer }>(
    `SELECT store_key_sealed AS now, previous_key_sealed AS before FROM registered_site`,
  )
  assert.ok(rows.every(({ now, before }) => `${now} ${before}`.split('new ').length === 3))
  const [admitted] = (await new SiteRegister(on).changes()).admitted
  assert.equal(admitted?.site.storeKey(), rotated.value.storeKey)
  assert.equal(admitted.site.previousStoreKey(clock.now()), storeKey)
})

test('an API key is known by its digest, and ends after its overlap', async () => {
  const keys = new ApiKeys({ database: database.app, clock, random: randomBytes })
  const site = '600000001' as SiteId
  const first = await keys.create(site)
  const operator = await keys.create(null)
  await keys.refresh()
  assert.deepEqual(keys.ownerOf(first)?.owner, site)
  assert.deepEqual(keys.ownerOf(operator)?.owner, null)
  assert.equal(keys.ownerOf(`${first}x`), undefined)
  const { key: second } = await keys.rotate(site, 60_000)
  await keys.refresh()
  assert.equal(keys.ownerOf(first)?.owner, site)
  nowMs += 60_000
  assert.equal(keys.ownerOf(first), undefined)
  assert.equal(keys.ownerOf(second)?.owner, site)
  assert.notEqual(keys.ownerOf(operator), undefined)
  const { rows } = await database.owner.query<{ text: string }>(
    'SELECT row_to_json(k)::text AS text FROM api_key k',
  )
  for (const key of [first, second, operator]) {
    assert.ok(rows.every(({ text }) => !text.includes(key.slice(-20))))
  }
  const listed = (await keys.list()).map(({ owner, endsAt }) => `${owner} ${endsAt !== null}`)
  assert.deepEqual(listed.sort(), [`${site} false`, `${site} true`, 'null false'])
})
