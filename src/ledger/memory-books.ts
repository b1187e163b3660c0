import type { BusinessDate } from '../kernel/business-date.ts'
import type { Clock } from '../kernel/clock.ts'
import { fail, ok, type Result } from '../kernel/result.ts'
import type { AccountId, Chart } from './accounts.ts'
import type { Balance, BalancesAt, Books, BooksError } from './books.ts'
import type { Transfer } from './transfer.ts'

/** The ledger's model: what PostgreSQL must agree with, and what the simulation runs on. */
export class MemoryBooks implements Books {
  readonly #chart: Chart
  readonly #clock: Clock
  readonly #transfers = new Map<string, Transfer>()
  readonly #closed = new Set<BusinessDate>()

  constructor(chart: Chart, clock: Clock) {
    this.#chart = chart
    this.#clock = clock
  }

  /** All or none: a transfer that is there already means that its cause was recorded twice. */
  append(transfers: readonly Transfer[]): void {
    const added = new Map<string, Transfer>()
    for (const transfer of transfers) {
      const name = nameOf(transfer)
      if (this.#transfers.has(name) || added.has(name)) {
        throw new Error(`invariant broken: transfer ${name} is there already`)
      }
      added.set(name, transfer)
    }
    for (const [name, transfer] of added) this.#transfers.set(name, transfer)
  }

  transfers(): Transfer[] {
    return [...this.#transfers.values()]
  }

  balances(date: BusinessDate | 'now'): Promise<Result<BalancesAt, BooksError>> {
    if (date === 'now') {
      const balances = this.#sum(() => true)
      return Promise.resolve(ok({ kind: 'now', asOf: this.#clock.now(), balances }))
    }
    if (!this.#closed.has(date)) return Promise.resolve(fail('date_not_closed'))
    const balances = this.#sum((transfer) => transfer.businessDate <= date)
    return Promise.resolve(ok({ kind: 'closed', date, balances }))
  }

  close(date: BusinessDate): Promise<void> {
    this.#closed.add(date)
    return Promise.resolve()
  }

  #sum(counts: (transfer: Transfer) => boolean): Balance[] {
    const sides = new Map<AccountId, { debit: bigint; credit: bigint }>()
    const side = (id: AccountId): { debit: bigint; credit: bigint } => {
      const known = sides.get(id) ?? { debit: 0n, credit: 0n }
      sides.set(id, known)
      return known
    }
    for (const transfer of this.#transfers.values()) {
      if (!counts(transfer)) continue
      side(transfer.debit).debit += transfer.amount.minor
      side(transfer.credit).credit += transfer.amount.minor
    }
    return this.#chart
      .all()
      .flatMap((account) => {
        const sum = sides.get(account.id)
        return sum === undefined
          ? []
          : [{ account, debitMinor: sum.debit, creditMinor: sum.credit }]
      })
      .sort((a, b) => (a.account.code < b.account.code ? -1 : 1))
  }
}

function nameOf({ payment, cause, part }: Transfer): string {
  return `${payment.businessDate}/${payment.requestKey}/${cause}/${part}`
}
