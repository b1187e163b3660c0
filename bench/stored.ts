/**
 * Whether an authorization costs the same after five million stored payments: pages touched and
 * write-ahead log, against the same run on an empty database.
 */
import pg from 'pg'
import { costOf, type Cost } from './cost.ts'
import { openLaboratory, openMeasuredCentre, print, type Laboratory } from './laboratory.ts'
import { closedLoop, ratio } from './load.ts'

const stored = Number(process.env['BENCH_STORED'] ?? 5_000_000)
const forSeconds = Number(process.env['BENCH_SECONDS'] ?? 8)

const empty = await costWith(0)
const full = await costWith(stored)
print({
  bench: 'after stored payments',
  stored,
  timesPagesTouched: ratio(full.pagesTouched, empty.pagesTouched),
  timesWalBytes: ratio(full.walBytes, empty.walBytes),
  timesPostgresCpu: ratio(full.cpuMicros.postgres, empty.cpuMicros.postgres),
})

async function costWith(payments: number): Promise<Cost> {
  const laboratory = await openLaboratory()
  const centre = await openMeasuredCentre(laboratory, 'plain')
  if (payments > 0) await store(laboratory, payments)
  // What a checkpoint makes the first touch of each page cost is paid before the measure.
  await closedLoop(centre, { customers: 1_024, forSeconds: forSeconds * 2 })
  const cost = await costOf(laboratory, centre, () =>
    closedLoop(centre, { customers: 1_024, forSeconds }),
  )
  print({ bench: 'cost of an authorization', stored: payments, ...cost })
  await centre.stop()
  await laboratory.close()
  return cost
}

/** Requests and payments of one month, spread over its days and over every bucket in use. */
async function store({ urls }: Laboratory, payments: number): Promise<void> {
  const client = new pg.Client(urls.superuser)
  await client.connect()
  // Without the check of each row's merchant, which takes longer than the rows.
  await client.query('SET session_replication_role = replica')
  await client.query(
    `CREATE TEMPORARY TABLE made AS
     SELECT (hashint4(i) & 4095) AS shard_key, md5(i::text)::uuid AS request_key,
       date '2013-09-01' + i % 30 AS business_date, lpad((i % 1000000)::text, 6, '0') AS stan,
       lpad(i::text, 12, '0') AS rrn, timestamptz '2013-09-01' + i * interval '0.5 s' AS sent_at
     FROM generate_series(1, $1::int) AS i ORDER BY 1, 2`,
    [payments],
  )
  await client.query(
    `INSERT INTO request (shard_key, request_key, business_date, owner, issuer_id, stan, rrn,
       sent_at, facts)
     SELECT shard_key, request_key, business_date, request_key, 'atlas', stan, rrn, sent_at,
       json_build_object('stored', repeat('x', 380)) FROM made`,
  )
  await client.query(
    `INSERT INTO payment (shard_key, business_date, request_key, version, state, kind, channel,
       door, merchant_id, site_id, terminal_id, order_reference, attempt, currency, amount_minor,
       authorized_minor, captured_minor, capture_parts, refunded_minor, refund_pending_minor,
       due_on, response_code, approval_code, card_token, card_masked, card_expiry, card_brand,
       card_origin, issuer_id, stan, rrn, entry_mode, condition_code, eci, sent_at, answered_at)
     SELECT shard_key, business_date, request_key, 2, 'captured', 'preauthorization', 'internet',
       'nestpay', 'm-telecom', '600000001', 'WEB00001', rrn, 1, 'MAD', 1000, 1000, 1000, 1, 0, 0,
       business_date, '00', 'A1B2C3', 'card_' || md5(rrn), '400000***0010', '9912', 'visa',
       'moroccan', 'atlas', stan, rrn, '812', '59', '07', sent_at, sent_at FROM made`,
  )
  await client.query('DROP TABLE made')
  await client.query('VACUUM (ANALYZE) request')
  await client.query('VACUUM (ANALYZE) payment')
  await client.query('CHECKPOINT')
  await client.end()
}
