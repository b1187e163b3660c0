/** Cuts of adopted days: exact from rollups and from operations, growth, and what does not exist. */
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { date, deliveryOf, statisticsIn, temporaryFolder } from '../../test/support/lake.ts'
import { narrowed, narrowedWithGrowth, type Question, type Statistics } from './index.ts'

let statistics: Statistics

before(async () => {
  statistics = statisticsIn(temporaryFolder())
  const delivery = await deliveryOf([
    { business_date: '2013-09-14', amount_minor: 1_000, card: 1 },
    { business_date: '2013-09-14', amount_minor: 2_000, card: 2, site: 's-2', sector: 'deals' },
    { business_date: '2013-09-14', kind: 'decline', approved: 0, reason: 'insufficient_funds' },
    { business_date: '2013-09-15', amount_minor: 3_000, card: 1, hour: 9 },
    { business_date: '2013-09-15', kind: 'capture', approved: 0, amount_minor: 500 },
    { business_date: '2013-09-15', kind: 'approval', amount_minor: 9_999 },
    { business_date: '2013-09-15', kind: 'refund', approved: 0, amount_minor: 700 },
    { business_date: '2013-09-16', kind: 'reversal', approved: 0, amount_minor: 1_000 },
    ...[1, 2, 3].map((card) => ({
      ...{ business_date: '2013-09-16', amount_minor: 101, card },
      ...{ channel: 'terminal', gateway: 'none', door: 'terminal', site: 'none' },
      ...{ sector: 'retail', merchant: 'm-shop', card_origin: 'foreign' },
    })),
    { business_date: '2012-09-14', amount_minor: 1_000, card: 7 },
    {
      business_date: '2012-03-10',
      amount_minor: 60,
      sector: 'airlines',
      site: 'none',
      channel: 'terminal',
    },
    { business_date: '2012-02-29', amount_minor: 50 },
    // What is paid in another currency is in no figure but of its own.
    ...[date('2013-09-14'), date('2012-09-14')].map((day) => ({
      ...{ business_date: day, amount_minor: 77, currency: 'EUR', card: 99 },
      ...{ site: 's-9', merchant: 'm-9', sector: 'deals', hour: 3 },
    })),
    { business_date: '2012-02-28', amount_minor: 70 },
    { business_date: '2013-02-28', amount_minor: 90 },
  ])
  await statistics.adopt(delivery)
})

const september = { from: date('2013-09-01'), to: date('2013-09-30') }

const ask = (question: Partial<Question> = {}) =>
  statistics.cut({ ...september, by: [], ...question })

test('the measures of a period are those of its rows', async () => {
  const { total, provisional, dates } = await ask({ extras: ['cards', 'reasons'] })
  assert.deepEqual(total, {
    ...{ count: 6, amountMinor: 6_803n, averageTicketMinor: 1_134n },
    ...{ activeSites: 2, siteOperations: 3, activeCards: 3 },
    ...{ approved: 7, declined: 1, approvalRatePct: 87.5 },
    ...{ refundCount: 1, refundAmountMinor: 700n },
    ...{ lateReversalCount: 1, lateReversalAmountMinor: 1_000n },
    ...{ countSharePct: 100, amountSharePct: 100 },
    declineReasons: { insufficient_funds: 1 },
    growth: null,
  })
  assert.deepEqual([provisional, dates], [true, 3], 'the end of the month is not in the lake')
  assert.equal((await ask({ to: date('2013-09-16') })).provisional, false)
})

test('a currency is a question of its own, and the answer says which there are', async () => {
  const { total, currency, currencies } = await ask({ currency: 'EUR', extras: ['growth'] })
  assert.deepEqual([total.count, total.amountMinor, total.growth?.previous.count], [1, 77n, 1])
  assert.deepEqual([currency, currencies], ['EUR', ['EUR', 'MAD']])
  const february = await ask({ from: date('2013-02-01'), to: date('2013-02-28') })
  assert.deepEqual([february.currency, february.currencies], ['MAD', ['MAD']])
  assert.equal((await ask({ currency: 'USD' })).total.count, 0)
})

test('rollups and operations give the same figures, by every dimension, of months and of parts', async () => {
  for (const by of [
    [],
    ['businessDate'],
    ['month', 'weekday'],
    ['month', 'sector', 'site'],
    ['channel', 'gateway', 'door', 'cardOrigin', 'sector'],
    ['brand', 'issuer'],
    ['hour'],
    ['weekday', 'hour', 'channel', 'gateway', 'cardOrigin'],
    ['hour', 'brand'],
    ['merchant', 'site'],
  ] as const) {
    for (const period of [
      september,
      { from: date('2013-02-01'), to: date('2013-09-30') },
      { from: date('2013-09-15'), to: date('2013-09-30') },
      { from: date('2013-09-01'), to: date('2013-09-15') },
    ]) {
      const rolled = await ask({ ...period, by, extras: ['growth'] })
      const raw = await ask({ ...period, by, extras: ['growth'], fromOperations: true })
      assert.deepEqual(raw, rolled)
      assert.ok(raw.total.count > 0)
      if (by.length === 0) continue
      const sum = raw.rows.reduce((all, row) => all + row.amountMinor, 0n)
      assert.equal(sum, raw.total.amountMinor)
      const counts = raw.rows.reduce((all, row) => all + row.count, 0)
      assert.equal(counts, raw.total.count)
    }
  }
})

test('rows are keyed by what was asked for, in order', async () => {
  const { rows } = await ask({ by: ['weekday', 'hour'] })
  assert.deepEqual(
    rows.map(({ key, count }) => [key.weekday, key.hour, count]),
    [
      ['1', '12', 3],
      ['6', '12', 2],
      ['7', '09', 1],
      ['7', '12', 0],
    ],
  )
})

test('filters keep what they name', async () => {
  const where = { sector: ['deals', 'retail'] }
  const { total } = await ask({ where })
  assert.deepEqual([total.count, total.amountMinor], [4, 2_303n])
  const none = await ask({ where: { site: ["no'body"] }, by: ['site'] })
  assert.deepEqual([none.total.count, none.rows.length], [0, 0])
})

test('a cut of a cut is what the lake would answer', async () => {
  const wide = await ask({ by: ['hour', 'channel', 'cardOrigin', 'sector'], sites: false })
  const foreign = { cardOrigin: ['foreign'] }
  for (const [by, where] of [
    [['hour'], {}],
    [['channel', 'sector'], {}],
    [['sector'], foreign],
    [['hour'], { ...foreign, channel: ['internet'] }],
    [[], foreign],
  ] as const) {
    assert.deepEqual(
      narrowed(wide, by, where).total,
      (await ask({ by, where, sites: false })).total,
    )
    if (by.length === 0) continue
    assert.deepEqual(narrowed(wide, by, where), await ask({ by, where, sites: false }))
  }
})

test('a cut of a cut has the growth that the lake would answer', async () => {
  const by = ['month', 'channel', 'cardOrigin', 'sector'] as const
  const year = { from: date('2013-01-01'), to: date('2013-09-30') }
  const now = await ask({ ...year, by, sites: false })
  const dates = { from: date('2012-01-01'), to: date('2012-09-30') }
  const before = await ask({ ...dates, by, sites: false })
  for (const narrow of [['month'], ['channel'], ['sector', 'cardOrigin'], []] as const) {
    for (const where of [
      {},
      { channel: ['internet'] },
      { sector: ['airlines', 'retail'] },
      { channel: ['terminal'], cardOrigin: ['moroccan'] },
    ]) {
      const asked = { ...year, by: narrow, where, sites: false, extras: ['growth'] as const }
      assert.deepEqual(narrowedWithGrowth(now, before, narrow, where), await ask(asked))
    }
  }
  const sectors = narrowedWithGrowth(now, before, ['sector'], {}).rows
  const gone = sectors.find(({ key }) => key.sector === 'airlines')
  assert.deepEqual([gone?.count, gone?.growth?.countPct, gone?.countSharePct], [0, -100, null])
})

test('growth is on the same dates of the year before, and is split into its parts', async () => {
  const { total, previous } = await ask({ extras: ['growth', 'cards'] })
  assert.deepEqual(previous, { from: '2012-09-01', to: '2012-09-30', dates: 1 })
  assert.deepEqual(
    [total.growth?.countPct, total.growth?.amountPct, total.growth?.activeSitesPct],
    [500, 580.3, 100],
  )
  assert.deepEqual(total.growth?.bySites, { actorsPct: 100, operationsPerActorPct: 50 })
  assert.deepEqual(total.growth?.byCards, { actorsPct: 200, operationsPerActorPct: 100 })
})

test('a row that only the year before had has fallen by all of it', async () => {
  const { rows } = await ask({ by: ['sector'], extras: ['growth'] })
  const growth = rows.map(({ key, growth }) => [key.sector, growth?.countPct])
  assert.deepEqual(growth, [
    ['billers', 100],
    ['deals', null],
    ['retail', null],
  ])
  const gone = await ask({ from: date('2013-09-15'), by: ['businessDate'], extras: ['growth'] })
  assert.equal(gone.rows.length, 2)
  const year = { from: date('2013-09-14'), to: date('2013-09-14') }
  const cards = await ask({ ...year, by: ['sector'], where: { sector: ['deals'] } })
  assert.deepEqual(
    cards.rows.map(({ key }) => key.sector),
    ['deals'],
  )
})

test('29 February is compared with nothing, and a whole February with a whole one', async () => {
  const cut = (from: string, to: string) =>
    statistics.cut({ from: date(from), to: date(to), by: [], extras: ['growth'] })
  const leap = await cut('2012-02-29', '2012-02-29')
  assert.deepEqual([leap.total.count, leap.total.growth?.countPct], [1, null])
  const february = await cut('2013-02-01', '2013-02-28')
  assert.deepEqual(february.previous, { from: '2012-02-01', to: '2012-02-29', dates: 2 })
  assert.equal(february.total.growth?.countPct, -50)
  const first = await cut('2012-01-01', '2012-12-31')
  assert.deepEqual([first.total.growth?.previous.count, first.total.growth?.countPct], [0, null])
  const { rows } = await statistics.cut({
    ...{ from: date('2013-02-01'), to: date('2013-02-28') },
    ...{ by: ['businessDate'], extras: ['growth'] },
  })
  assert.deepEqual(
    rows.map(({ key, growth }) => [key.businessDate, growth?.countPct]),
    [['2013-02-28', 0]],
  )
})

test('a period without data is nothing, not an error', async () => {
  const empty = await statistics.cut({
    ...{ from: date('2011-01-01'), to: date('2011-01-31'), by: ['sector'] },
    extras: ['growth', 'cards', 'reasons'],
  })
  assert.deepEqual([empty.rows, empty.total.count, empty.dates], [[], 0, 0])
  assert.deepEqual([empty.total.averageTicketMinor, empty.total.approvalRatePct], [null, null])
})

test('a cut that does not exist is refused with a sentence', async () => {
  await assert.rejects(ask({ from: date('2013-10-01') }), /ends before it begins/)
  await assert.rejects(ask({ by: ['sector', 'sector'] }), /named twice/)
  await assert.rejects(ask({ where: { sector: [] } }), /has no value/)
  const by = ['card'] as string[] as Question['by']
  await assert.rejects(ask({ by }), /there is no dimension card/)
})

test('the published table is the same from rollups and from operations', async () => {
  const table = await statistics.publishedTable('2013-09')
  assert.deepEqual(await statistics.publishedTable('2013-09', { fromOperations: true }), table)
  const row = (id: string) => {
    const found = table.rows.find((one) => one.id === id)
    return [found?.value, found?.previous, found?.growthPct, found?.sharePct]
  }
  assert.deepEqual(row('month.all.count'), [6n, 1n, 500, null])
  assert.deepEqual(row('month.internet.amount'), [6_500n, 1_000n, 550, 95.55])
  assert.deepEqual(row('month.internet.activeSites'), [2n, 1n, 100, null])
  assert.deepEqual(row('ytd.internet.count'), [4n, 3n, 33.33, 57.14])
  assert.deepEqual(row('ytd.foreignCards.countShare'), [3n, 0n, null, 42.86])
  assert.deepEqual(row('ytd.internet.deals.growth'), [2_000n, 0n, null, 30.35])
  assert.deepEqual(row('ytd.internet.deals.activeSites'), [1n, 0n, null, null])
  const nothing = await statistics.publishedTable('2010-01')
  assert.ok(
    nothing.rows.every(({ value, growthPct }) => (value ?? 0n) === 0n && growthPct === null),
  )
})

test('a catalogue that was lost is said to be, and no file of the lake is taken for a stray', async () => {
  const folder = temporaryFolder()
  const own = statisticsIn(folder)
  await own.adopt(await deliveryOf([{ business_date: '2013-09-14' }]))
  const catalogue = join(folder, 'catalogue.json')
  const text = readFileSync(catalogue, 'utf8')
  rmSync(catalogue)
  const more = await deliveryOf([{ business_date: '2013-09-15' }])
  await assert.rejects(own.cut({ ...september, by: [] }), /catalogue .* is missing/)
  await assert.rejects(own.adopt(more), /catalogue .* is missing/)
  writeFileSync(catalogue, text)
  await own.adopt(more)
  assert.equal((await own.cut({ ...september, by: [] })).total.count, 2)
})
