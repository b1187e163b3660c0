/** Orders of an older database become payments of the API with the ids that the program derives. */
import assert from 'node:assert/strict'
import { copyFile, mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { migrationsFolder, withEmptyDatabase } from '../../../../test/support/database.ts'
import type { ShardKey } from '../../../kernel/bucket.ts'
import type { BusinessDate } from '../../../kernel/business-date.ts'
import { paymentIdOf, requestKeyOf, type SiteId } from '../../../kernel/ids.ts'
import { silentLog } from '../../../platform/log.ts'
import { migrate } from '../../../platform/postgres/migrate.ts'
import { requestKeyFor } from './order-state.ts'

const shardKey = 2731 as ShardKey
const site = '600000007' as SiteId
const reference = 'É|commande\\7'

test('what was there before gets its keys', async () => {
  const { owner } = await withEmptyDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'monetique-migrations-'))
  const files = await readdir(migrationsFolder)
  const older = files.filter((file) => file < '0050')
  for (const file of older) await copyFile(join(migrationsFolder, file), join(folder, file))
  await migrate({ database: owner, folder, log: silentLog })

  const requestKey = requestKeyFor({ shardKey, site, reference, attempt: 12 })
  const paid = { shardKey, businessDate: '2013-09-16' as BusinessDate, requestKey }
  const digest = 'a'.repeat(32)
  await owner.query(
    `INSERT INTO web_order (shard_key, site_id, reference, attempt, latest_session, amount_minor,
       currency, paid_payment, created_at, updated_at)
     VALUES ($1, $2, $3, 12, $4, 100, 'MAD', $5, '2013-09-15T23:30:00Z', '2013-09-16T00:00:00Z'),
       ($1, $2, 'open', 1, 'gone', 100, 'MAD', NULL, '2013-09-15T12:00:00Z', '2013-09-15T12:00:00Z')`,
    [shardKey, site, reference, digest, paymentIdOf(paid)],
  )
  await owner.query(
    `INSERT INTO web_session (shard_key, session_digest, site_id, reference, gateway, kind,
       amount_minor, currency, language, client_ip, form, created_at, expires_at)
     VALUES ($1, $4, $2, $3, 'nestpay', 'preauthorization', 100, 'MAD', 'fr', '::1', '',
       '2013-09-15T23:30:00Z', '2013-09-16T00:30:00Z')`,
    [shardKey, site, reference, digest],
  )
  await owner.query(
    `INSERT INTO web_attempt (shard_key, site_id, reference, attempt, session_digest, claimed_at)
     VALUES ($1, $2, $3, 12, $4, '2013-09-15T23:31:00Z')`,
    [shardKey, site, reference, digest],
  )
  await migrate({ database: owner, folder: migrationsFolder, log: silentLog })

  const bare = (column: string): string => `replace(${column}::text, '-', '') AS ${column}`
  const { rows: orders } = await owner.query(
    `SELECT ${bare('order_key')}, business_date, kind, payment_date, ${bare('payment_key')}
     FROM web_order ORDER BY attempt DESC`,
  )
  assert.deepEqual(orders, [
    {
      order_key: requestKeyOf('order', site, reference),
      // Half past midnight in Casablanca, which kept summer time then.
      business_date: '2013-09-16',
      kind: 'preauthorization',
      payment_date: '2013-09-16',
      payment_key: requestKey,
    },
    {
      order_key: requestKeyOf('order', site, 'open'),
      business_date: '2013-09-15',
      kind: 'purchase',
      payment_date: null,
      payment_key: null,
    },
  ])
  const { rows: attempts } = await owner.query(`SELECT ${bare('request_key')} FROM web_attempt`)
  assert.deepEqual(attempts, [{ request_key: requestKey }])
})
