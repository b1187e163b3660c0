/** A cut as a file: every row with its dimensions and measures, money to the last digit. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { date, deliveryOf, statisticsIn, temporaryFolder } from '../../test/support/lake.ts'
import { openDuckdb } from '../platform/duckdb.ts'
import { cutToCsv, type Question, type Statistics } from './index.ts'

let statistics: Statistics
const folder = temporaryFolder()

before(async () => {
  statistics = statisticsIn(folder)
  const one = { business_date: '2013-09-14', sector: 'deals, and "more"' }
  await statistics.adopt(
    await deliveryOf([
      // More than a number of JavaScript's holds to the last digit.
      { ...one, amount_minor: 9_007_199_254_740_991, card: 1 },
      { ...one, kind: 'capture', approved: 0, amount_minor: 2, card: 1 },
      { ...one, kind: 'decline', approved: 0, amount_minor: 5, reason: 'other' },
      { business_date: '2013-09-15', amount_minor: 250, sector: 'billers', card: 2 },
      { business_date: '2012-09-15', amount_minor: 125, sector: 'billers', card: 2 },
      { business_date: '2013-09-15', amount_minor: 70, currency: 'EUR', sector: 'billers' },
    ]),
  )
})

const ask = (more: Partial<Question> = {}) =>
  statistics.cut({ from: date('2013-09-01'), to: date('2013-09-30'), by: ['sector'], ...more })

const measures = [
  ...['count', 'amountMinor', 'averageTicketMinor', 'activeSites', 'approved', 'declined'],
  ...['refundCount', 'refundAmountMinor', 'lateReversalCount', 'lateReversalAmountMinor'],
]

test('as CSV, quoted where it must be', async () => {
  assert.equal(
    cutToCsv(await ask()),
    [
      `sector,${measures.join(',')},currency`,
      'billers,1,250,250,1,1,0,0,0,0,0,MAD',
      '"deals, and ""more""",1,9007199254740993,9007199254740993,1,1,1,0,0,0,0,MAD',
      '',
    ].join('\r\n'),
  )
  assert.equal(
    cutToCsv(await ask({ by: [], currency: 'EUR' })),
    `${measures.join(',')},currency\r\n1,70,70,1,1,0,0,0,0,0,EUR\r\n`,
    'of a cut by nothing, the total',
  )
})

test('with what was asked for besides', async () => {
  const cut = await ask({ extras: ['cards', 'growth'], where: { sector: ['billers'] } })
  const growth = 'previousCount,previousAmountMinor,countGrowthPct,amountGrowthPct'
  assert.deepEqual(cutToCsv(cut).split('\r\n'), [
    `sector,${measures.join(',')},activeCards,${growth},currency`,
    'billers,1,250,250,1,1,0,0,0,0,0,1,1,125,0,100,MAD',
    '',
  ])
})

test('as Parquet, counts and money as whole numbers', async () => {
  const path = join(folder, 'asked.parquet')
  writeFileSync(path, await statistics.parquetOf(await ask({ extras: ['growth'] })))
  const engine = await openDuckdb({ threads: 1, memoryMb: 128, temporaryFolder: folder })
  const rows = await engine.query(
    `SELECT sector, "count", "amountMinor", "amountGrowthPct", currency FROM '${path}'`,
  )
  const types = await engine.query<{ column_type: string }>(`DESCRIBE FROM '${path}'`)
  engine.close()
  assert.deepEqual(rows, [
    { sector: 'billers', count: 1n, amountMinor: 250n, amountGrowthPct: 100, currency: 'MAD' },
    {
      ...{ sector: 'deals, and "more"', count: 1n, amountMinor: 9_007_199_254_740_993n },
      ...{ amountGrowthPct: null, currency: 'MAD' },
    },
  ])
  assert.deepEqual([...new Set(types.map(({ column_type: type }) => type))].sort(), [
    'BIGINT',
    'DOUBLE',
    'VARCHAR',
  ])
})
