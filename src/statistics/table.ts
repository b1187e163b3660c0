import type { Core } from './core.ts'
import type { CutRow } from './cut.ts'
import { growthPct, sharePct } from './growth.ts'
import { monthPeriod, yearToDate, type Month, type Period } from './period.ts'

export type TablePeriod = 'month' | 'ytd'

export type TableMeasure = 'count' | 'amount' | 'activeSites' | 'averageTicket' | 'approvalRate'

/** One printed figure. Amounts are in minor units, rates in hundredths of a percent. */
export type TableRow = {
  /** `ytd.internet.billers.amount` */
  readonly id: string
  readonly period: TablePeriod
  readonly scope: string
  readonly measure: TableMeasure
  readonly value: bigint | null
  readonly previous: bigint | null
  readonly growthPct: number | null
  /** Of the scope that this one is a part of; null for a whole. */
  readonly sharePct: number | null
}

/** The figures of a month as the centre prints them: the month, the year to date, the year before. */
export type PublishedTable = {
  readonly month: Month
  readonly periods: Readonly<Record<TablePeriod, Period & { readonly previous: Period }>>
  readonly asOf: string
  readonly provisional: boolean
  readonly sources: readonly string[]
  /** Dirhams, and whatever else was paid in since the year began: that is not in it. */
  readonly currencies: readonly string[]
  readonly rows: readonly TableRow[]
}

/** A part of all payments that has lines of its own in the table. */
export type Scope = {
  readonly name: string
  /** What it is a share of. */
  readonly within: string | null
  readonly has: (key: CutRow['key']) => boolean
}

const internet = (key: CutRow['key']): boolean => key.channel === 'internet'

const wholes: readonly Scope[] = [
  { name: 'all', within: null, has: () => true },
  { name: 'internet', within: 'all', has: internet },
  { name: 'terminals', within: 'all', has: ({ channel }) => channel === 'terminal' },
  { name: 'moroccanCards', within: 'all', has: ({ cardOrigin }) => cardOrigin === 'moroccan' },
  { name: 'foreignCards', within: 'all', has: ({ cardOrigin }) => cardOrigin === 'foreign' },
  {
    name: 'internet.moroccanCards',
    within: 'internet',
    has: (key) => internet(key) && key.cardOrigin === 'moroccan',
  },
  {
    name: 'internet.foreignCards',
    within: 'internet',
    has: (key) => internet(key) && key.cardOrigin === 'foreign',
  },
]

/** The short names under which sectors are published; any other is published under its own. */
const sectorNames: Readonly<Record<string, string>> = {
  'financial-services': 'financial',
  'e-government': 'egov',
}

const inCamel = (name: string): string =>
  name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** The whole, its parts, and one scope for each gateway and sector that the figures name. */
export function scopesOf(keys: readonly CutRow['key'][]): readonly Scope[] {
  const seen = (name: 'gateway' | 'sector'): readonly string[] =>
    [...new Set(keys.filter(internet).map((key) => key[name] ?? ''))].sort()
  return [
    ...wholes,
    ...seen('gateway').map((gateway) => ({
      name: `internet.${inCamel(gateway)}`,
      within: 'internet',
      has: (key: CutRow['key']) => internet(key) && key.gateway === gateway,
    })),
    ...seen('sector').map((sector) => ({
      name: `internet.${sectorNames[sector] ?? inCamel(sector)}`,
      within: 'internet',
      has: (key: CutRow['key']) => internet(key) && key.sector === sector,
    })),
  ]
}

export const tableSums = ['operations', 'amount_minor', 'approved', 'declined'] as const

export type Sums = Pick<Core, (typeof tableSums)[number]>

/** Of a month, a channel, a gateway, an origin and a sector. */
export type TableCell = Sums & Pick<CutRow, 'key'>

export function sumOf(cells: readonly TableCell[], scope: Scope): Sums {
  let [operations, amount, approved, declined] = [0n, 0n, 0n, 0n]
  for (const cell of cells) {
    if (!scope.has(cell.key)) continue
    operations += cell.operations
    amount += cell.amount_minor
    approved += cell.approved
    declined += cell.declined
  }
  return { operations, amount_minor: amount, approved, declined }
}

export type TableFigures = {
  readonly sums: ReadonlyMap<string, Sums>
  /** By scope; of the Internet's scopes only. */
  readonly sites: ReadonlyMap<string, bigint>
}

/** Every line of one period, in the order of the scopes. */
export function linesOf(
  period: TablePeriod,
  scopes: readonly Scope[],
  figures: { readonly current: TableFigures; readonly previous: TableFigures },
): readonly TableRow[] {
  return scopes.flatMap((scope) => {
    const rows = measured(period, scope, figures)
    return [...rows, ...aliases(scope, rows)]
  })
}

function measured(
  period: TablePeriod,
  { name, within }: Scope,
  { current, previous }: { readonly current: TableFigures; readonly previous: TableFigures },
): readonly TableRow[] {
  const [now, before] = [current.sums.get(name), previous.sums.get(name)]
  if (now === undefined || before === undefined) return []
  const whole = within === null ? undefined : current.sums.get(within)
  const line = (
    measure: TableMeasure,
    values: readonly [bigint | null, bigint | null],
    share?: readonly [bigint, bigint | undefined],
  ): TableRow => ({
    id: `${period}.${name}.${measure}`,
    period,
    scope: name,
    measure,
    value: values[0],
    previous: values[1],
    growthPct: growth(values),
    sharePct: share?.[1] === undefined ? null : sharePct(share[0], share[1]),
  })
  const sites = current.sites.get(name)
  const sitesBefore = previous.sites.get(name) ?? 0n
  return [
    line('count', [now.operations, before.operations], [now.operations, whole?.operations]),
    line(
      'amount',
      [now.amount_minor, before.amount_minor],
      [now.amount_minor, whole?.amount_minor],
    ),
    line('averageTicket', [ticket(now), ticket(before)]),
    line('approvalRate', [approvalBps(now), approvalBps(before)]),
    ...(sites === undefined ? [] : [line('activeSites', [sites, sitesBefore])]),
  ]
}

const growth = ([value, previous]: readonly [bigint | null, bigint | null]): number | null =>
  value === null || previous === null ? null : growthPct(value, previous)

const ticket = ({ operations, amount_minor: amount }: Sums): bigint | null =>
  operations === 0n ? null : (2n * amount + operations) / (2n * operations)

const approvalBps = ({ approved, declined }: Sums): bigint | null => {
  const attempts = approved + declined
  return attempts === 0n ? null : (20_000n * approved + attempts) / (2n * attempts)
}

/** The same lines under the names of the published table, which calls some by what it prints. */
function aliases(scope: Scope, rows: readonly TableRow[]): readonly TableRow[] {
  const suffixes: Partial<Record<TableMeasure, string>> = scope.name.endsWith('Cards')
    ? { count: 'countShare', amount: 'amountShare' }
    : scope.within === 'internet'
      ? { amount: 'growth' }
      : {}
  return rows.flatMap((row) => {
    const suffix = suffixes[row.measure]
    return suffix === undefined ? [] : [{ ...row, id: `${row.period}.${row.scope}.${suffix}` }]
  })
}

/** Both periods of a month's table. */
export const tablePeriods = (month: Month): Readonly<Record<TablePeriod, Period>> => ({
  month: monthPeriod(month),
  ytd: yearToDate(month),
})
