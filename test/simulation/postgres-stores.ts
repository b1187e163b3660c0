import { loadDirectory, storeDirectory, type Directory } from '../../src/directory/index.ts'
import { join } from 'node:path'
import type { RequestKey } from '../../src/kernel/ids.ts'
import { openChart, PostgresBooks } from '../../src/ledger/index.ts'
import { randomBytes, systemClock, systemTimers } from '../../src/platform/clock.ts'
import { connectClient } from '../../src/platform/postgres/client.ts'
import { rootFolder } from '../../src/platform/root.ts'
import { leaseFrom, PostgresTranlog, type StoredEvent } from '../../src/switch/index.ts'
import { paymentColumns, paymentOf, type PaymentRow } from '../../src/switch/payment-row.ts'
import { newKeyLine, parseKeyRing, PostgresVault } from '../../src/vault/index.ts'
import type { TestDatabase } from '../support/template-database.ts'
import { accountsOf, type Kept, type Moved, type OpenStores, type Snapshot } from './stores.ts'

const written = [
  'request',
  'payment',
  'payment_event',
  'transfer',
  'account_balance',
  'advice',
  'task',
  'business_day',
  'number_lease',
  'tranlog_watermark',
  'vault_card',
  'vault_lookup',
]

/** The real stores over one database, emptied before each seed. */
export async function postgresStores(
  { app, owner, url }: TestDatabase,
  onError: (error: Error) => void,
): Promise<{ readonly open: OpenStores; close(): Promise<void> }> {
  const directory: Directory = loadDirectory(join(rootFolder, 'sandbox', 'directory'), {
    issuersPort: 1,
  })
  await storeDirectory(app, directory)
  const chart = await openChart(app, accountsOf(directory))
  const keys = parseKeyRing(newKeyLine('v1', randomBytes))
  if (!keys.ok) throw new Error(keys.error)
  const tranlog = new PostgresTranlog({
    database: app,
    random: randomBytes,
    // Of group commit alone: the age of its queue, and how long it waits for a server.
    clock: systemClock,
    timers: systemTimers,
    connect: () =>
      connectClient(url, { applicationName: 'simulation', statementTimeoutMs: 15_000 }),
    onError,
  })
  const open: OpenStores = async (world) => {
    await owner.query(`TRUNCATE ${written.join(', ')}`)
    const books = new PostgresBooks(app, world)
    return {
      tranlog,
      books,
      vault: new PostgresVault(app, keys.value, randomBytes),
      chart,
      lease: leaseFrom(app, 'rrn'),
      closeDay: async (date) => {
        await books.close(date)
        await app.query(
          `INSERT INTO business_day (business_date, opened_at, turned_at, closed_at)
           VALUES ($1, $2, $2, $2) ON CONFLICT (business_date) DO UPDATE SET closed_at = $2`,
          [date, world.now()],
        )
      },
      snapshot: () => snapshotOf(owner),
    }
  }
  return { open, close: () => tranlog.stop() }
}

type EventRow = {
  readonly request_key: string
  readonly version: number
  readonly kind: StoredEvent['kind']
  readonly name: string | null
  readonly amount_minor: bigint | null
  readonly response_code: string | null
  readonly stan: string | null
  readonly rrn: string | null
  readonly business_date: StoredEvent['businessDate']
  readonly recorded_at: Date
}

type TransferRow = {
  readonly request_key: string
  readonly cause: Moved['cause']
  readonly part: number
  readonly amount_minor: bigint
}

const bare = (uuid: string): RequestKey => uuid.replaceAll('-', '') as RequestKey

async function snapshotOf(owner: TestDatabase['owner']): Promise<Snapshot> {
  const payments = await owner.query<PaymentRow>(
    `SELECT ${paymentColumns.join(', ')} FROM payment ORDER BY sent_at, rrn`,
  )
  const events = await owner.query<EventRow>('SELECT * FROM payment_event ORDER BY version')
  const transfers = await owner.query<TransferRow>(
    'SELECT request_key, cause, part, amount_minor FROM transfer',
  )
  const histories = new Map<RequestKey, StoredEvent[]>()
  for (const row of events.rows) {
    const history = histories.get(bare(row.request_key)) ?? []
    histories.set(bare(row.request_key), history)
    history.push({
      version: row.version,
      kind: row.kind,
      name: row.name,
      amountMinor: row.amount_minor,
      responseCode: row.response_code,
      stan: row.stan,
      rrn: row.rrn,
      businessDate: row.business_date,
      recordedAt: row.recorded_at,
    })
  }
  const kept: Kept[] = payments.rows.map((row) => {
    const payment = paymentOf(row)
    return { payment, events: histories.get(payment.sent.key.requestKey) ?? [] }
  })
  return {
    kept,
    transfers: transfers.rows.map((row) => ({
      requestKey: bare(row.request_key),
      cause: row.cause,
      part: row.part,
      amountMinor: row.amount_minor,
    })),
  }
}
