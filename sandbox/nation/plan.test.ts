/** What a plan promises: published rows hold, sums conserve, sites are open when they must be. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { rootFolder } from '../../src/platform/root.ts'
import { boundsOf, reached } from './bounds.ts'
import { calibrate } from './calibrate.ts'
import { planSites } from './merchants.ts'
import { stepOf } from './month-plan.ts'
import { planNation } from './plan.ts'
import { shareOut, stream } from './random.ts'
import { targetsFromJson, type Target } from './targets.ts'
import { missedRows, wholeCells } from './whole.ts'

const file = join(rootFolder, 'sandbox', 'nation', 'targets-2013.json')
const text = readFileSync(file, 'utf8')

type Plain = { rows: Record<string, unknown>[]; periods: Record<string, unknown> }

function targetsWith(change: (rows: Plain['rows']) => Plain['rows']): readonly Target[] {
  const plain = JSON.parse(text) as Plain
  const targets = targetsFromJson(JSON.stringify({ ...plain, rows: change(plain.rows) }))
  assert.ok(targets.ok)
  return targets.value
}

const published = targetsWith((rows) => rows)

const changed = (id: string, change: object) => (rows: Plain['rows']) => {
  assert.ok(rows.some((row) => row['id'] === id))
  return rows.map((row) => (row['id'] === id ? { ...row, ...change } : row))
}

test('every published row holds for any seed, in whole operations and centimes', () => {
  const seeds = fc.integer({ min: 0, max: 999_999_999 })
  fc.assert(
    fc.property(seeds, (seed) => {
      const cells = calibrate(seed, published)
      assert.ok(cells.ok)
      for (const bound of boundsOf(published, cells.value, stream(seed, 'aims'))) {
        const is = reached(bound)
        const off = 1e-9 * Math.abs(is)
        assert.ok(is >= bound.low - off && is <= bound.high + off, `${bound.target.id} is ${is}`)
      }
      const whole = wholeCells(cells.value, 1)
      assert.ok(whole.ok)
      assert.deepEqual(missedRows(whole.value, published, 1), [])
    }),
    { numRuns: 25 },
  )
})

test('two seeds differ in the figures, inside their tolerances', () => {
  const sums = [1, 2].map((seed) => {
    const cells = calibrate(seed, published)
    assert.ok(cells.ok)
    const bounds = boundsOf(published, cells.value, stream(0, 'aims'))
    return new Map(bounds.map((bound) => [`${bound.target.id} ${bound.kind}`, reached(bound)]))
  })
  for (const id of ['month.internet.count sum', 'ytd.all.amount sum', 'ytd.internet.count sum']) {
    assert.notEqual(sums[0]?.get(id), sums[1]?.get(id), id)
  }
})

test('a day gets whole operations, and a month all of them', () => {
  const weights = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 })
  fc.assert(
    fc.property(weights, fc.nat(1e9), fc.double({ min: 0, max: 0.999 }), (list, total, phase) => {
      const parts = shareOut(list, total, Number.isNaN(phase) ? 0 : phase)
      assert.ok(parts.every((part) => Number.isInteger(part) && part >= 0))
      assert.equal(
        parts.reduce((sum, part) => sum + part, 0),
        total,
      )
    }),
  )
})

test('steps of a stratum visit each of its operations once', () => {
  for (const count of [1, 2, 7919, 7919 * 3, 104_729 * 7919]) {
    if (count < 100_000) {
      const visits = Array.from({ length: count }, (_, i) => (i * stepOf(count)) % count)
      assert.equal(new Set(visits).size, count)
    } else assert.notEqual(count % stepOf(count), 0)
  }
})

test('the sites that are open in the published months are as many as were active', () => {
  fc.assert(
    fc.property(
      fc.nat(1_000_000),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 20, max: 900 }),
      fc.integer({ min: 20, max: 900 }),
      (seed, month, before, now) => {
        const last = `2013-${String(month).padStart(2, '0')}`
        const sites = planSites(seed, { last, before, now })
        const open = (year: number): number =>
          sites.filter(
            ({ opened, closed }) =>
              opened <= `${year}${last.slice(4)}-31` && closed >= `${year}-01-01`,
          ).length
        assert.deepEqual([open(2012), open(2013)], [before, now])
        assert.equal(new Set(sites.map(({ site }) => site)).size, sites.length)
      },
    ),
  )
})

test('a plan conserves its cells: days, merchants and cards add up to them', () => {
  const planned = planNation({ seed: 5, scale: 0.01, targets: published })
  assert.ok(planned.ok)
  const { cells, months, merchants } = planned.value
  for (const { month, strata, days } of months) {
    for (const { stratum, operations, amountMinor, placed, cards } of strata) {
      const cell = cells.find((one) => one.month === month && one.stratum.id === stratum.id)
      assert.deepEqual([operations, amountMinor], [cell?.count, cell?.amountMinor])
      const ofDays = days.filter((day) => day.stratum.id === stratum.id)
      assert.equal(
        ofDays.reduce((sum, day) => sum + day.operations, 0),
        operations,
      )
      assert.ok(placed.length <= operations && cards.newCount <= operations)
    }
  }
  for (const [year, active] of [
    ['2012', 258],
    ['2013', 411],
  ] as const) {
    const placed = months
      .filter(({ month }) => month.startsWith(year) && month <= `${year}-09`)
      .flatMap(({ strata }) => strata.flatMap((one) => one.placed))
    assert.equal(new Set(placed.map((number) => merchants[number]?.site)).size, active)
  }
  const cards = months
    .filter(({ month }) => month.startsWith('2013'))
    .flatMap(({ strata }) => strata.map((one) => one.cards.newCount))
  assert.equal(
    cards.reduce((sum, count) => sum + count, 0),
    Math.round(2181.66),
  )
})

test('another file of targets moves the figures', () => {
  const targets = targetsWith((rows) =>
    rows
      .filter((row) =>
        ['month.internet.count', 'ytd.internet.activeSites'].includes(String(row['id'])),
      )
      .map((row) =>
        row['measure'] === 'count'
          ? { ...row, value: 300_000 }
          : { ...row, value: 500, previous: 300 },
      ),
  )
  const planned = planNation({ seed: 1, scale: 1, targets })
  assert.ok(planned.ok)
  const september = planned.value.cells.filter(
    ({ month, stratum }) => month === '2013-09' && stratum.channel === 'internet',
  )
  const count = september.reduce((sum, cell) => sum + cell.count, 0)
  assert.ok(Math.abs(count - 300_000) <= 500)
  const sites = planned.value.merchants.filter(
    ({ channel, opened, closed }) =>
      channel === 'internet' && opened <= '2013-09-30' && closed >= '2013-01-01',
  )
  assert.equal(sites.length, 500)
})

test('targets that contradict one another are refused by their names, and no others', () => {
  const cases: readonly (readonly [string, object, RegExp])[] = [
    ['month.internet.count', { value: 1_500_000 }, /month\.internet\.count/],
    [
      'ytd.internet.billers.amount',
      { value: 900_000_000 },
      /ytd\.internet\.amount.*ytd\.internet\.billers\.amount/,
    ],
  ]
  for (const [id, change, names] of cases) {
    const refused = planNation({ seed: 1, scale: 1, targets: targetsWith(changed(id, change)) })
    assert.ok(!refused.ok)
    assert.match(refused.error, /^the rows? .* (contradict one another|cannot be met)/)
    assert.match(refused.error, names)
    assert.doesNotMatch(refused.error, /deals|egov/)
  }
})

test('what is wrong with a file of targets is named', () => {
  const refusal = (id: string, change: object): string => {
    const plain = JSON.parse(text) as Plain
    const rows = changed(id, change)(plain.rows)
    const read = targetsFromJson(JSON.stringify({ ...plain, rows }))
    return read.ok ? 'accepted' : read.error
  }
  const id = 'ytd.internet.billers.amount'
  assert.match(
    refusal(id, { period: 'decade' }),
    /rows\[7\] \(ytd.internet.billers.amount\) .*period/,
  )
  assert.match(refusal(id, { sector: 'bakers' }), /sector/)
  assert.match(refusal(id, { measure: 'profit' }), /measure/)
  assert.match(refusal(id, { value: 'much' }), /not a number/)
  assert.match(refusal(id, { tolerance: -1 }), /tolerance/)
  assert.match(refusal(id, { value: undefined, tolerance: undefined }), /no value/)
  assert.match(refusal('ytd.internet.activeSites', { channel: 'all' }), /of the Internet/)
  assert.deepEqual(targetsFromJson('['), { ok: false, error: 'is not JSON' })
  const days = JSON.stringify({ periods: { x: ['2013-01-01', '2013-01-30'] }, rows: [] })
  assert.deepEqual(targetsFromJson(days), {
    ok: false,
    error: 'has a period x that is not of whole months',
  })
})
