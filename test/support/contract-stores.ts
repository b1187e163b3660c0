import assert from 'node:assert/strict'
import type { BusinessDate } from '../../src/kernel/business-date.ts'
import { isBalanced, type Books, type Chart } from '../../src/ledger/index.ts'
import type { SentFacts, Tranlog } from '../../src/switch/index.ts'
import type { Advice } from '../../src/switch/issuer-port.ts'

/** A tranlog and its ledger, in which other payments may be already. */
export type OpenedStores = {
  readonly tranlog: Tranlog
  readonly books: Books
  readonly chart: Chart
  /** Writes the balances of a date, as its close does. */
  closeDay(date: BusinessDate): Promise<void>
}

/** What the bank of these payments owes now; debits and credits are equal besides. */
export async function owed(books: Books, currency = 'MAD'): Promise<bigint> {
  const found = await books.balances('now')
  assert.ok(found.ok && isBalanced(found.value.balances))
  const code = `issuer_receivable/atlas/${currency}`
  const balance = found.value.balances.find(({ account }) => account.code === code)
  return balance === undefined ? 0n : balance.debitMinor - balance.creditMinor
}

/** The pending advices of these payments, in their order. */
export async function advicesOf(
  tranlog: Tranlog,
  payments: readonly SentFacts[],
): Promise<readonly Advice[]> {
  const keys = new Set(payments.map(({ key }) => key.requestKey))
  return (await tranlog.pendingAdvices()).filter(({ payment }) => keys.has(payment.requestKey))
}
