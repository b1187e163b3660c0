/** The ledger's balances and the close of its days, in memory and in PostgreSQL alike. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BusinessDate } from '../../src/kernel/business-date.ts'
import type { CurrencyCode } from '../../src/kernel/currency.ts'
import { money } from '../../src/kernel/money.ts'
import { due, isBalanced, undue, type Books } from '../../src/ledger/index.ts'
import { owed, type OpenedStores } from './contract-stores.ts'
import { approved, date, moved, sent } from './tranlog-facts.ts'

const day = (number: number): BusinessDate => `2013-09-0${number}` as BusinessDate

/** No decimals, two, and three: money is minor units in all of them. */
const currencies = ['XOF', 'MAD', 'TND'] as readonly string[] as readonly CurrencyCode[]

export function booksContract(open: () => OpenedStores): void {
  test('a date that is open, or to come, has no final balance', async () => {
    const { books } = open()
    for (const one of [date, '2013-11-01' as BusinessDate]) {
      assert.deepEqual(await books.balances(one), { ok: false, error: 'date_not_closed' })
    }
  })

  test('a closed date keeps its balances, and those of now go on from them', async () => {
    const { books, closeDay } = open()
    const before = await owed(books)
    await move(open(), day(1), 700n)
    await closeDay(day(1))
    const first = await closedAt(books, day(1))
    assert.equal(first.get('issuer_receivable/atlas/MAD'), 700n)
    await move(open(), day(2), 50n)
    await move(open(), day(2), -20n)
    assert.equal(await owed(books), before + 730n)
    await closeDay(day(2))
    assert.deepEqual(await closedAt(books, day(1)), first, 'a closed date never changes')
    assert.equal((await closedAt(books, day(2))).get('issuer_receivable/atlas/MAD'), 730n)
    assert.equal((await closedAt(books, day(2))).get('merchant_payable/m-telecom/MAD'), -730n)
    assert.equal(await owed(books), before + 730n)
  })

  test('a date closes once: again, and it is as it was', async () => {
    const { books, closeDay } = open()
    const before = await closedAt(books, day(2))
    await closeDay(day(2))
    assert.deepEqual(await closedAt(books, day(2)), before)
  })

  test('a date on which nothing moved closes with the balances of the one before', async () => {
    const { books, closeDay } = open()
    await closeDay(day(3))
    assert.deepEqual(await closedAt(books, day(3)), await closedAt(books, day(2)))
  })

  test('each currency balances for itself, and none is added to another', async () => {
    const { books, closeDay } = open()
    const before = await Promise.all(currencies.map((currency) => owed(books, currency)))
    for (const [i, currency] of currencies.entries()) {
      await move(open(), day(4), BigInt(10 ** i), currency)
    }
    const after = await Promise.all(currencies.map((currency) => owed(books, currency)))
    assert.deepEqual(
      after.map((minor, i) => minor - (before[i] ?? 0n)),
      [1n, 10n, 100n],
    )
    await closeDay(day(4))
    const closed = await closedAt(books, day(4))
    assert.equal(closed.get('issuer_receivable/atlas/XOF'), 1n)
    assert.equal(closed.get('issuer_receivable/atlas/TND'), 100n)
  })
}

/** So much becomes due on a date, or is due no longer. */
async function move(
  { tranlog, chart }: OpenedStores,
  on: BusinessDate,
  minor: bigint,
  currency: string = 'MAD',
): Promise<void> {
  const facts = sent()
  await tranlog.recordSent(facts)
  const amount = money(minor < 0n ? -minor : minor, currency as CurrencyCode)
  const movement = moved(facts, { businessDate: on, amount })
  const transfer = minor < 0n ? undue(chart, 'refund', movement) : due(chart, 'purchase', movement)
  await tranlog.record({ outcome: approved(facts), transfers: [transfer] })
}

/** Debits less credits at the end of a closed date, by account. */
async function closedAt(books: Books, on: BusinessDate): Promise<Map<string, bigint>> {
  const found = await books.balances(on)
  assert.ok(found.ok && found.value.kind === 'closed' && found.value.date === on)
  const { balances } = found.value
  assert.ok(isBalanced(balances))
  const codes = balances.map(({ account }) => account.code)
  assert.deepEqual(codes, [...codes].sort())
  return new Map(
    balances.map(({ account, debitMinor, creditMinor }) => [
      account.code,
      debitMinor - creditMinor,
    ]),
  )
}
