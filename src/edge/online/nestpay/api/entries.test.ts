/** An order's entries from a payment and its changes, in the letters that merchants know. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BusinessDate } from '../../../../kernel/business-date.ts'
import { minorUnits } from '../../../../kernel/money.ts'
import type { Payment, StoredEvent } from '../../../../switch/index.ts'
import { approved, declined, unanswered } from '../testing.ts'
import { parseTransId, transIdOf } from '../trans-id.ts'
import { entriesOf, isDone } from './entries.ts'

const day = '2013-09-15' as BusinessDate
const next = '2013-09-16' as BusinessDate
const at = new Date('2013-09-15T14:00:00Z')

const event = (version: number, kind: StoredEvent['kind'], minor?: bigint): StoredEvent => ({
  version,
  kind,
  name: null,
  amountMinor: minor ?? null,
  responseCode: kind === 'refund_declined' ? '51' : null,
  stan: `00000${version % 2}`,
  rrn: `32580000000${version % 2}`,
  businessDate: day,
  recordedAt: at,
})

const letters = (payment: Payment, events: readonly StoredEvent[], today: BusinessDate): string =>
  entriesOf(payment, events, today)
    .map(({ chargeType, status }) => chargeType + status)
    .join(' ')

const approval = approved.status
assert.ok(approval.state === 'approved')
const captured: Payment = {
  ...approved,
  status: {
    ...approval,
    state: 'captured',
    captured: minorUnits(3_150n),
    parts: 1,
    dueOn: day,
    refunded: minorUnits(0n),
    refundPending: minorUnits(0n),
  },
}
const undone = (cause: 'void' | 'hold_expired' | 'no_answer'): Payment => ({
  ...approved,
  status: {
    state: 'reversing',
    cause,
    reason: null,
    reversedOn: day,
    answeredAt: at,
    responseCode: null,
    approval: cause === 'no_answer' ? null : approval,
    capture: null,
  },
})

test('authorized, captured, settled, voided, released, failed, to be reversed', () => {
  const taken = [event(2, 'captured_last', 3_150n)]
  assert.equal(letters(approved, [], day), 'SA')
  assert.equal(letters(captured, taken, day), 'SA SC')
  assert.equal(letters(captured, taken, next), 'SA SS')
  const sale = { ...captured, sent: { ...captured.sent, kind: 'purchase' as const } }
  assert.equal(letters(sale, [], day), 'SC')
  assert.equal(letters(sale, [], next), 'SS')
  assert.equal(letters(undone('void'), [...taken, event(3, 'reversing')], day), 'SV SV')
  assert.equal(letters(undone('hold_expired'), [event(2, 'reversing')], day), 'SCNCL')
  assert.equal(letters(undone('no_answer'), [], day), 'SR')
  assert.equal(letters(declined('51'), [], day), 'SD')
  assert.equal(entriesOf(unanswered('no_route'), [], day)[0]?.code, '92')
})

test('a refund is pending, done or declined, and never undoes the sale', () => {
  const taken = event(2, 'captured_last', 3_150n)
  const sent = event(3, 'refund_sent', 1_000n)
  assert.equal(letters(captured, [taken, sent], next), 'SA SS CPN')
  const done = { ...event(5, 'refunded', 1_000n), businessDate: next }
  assert.equal(letters(captured, [taken, sent, done], next), 'SA SS CC')
  const refused = entriesOf(captured, [taken, sent, event(5, 'refund_declined', 1_000n)], next)
  assert.deepEqual([refused[2]?.status, refused[2]?.code], ['D', '51'])
  assert.deepEqual(refused.map(isDone), [true, true, false])
})

test('a TransId says where the payment is, and is never guessed', () => {
  const { key } = approved.sent
  assert.deepEqual(parseTransId(transIdOf(key)), { key, version: null })
  assert.deepEqual(parseTransId(transIdOf(key, 12)), { key, version: 12 })
  for (const text of ['', 'M2', '13258M00000042', `${transIdOf(key)}M`, `${transIdOf(key)}M0`]) {
    assert.equal(parseTransId(text), undefined, text)
  }
  assert.ok(transIdOf(key, 999_999).length <= 64)
})
