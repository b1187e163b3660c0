import type { CurrencyCode } from '../kernel/currency.ts'
import { accountCode, accountsFor, Chart, MemoryBooks, type AccountId } from '../ledger/index.ts'
import { booksContract } from '../../test/support/books-contract.ts'
import { changesContract } from '../../test/support/changes-contract.ts'
import type { OpenedStores } from '../../test/support/contract-stores.ts'
import { tranlogContract } from '../../test/support/tranlog-contract.ts'
import { MemoryTranlog } from './memory-tranlog.ts'

const names = accountsFor({
  issuers: ['atlas'],
  merchants: ['m-telecom'],
  acquirers: ['cmi'],
  currencies: ['MAD', 'XOF', 'TND'] as readonly string[] as readonly CurrencyCode[],
})
const chart = new Chart(
  names.map((name, i) => ({ ...name, code: accountCode(name), id: (i + 1) as AccountId })),
)
const clock = { now: () => new Date('2013-09-15T15:00:00Z'), monotonicMs: () => 0 }
const books = new MemoryBooks(chart, clock)
const tranlog = new MemoryTranlog(books)

const open = (): OpenedStores => ({ tranlog, books, chart, closeDay: (date) => books.close(date) })

tranlogContract(open)
changesContract(open)
booksContract(open)
