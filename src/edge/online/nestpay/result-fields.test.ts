import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  compareNatural,
  field,
  findField,
  matchVer3,
  signFields,
  textOf,
  type Field,
} from '../../../wire/nestpay/index.ts'
import { cancelledFields, resultFields } from './result-fields.ts'
import { approved, calendar, declined, site, unanswered } from './testing.ts'

const form = [
  field('clientId', '600000001'),
  field('amount', ' 31,50 '),
  field('OID', 'A-1'),
  field('BillToName', 'Zoé | d’Azrou \\'),
  field('ProcReturnCode', '00'),
  field('EXTRA_HOSTMSG', 'hidden'),
  field('HASH', 'of the request'),
  field('encoding', 'UTF-8'),
  field('hashAlgorithm', 'ver3'),
]

const openedAt = new Date('2013-09-15T13:30:00Z')
const facts = { site, calendar, clientIp: '192.0.2.1', form, openedAt }

const reader =
  (fields: readonly Field[]) =>
  (name: string): string =>
    textOf(findField(fields, name)?.value ?? Buffer.from('absent'))

function verify(fields: readonly Field[]): void {
  const value = reader(fields)
  const variant = matchVer3(fields, site.storeKey(), value('HASH'))
  assert.deepEqual([variant?.order, variant?.escape], ['natural', 'full'])
  const names = fields.map(({ name }) => name).filter((name) => name !== 'HASH')
  assert.deepEqual(names, [...names].sort(compareNatural))
  const php = names.map((name) => name.toLowerCase().replace(/[. ]/g, '_'))
  assert.equal(new Set(php).size, php.length)
}

test('an approval: signed, in natural order, the request echoed beside the result', () => {
  const fields = resultFields(approved, facts)
  verify(fields)
  const value = reader(fields)
  assert.equal(value('Response'), 'Approved')
  assert.equal(value('ProcReturnCode'), '00')
  assert.equal(value('AuthCode'), '123456')
  assert.equal(value('HostRefNum'), '325800000042')
  assert.equal(value('ErrMsg'), '')
  assert.equal(value('maskedCreditCard'), '4355 08** **** 4358')
  assert.equal(value('MaskedPan'), '435508***4358')
  assert.equal(value('Ecom_Payment_Card_ExpDate_Month'), '12')
  assert.equal(value('Ecom_Payment_Card_ExpDate_Year'), '39')
  assert.equal(value('EXTRA.TRXDATE'), '20130915 14:30:25')
  assert.equal(value('EXTRA.HOSTDATE'), '0915-143025')
  assert.equal(value('EXTRA.HOSTMSG'), 'Approved')
  assert.equal(value('EXTRA_HOSTMSG'), 'absent')
  assert.deepEqual([value('mdStatus'), value('eci'), value('txstatus')], ['7', '07', 'U'])
  assert.deepEqual([value('amount'), value('ReturnOid')], ['31,50', 'A-1'])
  assert.equal(fields.filter(({ name }) => /^oid$/i.test(name)).length, 1)
})

test('a form cannot say that a declined payment was approved', () => {
  const value = reader(resultFields(declined('51'), facts))
  assert.deepEqual([value('Response'), value('ProcReturnCode')], ['Declined', '51'])
  assert.equal(value('AuthCode'), '')
  assert.equal(reader(resultFields(unanswered('no_answer'), facts))('ProcReturnCode'), '91')
  assert.equal(reader(resultFields(unanswered('no_route'), facts))('ProcReturnCode'), '92')
})

test('a form of an older version is answered in it, with what it is verified by', () => {
  for (const [version, separator] of [
    ['ver1', ':'],
    ['ver2', '|'],
  ] as const) {
    const old = form.map((one) =>
      one.name === 'hashAlgorithm' ? field('hashAlgorithm', version) : one,
    )
    const value = reader(resultFields(approved, { ...facts, form: old }))
    const names = value('HASHPARAMS').split(separator)
    assert.ok(names.includes('ProcReturnCode') && names.includes('OID'))
    assert.match(value('HASHPARAMSVAL'), /600000001.*A-1.*123456/)
    assert.equal(value('HASH').length, version === 'ver1' ? 28 : 88)
    assert.equal(value('amount'), '31,50', 'not signed, and the order’s own all the same')
  }
})

test('a cancelled payment, and an order number that the gateway made', () => {
  const empty = form.map((one) => (one.name === 'OID' ? field('OID', ' ') : one))
  const fields = cancelledFields({ ...facts, form: empty, reference: 'M01' })
  verify(fields)
  const value = reader(fields)
  assert.deepEqual([value('oid'), value('ReturnOid')], ['M01', 'M01'])
  const said = [value('Response'), value('ProcReturnCode'), value('ErrMsg')]
  assert.deepEqual(said, ['Error', '99', 'cancelled'])
  assert.equal(reader(resultFields(approved, { ...facts, form: empty }))('oid'), 'A-1')
})

test('whoever still signs with the key before is answered with it, and nobody else', () => {
  const until = new Date(openedAt.getTime() + 1)
  const changed = {
    ...site,
    storeKey: () => 'NEW',
    previousStoreKey: (now: Date) => (now < until ? 'OLD' : null),
  }
  for (const key of ['OLD', 'NEW']) {
    const signed = signFields(form, key)
    const answered = resultFields(approved, { ...facts, site: changed, form: signed })
    const hash = reader(answered)('HASH') ?? ''
    assert.notEqual(matchVer3(answered, key, hash), undefined)
  }
  const late = resultFields(approved, {
    ...facts,
    site: changed,
    form: signFields(form, 'OLD'),
    openedAt: until,
  })
  assert.notEqual(matchVer3(late, 'NEW', reader(late)('HASH') ?? ''), undefined)
})
