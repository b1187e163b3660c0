/** What the page's charts show, of every choice of filters, is what the lake answers to it. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { date, deliveryOf, statisticsIn, temporaryFolder } from '../../../../test/support/lake.ts'
import type { Dimension, Filters, Statistics } from '../../../statistics/index.ts'
import { filterValues, type Asked } from './asked.ts'
import { gather, gatherBase, type Base } from './gather.ts'

let statistics: Statistics
let base: Base

before(async () => {
  statistics = statisticsIn(temporaryFolder())
  const online = (business_date: string, sector: string, site: string, amount_minor: number) => ({
    ...{ business_date, sector, site, merchant: `m-${site}`, amount_minor },
  })
  const shop = { channel: 'terminal', gateway: 'none', site: 'none', sector: 'retail' }
  await statistics.adopt(
    await deliveryOf([
      // One that only the year before had, in a month that only it had.
      online('2012-01-20', 'airlines', 's-1', 10_000),
      online('2012-09-03', 'billers', 's-2', 20_001),
      { ...online('2012-09-04', 'deals', 's-3', 305), gateway: 'maroc-telecommerce' },
      // Past the page's month, of the year before.
      online('2012-10-01', 'billers', 's-2', 7_777),
      { business_date: '2012-08-31', amount_minor: 555, ...shop },
      online('2013-03-01', 'billers', 's-2', 30_003),
      { ...online('2013-03-02', 'billers', 's-4', 40_004), card_origin: 'foreign' },
      { ...online('2013-09-03', 'deals', 's-3', 50_005), gateway: 'maroc-telecommerce' },
      { ...online('2013-09-03', 'deals', 's-3', 99), kind: 'refund', approved: 0 },
      { ...online('2013-09-05', 'billers', 's-2', 1), kind: 'decline', approved: 0, reason: 'x' },
      { business_date: '2013-09-06', amount_minor: 60_006, ...shop, card_origin: 'foreign' },
      { business_date: '2013-09-07', amount_minor: 70_007, ...shop },
    ]),
  )
  base = await gatherBase(statistics, '2013-09')
})

const choices = (['channel', 'cardOrigin', 'gateway'] as const).reduce<Asked['filters'][]>(
  (all, name) =>
    all.flatMap((one) => [one, ...filterValues[name].map((value) => ({ ...one, [name]: value }))]),
  [{}],
)

test('charts of the year, with their growth', async () => {
  assert.equal(choices.length, 27)
  for (const filters of choices) {
    const asked: Asked = { month: '2013-09', language: 'fr', measure: 'count', filters }
    const found = await gather(asked, base, undefined)
    const where = Object.fromEntries(Object.entries(filters).map(([name, one]) => [name, [one]]))
    const answer = async (by: Dimension, always: Filters = {}, sites = false) =>
      await statistics.cut({
        ...{ from: date('2013-01-01'), to: date('2013-09-30'), by: [by], sites },
        ...{ where: { ...where, ...always }, extras: ['growth'] },
      })
    const online = { channel: ['internet'] }
    assert.deepEqual(found.months, await answer('month'))
    assert.deepEqual(found.sectors, await answer('sector', online))
    assert.deepEqual(found.channels, await answer('channel'))
    assert.deepEqual(found.origins, await answer('cardOrigin'))
    assert.deepEqual(found.sites, await answer('month', online, true))
  }
})

test('hours of the month', async () => {
  for (const filters of choices) {
    const asked: Asked = { month: '2013-09', language: 'fr', measure: 'count', filters }
    const where = Object.fromEntries(Object.entries(filters).map(([name, one]) => [name, [one]]))
    const { hours } = await gather(asked, base, undefined)
    const september = { from: date('2013-09-01'), to: date('2013-09-30') }
    const by = ['weekday', 'hour'] as const
    assert.deepEqual(hours, await statistics.cut({ ...september, by, where, sites: false }))
  }
})
