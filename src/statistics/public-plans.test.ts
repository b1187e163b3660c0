/** The cells by which public pages are judged, as the lake gives them, and how often it is asked. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { date, deliveryOf, statisticsIn, temporaryFolder } from '../../test/support/lake.ts'
import { PublicPlans, type Statistics } from './index.ts'

let statistics: Statistics

const terminal = {
  ...{ channel: 'terminal', gateway: 'none', door: 'terminal', site: 'none', sector: 'retail' },
  ...{ card_origin: 'foreign', hour: 9 },
}

before(async () => {
  statistics = statisticsIn(temporaryFolder())
  const online = (merchant: string, amount_minor: number, gateway = 'cmi') => ({
    ...{ business_date: '2013-09-16', merchant, amount_minor, gateway, sector: 'deals', hour: 12 },
  })
  await statistics.adopt(
    await deliveryOf([
      online('a', 500),
      { ...online('a', 300), card_origin: 'foreign' },
      online('b', 600),
      online('c', 50, 'maroc-telecommerce'),
      online('d', 70, 'another'),
      { ...online('b', 5), kind: 'capture', approved: 0 },
      { ...online('e', 9_000), kind: 'refund', approved: 0 },
      { ...online('e', 9_000), kind: 'decline', approved: 0, reason: 'expired_card' },
      { ...online('a', 7), business_date: '2013-08-01' },
      { ...terminal, business_date: '2013-09-17', merchant: 'shop', amount_minor: 40 },
    ]),
  )
})

const year = { from: date('2013-01-01'), to: date('2013-09-30') }

test('a cell is its operations and amounts due, with the two largest merchants of it', async () => {
  const cells = await statistics.publicCells('sectors', year)
  const of = (key: Readonly<Record<string, string>>) =>
    cells.filter((each) => isDeepStrictEqual(each.key, key))
  const september = { month: '2013-09', sector: 'deals' }
  const part = { channel: 'internet', cardOrigin: 'moroccan', gateway: 'cmi' }
  const cell = {
    ...{ count: 2, amountMinor: 1_105n, merchants: 2 },
    ...{ largest: 'b', largestAmountMinor: 605n, secondAmountMinor: 500n },
  }
  assert.deepEqual(of({ ...september, ...part }), [{ key: { ...september, ...part }, cell }])
  // Counted again, not added up: a and b are the merchants of both origins.
  const gateway = { ...september, channel: 'internet', gateway: 'cmi' }
  assert.deepEqual(of(gateway)[0]?.cell, {
    ...{ count: 3, amountMinor: 1_405n, merchants: 2 },
    ...{ largest: 'a', largestAmountMinor: 800n, secondAmountMinor: 605n },
  })
  assert.equal(of({ ...september, cardOrigin: 'moroccan' })[0]?.cell.merchants, 4)
  assert.equal(of({ month: '2013-09', ...part })[0]?.cell.count, 2)
  assert.equal(
    of({ ...september, ...part, gateway: 'none' })[0]?.cell.largest,
    'd',
    'no filter names it',
  )
  assert.equal(of({ ...september, ...part, month: '2013-08' })[0]?.cell.secondAmountMinor, 0n)
  assert.equal(
    cells.some(({ key }) => key.sector === 'retail'),
    false,
    'terminals have no sectors there',
  )
})

test('hours are of one month, of every channel', async () => {
  const cells = await statistics.publicCells('hours', { ...year, from: date('2013-09-01') })
  const found = cells.map(
    ({ key: { weekday, hour, channel, cardOrigin, gateway }, cell }) =>
      `${weekday} ${hour} ${channel} ${cardOrigin} ${gateway}: ${cell.count}`,
  )
  assert.deepEqual(
    new Set(found),
    new Set([
      '1 12 internet foreign cmi: 1',
      '1 12 internet moroccan cmi: 2',
      '1 12 internet moroccan maroc-telecommerce: 1',
      '1 12 internet moroccan none: 1',
      '2 09 terminal foreign none: 1',
    ]),
  )
  const nothing = { from: date('2011-01-01'), to: date('2011-01-31') }
  assert.deepEqual(await statistics.publicCells('hours', nothing), [])
})

test('a plan is made once, and again when the lake holds another day of its years', async () => {
  let asked = 0
  const plans = new PublicPlans({
    catalogue: () => statistics.catalogue(),
    publicCells: async (table, period) => {
      asked += 1
      return await statistics.publicCells(table, period)
    },
  })
  const plan = await plans.of('2013-09')
  assert.equal(plan.now.crossed.has('2013-07'), true, 'of nothing, nothing is withheld')
  assert.deepEqual([plan.now.crossed.has('2013-09'), plan.before.yearCrossed], [false, true])
  assert.equal(plan.hours.get('all')?.has('["1","12"]'), true)
  assert.equal(asked, 3)
  assert.equal(await plans.of('2013-09'), plan)
  assert.equal(asked, 3)
  await statistics.adopt(await deliveryOf([{ business_date: '2012-09-01' }], 'elsewhere'))
  const again = await plans.of('2013-09')
  assert.equal(asked, 4, 'of the year before alone')
  assert.deepEqual([again.before.yearCrossed, again.now], [false, plan.now])
})

test('what could not be counted is asked for again', async () => {
  let fails = true
  const plans = new PublicPlans({
    catalogue: () => statistics.catalogue(),
    publicCells: async (table, period) => {
      if (fails) throw new Error('the disk is gone')
      return await statistics.publicCells(table, period)
    },
  })
  await assert.rejects(plans.of('2013-09'), /the disk is gone/)
  fails = false
  assert.equal((await plans.of('2013-09')).now.crossed.has('2013-09'), false)
})
