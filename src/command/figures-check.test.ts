/** Printed figures against a table: what is within its tolerance, what is off, what is refused. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { rootFolder } from '../platform/root.ts'
import { tablePeriods } from '../statistics/table.ts'
import { yearBefore } from '../statistics/period.ts'
import type { PublishedTable, TableRow } from '../statistics/index.ts'
import { checkReference } from './figures-check.ts'
import { parseReference } from './figures-reference.ts'
import { tableToJson, tableToText } from './figures-table.ts'
import { differences } from './figures.ts'

const national = readFileSync(
  join(rootFolder, 'test', 'fixtures', 'figures', 'national-2013.json'),
  'utf8',
)

const row = (
  id: string,
  [value, previous]: readonly [bigint | null, bigint | null],
  more: Partial<TableRow> = {},
): TableRow => {
  const growthPct =
    value === null || previous === null || previous === 0n
      ? null
      : Math.round((Number(value) / Number(previous) - 1) * 10_000) / 100
  const [period, ...parts] = id.split('.')
  const about = { id, scope: parts.slice(0, -1).join('.'), value, previous, growthPct }
  const measure = id.endsWith('count') ? 'count' : 'amount'
  return {
    ...{ ...about, sharePct: null, measure },
    period: period === 'ytd' ? 'ytd' : 'month',
    ...more,
  }
}

const { month, ytd } = tablePeriods('2013-09')

const figuresOf = (...rows: readonly TableRow[]): PublishedTable => ({
  month: '2013-09',
  periods: {
    month: { ...month, previous: yearBefore(month) },
    ytd: { ...ytd, previous: yearBefore(ytd) },
  },
  asOf: '2013-10-01T00:05:00.000Z',
  ...{ provisional: true, sources: ['made for a test'], currencies: ['MAD'], rows },
})

const periods = { month: [month.from, month.to], ytd: [ytd.from, ytd.to] }

function check(rows: readonly object[], ...found: readonly TableRow[]) {
  const reference = parseReference(JSON.stringify({ periods, rows }))
  assert.ok(reference.ok, reference.ok ? '' : reference.error)
  const checked = checkReference(figuresOf(...found), reference.value)
  return checked.map(({ what, ok, off }) => [what, ok, off])
}

test('the figures of the nation are read: sixteen rows, one with growth alone', () => {
  const reference = parseReference(national)
  assert.ok(reference.ok)
  const { rows, month } = reference.value
  assert.deepEqual([month, rows.length], ['2013-09', 16])
  assert.deepEqual(rows.find(({ id }) => id === 'ytd.internet.egov.growth')?.expected, [
    { what: 'growth', expected: 97.1, tolerance: 0.05 },
  ])
})

test('a tolerance ends at its last centime, and growth is not rounded before it is compared', () => {
  const amount = { id: 'month.all.amount', value: 1_000, tolerance: 0.5 }
  const found = (minor: bigint) => check([amount], row('month.all.amount', [minor, null]))
  assert.deepEqual(found(100_050n), [['value', true, 0.5]])
  assert.deepEqual(found(100_051n), [['value', false, 0.51]])
  assert.deepEqual(found(99_950n), [['value', true, 0.5]])
  const growth = { id: 'ytd.all.count', growth: 97.1, growthTolerance: 0.05 }
  const grown = (value: bigint) =>
    check([growth], row('ytd.all.count', [value, 1_000_000n])).map(([, ok]) => ok)
  assert.deepEqual([grown(1_971_500n), grown(1_971_501n)], [[true], [false]])
  assert.deepEqual([grown(1_970_500n), grown(1_970_499n)], [[true], [false]])
  const fallen = { id: 'ytd.all.count', growth: -16, growthTolerance: 0.5 }
  assert.deepEqual(check([fallen], row('ytd.all.count', [84n, 100n])), [['growth', true, 0]])
})

test('the year before is exact unless the row has a tolerance; shares have their own', () => {
  const found = row('ytd.all.count', [411n, 259n], { sharePct: 80.51 })
  const id = 'ytd.all.count'
  assert.deepEqual(check([{ id, previous: 258 }], found), [['previous', false, 1]])
  assert.deepEqual(check([{ id, previous: 258, tolerance: 1 }], found), [['previous', true, 1]])
  const share = (sharePct: number) => check([{ id, sharePct, shareTolerance: 0.5 }], found)
  assert.deepEqual([share(81)[0]?.[1], share(80)[0]?.[1]], [true, false])
})

test('a figure that is not there, or is another measure, is no match', () => {
  const rows = [{ id: 'month.all.count', value: 0, tolerance: 5 }]
  assert.deepEqual(check(rows), [['value', false, null]])
  const amount = [{ ...rows[0], measure: 'amount' }]
  assert.deepEqual(check(amount, row('month.all.count', [0n, 0n])), [['value', false, null]])
  const growth = [{ id: 'month.all.count', growth: 5, growthTolerance: 9 }]
  assert.deepEqual(check(growth, row('month.all.count', [5n, 0n])), [['growth', false, null]])
})

test('a file that is not of the form is refused with the place', () => {
  const rows = [{ id: 'month.all.count', value: 1, tolerance: 0 }]
  const refused = (plain: unknown): string => {
    const read = parseReference(typeof plain === 'string' ? plain : JSON.stringify(plain))
    return read.ok ? 'read' : read.error
  }
  assert.equal(refused({ periods, rows }), 'read')
  assert.equal(refused('{'), 'is not JSON')
  assert.match(refused([]), /not an object/)
  assert.match(refused({ periods, rows: [] }), /no list of rows/)
  assert.match(refused({ periods, rows, row: [] }), /has row, which means nothing/)
  assert.match(refused({ rows }), /no periods/)
  assert.match(refused({ periods: { month: periods.ytd }, rows }), /2013-09-01 to 2013-09-30/)
  assert.match(refused({ periods: { year: periods.ytd }, rows }), /periods\.year/)
  assert.match(refused({ periods: { ytd: periods.ytd }, rows }), /rows\[0\] is of month/)
  const other = { ...periods, ytd: ['2013-01-01', '2013-08-31'] }
  assert.match(refused({ periods: other, rows }), /end in two months/)
  const rowRefused = (one: object): string =>
    refused({ periods, rows: [...rows, { id: 'ytd.all.count', ...one }] })
  assert.match(rowRefused({}), /rows\[1\] \(ytd\.all\.count\) says nothing/)
  assert.match(rowRefused({ value: 1 }), /has value and no tolerance/)
  assert.match(rowRefused({ value: '1', tolerance: 0 }), /has value that is not a number/)
  assert.match(rowRefused({ value: -1, tolerance: 0 }), /value below 0/)
  assert.match(rowRefused({ growth: 1, growthTolerence: 0 }), /growthTolerence, which means/)
  assert.match(rowRefused({ growth: 1, growthTolerance: 0, tolerance: 1 }), /tolerance of nothing/)
  assert.match(rowRefused({ period: 'month', value: 1, tolerance: 0 }), /of the period month/)
  assert.match(rowRefused({ id: 'year.all.count', value: 1, tolerance: 0 }), /"year\.all\.count"/)
})

test('counts are numbers and dirhams decimal text, of either year; a person reads every digit', () => {
  const figures = figuresOf(
    row('month.all.count', [211_000n, 101_442n]),
    row('month.all.amount', [15_600_000_000n, 5n]),
    row('month.internet.approvalRate', [7_912n, null], { measure: 'approvalRate' }),
    row('month.internet.activeSites', [411n, 258n], { measure: 'activeSites' }),
  )
  const { rows, ...about } = tableToJson(figures)
  assert.deepEqual(about, {
    ...{ month: '2013-09', provisional: true, asOf: '2013-10-01T00:05:00.000Z' },
    ...{ currency: 'MAD', currencies: ['MAD'] },
  })
  assert.deepEqual(
    rows.map(({ value, previous }) => [value, previous]),
    [
      [211_000, 101_442],
      ['156000000.00', '0.05'],
      [79.12, null],
      [411, 258],
    ],
  )
  const held = { of: 30, current: 29, previous: 30 }
  const text = tableToText(figures, { month: held, ytd: held }).join('\n')
  assert.match(text, /PROVISIONAL[^]*29 of 30 dates/)
  assert.match(text, /all +operations +211,000 +101,442 +\+108\.00%\n/)
  assert.match(text, /all +MAD +156,000,000\.00 +0\.05/)
})

test('two ways of counting agree on every figure or the figure is named', () => {
  const published = [row('month.all.count', [5n, 4n]), row('month.all.amount', [500n, null])]
  assert.deepEqual(differences(published, published), [])
  const counted = [row('month.all.count', [6n, 4n]), row('ytd.all.count', [1n, null])]
  assert.deepEqual(differences(published, counted), [
    { id: 'month.all.count', published: '5', counted: '6' },
    { id: 'month.all.amount', published: '5.00', counted: 'none' },
    { id: 'ytd.all.count', published: 'none', counted: '1' },
    { id: 'ytd.all.count, the year before', published: 'none', counted: '' },
  ])
})
