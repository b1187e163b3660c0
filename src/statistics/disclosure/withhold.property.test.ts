/** What readers of public cuts can compute of what is withheld, tried on tables at random. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { computable, cutOf, type Equation, type Taken } from '../../../test/support/disclosure.ts'
import type { Cut, CutRow, Measures } from '../cut.ts'
import type { Grown } from '../growth.ts'
import type { Dimension } from '../question.ts'
import { withhold } from './index.ts'
import { isSensitive } from './sensitive.ts'

const oneOf = (...values: readonly string[]) => fc.constantFrom(...values)

/** Few merchants, of which one is large, so that some cells are sensitive and some are not. */
const payment: fc.Arbitrary<Taken> = fc.record({
  sector: oneOf('billers', 'deals', 'retail', 'travel'),
  hour: oneOf('08', '12', '20'),
  cardOrigin: oneOf('moroccan', 'foreign'),
  gateway: oneOf('cmi', 'maroc-telecommerce'),
  merchant: oneOf('a', 'b', 'c', 'd', 'e'),
  amount: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 900 })),
})

const payments = (maxLength: number) =>
  fc
    .array(fc.tuple(payment, fc.boolean()), { minLength: 1, maxLength, size: 'max' })
    .map((all): Taken[] => all.map(([one, before]) => (before ? { ...one, year: 'before' } : one)))

const dimensions: readonly (readonly Dimension[])[] = [['sector'], ['sector', 'hour']]

type Side = 'now' | 'before'

const figureOf = (cell: Measures | undefined, side: Side): Grown | undefined =>
  side === 'now' ? cell : cell?.growth?.previous

/** No row where a cut could have one: the figure is known to be zero. */
const isShown = (cell: Measures | undefined, side: Side): boolean =>
  cell === undefined || (cell.withheld !== 'everything' && (side === 'now' || cell.growth !== null))

const nameOf = (row: CutRow): string => JSON.stringify(row.key)

function checkShape(cut: Cut, published: Cut): void {
  assert.deepEqual(
    published.rows.map(({ key }) => key),
    cut.rows.map(({ key }) => key),
  )
  for (const [i, row] of published.rows.entries()) {
    for (const side of ['now', 'before'] as const) {
      const figure = figureOf(cut.rows[i], side)
      if (figure !== undefined && isSensitive(figure)) assert.equal(isShown(row, side), false)
    }
    if (row.withheld !== 'everything') continue
    assert.deepEqual([row.count, row.amountMinor, row.growth], [0, 0n, null])
  }
}

test('sensitive cells are withheld, the others keep their place, and twice is as once', () => {
  fc.assert(
    fc.property(payments(60), fc.constantFrom(...dimensions), (taken, by) => {
      const cut = cutOf(taken, by)
      const published = withhold(cut)
      checkShape(cut, published)
      assert.deepEqual(published.total, cut.total)
      assert.deepEqual(withhold(published), published)
      const cells = cut.rows.flatMap((row) => [row, row.growth?.previous ?? row])
      if (!cells.some((cell) => isSensitive(cell))) assert.deepEqual(published, cut)
    }),
    { numRuns: 400 },
  )
})

test('no sum of published cells, margins and total tells a sensitive cell', () => {
  fc.assert(
    fc.property(payments(70), oneOf('now', 'before'), (taken, which) => {
      const side: Side = which === 'now' ? 'now' : 'before'
      const cut = cutOf(taken, ['sector', 'hour'])
      const margins = [cutOf(taken, ['sector']), cutOf(taken, ['hour'])]
      const shown = [withhold(cut), ...margins.map((each) => withhold(each))]
      const rows = shown.flatMap((each) => each.rows)
      const known = new Set(rows.filter((row) => isShown(row, side)).map(nameOf))
      known.add('total')
      const sums = margins.map((margin): Equation[] => [
        [...margin.rows.map((row) => [nameOf(row), 1] as const), ['total', -1]],
        ...margin.rows.map((row): Equation => [
          [nameOf(row), -1],
          ...cut.rows
            .filter(({ key }) => margin.by.every((name) => key[name] === row.key[name]))
            .map((cell) => [nameOf(cell), 1] as const),
        ]),
      ])
      const told = computable(sums.flat(), (name) => known.has(name))
      const sensitive = cut.rows.filter((row) => {
        const figure = figureOf(row, side)
        return figure !== undefined && isSensitive(figure)
      })
      // What margins tell with nothing of this cut shown but its zeros is theirs to withhold.
      const cells = new Set(
        cut.rows.filter((row) => (figureOf(row, side)?.count ?? 0) > 0).map(nameOf),
      )
      const byMargins = computable(sums.flat(), (name) => known.has(name) && !cells.has(name))
      for (const cell of sensitive.filter((each) => !byMargins.has(nameOf(each)))) {
        assert.equal(told.has(nameOf(cell)), false, nameOf(cell))
      }
    }),
    { numRuns: 600 },
  )
})

const origins = ['moroccan', 'foreign', undefined] as const
const gateways = ['cmi', 'maroc-telecommerce', undefined] as const

test('no subtraction of one filter’s answer from another’s tells a sensitive cell', () => {
  fc.assert(
    fc.property(payments(160), (taken) => {
      const parts: readonly Dimension[] = ['cardOrigin', 'gateway']
      const complements = { cells: cutOf(taken, ['sector', ...parts]), total: cutOf(taken, parts) }
      const answers = origins.flatMap((cardOrigin) =>
        gateways.map((gateway) => {
          const where = {
            ...(cardOrigin !== undefined && { cardOrigin }),
            ...(gateway !== undefined && { gateway }),
          }
          const cut = cutOf(taken, ['sector'], where)
          const free = cardOrigin === undefined && gateway === undefined
          return { cut, shown: free ? cut : withhold(cut, complements), cardOrigin, gateway, free }
        }),
      )
      const name = (answer: (typeof answers)[number], sector: string): string =>
        [answer.cardOrigin, answer.gateway, sector].join(' ')
      const sectors = [...new Set(taken.map(({ sector = '' }) => sector))]
      const cellOf = (cut: Cut, sector: string): Measures | undefined =>
        sector === 'total' ? cut.total : cut.rows.find(({ key }) => key.sector === sector)
      const [known, agreedKnown] = [new Set<string>(), new Set<string>()]
      const equations: Equation[] = []
      for (const answer of answers) {
        for (const sector of [...sectors, 'total']) {
          const cell = cellOf(answer.shown, sector)
          const zero = (cellOf(answer.cut, sector)?.count ?? 0) === 0
          const isAgreed = answer.free || zero
          if (isAgreed) agreedKnown.add(name(answer, sector))
          if (isShown(cell, 'now')) known.add(name(answer, sector))
          for (const of of ['cardOrigin', 'gateway'] as const) {
            if (answer[of] !== undefined) continue
            const other = of === 'cardOrigin' ? 'gateway' : 'cardOrigin'
            const split = answers.filter(
              (one) => one[other] === answer[other] && one[of] !== undefined,
            )
            equations.push([
              [name(answer, sector), -1],
              ...split.map((one) => [name(one, sector), 1] as const),
            ])
          }
        }
        equations.push([
          [name(answer, 'total'), -1],
          ...sectors.map((sector) => [name(answer, sector), 1] as const),
        ])
      }
      const told = computable(equations, (each) => known.has(each))
      const agreed = computable(equations, (each) => agreedKnown.has(each))
      for (const answer of answers.filter(({ free }) => !free)) {
        for (const sector of [...sectors, 'total']) {
          const cell = cellOf(answer.cut, sector)
          if (cell === undefined || !isSensitive(cell)) continue
          // What the published table tells, with the cells that are empty, is told as agreed.
          if (agreed.has(name(answer, sector))) continue
          assert.equal(told.has(name(answer, sector)), false, name(answer, sector))
        }
      }
    }),
    { numRuns: 300 },
  )
})
