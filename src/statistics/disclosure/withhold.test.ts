/** What is withheld from the tables of a public page, and for how long. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutOf, planOf, type Taken } from '../../../test/support/disclosure.ts'
import type { Cut } from '../cut.ts'
import { monthPeriod, yearToDate, type Month } from '../period.ts'
import type { Dimension, Filters } from '../question.ts'
import { withhold, type Chart } from './index.ts'

const [moroccan, foreign] = ['moroccan', 'foreign']
const [cmi, telecommerce] = ['cmi', 'maroc-telecommerce']

/** A payment of each of some merchants, of the same amount. */
const taken = (of: Partial<Taken>, merchants: string, amount: number): Taken[] =>
  [...merchants].map((merchant) => ({
    ...{ month: '2013-01', channel: 'internet', weekday: '1', hour: '12' },
    ...of,
    ...{ merchant, amount },
  }))

/** A month in which nothing is sensitive. */
const plenty = (month: string): Taken[] =>
  ['airlines', 'billers', 'deals'].flatMap((sector, i) =>
    [moroccan, foreign].flatMap((cardOrigin) =>
      [cmi, telecommerce].flatMap((gateway) =>
        taken({ month, sector, cardOrigin, gateway }, 'abcdef', 100 + i),
      ),
    ),
  )

/** The same, but that of airlines only one merchant takes foreign cards at CMI. */
const sensitive = (month: string): Taken[] =>
  plenty(month).filter(
    ({ sector, cardOrigin, gateway, merchant }) =>
      sector !== 'airlines' || cardOrigin !== foreign || gateway !== cmi || merchant === 'a',
  )

const bys: Readonly<Record<Chart, readonly Dimension[]>> = {
  ...{ months: ['month'], sites: ['month'], sectors: ['sector'], channels: ['channel'] },
  ...{ origins: ['cardOrigin'], hours: ['weekday', 'hour'] },
}

const page = (payments: readonly Taken[], month: Month, chart: Chart, where: Filters = {}): Cut => {
  const period = chart === 'hours' ? monthPeriod(month) : yearToDate(month)
  const asked = chart === 'sectors' ? { ...where, channel: ['internet'] } : where
  return withhold(chart, cutOf(payments, period, bys[chart], asked), where, planOf(payments, month))
}

const shown = (cut: Cut): readonly (string | number)[] =>
  cut.rows.map(({ key, count, withheld }) => `${Object.values(key).join(' ')} ${withheld ?? count}`)

const crossing: Filters = { cardOrigin: [foreign], gateway: [cmi] }

test('the published table’s own lines are shown, whoever they are of', () => {
  const one = taken({ sector: 'airlines', cardOrigin: foreign, gateway: cmi }, 'a', 7)
  assert.deepEqual(shown(page(one, '2013-01', 'sectors')), ['airlines 1'])
  assert.deepEqual(shown(page(one, '2013-01', 'sectors', { channel: ['terminal'] })), [
    'airlines 1',
  ])
  for (const where of [
    {},
    { cardOrigin: [foreign] },
    { gateway: [cmi] },
    { channel: ['internet'] },
  ]) {
    assert.deepEqual(shown(page(one, '2013-01', 'months', where)), ['2013-01 1'])
    assert.deepEqual(shown(page(one, '2013-01', 'channels', where)), ['internet 1'])
  }
  assert.deepEqual(shown(page(one, '2013-01', 'origins')), ['foreign 1'])
  assert.deepEqual(shown(page(one, '2013-01', 'origins', { channel: ['internet'] })), ['foreign 1'])
})

test('a sector of both filters is withheld with the smallest other; of one filter it is told', () => {
  const payments = sensitive('2013-01')
  const cut = page(payments, '2013-01', 'sectors', crossing)
  assert.deepEqual(shown(cut), ['airlines everything', 'billers everything', 'deals 6'])
  assert.deepEqual([cut.rows[0]?.amountMinor, cut.rows[0]?.amountSharePct], [0n, null])
  assert.equal(cut.total.count, 13)
  // All answers of the kind, or one would tell what another withholds.
  const other = { cardOrigin: [moroccan], gateway: [cmi] }
  assert.deepEqual(shown(page(payments, '2013-01', 'sectors', other)), shown(cut))
  for (const where of [{ cardOrigin: [foreign] }, { gateway: [cmi] }]) {
    assert.equal(
      page(payments, '2013-01', 'sectors', where).rows.some(({ withheld }) => withheld),
      false,
    )
  }
})

test('a row that is withheld is there also where nothing is in it', () => {
  const payments = sensitive('2013-01').filter(
    ({ sector, gateway, cardOrigin }) =>
      sector !== 'airlines' || gateway !== cmi || cardOrigin !== moroccan,
  )
  const where = { cardOrigin: [moroccan], gateway: [cmi] }
  assert.match(String(shown(page(payments, '2013-01', 'sectors', where))), /airlines everything/)
})

test('what a month withholds, the year withholds until its end, and no page before it', () => {
  const payments = [...plenty('2013-01'), ...sensitive('2013-02'), ...plenty('2013-03')]
  const withheld = (month: Month): number =>
    page(payments, month, 'sectors', crossing).rows.filter((row) => row.withheld === 'everything')
      .length
  assert.deepEqual([withheld('2013-01'), withheld('2013-02'), withheld('2013-03')], [0, 2, 2])
  assert.equal(
    page([...payments, ...plenty('2014-01')], '2014-01', 'sectors', crossing).rows[0]?.withheld,
    undefined,
  )
})

test('a sector that is withheld stays so in a month in which it has nothing', () => {
  const without = plenty('2013-02').filter(({ sector }) => sector !== 'airlines')
  const cut = page([...sensitive('2013-01'), ...without], '2013-02', 'sectors', crossing)
  assert.deepEqual(shown(cut), ['airlines everything', 'billers everything', 'deals 12'])
})

test('the year before is told as its own page tells it', () => {
  const payments = [...sensitive('2012-01'), ...plenty('2013-01')]
  const rows = page(payments, '2013-01', 'sectors', crossing).rows
  assert.deepEqual(
    rows.map(({ withheld, growth }) => [withheld, growth?.previous.count]),
    [
      ['yearBefore', undefined],
      ['yearBefore', undefined],
      [undefined, 6],
    ],
  )
  assert.deepEqual(shown(page(payments, '2012-01', 'sectors', crossing)).slice(0, 2), [
    'airlines everything',
    'billers everything',
  ])
})

test('an hour is withheld without any filter too: it is no line of the published table', () => {
  const payments = [
    ...plenty('2013-01').map((one, i) => ({
      ...one,
      hour: ['08', '12', '20'][Math.floor(i / 6) % 3] ?? '',
    })),
    ...taken({ sector: 'deals', cardOrigin: moroccan, gateway: cmi, hour: '03' }, 'a', 5),
  ]
  const cut = page(payments, '2013-01', 'hours')
  assert.deepEqual(shown(cut), ['1 03 everything', '1 08 everything', '1 12 24', '1 20 24'])
  assert.equal(cut.total.count, payments.length)
})

const few = (month: string): Taken[] => [
  ...taken({ month, sector: 'deals', cardOrigin: moroccan, gateway: cmi }, 'abcd', 10),
  ...taken({ month, sector: 'billers', cardOrigin: moroccan, gateway: telecommerce }, 'abcd', 10),
  ...taken({ month, sector: 'billers', cardOrigin: foreign, gateway: telecommerce }, 'ab', 10),
]

test('a total of both filters is withheld where one of them is sensitive, with all shares of it', () => {
  const payments = [...plenty('2013-01'), ...few('2013-02'), ...plenty('2013-03')]
  const months = page(payments, '2013-03', 'months', crossing)
  assert.deepEqual(shown(months), ['2013-01 18', '2013-02 everything', '2013-03 18'])
  assert.deepEqual([months.total.withheld, months.total.count], ['everything', 0])
  assert.deepEqual(shown(page(payments, '2013-03', 'sites', crossing)), shown(months))
  assert.equal(months.rows[0]?.amountSharePct, null)
  assert.equal(page(payments, '2013-01', 'months', crossing).total.count, 18)
  assert.notEqual(page(payments, '2013-01', 'months', crossing).rows[0]?.amountSharePct, null)
})

test('origins of a gateway and gateways of an origin are one table', () => {
  const payments = few('2013-01')
  const gateway = { gateway: [cmi] }
  assert.deepEqual(shown(page(payments, '2013-01', 'origins', gateway)), [
    'foreign everything',
    'moroccan everything',
  ])
  assert.equal(page(payments, '2013-01', 'origins', gateway).total.count, 4)
  assert.deepEqual(shown(page(payments, '2013-01', 'channels', crossing)), ['internet everything'])
  assert.deepEqual(shown(page(payments, '2013-01', 'origins', crossing)), ['foreign everything'])
  // Nor does any table of a gateway tell them.
  for (const where of [gateway, crossing]) {
    for (const chart of ['sectors', 'hours'] as const) {
      const { rows } = page(payments, '2013-01', chart, where)
      assert.equal(
        rows.every(({ withheld }) => withheld === 'everything'),
        true,
      )
    }
  }
  assert.deepEqual(shown(page(payments, '2013-01', 'sectors', gateway)), [
    'billers everything',
    'deals everything',
  ])
  assert.equal(page(payments, '2013-01', 'hours', crossing).total.withheld, 'everything')
  assert.equal(page(payments, '2013-01', 'hours', gateway).total.withheld, undefined)
})

test('where an origin has one merchant at a gateway, no sector and no hour is told by gateway', () => {
  const isFew = ({ sector, cardOrigin, gateway, merchant }: Taken): boolean =>
    cardOrigin === foreign && gateway === cmi && (sector !== 'airlines' || merchant !== 'a')
  const payments = plenty('2013-01')
    .filter((one) => !isFew(one))
    .map((one) => ({ ...one, hour: one.merchant <= 'c' ? '08' : '12' }))
  const gateway = { gateway: [cmi] }
  assert.deepEqual(shown(page(payments, '2013-01', 'sectors', gateway)), [
    ...['airlines everything', 'billers everything', 'deals everything'],
  ])
  const { rows } = page(payments, '2013-01', 'hours', gateway)
  // Also those in which nothing was paid: a zero would tell the rest.
  assert.equal(rows.length, 7 * 24)
  assert.ok(rows.every(({ withheld }) => withheld === 'everything'))
})

test('of the year before, totals of both filters are withheld as then', () => {
  const payments = [
    ...few('2012-01'),
    ...plenty('2012-02'),
    ...plenty('2013-01'),
    ...plenty('2013-02'),
  ]
  const months = page(payments, '2013-02', 'months', crossing)
  assert.deepEqual(
    [...months.rows, months.total].map(({ withheld }) => withheld),
    ['yearBefore', undefined, 'yearBefore'],
  )
  assert.equal(months.total.count, 36)
  const origins = page(payments, '2013-02', 'origins', { gateway: [cmi] })
  assert.deepEqual(
    [...origins.rows, origins.total].map(({ withheld }) => withheld),
    ['yearBefore', 'yearBefore', undefined],
  )
})

test('the one hour in which anything was paid is hidden by one in which nothing was', () => {
  const one = taken({ sector: 'deals', cardOrigin: moroccan, gateway: cmi }, 'a', 5)
  assert.deepEqual(shown(page(one, '2013-01', 'hours')), ['1 00 everything', '1 12 everything'])
})

test('cards and reasons that were not asked for stay so, and others hold nothing', () => {
  const payments = sensitive('2013-01')
  const cut = cutOf(payments, yearToDate('2013-01'), ['sector'], {
    ...crossing,
    channel: ['internet'],
  })
  const asked = {
    ...cut,
    rows: cut.rows.map((row) => ({ ...row, activeCards: 3, declineReasons: { expired_card: 2 } })),
  }
  const plan = planOf(payments, '2013-01')
  const of = (found: Cut): readonly unknown[] => {
    const [row] = withhold('sectors', found, crossing, plan).rows
    return [row?.activeCards, row?.declineReasons]
  }
  assert.deepEqual(of(cut), [null, null])
  assert.deepEqual(of(asked), [0, {}])
})
