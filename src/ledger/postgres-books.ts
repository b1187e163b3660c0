import type { BusinessDate } from '../kernel/business-date.ts'
import type { Clock } from '../kernel/clock.ts'
import { fail, ok, type Result } from '../kernel/result.ts'
import type { Database } from '../platform/postgres/database.ts'
import { accountCode, Chart, type Account, type AccountName } from './accounts.ts'
import type { Balance, BalancesAt, Books, BooksError } from './books.ts'
import {
  insertAccount,
  insertClosedBalances,
  isClosed,
  selectAccounts,
  selectClosedBalances,
  selectCurrentBalances,
  type SidesRow,
} from './sql.ts'

/** Makes the accounts that are missing; those that exist keep their numbers for ever. */
export async function openChart(database: Database, names: readonly AccountName[]): Promise<Chart> {
  return new Chart(await ensureAccounts(database, names))
}

/** Those of participants who join while the chart is in use. */
export async function growChart(
  database: Database,
  chart: Chart,
  names: readonly AccountName[],
): Promise<void> {
  chart.include(await ensureAccounts(database, names))
}

async function ensureAccounts(
  database: Database,
  names: readonly AccountName[],
): Promise<readonly Account[]> {
  for (;;) {
    const accounts = await selectAccounts(database)
    const known = new Set(accounts.map((account) => account.code))
    const missing = names.filter((name) => !known.has(accountCode(name)))
    if (missing.length === 0) return accounts
    let id = Math.max(0, ...accounts.map((account) => account.id))
    for (const name of missing) {
      id += 1
      await insertAccount(database, id, name)
    }
  }
}

export class PostgresBooks implements Books {
  readonly #database: Database
  readonly #clock: Clock

  constructor(database: Database, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  async balances(date: BusinessDate | 'now'): Promise<Result<BalancesAt, BooksError>> {
    const accounts = await selectAccounts(this.#database)
    if (date === 'now') {
      const asOf = this.#clock.now()
      const balances = named(accounts, await selectCurrentBalances(this.#database))
      return ok({ kind: 'now', asOf, balances })
    }
    if (!(await isClosed(this.#database, date))) return fail('date_not_closed')
    const balances = named(accounts, await selectClosedBalances(this.#database, date))
    return ok({ kind: 'closed', date, balances })
  }

  async close(date: BusinessDate): Promise<void> {
    await insertClosedBalances(this.#database, date)
  }
}

function named(accounts: readonly Account[], rows: readonly SidesRow[]): Balance[] {
  const byId = new Map(rows.map((row) => [row.account_id, row]))
  return accounts
    .flatMap((account) => {
      const row = byId.get(account.id)
      return row === undefined
        ? []
        : [{ account, debitMinor: row.debit_minor, creditMinor: row.credit_minor }]
    })
    .sort((a, b) => (a.account.code < b.account.code ? -1 : 1))
}
