import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BusinessDate } from '../../../kernel/business-date.ts'
import { field, type Field } from '../../../wire/nestpay/index.ts'
import { readCardForm } from './card-form.ts'

const good = { number: '4000 0000 0000 0010', expiry: '09/13', cvc: '000', name: '', attempt: '3' }
const september = '2013-09-30' as BusinessDate
const october = '2013-10-01' as BusinessDate

const posted = (changes: Partial<typeof good> = {}): readonly Field[] =>
  Object.entries({ ...good, ...changes }).map(([name, value]) => field(name, value))

test('a card: number without its spaces, expiry as DE14, the code only when asked for', () => {
  const read = readCardForm(posted(), september)
  assert.ok(read.ok)
  assert.equal(read.value.attempt, 3)
  assert.equal(read.value.card.pan.reveal(), '4000000000000010')
  assert.equal(read.value.card.expiry, '1309')
  assert.equal(read.value.card.cvc?.(), '000')
  assert.doesNotMatch(JSON.stringify(read), /4000000000000010|"000"/)
})

test('expiry: two or four digits of the year, good to the end of its month', () => {
  for (const expiry of ['09/13', '9/13', '09/2013', '0913', '09-13', ' 09 / 13 ']) {
    assert.ok(readCardForm(posted({ expiry }), september).ok, expiry)
  }
  for (const expiry of ['13/13', '00/13', '09/1', '', 'x', '2013-09', '09/201']) {
    const read = readCardForm(posted({ expiry }), september)
    assert.equal(!read.ok && read.error.problems.expiry, 'expiry_shape', expiry)
  }
  const past = readCardForm(posted(), october)
  assert.equal(!past.ok && past.error.problems.expiry, 'expiry_past')
})

test('each wrong field has its own problem', () => {
  const problem = (changes: Partial<typeof good>): unknown => {
    const read = readCardForm(posted(changes), september)
    return read.ok ? null : read.error.problems
  }
  assert.deepEqual(problem({ number: '' }), { number: 'number_missing' })
  assert.deepEqual(problem({ number: 'abcd' }), { number: 'number_shape' })
  assert.deepEqual(problem({ number: '4000' }), { number: 'number_shape' })
  assert.deepEqual(problem({ number: '4000000000000011' }), { number: 'number_check_digit' })
  assert.deepEqual(problem({ cvc: '00' }), { cvc: 'cvc_shape' })
  assert.deepEqual(problem({ cvc: '00000' }), { cvc: 'cvc_shape' })
  assert.deepEqual(problem({ name: '<b>' }), { name: 'name_shape' })
  assert.deepEqual(problem({ name: 'É'.repeat(61) }), { name: 'name_shape' })
  assert.equal(problem({ name: 'Zoé d’Aït-Ahmed, فاطمة' }), null)
})

test('digits as an Arabic keyboard types them', () => {
  const read = readCardForm(
    posted({ number: '٤٠٠٠٠٠٠٠٠٠٠٠٠٠١٠', expiry: '٠٩/١٣', cvc: '٠٠٠' }),
    september,
  )
  assert.ok(read.ok)
  assert.equal(read.value.card.pan.last4(), '0010')
})

test('an attempt that is no number is none', () => {
  for (const attempt of ['', 'x', '-1', '1.5', '1e3', '9999']) {
    const read = readCardForm(posted({ attempt }), september)
    assert.equal(read.ok && read.value.attempt, 0, attempt)
  }
  assert.ok(!readCardForm([], september).ok)
})
