/** The store of originals does what a map of them does, past its first slots and its first memory. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Account } from './account.ts'
import { encodeEntry, type OriginalEntry } from './entry.ts'
import { Originals, originalStates, type OriginalRow } from './originals.ts'

const account: Account = {
  ...{ number: 0, cardToken: 'token', maskedCard: '400000***0010', currency: '504' },
  ...{ heldMinor: 0n, postedMinor: 0n },
}

const keyOf = (number: number): string => `010${String(number).padStart(47, '0')}`

function rowOf(number: number, more: Partial<OriginalEntry> = {}): OriginalRow {
  const entry: OriginalEntry = {
    ...{ type: 'original', key: keyOf(number), kind: 'preauth', cardToken: 'token' },
    ...{ maskedCard: '400000***0010', amountMinor: BigInt(number), currency: '504' },
    ...{ processingCode: '000000', cardAcceptorId: '000000600012345', settlementDate: '0915' },
    ...{ responseCode: '00', approvalCode: 'A1B2C3', agreement: number % 3 === 0 },
    ...more,
  }
  return { entry, account, state: 'held', heldMinor: BigInt(number), postedMinor: 0n, captures: 0 }
}

const accounts = (number: number): Account | undefined => (number === 0 ? account : undefined)

test('twenty thousand originals are found, changed and listed in order', () => {
  const originals = new Originals(accounts)
  const rows = Array.from({ length: 20_000 }, (_, number) => rowOf(number))
  for (const row of rows) {
    assert.equal(originals.get(row.entry.key), undefined)
    originals.add(row, encodeEntry(row.entry))
  }
  for (const [number, row] of rows.entries()) {
    if (number % 7 !== 0) continue
    Object.assign(row, { state: 'captured', heldMinor: 1n, postedMinor: 999_999_999_999n })
    row.captures = 40_000
    originals.save(row)
  }
  assert.equal(originals.size, rows.length)
  assert.deepEqual([...originals.values()], rows)
  for (const row of rows) assert.deepEqual(originals.get(row.entry.key), row)
  assert.equal(originals.get(keyOf(20_000)), undefined)
})

test('whatever is done to some keys, a map of rows says the same', () => {
  const step = fc.record({
    number: fc.nat(40),
    state: fc.constantFrom(...originalStates),
    heldMinor: fc.bigInt(0n, 999_999_999_999n),
    captures: fc.nat(99),
    known: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const originals = new Originals(accounts)
      const model = new Map<string, OriginalRow>()
      for (const { number, known, ...changes } of steps) {
        const unknown = { cardToken: '', maskedCard: '', approvalCode: '' }
        const fresh = known ? rowOf(number) : { ...rowOf(number, unknown), account: undefined }
        const row = { ...(model.get(fresh.entry.key) ?? fresh), ...changes }
        if (model.has(row.entry.key)) originals.save(row)
        else originals.add(row, encodeEntry(row.entry))
        model.set(row.entry.key, row)
        assert.deepEqual(originals.get(row.entry.key), row)
      }
      assert.deepEqual([...originals.values()], [...model.values()])
    }),
  )
})
