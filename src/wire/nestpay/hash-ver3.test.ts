import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { field, findField, type Field } from './field.ts'
import { hashVer3, matchVer3, variants } from './hash-ver3.ts'
import { mangledName, signFields } from './outbound.ts'

type Vector = {
  readonly client: string
  readonly case: string
  readonly store_key: string
  readonly fields: Record<string, string>
  readonly hash: string
}
type Vectors = {
  readonly ver3_requests_from_real_clients: readonly (Vector & { matches_canonical: boolean })[]
  readonly ver3_callback_verified_by_real_clients: readonly {
    readonly case: string
    readonly fields: Record<string, string>
    readonly hash: string
    readonly gateway_trims_values: boolean
  }[]
  readonly ver3_gold_real_gateway_response: Vector
  readonly ver3_php_odd: Vector
}

const file = new URL('../../../test/fixtures/cmi/vectors.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors

const fieldsOf = (record: Record<string, string>): Field[] =>
  Object.entries(record).map(([name, value]) => field(name, value))

for (const vector of vectors.ver3_requests_from_real_clients) {
  const fields = fieldsOf(vector.fields)
  const variant = matchVer3(fields, vector.store_key, vector.hash)
  // This client escapes nothing and its values hold pipes: a pipe could be moved without the key.
  const unsafe = vector.client.startsWith('npm') && vector.case.startsWith('B_')
  test(`${vector.client} ${vector.case}`, () => {
    if (unsafe) {
      assert.equal(variant, undefined)
      return
    }
    assert.ok(variant !== undefined)
    assert.equal(
      vector.matches_canonical,
      variant.order === 'natural' && variant.escape === 'full' && variant.trim,
    )
  })
  if (!unsafe)
    test(`${vector.client} ${vector.case}: any change of one field is refused`, (t) => {
      t.diagnostic(`${refusesChanges(vector)} changes refused`)
    })
}

function refusesChanges(vector: Vector): number {
  let refused = 0
  const isRefused = (fields: readonly Field[], what: string): void => {
    assert.equal(matchVer3(fields, vector.store_key, vector.hash), undefined, what)
    refused += 1
  }
  const fields = fieldsOf(vector.fields)
  fields.forEach((one, index) => {
    if (/^(hash|encoding)$/i.test(one.name)) return
    const text = one.value.toString('latin1')
    const changes = [`${text}x`, `x${text}`, `${text}|`, `${text}\\`, text === '' ? '|' : '']
    if (text.length > 1) changes.push(text.slice(1), text.slice(0, -1))
    for (const change of changes) {
      const changed = field(one.name, Buffer.from(change, 'latin1'))
      isRefused(fields.with(index, changed), one.name + change)
    }
    isRefused(fields.toSpliced(index, 1), `without ${one.name}`)
  })
  isRefused([...fields, field('zz', '')], 'an added field')
  assert.equal(matchVer3(fields, `${vector.store_key}x`, vector.hash), undefined, 'another key')
  assert.equal(matchVer3(fields, vector.store_key, `${vector.hash}=`), undefined)
  assert.equal(matchVer3(fields, vector.store_key, ''), undefined)
  return refused + 3
}

const gold = vectors.ver3_gold_real_gateway_response
test('the captured answer of a gateway: any change of one of its fields is refused', (t) => {
  t.diagnostic(`${refusesChanges(gold)} changes refused`)
})
test('accents, pipe and backslash: any change of one field is refused', (t) => {
  t.diagnostic(`${refusesChanges(vectors.ver3_php_odd)} changes refused`)
})

for (const vector of vectors.ver3_callback_verified_by_real_clients) {
  test(`callback ${vector.case}`, () => {
    const variant = matchVer3(fieldsOf(vector.fields), 'TEST1234', vector.hash)
    assert.equal(variant?.order, 'natural')
    assert.equal(variant.escape, 'full')
  })
}

test('the captured answer of a gateway: our own hash is byte for byte the same', () => {
  assert.equal(hashVer3(fieldsOf(gold.fields), gold.store_key), gold.hash)
  const signed = signFields(fieldsOf(gold.fields), gold.store_key)
  assert.equal(findField(signed, 'HASH')?.value.toString(), gold.hash)
  assert.equal(signed.at(-1)?.name, 'HASH')
})

test('accents, pipe and backslash as PHP hashes them', () => {
  const odd = vectors.ver3_php_odd
  assert.equal(hashVer3(fieldsOf(odd.fields), odd.store_key), odd.hash)
})

test('bytes are hashed as received: ISO-8859-9 stays ISO-8859-9', () => {
  const latin = [field('amount', '1'), field('BillToName', Buffer.from([0xc9, 0xf0]))]
  const hash = hashVer3(latin, 'k')
  assert.notEqual(matchVer3(latin, 'k', hash), undefined)
  assert.equal(matchVer3([field('amount', '1'), field('BillToName', 'Éğ')], 'k', hash), undefined)
})

test('outbound values are trimmed and in natural order', () => {
  const signed = signFields([field('oid', ' a\n'), field('amount', '1'), field('hash', 'x')], 'k')
  assert.deepEqual(signed.map(({ name, value }) => [name, value.toString()]).slice(0, 2), [
    ['amount', '1'],
    ['oid', 'a'],
  ])
  assert.equal(mangledName('EXTRA.TRXDATE'), mangledName('extra_trxdate'))
})

test('a pipe never moves between fields, whatever the escape', () => {
  const signed = [field('a', 'x\\'), field('b', 'y'), field('c', 'z')]
  const moved = [field('a', 'x|y'), field('b', 'z')]
  for (const { escape } of variants) {
    if (escape === 'pipe_then_backslash') continue
    const hash = hashVer3(signed, 'k')
    assert.equal(matchVer3(moved, 'k', hash)?.escape === escape, false)
  }
})
