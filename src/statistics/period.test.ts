import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addDays, dayNumber, fromDayNumber, type BusinessDate } from '../kernel/business-date.ts'
import { growthPct, sharePct } from './growth.ts'
import { lastDayOf, monthPeriod, parseMonth, yearBefore, yearToDate } from './period.ts'

const before = (from: string, to: string): string => {
  const period = yearBefore({ from: from as BusinessDate, to: to as BusinessDate })
  return `${period.from} ${period.to}`
}

test('a period and the same dates of the year before', () => {
  assert.equal(before('2013-09-01', '2013-09-30'), '2012-09-01 2012-09-30')
  assert.equal(before('2013-01-01', '2013-02-28'), '2012-01-01 2012-02-29', 'a whole February')
  assert.equal(before('2012-02-01', '2012-02-29'), '2011-02-01 2011-02-28')
  assert.equal(before('2012-02-29', '2012-03-10'), '2011-03-01 2011-03-10')
  assert.equal(before('2013-02-28', '2013-02-28'), '2012-02-28 2012-02-29')
  const [from = '', to = ''] = before('2012-02-29', '2012-02-29').split(' ')
  assert.ok(from > to, '29 February alone is compared with no date')
})

const dates = fc
  .integer({
    min: dayNumber('1990-01-01' as BusinessDate),
    max: dayNumber('2060-12-31' as BusinessDate),
  })
  .map(fromDayNumber)

test('every period has one before it, of the same length but for a 29 February', () => {
  fc.assert(
    fc.property(dates, fc.nat({ max: 800 }), (from, days) => {
      const to = addDays(from, days)
      const found = yearBefore({ from, to })
      if (found.from > found.to) return assert.ok(from === to && from.endsWith('-02-29'))
      assert.ok(found.to < to && found.from < from)
      const length = dayNumber(found.to) - dayNumber(found.from)
      assert.ok(Math.abs(length - days) <= 1)
    }),
  )
})

test('months', () => {
  assert.deepEqual(
    ['2013-9', '2013-13', '13-09', '2013-09-01', ''].map(parseMonth),
    Array.from({ length: 5 }, () => undefined),
  )
  assert.deepEqual(monthPeriod('2012-02'), { from: '2012-02-01', to: '2012-02-29' })
  assert.deepEqual(yearToDate('2013-12'), { from: '2013-01-01', to: '2013-12-31' })
  fc.assert(
    fc.property(dates, (date) => {
      const last = lastDayOf(date)
      assert.equal(last.slice(0, 7), date.slice(0, 7))
      assert.ok(addDays(last, 1).endsWith('-01'))
    }),
  )
})

test('growth is whole numbers up to the hundredth, never NaN', () => {
  assert.equal(growthPct(3n, 2n), 50)
  assert.equal(growthPct(2n, 3n), -33.33)
  assert.equal(growthPct(0n, 3n), -100)
  assert.equal(growthPct(1n, 0n), null)
  assert.equal(growthPct(0n, 0n), null)
  assert.equal(growthPct(20_001n, 20_000n), 0.01, 'a half is rounded away from zero')
  assert.equal(growthPct(19_999n, 20_000n), -0.01)
  assert.equal(sharePct(1n, 0n), null)
  const counts = fc.bigInt({ min: 0n, max: 10n ** 15n })
  fc.assert(
    fc.property(counts, counts, (current, previous) => {
      const growth = growthPct(current, previous)
      if (growth === null) return assert.equal(previous, 0n)
      assert.ok(Number.isFinite(growth) && growth >= -100)
    }),
  )
})
