/** How fast a closed day of this centre gets into the lake, its check against the ledger included. */
import { join } from 'node:path'
import { availableParallelism } from 'node:os'
import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { loadDirectory, storeDirectory } from '../src/directory/index.ts'
import { addDays, type BusinessDate } from '../src/kernel/business-date.ts'
import { systemClock, systemTimers } from '../src/platform/clock.ts'
import { silentLog } from '../src/platform/log.ts'
import { connectClient } from '../src/platform/postgres/client.ts'
import { copyOut } from '../src/platform/postgres/copy-out.ts'
import { openDatabase } from '../src/platform/postgres/database.ts'
import { rootFolder } from '../src/platform/root.ts'
import { openStatistics, type PseudonymKey } from '../src/statistics/index.ts'
import { businessDate, openLaboratory, print, type Laboratory } from './laboratory.ts'

/** What a day costs whatever is in it weighs on the first; the second tells what each row costs. */
const sizes = [200_000, 600_000]
const dates = [0, 1, 2].map((days) => addDays(businessDate, days))
const pseudonymKey = (): PseudonymKey => ({ method: 'aes-256', key: Buffer.alloc(32, 0x42) })

export async function benchExport(): Promise<void> {
  for (const perDay of sizes) await benchDaysOf(perDay)
}

async function benchDaysOf(perDay: number): Promise<void> {
  const laboratory = await openLaboratory()
  const database = openDatabase(laboratory.urls.app, {
    log: silentLog,
    applicationName: 'bench',
    ...{ connectionsMax: 2, statementTimeoutMs: 600_000 },
  })
  const directory = loadDirectory(join(rootFolder, 'sandbox', 'directory'), { issuersPort: 9001 })
  await storeDirectory(database, directory)
  await store(laboratory, perDay)
  const statistics = openStatistics({
    folder: join(laboratory.folder, 'lake'),
    ...{ clock: systemClock, timers: systemTimers, threads: availableParallelism(), memoryMb: 512 },
    tranlog: { database, calendar: directory.calendar, pseudonymKey },
  })
  const reader = await connectClient(laboratory.urls.app, {
    ...{ applicationName: 'bench', statementTimeoutMs: 600_000 },
  })
  const [rates, readRates]: [number[], number[]] = [[], []]
  for (const date of dates) {
    readRates.push(await readAlone(reader, date))
    const startMs = performance.now()
    const { part } = await statistics.publishDay(date)
    rates.push((perDay * 1_000) / (performance.now() - startMs))
    const found = part.days.reduce((sum, { operations }) => sum + operations, 0)
    if (found !== perDay) throw new Error(`${date}: ${found} operations were published`)
  }
  const [lowest = 0, median = 0] = rates.toSorted((a, b) => a - b)
  const [, readAloneMedian = 0] = readRates.toSorted((a, b) => a - b)
  print({
    bench: 'publishing a closed day',
    ...{ operationsPerDay: perDay, days: dates.length },
    ...{ operationsPerSecond: Math.round(median), lowestPerSecond: Math.round(lowest) },
    ...{ readAlonePerSecond: Math.round(readAloneMedian) },
    timesReadAlone: Math.round((100 * median) / readAloneMedian) / 100,
    rssMb: Math.round(process.memoryUsage().rss / 1e6),
  })
  await statistics.close()
  await reader.end()
  await database.close()
  await laboratory.close()
}

/** The baseline: the same columns of the same rows come over one connection, and are let go. */
async function readAlone(reader: pg.Client, date: BusinessDate): Promise<number> {
  const startMs = performance.now()
  const rows = await copyOut(
    reader,
    `SELECT state, currency, channel, door, card_origin, card_brand, merchant_id, site_id,
       issuer_id, decline_reason, card_token, sent_at, captured_minor, rrn FROM payment
     WHERE business_date = '${date}' AND shard_key = ANY (ARRAY(SELECT generate_series(0, 4095)))`,
    () => undefined,
  )
  return (rows * 1_000) / (performance.now() - startMs)
}

/** Captured purchases of each date with their transfers, over every bucket, and the dates closed. */
async function store({ urls }: Laboratory, perDay: number): Promise<void> {
  const client = new pg.Client(urls.superuser)
  await client.connect()
  // Without the check of each row's merchant, which takes longer than the rows.
  await client.query('SET session_replication_role = replica')
  for (const date of dates) {
    await client.query(
      `INSERT INTO business_day (business_date, opened_at, turned_at, closed_at)
       VALUES ($1, $1::date, $1::date + 1, $1::date + 1)`,
      [date],
    )
    await client.query(
      `INSERT INTO payment (shard_key, business_date, request_key, version, state, kind, channel,
         door, merchant_id, site_id, terminal_id, order_reference, attempt, currency, amount_minor,
         authorized_minor, captured_minor, capture_parts, refunded_minor, refund_pending_minor,
         due_on, response_code, approval_code, card_token, card_masked, card_expiry, card_brand,
         card_origin, issuer_id, stan, rrn, entry_mode, condition_code, eci, sent_at, answered_at)
       SELECT hashint4(i) & 4095, $1::date, md5($1::text || i)::uuid, 2, 'captured', 'purchase', 'internet',
         'nestpay', 'm-telecom', '600000001', 'WEB00001', i::text, 1, 'MAD', 1000 + i % 500,
         1000 + i % 500, 1000 + i % 500, 1, 0, 0, $1::date, '00', 'A1B2C3',
         'card_' || md5((i % 50000)::text), '400000***0010', '9912', 'visa', 'moroccan', 'atlas',
         lpad((i % 1000000)::text, 6, '0'), lpad(i::text, 12, '0'), '812', '59', '07',
         $1::date + i * interval '0.1 s', $1::date + i * interval '0.1 s'
       FROM generate_series(1, $2::int) AS i`,
      [date, perDay],
    )
    await client.query(
      `INSERT INTO transfer (shard_key, business_date, payment_date, request_key, cause, part,
         debit_account, credit_account, amount_minor, currency, recorded_at)
       SELECT shard_key, business_date, business_date, request_key, 'purchase', 1, 1, 2,
         captured_minor, currency, answered_at
       FROM payment WHERE business_date = $1`,
      [date],
    )
  }
  await client.query('VACUUM (ANALYZE) payment')
  await client.query('VACUUM (ANALYZE) transfer')
  await client.query('CHECKPOINT')
  await client.end()
}
