import { after, before } from 'node:test'
import { join } from 'node:path'
import { loadDirectory, storeDirectory } from '../directory/index.ts'
import { MAD } from '../kernel/currency.ts'
import { accountsFor, openChart, PostgresBooks } from '../ledger/index.ts'
import { randomBytes, systemClock, systemTimers } from '../platform/clock.ts'
import { connectClient } from '../platform/postgres/client.ts'
import { rootFolder } from '../platform/root.ts'
import { withTestDatabase } from '../../test/support/database.ts'
import { tranlogContract, type Stores } from '../../test/support/tranlog-contract.ts'
import { PostgresTranlog } from './postgres-tranlog.ts'

let stores: Stores
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
      currencies: [MAD],
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
  stores = { tranlog, books: new PostgresBooks(app, systemClock), chart }
})

after(() => tranlog.stop())

tranlogContract(() => stores)
