import { join } from 'node:path'
import type { Client } from 'pg'
import {
  storeAdmitted,
  storeDirectory,
  type Directory,
  type Merchant,
  type Site,
} from '../directory/index.ts'
import type { BusinessDate } from '../kernel/business-date.ts'
import type { Clock } from '../kernel/clock.ts'
import { limits } from '../kernel/limits.ts'
import {
  accountsFor,
  growChart,
  openChart,
  PostgresBooks,
  type Books,
  type Chart,
} from '../ledger/index.ts'
import { ConfigurationError, type Config } from '../platform/config.ts'
import type { Log } from '../platform/log.ts'
import { connectClient } from '../platform/postgres/client.ts'
import { openDatabase, type Database } from '../platform/postgres/database.ts'
import { migrate } from '../platform/postgres/migrate.ts'
import { ensurePartitions, partitionedTables } from '../platform/postgres/partitions.ts'
import { rootFolder } from '../platform/root.ts'

/** Three months: the longest step of the sandbox's clock is shorter. */
const monthsAhead = 3

/** A migration may rewrite a table; nothing else that the owner does takes long. */
const ownerStatementTimeoutMs = 600_000

/** The system of record, migrated, with everybody of the directory in it. */
export type Store = {
  readonly database: Database
  readonly chart: Chart
  readonly books: Books
  /** Rows and accounts of a site that joins while the centre runs. */
  admit(admitted: { readonly merchant: Merchant; readonly site: Site }): Promise<void>
  /** A connection of one's own, for the tranlog's pipelines. */
  connect(): Promise<Client>
  /** Makes the tables of the coming months before a day of theirs opens. */
  prepareMonths(date: BusinessDate): Promise<void>
  close(): Promise<void>
}

export async function openStore(options: {
  readonly config: Config
  readonly directory: Directory
  readonly clock: Clock
  readonly log: Log
}): Promise<Store> {
  const { config, directory, clock, log } = options
  const url = required(config.databaseUrl)
  const owner = openDatabase(config.databaseOwnerUrl ?? url, {
    log,
    applicationName: 'monetique owner',
    connectionsMax: 2,
    statementTimeoutMs: ownerStatementTimeoutMs,
  })
  await migrate({ database: owner, folder: join(rootFolder, 'sql', 'migrations'), log })
  const database = openDatabase(url, {
    log,
    applicationName: 'monetique centre',
    connectionsMax: 20,
    statementTimeoutMs: limits.statementTimeoutMs,
  })
  await storeDirectory(database, directory)
  const chart = await openChart(database, accountsOf(directory))
  const tables = await partitionedTables(owner)
  return {
    database,
    chart,
    books: new PostgresBooks(database, clock),
    admit: async (admitted) => {
      await storeAdmitted(database, admitted)
      const { merchant, site } = admitted
      // In a currency that nobody was paid in before, the banks have no account either.
      const joined = { ...banksOf(directory), merchants: [merchant.id] }
      await growChart(database, chart, accountsFor({ ...joined, currencies: [site.currency] }))
    },
    connect: () =>
      connectClient(url, {
        applicationName: 'monetique tranlog',
        statementTimeoutMs: limits.statementTimeoutMs,
      }),
    prepareMonths: async (date) => {
      await ensurePartitions(owner, tables, { fromMonth: date.slice(0, 7), monthsAhead })
    },
    close: async () => {
      await database.close()
      await owner.close()
    },
  }
}

const banksOf = (directory: Directory) => ({
  issuers: directory.issuers().map(({ id }) => id),
  acquirers: directory.acquirers().map(({ id }) => id),
})

const accountsOf = (directory: Directory) =>
  accountsFor({
    ...banksOf(directory),
    merchants: directory.merchants().map(({ id }) => id),
    currencies: [...new Set(directory.sites().map(({ currency }) => currency))],
  })

function required(url: string | undefined): string {
  if (url === undefined) throw new ConfigurationError('DATABASE_URL is not set')
  return url
}
