/** What is withheld from public cuts, on tables that can be followed by hand. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cutOf, type Taken } from '../../../test/support/disclosure.ts'
import type { Cut, Measures } from '../cut.ts'
import type { BusinessDate } from '../../kernel/business-date.ts'
import { complementsOf, withhold } from './index.ts'
import { isSensitive } from './sensitive.ts'

/** A payment of each of some merchants, of the same amount. */
const taken = (cell: Partial<Taken>, merchants: string, amount: number): Taken[] =>
  [...merchants].map((merchant) => ({ ...cell, merchant, amount }))

const shown = (cut: Cut): readonly (number | string)[] =>
  cut.rows.map(({ count, withheld }) => withheld ?? count)

const cellOf = (payments: readonly Taken[]): Measures => cutOf(payments, []).total

test('a cell of two merchants is sensitive, of three it is not', () => {
  assert.equal(isSensitive(cellOf(taken({}, 'ab', 100))), true)
  assert.equal(isSensitive(cellOf(taken({}, 'abc', 100))), false)
  assert.equal(isSensitive(cellOf([])), false)
})

test('a cell is dominated above 85 % of its amount, not at it', () => {
  const small = [...taken({}, 'a', 7), ...taken({}, 'b', 8)]
  assert.equal(isSensitive(cellOf([...small, ...taken({}, 'c', 85)])), false)
  assert.equal(isSensitive(cellOf([...small, ...taken({}, 'c', 86)])), true)
})

test('merchants that were not counted are taken for too few, and refunds are somebody’s', () => {
  const cell = cellOf(taken({}, 'abc', 100))
  assert.equal(isSensitive({ ...cell, merchants: null }), true)
  const none: Measures = { ...cellOf([]), refundCount: 1, refundAmountMinor: 500n }
  assert.equal(isSensitive(none), true)
})

const sectors = [
  ...taken({ sector: 'airlines' }, 'a', 900),
  ...taken({ sector: 'billers' }, 'bcde', 300),
  ...taken({ sector: 'deals' }, 'fgh', 40),
  ...taken({ sector: 'retail' }, 'ijkl', 70),
]

test('beside a sensitive cell the smallest other one is withheld', () => {
  const published = withhold(cutOf(sectors, ['sector']))
  assert.deepEqual(shown(published), ['everything', 4, 'everything', 4])
  assert.equal(published.total.amountMinor, 2_500n)
  const [airlines] = published.rows
  assert.deepEqual(airlines?.key, { sector: 'airlines' })
  assert.deepEqual([airlines?.amountMinor, airlines?.amountSharePct], [0n, null])
})

test('two sensitive cells hide each other', () => {
  const travel = taken({ sector: 'travel' }, 'mn', 500)
  const published = withhold(cutOf([...sectors, ...travel], ['sector']))
  assert.deepEqual(shown(published), ['everything', 4, 3, 4, 'everything'])
})

test('by two dimensions, the rectangle of the least amount is withheld', () => {
  const hours = ['08', '12', '20'].flatMap((hour, i) =>
    ['billers', 'deals', 'retail'].flatMap((sector, j) =>
      i === 0 && j === 0
        ? taken({ sector, hour }, 'a', 50)
        : taken({ sector, hour }, 'abcd', 10 + i * 30 + j * 3),
    ),
  )
  const published = withhold(cutOf(hours, ['hour', 'sector']))
  const [away, one] = ['everything', 4]
  assert.deepEqual(shown(published), [away, away, one, away, away, one, one, one, one])
})

test('the year before goes with its cell, or alone where it alone is sensitive', () => {
  const before = (payments: readonly Taken[]): Taken[] =>
    payments.map((one) => ({ ...one, year: 'before' }))
  const fine = sectors.filter(({ sector }) => sector !== 'airlines')
  const few = taken({ sector: 'billers' }, 'b', 100)
  const rest = fine.filter(({ sector }) => sector !== 'billers')
  const published = withhold(cutOf([...fine, ...before([...few, ...rest])], ['sector']))
  assert.deepEqual(shown(published), ['yearBefore', 'yearBefore', 4])
  const [billers] = published.rows
  assert.deepEqual([billers?.count, billers?.growth], [4, null])
  const gone = withhold(cutOf([...sectors, ...before(fine)], ['sector']))
  assert.deepEqual(shown(gone), ['everything', 4, 'everything', 4])
  assert.equal(gone.rows[2]?.growth, null)
})

test('what is sensitive of foreign cards is withheld of Moroccan ones too', () => {
  const moroccan = sectors
    .filter(({ sector }) => sector !== 'airlines')
    .map((one) => ({ ...one, cardOrigin: 'moroccan' }))
  const foreign = [
    ...taken({ sector: 'billers', cardOrigin: 'foreign' }, 'b', 30),
    ...taken({ sector: 'deals', cardOrigin: 'foreign' }, 'fgh', 20),
    ...taken({ sector: 'retail', cardOrigin: 'foreign' }, 'ijk', 90),
  ]
  const all = [...moroccan, ...foreign]
  const complements = {
    cells: cutOf(all, ['sector', 'cardOrigin']),
    total: cutOf(all, ['cardOrigin']),
  }
  for (const [cardOrigin, total] of [
    ['moroccan', 11],
    ['foreign', 7],
  ] as const) {
    const published = withhold(cutOf(all, ['sector'], { cardOrigin }), complements)
    assert.deepEqual(shown(published).slice(0, 2), ['everything', 'everything'])
    assert.equal(published.rows[2]?.withheld, undefined)
    assert.equal(published.total.count, total)
  }
})

test('the total of a filtered cut is withheld where it is sensitive, with all shares of it', () => {
  const all = [
    ...taken({ sector: 'billers', cardOrigin: 'moroccan' }, 'abc', 10),
    ...taken({ sector: 'billers', cardOrigin: 'foreign' }, 'a', 10),
  ]
  const published = withhold(cutOf(all, ['sector'], { cardOrigin: 'moroccan' }), {
    cells: cutOf(all, ['sector', 'cardOrigin']),
    total: cutOf(all, ['cardOrigin']),
  })
  assert.deepEqual(shown(published), ['everything'])
  assert.equal(published.total.withheld, 'everything')
})

test('a filtered question is judged by the smallest parts that filters can make', () => {
  const question = {
    ...{ from: '2013-09-01' as BusinessDate, to: '2013-09-30' as BusinessDate },
    by: ['channel', 'sector'] as const,
  }
  assert.equal(complementsOf(question), undefined)
  const where = { cardOrigin: ['foreign'] }
  const found = complementsOf({ ...question, where })
  assert.deepEqual(found?.cells.by, ['channel', 'sector', 'cardOrigin', 'gateway'])
  assert.deepEqual(found?.total.by, ['channel', 'cardOrigin', 'gateway'])
  assert.deepEqual(found?.cells.where, {})
  const always = { channel: ['internet'] }
  assert.equal(complementsOf({ ...question, where: always }, always), undefined)
  const online = complementsOf({ ...question, where: { ...where, ...always } }, always)
  assert.deepEqual([online?.total.by, online?.total.where], [['cardOrigin', 'gateway'], always])
})
