import type { BusinessDate } from '../kernel/business-date.ts'
import type { Result } from '../kernel/result.ts'
import type { Account } from './accounts.ts'

/** Debits and credits of an account since the beginning, in minor units. */
export type Balance = {
  readonly account: Account
  readonly debitMinor: bigint
  readonly creditMinor: bigint
}

/**
 * Balances at the end of a closed date are final. Those of now carry the instant at which they
 * were read and are provisional: the open day goes on.
 */
export type BalancesAt =
  | { readonly kind: 'closed'; readonly date: BusinessDate; readonly balances: readonly Balance[] }
  | { readonly kind: 'now'; readonly asOf: Date; readonly balances: readonly Balance[] }

export type BooksError =
  /** The date is open, or to come: it has no final balance, and zero would be a lie. */
  'date_not_closed'

/** Reading the ledger, and closing its days. */
export type Books = {
  /** Every account that has moved, at the end of a closed date or now. */
  balances(date: BusinessDate | 'now'): Promise<Result<BalancesAt, BooksError>>
  /** Writes the balances at the end of a date. Idempotent; dates close in order. */
  close(date: BusinessDate): Promise<void>
}

/** What every trial balance must show: debits and credits are equal in each currency. */
export function isBalanced(balances: readonly Balance[]): boolean {
  const sums = new Map<string, bigint>()
  for (const { account, debitMinor, creditMinor } of balances) {
    const sum = sums.get(account.currency) ?? 0n
    sums.set(account.currency, sum + debitMinor - creditMinor)
  }
  return [...sums.values()].every((sum) => sum === 0n)
}
