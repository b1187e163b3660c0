import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { BusinessDate } from '../kernel/business-date.ts'
import { minorUnits, type MinorUnits } from '../kernel/money.ts'
import type { PaymentState } from './payment.ts'
import { approved, declined, next, reversing, type Change } from './state.ts'

const on = '2013-09-15' as BusinessDate
const later = '2013-09-16' as BusinessDate
const answer = { answeredAt: new Date('2013-09-15T14:30:25Z'), responseCode: '00' }
const authorized = minorUnits(1_000n)
const approval = { ...answer, approvalCode: 'A1B2C3', authorized }

const amounts: fc.Arbitrary<MinorUnits> = fc.bigInt({ min: -5n, max: 1_100n }).map(minorUnits)
const dates = fc.constantFrom(on, later)

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant('captured' as const), amount: amounts, on: dates }),
  fc.record({
    kind: fc.constant('reversing' as const),
    cause: fc.constantFrom('void' as const, 'hold_expired' as const),
    on: dates,
  }),
  fc.constant({ kind: 'reversed' as const }),
  fc.record({
    kind: fc.constantFrom('refund_sent' as const, 'refunded' as const, 'refund_declined' as const),
    amount: amounts,
  }),
)

const firsts: fc.Arbitrary<PaymentState> = fc.constantFrom(
  approved('preauthorization', approval, on),
  approved('purchase', approval, on),
  declined({ ...answer, responseCode: '51' }, 'insufficient_funds'),
  reversing({ ...answer, responseCode: null }, { cause: 'no_answer', reason: 'no_answer', on }),
)

/** The same payment as three plain sums and a word: slower to be wrong than the states are. */
class Model {
  open: boolean
  voided: 'no' | 'reversing' | 'reversed'
  captured: bigint
  refunded = 0n
  pending = 0n

  constructor({ state }: PaymentState) {
    this.open = state === 'approved' || state === 'captured'
    this.voided = state === 'reversing' ? 'reversing' : 'no'
    this.captured = state === 'captured' ? authorized : 0n
  }

  /** Whether the change fits; it has happened then. */
  takes(change: Change): boolean {
    switch (change.kind) {
      case 'captured': {
        const fits = change.amount > 0n && this.captured + change.amount <= authorized
        if (!this.open || !fits) return false
        this.captured += change.amount
        return true
      }
      case 'reversing':
        if (!this.open || this.refunded + this.pending > 0n) return false
        this.open = false
        this.voided = 'reversing'
        return true
      case 'reversed':
        if (this.voided !== 'reversing') return false
        this.voided = 'reversed'
        return true
      case 'refund_sent':
      case 'refunded':
      case 'refund_declined':
        return this.#refunds(change.kind, change.amount)
    }
  }

  #refunds(kind: 'refund_sent' | 'refunded' | 'refund_declined', amount: bigint): boolean {
    const pending = this.pending + (kind === 'refund_sent' ? amount : -amount)
    const refunded = this.refunded + (kind === 'refunded' ? amount : 0n)
    const fits = amount > 0n && pending >= 0n && refunded + pending <= this.captured
    if (!this.open || this.captured === 0n || !fits) return false
    this.pending = pending
    this.refunded = refunded
    return true
  }
}

test('whatever happens, in any order, the sums hold and the states are those of the model', () => {
  fc.assert(
    fc.property(firsts, fc.array(changes, { maxLength: 40 }), (first, sequence) => {
      const model = new Model(first)
      let status = first
      for (const change of sequence) {
        const before = structuredClone(status)
        const after = next(status, change)
        assert.deepEqual(status, before, 'a state is never changed in place')
        assert.equal(after !== undefined, model.takes(change), JSON.stringify(change, text))
        status = after ?? status
        agrees(status, model)
      }
    }),
    { numRuns: 2_000 },
  )
})

function agrees(status: PaymentState, model: Model): void {
  if (status.state === 'captured') {
    const { captured, refunded, refundPending } = status
    const sums = [captured, refunded, refundPending]
    assert.deepEqual(sums, [model.captured, model.refunded, model.pending])
    assert.ok(captured > 0n && captured <= status.authorized)
    assert.ok(refunded >= 0n && refundPending >= 0n && refunded + refundPending <= captured)
  }
  const undone = status.state === 'reversing' || status.state === 'reversed'
  assert.equal(undone ? status.state : 'no', model.voided)
  if (undone) assert.equal(status.capture?.captured ?? 0n, model.captured)
}

test('an operation counts on the date of its first capture, whatever comes later', () => {
  const first = next(approved('preauthorization', approval, on), {
    kind: 'captured',
    amount: minorUnits(400n),
    on,
  })
  assert.ok(first?.state === 'captured')
  const second = next(first, { kind: 'captured', amount: minorUnits(600n), on: later })
  assert.ok(second?.state === 'captured')
  assert.deepEqual([second.dueOn, second.parts, second.captured], [on, 2, 1_000n])
})

test('what was refunded cannot be voided, nor what is declined captured', () => {
  const purchase = approved('purchase', approval, on)
  const asked = next(purchase, { kind: 'refund_sent', amount: minorUnits(1n) })
  assert.ok(asked !== undefined)
  assert.equal(next(asked, { kind: 'reversing', cause: 'void', on }), undefined)
  const no = declined(answer, 'other')
  assert.equal(next(no, { kind: 'captured', amount: minorUnits(1n), on }), undefined)
})

const text = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? `${value}` : value
