/** ver1 and ver2 as the recorded clients compute them, and what each of them leaves unsigned. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { inOrder } from './field-order.ts'
import { field, findField, type Field } from './field.ts'
import { matchOld, type OldVersion } from './hash-old.ts'
import { hashVersionOf, signFields } from './outbound.ts'

type Vectors = {
  readonly ver2_requests: {
    readonly vectors: Record<string, { params: string[]; store_key: string; hash: string }>
  }
  readonly ver1_request: { fields: Record<string, string>; store_key: string; hash: string }
  readonly ver1_responses_published: readonly {
    HASHPARAMSVAL: string
    store_key: string
    HASH: string
  }[]
  readonly sort_order_probe: Record<string, readonly string[]>
}

const file = new URL('../../../test/fixtures/cmi/vectors.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors

/** What the twelve positions of ver2 are called; the empty ones are posted by nobody. */
const ver2Names = 'clientid oid amount okUrl failUrl TranType Instalment rnd - - - currency'.split(
  ' ',
)

type Signed = {
  readonly name: string
  readonly version: OldVersion
  readonly fields: readonly Field[]
  readonly storeKey: string
  readonly posted: string
}

const ver1 = vectors.ver1_request
const requests: readonly Signed[] = [
  ...Object.entries(vectors.ver2_requests.vectors).map(([name, { params, store_key, hash }]) => ({
    name,
    version: 'ver2' as const,
    fields: params.flatMap((value, i) => {
      const posted = ver2Names[i] ?? '-'
      return posted === '-' ? [] : [field(posted, value)]
    }),
    storeKey: store_key,
    posted: hash,
  })),
  {
    name: 'mewebstudio_ver1',
    version: 'ver1' as const,
    fields: Object.entries(ver1.fields).map(([name, value]) => field(name, value)),
    storeKey: ver1.store_key,
    posted: ver1.hash,
  },
]

for (const request of requests) {
  const { version, fields, storeKey, posted } = request
  test(`${request.name}: accepted, and any change of one signed field is refused`, (t) => {
    assert.ok(matchOld(fields, request))
    let refused = 0
    fields.forEach((one, index) => {
      const text = one.value.toString('latin1')
      const changes = [`${text}x`, `x${text}`, `${text}|`, `${text}\\`, `${text}0`]
      if (text.length > 1) changes.push(text.slice(1), text.slice(0, -1), '')
      for (const change of changes) {
        const changed = fields.with(index, field(one.name, change))
        assert.equal(matchOld(changed, request), false, `${one.name}=${change}`)
        refused += 1
      }
      if (text === '') return
      assert.equal(matchOld(fields.toSpliced(index, 1), request), false, `without ${one.name}`)
      refused += 1
    })
    for (const other of [
      { version, storeKey: `${storeKey}x`, posted },
      { version, storeKey, posted: '' },
      { version, storeKey, posted: `${posted}=` },
      { version: version === 'ver1' ? ('ver2' as const) : ('ver1' as const), storeKey, posted },
    ]) {
      assert.equal(matchOld(fields, other), false)
      refused += 1
    }
    t.diagnostic(`${refused} changes refused`)
  })
}

test('ver2 without escaping is taken where no value could move', () => {
  const plain = (oid: string): readonly Field[] => [field('clientid', '1'), field('oid', oid)]
  const hash = (oid: string): string =>
    createHash('sha512')
      .update(`1|${oid}${'|'.repeat(11)}K|e\\y9`)
      .digest('base64')
  const asked = { version: 'ver2' as const, storeKey: 'K|e\\y9' }
  assert.ok(matchOld(plain('A'), { ...asked, posted: hash('A') }))
  assert.equal(matchOld(plain('A|B'), { ...asked, posted: hash('A|B') }), false)
})

test('of ver1: a position under both of its names is nobody’s', () => {
  const [request] = requests.filter(({ version }) => version === 'ver1')
  assert.ok(request !== undefined)
  const both = [...request.fields, field('TranType', '')]
  assert.equal(matchOld(both, request), false)
})

test('answers: verified as published clients do, by the names and the text that they carry', () => {
  const [published] = vectors.ver1_responses_published
  assert.ok(published !== undefined)
  const sha1 = (text: string): string =>
    createHash('sha1').update(Buffer.from(text, 'utf8')).digest('base64')
  assert.equal(sha1(published.HASHPARAMSVAL + published.store_key), published.HASH)

  const fields = [
    field('clientId', '600000007'),
    field('oid', 'A|1\\'),
    field('ProcReturnCode', '00'),
    field('rnd', ' r '),
    field('HASHPARAMS', 'oid'),
  ]
  const text = (signed: readonly Field[], name: string): string =>
    findField(signed, name)?.value.toString() ?? 'absent'
  const one = signFields(fields, 'K|e\\y9', 'ver1')
  const named = text(one, 'HASHPARAMS').split(':').slice(0, -1)
  const joined = named.map((name) => one.find((f) => f.name === name)?.value.toString()).join('')
  assert.equal(named[0], 'clientId', 'spelled as it is posted')
  assert.equal(text(one, 'HASHPARAMSVAL'), joined)
  assert.equal(text(one, 'HASH'), sha1(`${joined}K|e\\y9`))

  const two = signFields(fields, 'K|e\\y9', 'ver2')
  const escaped = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('|', '\\|')
  const values = text(two, 'HASHPARAMS')
    .split('|')
    .map((name) => escaped(text(two, name)))
  assert.equal(text(two, 'HASHPARAMSVAL'), values.join('|'))
  const hash = createHash('sha512')
    .update([...values, 'K\\|e\\\\y9'].join('|'))
    .digest('base64')
  assert.equal(text(two, 'HASH'), hash)
  assert.equal(text(two, 'oid'), 'A|1\\')
})

test('the version of a form: absent is ver1, unknown is none', () => {
  const of = (value: string) => hashVersionOf([field('HASHALGORITHM', value)])
  assert.deepEqual(['', ' ver2 ', 'VER3', 'ver4', 'ver1'].map(of), [
    'ver1',
    'ver2',
    'ver3',
    undefined,
    'ver1',
  ])
  assert.equal(hashVersionOf([]), 'ver1')
})

test('the four orders of names that recorded clients sort by', () => {
  const probe = vectors.sort_order_probe
  const sorted = (order: Parameters<typeof inOrder>[1]): readonly string[] | undefined =>
    inOrder(
      (probe['names'] ?? []).map((name) => field(name, '')),
      order,
    )?.map(({ name }) => name)
  assert.deepEqual(sorted('natural'), probe['php_natcasesort'])
  assert.deepEqual(sorted('locale'), probe['node_localeCompare_numeric_base'])
  assert.deepEqual(sorted('lower_case'), probe['lowercase_codepoint (ruby/java/odoo)'])
  assert.deepEqual(sorted('code_point'), probe['php_ksort'])
  assert.equal(sorted('fixed_list'), undefined)
})
