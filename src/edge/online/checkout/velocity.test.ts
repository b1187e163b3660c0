import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { MAD } from '../../../kernel/currency.ts'
import type { SiteId } from '../../../kernel/ids.ts'
import { limits } from '../../../kernel/limits.ts'
import { money } from '../../../kernel/money.ts'
import { hasCheckDigit, Pan } from '../../../kernel/pan.ts'
import type { Outcome } from './outcome.ts'
import { Velocity, type Trial } from './velocity.ts'

const { velocity } = limits
let nowMs = 0
const clock = { now: () => new Date(nowMs), monotonicMs: () => nowMs }
const guard = (sandbox = false): Velocity => new Velocity({ clock, random: randomBytes, sandbox })

function pan(number: number): Pan {
  const start = `95040${String(number).padStart(10, '0')}`
  const digits = [...'0123456789'].map((last) => start + last).find(hasCheckDigit) ?? start
  const parsed = Pan.parse(digits)
  assert.ok(parsed.ok)
  return parsed.value
}

const refused: Outcome = { outcome: 'declined', reason: 'do_not_honour', responseCode: '05' }
const paid: Outcome = { outcome: 'undone' }

const trial = (card: number, more: Partial<Trial> = {}): Trial => ({
  site: '600000001',
  address: '192.0.2.1',
  pan: pan(card),
  amount: money(1_250n, MAD),
  ...more,
})

test('one card declined again and again is let alone for a while, wherever it is tried', () => {
  const guarded = guard()
  for (let i = 0; i < velocity.cardDeclinesMax; i++) {
    const from = trial(1, { address: `192.0.2.${i}`, site: `6000000${i}` as SiteId })
    assert.equal(guarded.judge(from), undefined)
    guarded.learn(from, refused)
  }
  assert.equal(guarded.judge(trial(1, { address: '198.51.100.7' })), 'card')
  assert.equal(guarded.judge(trial(2)), undefined)
  nowMs += velocity.cardWindowMs + 1
  assert.equal(guarded.judge(trial(1)), undefined)
})

test('an address that tries many cards is stopped; a family that mistypes is not', () => {
  const guarded = guard()
  for (let card = 0; card < velocity.addressDeclinedCardsMax; card++) {
    assert.equal(guarded.judge(trial(card)), undefined)
    guarded.learn(trial(card), refused)
    guarded.learn(trial(card), paid)
  }
  assert.equal(guarded.judge(trial(99)), 'address')
  assert.equal(guarded.judge(trial(99, { address: '192.0.2.2' })), undefined)
})

test('a site where nearly every card is declined is stopped, whatever the addresses', () => {
  const busy = guard()
  const tested = guard()
  for (let card = 0; card < velocity.siteDeclinedCardsMax; card++) {
    const from = trial(card, { address: `2001:db8::${card}` })
    assert.equal(tested.judge(from), undefined)
    tested.learn(from, refused)
    busy.learn(from, refused)
    for (let times = 0; times < 3; times++) busy.learn(trial(card + 1_000, { address: 'x' }), paid)
  }
  const next = trial(9_999, { address: '2001:db8::ffff' })
  assert.equal(tested.judge(next), 'site')
  assert.equal(busy.judge(next), undefined)
})

test('in the sandbox the amounts that ask for a decline say nothing; outside they are amounts', () => {
  const asked = trial(1, { amount: money(100_051n, MAD) })
  const [sandbox, live] = [guard(true), guard(false)]
  for (let i = 0; i < velocity.cardDeclinesMax; i++) {
    sandbox.learn(asked, refused)
    live.learn(asked, refused)
  }
  assert.deepEqual([sandbox.judge(asked), live.judge(asked)], [undefined, 'card'])
})

test('a bank that is down, or never answers, is no fault of the card', () => {
  const guarded = guard()
  for (const reason of ['no_answer', 'issuer_unavailable', 'other'] as const) {
    for (let i = 0; i < velocity.cardDeclinesMax; i++) {
      guarded.learn(trial(1), { outcome: 'declined', reason, responseCode: null })
    }
  }
  assert.equal(guarded.judge(trial(1)), undefined)
})
