import { after, before } from 'node:test'
import { join } from 'node:path'
import { loadDirectory, storeDirectory } from '../directory/index.ts'
import type { CurrencyCode } from '../kernel/currency.ts'
import { accountsFor, openChart, PostgresBooks } from '../ledger/index.ts'
import { randomBytes, systemClock, systemTimers } from '../platform/clock.ts'
import { connectClient } from '../platform/postgres/client.ts'
import { rootFolder } from '../platform/root.ts'
import { withTestDatabase } from '../../test/support/database.ts'
import { booksContract } from '../../test/support/books-contract.ts'
import { changesContract } from '../../test/support/changes-contract.ts'
import type { OpenedStores } from '../../test/support/contract-stores.ts'
import { tranlogContract } from '../../test/support/tranlog-contract.ts'
import { PostgresTranlog } from './postgres-tranlog.ts'

let stores: OpenedStores
let tranlog: PostgresTranlog

before(async () => {
  const { app, url } = await withTestDatabase()
  const folder = join(rootFolder, 'sandbox', 'directory')
  await storeDirectory(app, loadDirectory(folder, { issuersPort: 9001 }))
  const chart = await openChart(
    app,
    accountsFor({
      issuers: ['atlas'],
      merchants: ['m-telecom'],
      acquirers: ['cmi'],
      currencies: ['MAD', 'XOF', 'TND'] as readonly string[] as readonly CurrencyCode[],
    }),
  )
  tranlog = new PostgresTranlog({
    database: app,
    random: randomBytes,
    clock: systemClock,
    timers: systemTimers,
    connect: () => connectClient(url, { applicationName: 'contract', statementTimeoutMs: 10_000 }),
    onError: () => undefined,
  })
  const books = new PostgresBooks(app, systemClock)
  stores = {
    tranlog,
    books,
    chart,
    closeDay: async (date) => {
      await books.close(date)
      await app.query(
        `INSERT INTO business_day (business_date, opened_at, turned_at, closed_at)
         VALUES ($1, now(), now(), now()) ON CONFLICT DO NOTHING`,
        [date],
      )
    },
  }
})

after(() => tranlog.stop())

tranlogContract(() => stores)
changesContract(() => stores)
booksContract(() => stores)
