import type { Directory } from '../../src/directory/index.ts'
import type { BusinessDate } from '../../src/kernel/business-date.ts'
import { MAD } from '../../src/kernel/currency.ts'
import type { RequestKey } from '../../src/kernel/ids.ts'
import {
  accountCode,
  accountsFor,
  Chart,
  MemoryBooks,
  type AccountId,
  type AccountName,
  type Books,
  type TransferCause,
} from '../../src/ledger/index.ts'
import {
  MemoryTranlog,
  type LeaseBlock,
  type Payment,
  type StoredEvent,
  type Tranlog,
} from '../../src/switch/index.ts'
import { MemoryVault, type Vault } from '../../src/vault/index.ts'
import { Random } from './random.ts'
import type { World } from './world.ts'

/** A payment with its history. */
export type Kept = { readonly payment: Payment; readonly events: readonly StoredEvent[] }

export type Moved = {
  readonly requestKey: RequestKey
  readonly cause: TransferCause
  readonly part: number
  readonly amountMinor: bigint
}

/** All that is durable, read at one moment at which nothing is being written. */
export type Snapshot = { readonly kept: readonly Kept[]; readonly transfers: readonly Moved[] }

/** What survives a crash of the centre: in memory, or in PostgreSQL. */
export type Stores = {
  readonly tranlog: Tranlog
  readonly books: Books
  readonly vault: Vault
  readonly chart: Chart
  readonly lease: LeaseBlock
  /** Balances of a date become final. */
  closeDay(date: BusinessDate): Promise<void>
  snapshot(): Promise<Snapshot>
}

/** Stores for one seed, empty. */
export type OpenStores = (world: World, directory: Directory) => Promise<Stores>

export const memoryStores: OpenStores = (world, directory) => {
  const chart = new Chart(
    accountsOf(directory).map((name, i) => ({
      ...name,
      id: (i + 1) as AccountId,
      code: accountCode(name),
    })),
  )
  const books = new MemoryBooks(chart, world)
  const tranlog = new MemoryTranlog(books)
  let nextNumber = 1n
  return Promise.resolve({
    tranlog,
    books,
    // Its own chance: how many bytes a vault draws must not change what happens.
    vault: new MemoryVault(new Random(1).bytes),
    chart,
    lease: (size) => {
      const first = nextNumber
      nextNumber += BigInt(size)
      return Promise.resolve(first)
    },
    closeDay: (date) => books.close(date),
    snapshot: async () => ({
      kept: await Promise.all(
        tranlog.payments().map(async (payment) => ({
          payment,
          events: await tranlog.events(payment.sent.key),
        })),
      ),
      transfers: books.transfers().map(({ payment, cause, part, amount }) => ({
        requestKey: payment.requestKey,
        cause,
        part,
        amountMinor: amount.minor,
      })),
    }),
  })
}

export function accountsOf(directory: Directory): AccountName[] {
  return accountsFor({
    issuers: directory.issuers().map(({ id }) => id),
    merchants: directory.merchants().map(({ id }) => id),
    acquirers: directory.acquirers().map(({ id }) => id),
    currencies: [MAD],
  })
}
