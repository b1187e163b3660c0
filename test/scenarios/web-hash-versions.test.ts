/**
 * Forms signed in each version of the hash at a site that allows the old ones, and what these leave
 * unsigned: nobody else is told, nothing else is charged, the answer is verified in the same version.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import {
  field,
  findField,
  matchVer3,
  signFields,
  type Field,
} from '../../src/wire/nestpay/index.ts'
import { valueOf } from '../support/merchant.ts'
import { openWebCentre, wayBackIn, type WebCentre } from '../support/web-centre.ts'

const storeKey = 'K|e\\y9'
let web: WebCentre

before(async () => {
  web = await openWebCentre()
})

after(async () => {
  await web.stop()
})

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('|', '\\|')

/** As old clients compute it, from what they post. */
function hashOf(version: string, fields: Readonly<Record<string, string>>): string {
  const at = (name: string): string => fields[name] ?? ''
  const head = ['clientid', 'oid', 'amount', 'okUrl', 'failUrl'].map(at)
  if (version === 'ver1') {
    const kind = at('TranType') + at('islemtipi')
    const text = [...head, kind, at('taksit'), at('rnd'), storeKey].join('')
    return createHash('sha1').update(text).digest('base64')
  }
  const rest = [at('TranType'), at('Instalment'), at('rnd'), '', '', '', at('currency'), storeKey]
  return createHash('sha512')
    .update([...head, ...rest].map(escaped).join('|'))
    .digest('base64')
}

type Changes = Readonly<Record<string, string>>

function oldForm(version: string, oid: string, changes: Changes = {}): readonly Field[] {
  const signed = {
    clientid: '600000007',
    storetype: '3d_pay_hosting',
    TranType: 'PreAuth',
    amount: '31,50',
    currency: '504',
    oid,
    okUrl: `${web.merchant.url}/ok`,
    failUrl: `${web.merchant.url}/fail`,
    callbackUrl: `${web.merchant.url}/callback`,
    rnd: 'r|1\\',
    lang: 'en',
    ...(version === '' ? {} : { hashAlgorithm: version }),
    ...changes,
  }
  const hash = hashOf(version === '' ? 'ver1' : version, signed)
  return Object.entries({ ...signed, hash }).map(([name, value]) => field(name, value))
}

async function paid(fields: readonly Field[]): Promise<readonly Field[]> {
  const opened = await web.gate(fields)
  assert.equal(opened.status, 303, opened.body)
  const receipt = await web.payWith(opened.headers.get('location') ?? '')
  return wayBackIn(receipt.body).fields
}

/** As published clients verify: the names that are listed, their values, the key. */
function isVerified(fields: readonly Field[], version: string): boolean {
  const text = (name: string): string => valueOf(fields, name) ?? ''
  const separator = version === 'ver1' ? ':' : '|'
  const names = text('HASHPARAMS')
    .split(separator)
    .filter((name) => name !== '')
  const values = names.map((name) => fields.find((one) => one.name === name)?.value.toString())
  const known = values.map((value) => value ?? 'absent')
  const joined = version === 'ver1' ? known.join('') : known.map(escaped).join('|')
  const hash =
    version === 'ver1'
      ? createHash('sha1')
          .update(joined + storeKey)
          .digest('base64')
      : createHash('sha512')
          .update(`${joined}|${escaped(storeKey)}`)
          .digest('base64')
  return joined === text('HASHPARAMSVAL') && hash === text('HASH')
}

for (const [posted, version] of [
  ['', 'ver1'],
  ['ver1', 'ver1'],
  ['ver2', 'ver2'],
] as const) {
  test(`hashAlgorithm "${posted}": paid, called back and returned in ${version}`, async () => {
    const oid = `OLD-${posted === '' ? 'absent' : posted}`
    const back = await paid(oldForm(posted, oid))
    const [call] = web.merchant.received(oid)
    assert.ok(call !== undefined)
    for (const fields of [back, call.fields]) {
      assert.ok(isVerified(fields, version))
      assert.equal(valueOf(fields, 'ProcReturnCode'), '00')
      assert.equal(valueOf(fields, 'amount'), '31,50')
      assert.equal(valueOf(fields, 'hashAlgorithm') ?? '', posted)
    }
  })
}

test('ver3 with a pipe and a backslash in key and values is answered in ver3', async () => {
  const form = web.form('VER3|\\', { clientid: '600000007' })
  assert.match((await web.gate(form)).body, /3D-1004/, 'signed with another site’s key')

  const back = await paid(signFields(form, storeKey))
  assert.notEqual(matchVer3(back, storeKey, valueOf(back, 'HASH') ?? ''), undefined)
  assert.equal(findField(back, 'HASHPARAMS'), undefined)
})

test('where the setting is off, old hashes are wrong whatever they are', async () => {
  for (const version of ['', 'ver1', 'ver2']) {
    const fields = oldForm(version, 'OFF', { clientid: '600000001' })
    const page = await web.gate(fields)
    assert.equal(page.status, 400)
    assert.match(page.body, /3D-1004/)
  }
  const unknown = await web.gate(oldForm('ver9', 'OFF'))
  assert.match(unknown.body, /3D-1004/)
})

test('each signed field changed after signing is 3D-1004, in both versions', async (t) => {
  let refused = 0
  for (const version of ['ver1', 'ver2']) {
    const names = 'clientid oid amount okUrl failUrl TranType rnd'.split(' ')
    for (const name of [...names, ...(version === 'ver2' ? ['currency', 'Instalment'] : [])]) {
      const signed = oldForm(version, 'CHANGED', { Instalment: '' })
      const fields = signed.map((one) =>
        one.name === name ? field(name, name === 'clientid' ? '600000006' : '7') : one,
      )
      const page = await web.gate(fields)
      assert.equal(page.status, 400, name)
      assert.match(page.body, /3D-1004/, name)
      refused += 1
    }
  }
  t.diagnostic(`${refused} changes refused`)
})

test('what is unsigned is not believed: other hosts, a sale made a hold, other currencies', async () => {
  const elsewhere = 'http://evil.example/'
  for (const [version, name, value, code] of [
    ['ver1', 'callbackUrl', elsewhere, 'FORM-0004'],
    ['ver2', 'callbackUrl', elsewhere, 'FORM-0004'],
    ['ver1', 'shopurl', elsewhere, 'FORM-0004'],
    ['ver2', 'shopurl', elsewhere, 'FORM-0004'],
    ['ver1', 'currency', '978', 'FORM-0005'],
  ] as const) {
    const signed = oldForm(version, 'UNSIGNED')
    const kept = signed.filter((one) => one.name !== name)
    const page = await web.gate([...kept, field(name, value)])
    assert.equal(page.status, 400, `${version} ${name}`)
    assert.match(page.body, new RegExp(code), `${version} ${name}`)
  }
  // "Auth" moved from the kind into its neighbours: the text that ver1 hashes is the same.
  const sale = oldForm('ver1', 'SALE', { TranType: 'Auth' }).filter(
    ({ name }) => name !== 'TranType',
  )
  const moved = sale.map((one) => (one.name === 'rnd' ? field('rnd', 'Authr|1\\') : one))
  assert.match((await web.gate(moved)).body, /FORM-0003[\s\S]*TranType/)
  const beside = [...sale, field('taksit', 'Auth')]
  assert.match((await web.gate(beside)).body, /FORM-0003[\s\S]*TranType/)
  const { rows } = await web.owner.query("SELECT 1 FROM web_order WHERE reference = 'SALE'")
  assert.equal(rows.length, 0)
})

type Recorded = {
  readonly client: string
  readonly case: string
  readonly store_key: string
  readonly fields: Readonly<Record<string, string>>
}

test('recorded clients at the door: their forms are taken, any field changed is not', async (t) => {
  const file = new URL('../fixtures/cmi/vectors.json', import.meta.url)
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly ver3_requests_from_real_clients: readonly Recorded[]
  }
  const counts = { accepted: 0, otherKey: 0, changed: 0 }
  for (const {
    client,
    case: name,
    store_key: key,
    fields,
  } of vectors.ver3_requests_from_real_clients) {
    const posted = Object.entries(fields).map(([one, value]) => field(one, value))
    const answer = await web.gate(posted)
    // Some were made with the key of another site than the one that they name.
    const right = key === 'TEST1234'
    assert.equal(answer.status, right ? 303 : 400, `${client} ${name}`)
    counts[right ? 'accepted' : 'otherKey'] += 1
    if (!right) continue
    for (const [index, one] of posted.entries()) {
      if (/^(encoding|clientid)$/i.test(one.name)) continue
      const changed = posted.with(index, field(one.name, `${one.value.toString()}1`))
      assert.match((await web.gate(changed)).body, /3D-1004/, `${client} ${one.name}`)
      counts.changed += 1
    }
  }
  t.diagnostic(JSON.stringify(counts))
  assert.deepEqual([counts.accepted, counts.otherKey], [10, 5])
})
