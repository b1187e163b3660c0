/** Which rows are withheld, on tables that can be followed by hand. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellOf, type Taken } from '../../../test/support/disclosure.ts'
import { families, internetFamilies, type FamilyName } from './families.ts'
import { hiddenRows, type Hidden, type Row, type Table } from './protect.ts'
import { emptyCell, isEmpty, isSensitive, together, type Cell } from './sensitive.ts'

/** A payment of each of some merchants, of the same amount. */
const taken = (merchants: string, amount: number): Taken[] =>
  [...merchants].map((merchant) => ({ month: '2013-09', merchant, amount }))

const of = (merchants: string, amount: number): Cell => cellOf(taken(merchants, amount))

test('a cell of two merchants is sensitive, of three it is not, and nothing is nobody’s', () => {
  assert.equal(isSensitive(of('ab', 100)), true)
  assert.equal(isSensitive(of('abc', 100)), false)
  assert.equal(isSensitive(emptyCell), false)
  assert.equal(isEmpty({ ...emptyCell, amountMinor: 1n }), false, 'a later capture is somebody’s')
  assert.equal(isEmpty({ ...emptyCell, count: 1 }), false)
})

test('a cell is dominated above 85 % of its amount, not at it', () => {
  const with_ = (most: number): Cell =>
    cellOf([...taken('a', 7), ...taken('b', 8), ...taken('c', most)])
  assert.equal(isSensitive(with_(85)), false)
  assert.equal(isSensitive(with_(86)), true)
})

test('cells together are judged at their worst', () => {
  const [one, other] = [cellOf([...taken('a', 80), ...taken('b', 20)]), of('cde', 30)]
  const both = together([one, other])
  assert.deepEqual(
    [both.count, both.amountMinor, both.merchants, both.largestAmountMinor],
    [5, 190n, 3, 110n],
    'a took 80, and may be whoever took the second 30',
  )
  const same = together([of('ab', 10), of('ac', 10)])
  assert.deepEqual([same.merchants, same.largestAmountMinor], [2, 20n], 'b and c may be one')
  const second = together([
    cellOf([...taken('a', 9), ...taken('z', 8)]),
    cellOf([...taken('b', 9), ...taken('z', 8)]),
  ])
  assert.equal(second.largestAmountMinor, 17n)
  assert.deepEqual(
    [together([]).count, together([]).merchants, together([]).largestAmountMinor],
    [0, 0, 0n],
  )
})

const online = (['moroccan', 'foreign'] as const).flatMap((cardOrigin) =>
  ['cmi', 'mtc'].map((gateway) => ({ channel: 'internet', cardOrigin, gateway })),
)

/** Rows by Moroccan cards at CMI and at Maroc Telecommerce, then foreign ones. */
const sectors = (rows: Readonly<Record<string, readonly Cell[]>>): Table => ({
  ...{ parts: online, families: internetFamilies, publishedRows: true },
  rows: Object.entries(rows).map(([name, cells]): Row => ({ name, cells })),
})

const told = (hidden: Hidden): Partial<Record<FamilyName, string>> =>
  Object.fromEntries([...hidden].map(([name, rows]) => [name, [...rows].sort().join(' ')]))

const none = emptyCell
const big = of('abcdefgh', 100)
const fine = [big, big, big, big]

test('nothing is withheld where no cell is sensitive', () => {
  const hidden = hiddenRows(sectors({ billers: fine, deals: fine }))
  assert.deepEqual(told(hidden), { origin: '', gateway: '', gatewayOrigin: '' })
})

test('a cell by gateway and origin is withheld there, with the smallest other sector', () => {
  const small = of('abcdef', 60)
  const hidden = hiddenRows(
    sectors({
      airlines: [big, big, of('a', 50), big],
      billers: fine,
      deals: [small, small, small, small],
    }),
  )
  assert.deepEqual(told(hidden), { origin: '', gateway: '', gatewayOrigin: 'airlines deals' })
})

test('a cell of one gateway is withheld by gateway, and by gateway and origin; origins are told', () => {
  const hidden = hiddenRows(
    sectors({ airlines: [of('ab', 90), big, of('a', 50), big], billers: fine }),
  )
  assert.deepEqual(told(hidden), {
    ...{ origin: '', gateway: 'airlines billers', gatewayOrigin: 'airlines billers' },
  })
})

test('what is withheld together is not sensitive either: others join until it is not', () => {
  const few = of('b', 40)
  const hidden = hiddenRows(
    sectors({
      airlines: [big, big, of('a', 50), big],
      books: [of('abc', 10), of('abc', 10), few, of('abc', 10)],
      billers: fine,
      deals: [big, big, none, big],
    }),
  )
  // Two merchants in two sectors are two merchants; of deals nothing is there to join.
  assert.match(told(hidden).gatewayOrigin ?? '', /airlines .*billers.* books/)
})

test('a sector of which a gateway is known to have nothing is not hidden by it', () => {
  // Of the foreign cards at CMI only airlines has any: its figure is the sum that is left.
  const hidden = hiddenRows(
    sectors({
      airlines: [big, big, of('a', 5_000), of('bcdefgh', 900)],
      billers: [big, big, emptyCell, of('bcdefgh', 400)],
    }),
  )
  assert.equal(told(hidden).gateway, 'airlines billers')
})

test('a small row does not hide a large one: the bounds must be apart', () => {
  const tiny = of('abc', 1)
  const row = (cell: Cell): readonly Cell[] => [cell, cell, cell, cell]
  const hidden = hiddenRows(
    sectors({
      airlines: [big, big, of('a', 5_000), of('bcdefgh', 3_000)],
      tiny: row(tiny),
      billers: row(of('abcdefg', 2_000)),
      deals: row(of('abcdefg', 9_000)),
    }),
  )
  assert.match(told(hidden).gatewayOrigin ?? '', /airlines billers.* tiny/)
})

test('bounds that are 15 % of the figure apart are enough, and less is not', () => {
  const table = (each: number): Table =>
    sectors({
      airlines: [big, big, of('ab', 500), big],
      small: [of('cde', each), of('cde', each), of('cde', each), of('cde', each)],
      billers: fine,
    })
  // Up by 75 and down by 75, of 1,000; then by 72 and 72.
  assert.equal(told(hiddenRows(table(25))).gatewayOrigin, 'airlines small')
  assert.equal(told(hiddenRows(table(24))).gatewayOrigin, 'airlines billers small')
})

const huge = of('abcdefgh', 2_000)

test('a swap that some answer would show protects nothing', () => {
  const hidden = hiddenRows(
    sectors({
      airlines: [huge, huge, of('ab', 500), huge],
      books: [none, none, of('ab', 1_000), of('abcdef', 400)],
      deals: [none, none, of('cdefgh', 300), of('cdefgh', 300)],
      billers: [huge, huge, huge, huge],
    }),
  )
  // Of airlines both gateways are told: books and deals, of foreign cards alone, cannot hide it.
  assert.deepEqual(told(hidden), {
    ...{ origin: '', gateway: 'books deals', gatewayOrigin: 'airlines billers books deals' },
  })
})

test('where no other sector can hide a cell, gateways are not told, then nothing', () => {
  const airlines = [big, big, of('ab', 500), big]
  assert.deepEqual(told(hiddenRows(sectors({ airlines, books: [none, none, big, big] }))), {
    ...{ origin: '', gateway: 'airlines books', gatewayOrigin: 'airlines books' },
  })
  assert.deepEqual(told(hiddenRows(sectors({ airlines }))), {
    ...{ origin: 'airlines', gateway: 'airlines', gatewayOrigin: 'airlines' },
  })
})

test('an amount without an operation is hidden as an amount', () => {
  const capture = { ...of('ab', 500), count: 0 }
  const hidden = hiddenRows(sectors({ airlines: [big, big, capture, big], billers: fine }))
  assert.deepEqual(told(hidden), { origin: '', gateway: '', gatewayOrigin: 'airlines billers' })
})

test('the smallest other row is taken, though a part of it is empty', () => {
  const small = of('abcdef', 60)
  const hidden = hiddenRows(
    sectors({
      airlines: [big, big, of('ab', 50), big],
      small: [small, small, small, none],
      billers: fine,
    }),
  )
  assert.equal(told(hidden).gatewayOrigin, 'airlines small')
})

test('what was withheld before stays withheld, and from finer tables too', () => {
  const already: Hidden = new Map([['origin', new Set(['deals', 'gone'])]])
  const hidden = hiddenRows(sectors({ billers: fine, deals: fine }), already)
  assert.deepEqual(told(hidden), { origin: 'deals', gateway: '', gatewayOrigin: 'deals' })
})

const everywhere = [
  ...online,
  ...['moroccan', 'foreign'].map((cardOrigin) => ({
    channel: 'terminal',
    cardOrigin,
    gateway: 'none',
  })),
]

const hours = (rows: Readonly<Record<string, readonly Cell[]>>): Table => ({
  ...{ parts: everywhere, families, publishedRows: false },
  rows: Object.entries(rows).map(([name, cells]): Row => ({ name, cells })),
})

test('an hour is withheld from each kind of answer that would tell it, and from finer ones', () => {
  const full = [...fine, big, big]
  const hidden = hiddenRows(
    hours({ night: [big, big, of('a', 3), of('a', 2), big, big], noon: full, evening: full }),
  )
  assert.deepEqual(told(hidden), {
    ...{ all: '', channel: '', origin: '', gateway: '' },
    ...{ channelOrigin: 'night noon', gatewayOrigin: 'night noon' },
  })
})

test('an hour alone is hidden by hours of nothing', () => {
  const nothing = everywhere.map(() => none)
  const one = [of('a', 3), ...nothing.slice(1)]
  const hidden = hiddenRows(hours({ one, nothing, more: nothing }))
  assert.deepEqual(told(hidden).all, 'nothing one')
})

test('rows of nothing do not make a sum of two merchants safe', () => {
  const empty = everywhere.map(() => none)
  const only = (cell: Cell): readonly Cell[] => [cell, ...empty.slice(1)]
  const hidden = hiddenRows(
    hours({ night: only(of('a', 3)), evening: only(of('b', 4)), noon: only(big), empty }),
  )
  assert.equal(told(hidden).all, 'evening night noon')
})

test('merchants that were counted together are not taken for the same', () => {
  const table = sectors({ airlines: [of('ab', 9), of('cd', 9), huge, huge], billers: fine })
  assert.equal(told(hiddenRows(table)).origin, 'airlines billers')
  const counted = new Map([['origin', new Map([['["moroccan"]', of('abcd', 9)]])]] as const)
  const rows = table.rows.map((row) => (row.name === 'airlines' ? { ...row, counted } : row))
  assert.deepEqual(told(hiddenRows({ ...table, rows })), {
    ...{ origin: '', gateway: '', gatewayOrigin: 'airlines billers' },
  })
})

test('a table without gateways has none to withhold', () => {
  const table = { ...hours({ one: [of('a', 3), ...everywhere.slice(1).map(() => none)] }) }
  assert.deepEqual(told(hiddenRows({ ...table, families: families.slice(0, 1) })), { all: 'one' })
})
