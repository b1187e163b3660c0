/** What a reader of every public page can compute of what is withheld, tried on centres at random. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { boundsOf, type Sum } from '../../../test/support/bounds.ts'
import { cellOf, cutOf, planOf, type Taken } from '../../../test/support/disclosure.ts'
import type { Cut, CutRow, Measures } from '../cut.ts'
import { monthPeriod, yearToDate, type Month } from '../period.ts'
import type { Dimension, Filters } from '../question.ts'
import { withhold, type Chart } from './index.ts'
import { isSensitive } from './sensitive.ts'

/** The year that is attacked: by its own pages, and by those of the year after. */
const months = ['2012-01', '2012-02'] as const
const pages: readonly Month[] = ['2012-01', '2012-02', '2013-01', '2013-02']

const names = {
  channel: ['internet', 'terminal'],
  cardOrigin: ['moroccan', 'foreign'],
  gateway: ['cmi', 'maroc-telecommerce'],
} as const
const sectors = ['billers', 'deals', 'retail'] as const
/** Payments are in the first three, on Mondays; the last stands for every other hour of the week. */
const hours = ['08', '12', '20', 'other'] as const

/** The smallest figures there are: Internet payments are in one of a sector and in one of an hour. */
type Atom = {
  readonly table: 'sector' | 'hour'
  readonly month: string
  readonly name: string
  readonly channel: string
  readonly cardOrigin: string
  readonly gateway: string
}

const parts = names.cardOrigin.flatMap((cardOrigin) => [
  ...names.gateway.map((gateway) => ({ channel: 'internet', cardOrigin, gateway })),
  { channel: 'terminal', cardOrigin, gateway: 'none' },
])

const atoms: readonly Atom[] = months.flatMap((month) =>
  parts.flatMap((part) => [
    // Of terminals no sectors are told: one stands for all.
    ...(part.channel === 'internet' ? sectors : ['terminals']).map((name): Atom => {
      return { table: 'sector', month, name, ...part }
    }),
    ...hours.map((name): Atom => ({ table: 'hour', month, name, ...part })),
  ]),
)

type Of = Partial<Readonly<Record<keyof Atom, string>>>

const isOf = (one: object, of: object): boolean =>
  Object.entries(of).every(([name, value]) => Reflect.get(one, name) === value)

const places = new Map<string, readonly number[]>()

function placesOf(of: Of): readonly number[] {
  const name = JSON.stringify(of)
  const known = places.get(name)
  if (known !== undefined) return known
  const found = atoms.flatMap((atom, place) => (isOf(atom, of) ? [place] : []))
  places.set(name, found)
  return found
}

const filters: readonly Filters[] = [undefined, ...names.channel].flatMap((channel) =>
  [undefined, ...names.cardOrigin].flatMap((cardOrigin) =>
    [undefined, ...names.gateway].map((gateway) => ({
      ...(channel !== undefined && { channel: [channel] }),
      ...(cardOrigin !== undefined && { cardOrigin: [cardOrigin] }),
      ...(gateway !== undefined && { gateway: [gateway] }),
    })),
  ),
)

const online: Filters = { channel: ['internet'] }

const charts: readonly (readonly [Chart, readonly Dimension[], Filters])[] = [
  ['months', ['month'], {}],
  ['sectors', ['sector'], online],
  ['channels', ['channel'], {}],
  ['origins', ['cardOrigin'], {}],
  ['hours', ['weekday', 'hour'], {}],
]

/** Every value that a row of a chart can have. */
const valuesOf: Readonly<Record<string, readonly string[]>> = {
  month: months,
  sector: sectors,
  channel: names.channel,
  cardOrigin: names.cardOrigin,
  hour: hours,
}

type Measured = 'count' | 'amount'
type Read = { readonly places: readonly number[]; readonly figures: Measures | undefined }

const hourOf = ({ key: { weekday, hour = '' } }: CutRow): string =>
  weekday === '1' && hours.some((each) => each === hour) ? hour : 'other'

/** What one chart tells of the year that is attacked. */
function readOf(cut: Cut, chart: Chart, where: Filters): readonly Read[] {
  const isOwn = cut.from.startsWith('2012')
  const told = (cell: Measures | undefined): Measures | undefined | null => {
    if (cell === undefined) return undefined
    if (cell.withheld === 'everything') return null
    if (isOwn) return cell
    return cell.withheld === 'yearBefore' || cell.growth === null
      ? null
      : {
          ...cell,
          count: cell.growth.previous.count,
          amountMinor: cell.growth.previous.amountMinor,
        }
  }
  const to = isOwn ? cut.to.slice(0, 7) : `2012${cut.to.slice(4, 7)}`
  const within = months.filter((month) => (chart === 'hours' ? month === to : month <= to))
  const base = {
    table: chart === 'hours' ? 'hour' : 'sector',
    ...Object.fromEntries(Object.entries(where).map(([name, [value = '']]) => [name, value])),
  }
  const dimension = cut.by.at(-1) ?? 'month'
  const rows = (valuesOf[dimension] ?? []).map((value) => {
    const key = dimension === 'month' && !isOwn ? `2013${value.slice(4)}` : value
    const row = cut.rows.find((each) =>
      chart === 'hours' ? hourOf(each) === key : each.key[dimension] === key,
    )
    const name = dimension === 'sector' || dimension === 'hour' ? 'name' : dimension
    const clash =
      name !== 'name' && name !== 'month' && name in base && Reflect.get(base, name) !== value
    const places = clash
      ? []
      : (dimension === 'month' ? within.filter((month) => month === value) : within).flatMap(
          (month) => placesOf({ ...base, month, [name]: value }),
        )
    return { places, figures: told(row) }
  })
  const total = {
    places: within.flatMap((month) => placesOf({ ...base, month })),
    figures: told(cut.total),
  }
  return [...rows, total].flatMap(({ places, figures }) =>
    figures === null ? [] : [{ places, figures }],
  )
}

function allRead(payments: readonly Taken[]): readonly Read[] {
  return pages.flatMap((month) => {
    const plan = planOf(payments, month)
    return filters.flatMap((where) =>
      charts
        .filter(([chart]) => chart !== 'hours' || month.startsWith('2012'))
        .flatMap(([chart, by, always]) => {
          const period = chart === 'hours' ? monthPeriod(month) : yearToDate(month)
          const within = { ...where, ...always }
          return readOf(
            withhold(chart, cutOf(payments, period, by, within), where, plan),
            chart,
            within,
          )
        }),
    )
  })
}

const valueOf = (
  cell: Pick<Measures, 'count' | 'amountMinor'> | undefined,
  measured: Measured,
): number => (measured === 'count' ? (cell?.count ?? 0) : Number(cell?.amountMinor ?? 0n))

function matching(
  payments: readonly Taken[],
  { table = 'sector', name, ...rest }: Of,
): readonly Taken[] {
  const where = { ...rest, ...(name !== undefined && { [table]: name }) }
  return payments.filter((one) => isOf(one, where))
}

/** The lines of the published tables of both months, and that both tables are of the same payments. */
function published(payments: readonly Taken[], measured: Measured): readonly Sum[] {
  const lines: Of[] = [
    {},
    ...names.channel.map((channel) => ({ channel })),
    ...names.cardOrigin.flatMap((cardOrigin) => [
      { cardOrigin },
      ...names.channel.map((channel) => ({ channel, cardOrigin })),
    ]),
    ...names.gateway.map((gateway) => ({ channel: 'internet', gateway })),
    ...sectors.map((name) => ({ channel: 'internet', name, table: 'sector' as const })),
  ]
  return months.flatMap((month) =>
    lines.flatMap((line) =>
      (line.name === undefined ? (['sector', 'hour'] as const) : (['sector'] as const)).map(
        (table) => ({
          places: placesOf({ table, month, ...line }),
          value: valueOf(cellOf(matching(payments, { table, month, ...line })), measured),
        }),
      ),
    ),
  )
}

/** A part has the same payments in both tables, whether its total is told or not. */
const joined: readonly Sum[] = months.flatMap((month) =>
  parts.map((part) => ({
    places: placesOf({ table: 'sector', month, ...part }),
    less: placesOf({ table: 'hour', month, ...part }),
    value: 0,
  })),
)

type Target = {
  readonly of: Of
  readonly places: readonly number[]
}

/** Every cell that a public answer of one month could tell, of each filter. */
const targets: readonly Target[] = months
  .flatMap((month) =>
    filters.flatMap((where) => {
      const of = {
        month,
        ...Object.fromEntries(Object.entries(where).map(([name, [value = '']]) => [name, value])),
      }
      return [
        { ...of, table: 'sector' as const },
        ...hours.map((name) => ({ ...of, table: 'hour' as const, name })),
        ...sectors.map((name) => ({ ...of, table: 'sector' as const, name, channel: 'internet' })),
      ]
    }),
  )
  .map((of) => ({ of, places: placesOf(of) }))

/** A reader's bounds must be this far apart, of the figure; or the published table has them closer. */
const protection = 0.15

function checkMeasure(payments: readonly Taken[], read: readonly Read[], measured: Measured): void {
  const exempt = [...published(payments, measured), ...joined]
  const told = read
    .filter(({ places }) => places.length > 0)
    .map(({ places, figures }) => ({ places, value: valueOf(figures, measured) }))
  const sensitive = targets
    .filter(({ of }) => isSensitive(cellOf(matching(payments, of))))
    .map((target) => ({
      ...target,
      value: valueOf(cellOf(matching(payments, target.of)), measured),
    }))
  const places = sensitive.map((target) => target.places)
  const known = boundsOf(atoms.length, [...exempt, ...told], places)
  const agreed = boundsOf(atoms.length, exempt, places)
  for (const [i, { of, value }] of sensitive.entries()) {
    const [bounds, free] = [known[i], agreed[i]]
    const apart = (bounds?.most ?? 0) - (bounds?.least ?? 0)
    const before = (free?.most ?? 0) - (free?.least ?? 0)
    const least = Math.min(value * protection, before)
    assert.ok(
      apart >= least - 1e-3,
      `${measured} of ${JSON.stringify(of)}: ${value}, ${apart} apart`,
    )
  }
}

const oneOf = <T extends string>(...values: readonly T[]) => fc.constantFrom(...values)

/** Few merchants, of which some are large, so that some cells are sensitive and some are not. */
const payment: fc.Arbitrary<Taken> = fc
  .record({
    month: oneOf(...months, ...months, '2013-01'),
    part: fc.constantFrom(...parts, ...parts.slice(0, 2)),
    sector: oneOf('billers', 'billers', 'deals', 'retail'),
    hour: oneOf('08', '12', '12', '20'),
    merchant: oneOf('a', 'b', 'c', 'd', 'e'),
    amount: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 900 })),
  })
  .map(({ part, ...one }) => ({ ...one, ...part, weekday: '1' }))

const centres = (least: number, most: number): fc.Arbitrary<readonly Taken[]> =>
  fc.array(payment, { minLength: least, maxLength: most, size: 'max' })

for (const [size, least, most, runs] of [
  ['a few payments', 1, 40, 12],
  ['some payments', 60, 250, 12],
  ['many payments', 300, 700, 8],
] as const) {
  test(`no reader knows a sensitive cell of ${size} from all pages together`, () => {
    fc.assert(
      fc.property(centres(least, most), (payments) => {
        const read = allRead(payments)
        for (const measured of ['count', 'amount'] as const) checkMeasure(payments, read, measured)
      }),
      { numRuns: runs, includeErrorInReport: true },
    )
  })
}
