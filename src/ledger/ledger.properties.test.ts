/** Whatever moves, debits and credits are equal, and a closed date's balances stay as they were. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { shardKeyFor } from '../kernel/bucket.ts'
import { addDays, type BusinessDate } from '../kernel/business-date.ts'
import type { CurrencyCode } from '../kernel/currency.ts'
import { requestKeyOf } from '../kernel/ids.ts'
import { money } from '../kernel/money.ts'
import { accountCode, accountsFor, Chart, type AccountId } from './accounts.ts'
import { isBalanced, type Balance } from './books.ts'
import { MemoryBooks } from './memory-books.ts'
import { due, undue, type Transfer } from './transfer.ts'

const [MAD, EUR, JPY] = ['MAD' as CurrencyCode, 'EUR' as CurrencyCode, 'JPY' as CurrencyCode]
const issuers = ['atlas', 'rif']
const merchants = ['m-air', 'm-tax', 'm-books']
const currencies = [MAD, EUR, JPY]
const first = '2013-09-15' as BusinessDate
const at = new Date('2013-09-15T12:00:00Z')

const names = accountsFor({ issuers, merchants, acquirers: ['cmi'], currencies })
const chart = new Chart(
  names.map((name, i) => ({ ...name, code: accountCode(name), id: (i + 1) as AccountId })),
)

const transfer = fc
  .record({
    payment: fc.nat({ max: 1_000_000 }),
    day: fc.nat({ max: 5 }),
    minor: fc.bigInt({ min: 1n, max: 999_999_999_999n }),
    issuer: fc.constantFrom(...issuers),
    merchant: fc.constantFrom(...merchants),
    currency: fc.constantFrom(...currencies),
    cause: fc.constantFrom('purchase', 'capture', 'void', 'refund', 'reversal'),
  })
  .map(({ payment, day, minor, issuer, merchant, currency, cause }): Transfer => {
    const shardKey = shardKeyFor({ merchant, fanOut: 1, routingKey: '' })
    const key = { shardKey, businessDate: first, requestKey: requestKeyOf(String(payment)) }
    const moved = {
      ...{
        payment: key,
        businessDate: addDays(first, day),
        part: 1,
        amount: money(minor, currency),
      },
      ...{ issuer, merchant, recordedAt: at },
    }
    return cause === 'purchase' || cause === 'capture'
      ? due(chart, cause, moved)
      : undue(chart, cause, moved)
  })

const transfers = fc.uniqueArray(transfer, {
  maxLength: 60,
  selector: ({ payment, cause }) => `${payment.requestKey}/${cause}`,
})

const openBooks = (): MemoryBooks => new MemoryBooks(chart, { now: () => at, monotonicMs: () => 0 })

async function balancesOf(
  books: MemoryBooks,
  date: BusinessDate | 'now',
): Promise<readonly Balance[]> {
  const found = await books.balances(date)
  assert.ok(found.ok)
  return found.value.balances
}

test('every trial balance is in balance, now and at each closed date, in each currency', async () => {
  await fc.assert(
    fc.asyncProperty(transfers, async (moved) => {
      const books = openBooks()
      books.append(moved)
      assert.ok(isBalanced(await balancesOf(books, 'now')))
      for (let day = 0; day < 6; day++) {
        await books.close(addDays(first, day))
        assert.ok(isBalanced(await balancesOf(books, addDays(first, day))))
      }
      assert.deepEqual(await balancesOf(books, addDays(first, 5)), await balancesOf(books, 'now'))
    }),
  )
})

test('what comes on a later date changes no closed balance', async () => {
  await fc.assert(
    fc.asyncProperty(transfers, async (moved) => {
      const books = openBooks()
      const early = moved.filter(({ businessDate }) => businessDate === first)
      books.append(early)
      await books.close(first)
      const closed = await balancesOf(books, first)
      books.append(moved.filter((one) => !early.includes(one)))
      assert.deepEqual(await balancesOf(books, first), closed)
    }),
  )
})

test('a transfer and its opposite leave both accounts where they were', () => {
  fc.assert(
    fc.property(transfer, (one) => {
      assert.notEqual(one.debit, one.credit)
      assert.ok(one.amount.minor > 0n)
    }),
  )
})

test('nothing is posted twice, and a refused batch posts nothing', async () => {
  await fc.assert(
    fc.asyncProperty(transfers, transfer, async (moved, one) => {
      fc.pre(moved.every(({ payment }) => payment.requestKey !== one.payment.requestKey))
      const books = openBooks()
      books.append([one])
      const before = await balancesOf(books, 'now')
      assert.throws(() => {
        books.append([...moved, one])
      }, /there already/)
      assert.throws(() => {
        books.append([...moved, { ...one, part: 2 }, { ...one, part: 2 }])
      }, /there already/)
      assert.deepEqual(await balancesOf(books, 'now'), before)
    }),
  )
})

test('a date that is open has no balance, and zero is not said instead', async () => {
  assert.deepEqual(await openBooks().balances(first), { ok: false, error: 'date_not_closed' })
})

test('sums are equal in each currency by itself: one does not make up for another', () => {
  const balance = (currency: CurrencyCode, debitMinor: bigint, creditMinor: bigint): Balance => {
    const account = chart.all().find((one) => one.currency === currency)
    assert.ok(account !== undefined)
    return { account, debitMinor, creditMinor }
  }
  assert.equal(isBalanced([]), true)
  assert.equal(isBalanced([balance(MAD, 5n, 0n), balance(MAD, 0n, 5n)]), true)
  assert.equal(isBalanced([balance(MAD, 5n, 0n), balance(EUR, 0n, 5n)]), false)
  assert.equal(isBalanced([balance(MAD, 1n, 0n)]), false)
})

test('each participant has its accounts in each currency, and each account one code', () => {
  assert.equal(new Set(names.map(accountCode)).size, names.length)
  assert.equal(names.length, currencies.length * (2 * 2 + 3 + 2 + 3))
  assert.equal(chart.find('merchant_payable/m-air/JPY')?.kind, 'merchant_payable')
  assert.equal(chart.find('merchant_payable/m-air/USD'), undefined)
  const stranger = { kind: 'merchant_payable', participant: 'nobody', currency: MAD } as const
  assert.throws(() => chart.account(stranger), /no account merchant_payable\/nobody\/MAD/)
})
