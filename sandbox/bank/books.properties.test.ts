/**
 * Goal: whatever is asked in whatever order, repeated or overtaken, money is conserved. Method:
 * random sequences against a bank; after each step the accounts are added up again from the rows,
 * and at the end books made from the journal are the same books.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  AcquirerSide,
  BankUnderTest,
  CARD,
  OTHER_CARD,
  type RequestDraft,
} from './acquirer-side.ts'
import { available, OPENING_BALANCE_MINOR } from './account.ts'
import { Books } from './books.ts'
import { printBooks } from './read-books.ts'
import { replayEntry } from './replay.ts'

type Step =
  | { readonly act: 'hold' | 'purchase' | 'refund'; readonly amount: number; readonly card: string }
  | {
      readonly act: 'capture'
      readonly of: number
      readonly amount: number
      readonly last: boolean
    }
  | { readonly act: 'reverse' | 'repeat'; readonly of: number }
  | { readonly act: 'reverse-partly'; readonly of: number; readonly amount: number }
  /** The reversal comes first, its original after it. */
  | { readonly act: 'overtaken'; readonly amount: number }

const amount = fc.oneof(
  fc.integer({ min: 0, max: 2_000 }),
  fc.integer({ min: 100_000, max: 100_100 }),
  fc.integer({ min: 40_000_000, max: 110_000_000 }),
)
const card = fc.constantFrom(CARD, OTHER_CARD)
const of = fc.nat({ max: 30 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ act: fc.constantFrom('hold', 'purchase', 'refund'), amount, card }),
  fc.record({ act: fc.constant('capture'), of, amount, last: fc.boolean() }),
  fc.record({ act: fc.constantFrom('reverse', 'repeat'), of }),
  fc.record({ act: fc.constant('reverse-partly'), of, amount }),
  fc.record({ act: fc.constant('overtaken'), amount }),
)

const padded = (minor: number): string => String(minor).padStart(12, '0')

class Sequence {
  readonly host = new BankUnderTest()
  readonly #side = new AcquirerSide()
  readonly #sent: RequestDraft[] = []

  run(step: Step): void {
    const before = this.host.bank.books.entryCount
    const drafts = this.#drafts(step)
    for (const draft of drafts) {
      this.host.react(draft)
      this.#sent.push(draft)
    }
    if (step.act === 'repeat') {
      // What was hung up on, or changed nothing, is decided again: it still changes nothing.
      const grown = this.host.bank.books.entryCount - before
      assert.ok(grown === 0 || grown === drafts.length)
    }
    checkBooks(this.host.bank.books)
  }

  #drafts(step: Step): readonly RequestDraft[] {
    const side = this.#side
    switch (step.act) {
      case 'hold':
        return [side.request('0100', BigInt(step.amount), { 2: step.card })]
      case 'purchase':
        return [side.request('0200', BigInt(step.amount), { 2: step.card })]
      case 'refund':
        return [side.request('0200', BigInt(step.amount), { 2: step.card, 3: '200000' })]
      case 'overtaken': {
        const late = side.request('0100', BigInt(step.amount))
        return [side.advice('0420', late), late]
      }
      default: {
        const original = this.#sent[step.of % Math.max(1, this.#sent.length)]
        return original === undefined ? [] : [this.#follow(step, original)]
      }
    }
  }

  #follow(
    step: Exclude<Step, { card: string } | { act: 'overtaken' }>,
    original: RequestDraft,
  ): RequestDraft {
    const side = this.#side
    switch (step.act) {
      case 'capture': {
        const mark = step.last ? 'CAPT01OF01' : undefined
        return side.advice('0220', original, { 4: padded(step.amount), 60: mark })
      }
      case 'reverse':
        return side.advice('0420', original)
      case 'reverse-partly': {
        const amounts = `${padded(step.amount)}${padded(0)}C00000000C00000000`
        return side.advice('0400', original, { 95: amounts })
      }
      case 'repeat':
        return original
    }
  }
}

function checkBooks(books: Books): void {
  const held = new Map<unknown, bigint>()
  const posted = new Map<unknown, bigint>()
  for (const row of books.originals.values()) {
    const { account, heldMinor, postedMinor, entry, state } = row
    assert.ok(heldMinor >= 0n && postedMinor >= 0n)
    assert.ok(heldMinor + postedMinor <= entry.amountMinor)
    if (state === 'reversed' || state === 'declined') assert.equal(heldMinor + postedMinor, 0n)
    if (entry.kind !== 'preauth') assert.equal(heldMinor, 0n)
    const debit = entry.kind === 'refund' ? -postedMinor : postedMinor
    held.set(account, (held.get(account) ?? 0n) + heldMinor)
    posted.set(account, (posted.get(account) ?? 0n) + debit)
  }
  for (const account of books.accounts()) {
    assert.equal(account.heldMinor, held.get(account) ?? 0n)
    assert.equal(account.postedMinor, posted.get(account) ?? 0n)
    assert.equal(
      available(account),
      OPENING_BALANCE_MINOR - account.heldMinor - account.postedMinor,
    )
  }
}

test('balance, holds and postings agree after every step, and a replay gives the same books', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
      const sequence = new Sequence()
      for (const one of steps) sequence.run(one)
      const { bank, journal } = sequence.host
      const replayed = new Books()
      for (const line of journal.lines) replayEntry(replayed, line.split('\t'))
      assert.deepEqual(printBooks('atlas', replayed), printBooks('atlas', bank.books))
      checkBooks(replayed)
    }),
    { numRuns: 300 },
  )
})

test('a bank made from a journal answers repeats as the one that wrote it', () => {
  const side = new AcquirerSide()
  const host = new BankUnderTest()
  const hold = side.request('0100', 500n)
  const requests = [hold, side.advice('0220', hold), side.request('0200', 100_051n)]
  const answers = requests.map((request) => host.ask(request).bytes.toString('hex'))
  const replayed = new Books()
  for (const line of host.journal.lines) replayEntry(replayed, line.split('\t'))
  const later = new BankUnderTest(replayed)
  later.now = new Date('2013-12-01T00:00:00Z')
  assert.deepEqual(
    requests.map((request) => later.ask(request).bytes.toString('hex')),
    answers,
  )
  // An approval after the replay has a code of its own.
  const codes = [host, later].map((bank) => bank.ask(side.request('0100', 1n)).text(38))
  assert.equal(codes[0], codes[1])
  assert.equal(later.journal.lines.length, 1)
})
