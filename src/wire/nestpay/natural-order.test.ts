import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { field } from './field.ts'
import { inOrder, type FieldOrder } from './field-order.ts'
import { compareNatural } from './natural-order.ts'

const sorted = (names: readonly string[], order: FieldOrder): readonly string[] | undefined =>
  inOrder(
    names.map((name) => field(name, '')),
    order,
  )?.map(({ name }) => name)

test('the four orders recorded from PHP, Node, Ruby and ksort', () => {
  const names = ['a_b', 'aBc', 'BillToStreet10', 'BillToStreet2']
  assert.deepEqual(sorted(names, 'natural'), ['aBc', 'a_b', 'BillToStreet2', 'BillToStreet10'])
  assert.deepEqual(sorted(names, 'locale'), ['a_b', 'aBc', 'BillToStreet2', 'BillToStreet10'])
  assert.deepEqual(sorted(names, 'lower_case'), ['a_b', 'aBc', 'BillToStreet10', 'BillToStreet2'])
  assert.deepEqual(sorted(names, 'code_point'), ['BillToStreet10', 'BillToStreet2', 'aBc', 'a_b'])
  assert.equal(sorted(names, 'fixed_list'), undefined)
  assert.deepEqual(sorted(['oid', 'CALLBACKURL', 'billtoname', 'amount'], 'fixed_list'), [
    'amount',
    'billtoname',
    'CALLBACKURL',
    'oid',
  ])
})

test('digit runs and zeros as PHP compares them', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['img12', 'img10', 1],
    ['img2', 'img10', -1],
    ['IMG2', 'img10', -1],
    ['001', '1', 0],
    ['x01', 'x1', -1],
    ['x0.5', 'x0.12', -1],
    ['a1b', 'a1', 1],
    ['', 'a', -1],
    ['a', '', 1],
    ['', '', 0],
    ['a_', 'az', 1],
    ['EXTRA.HOSTDATE', 'EXTRA.TRXDATE', -1],
    ['eci', 'Ecom_Payment', -1],
    ['md', 'MaskedPan', 1],
    ['mdStatus', 'merchantID', -1],
  ]
  for (const [a, b, expected] of cases) {
    assert.equal(Math.sign(compareNatural(a, b)), expected, `${a} against ${b}`)
    assert.equal(Math.sign(compareNatural(b, a)), expected === 0 ? 0 : -expected, `${b} ${a}`)
  }
})

test('property: a comparison and its mirror agree; equal ignoring case is equal', () => {
  const name = fc.stringMatching(/^[A-Za-z_.][A-Za-z0-9_. ]{0,8}$/)
  fc.assert(
    fc.property(name, name, (a, b) => {
      assert.equal(Math.sign(compareNatural(a, b)) + Math.sign(compareNatural(b, a)), 0)
      assert.equal(compareNatural(a, a.toUpperCase()), 0)
    }),
  )
})
