import type { Month } from '../period.ts'
import {
  columnOf,
  families,
  internetFamilies,
  partOf,
  type Family,
  type FamilyName,
  type Part,
} from './families.ts'
import type { CountedCell } from './counted-cell.ts'
import { hiddenRows, type Hidden, type Table } from './protect.ts'
import { emptyCell, isSensitive, type Cell } from './sensitive.ts'

/** What of a year's public pages is withheld, up to one of its months. */
export type YearPlan = {
  /** Months of which totals by origin and gateway together are told. */
  readonly crossed: ReadonlySet<Month>
  /** Whether such totals of the year so far are: those of every month. */
  readonly yearCrossed: boolean
  /** Of the sectors, in the year so far. */
  readonly sectors: Hidden
}

/**
 * A year so far. Pages of two months can be subtracted, so each month is judged by itself, and what
 * is withheld of one is withheld from the year so far until its end. A plan depends on no later
 * month: every page withholds what the pages before it did.
 *
 * `cells` are those of the Internet by month, sector, origin and gateway; the same by month, origin
 * and gateway without sector; and by month, sector and either, whose merchants were counted together.
 */
export function planYear(months: readonly Month[], cells: readonly CountedCell[]): YearPlan {
  const crossed = new Set<Month>()
  let hidden: Hidden = new Map()
  for (const month of months) {
    const found = cells.filter(({ key }) => key.month === month)
    const isCrossed = found.every(({ key, cell }) => key.sector !== undefined || !isSensitive(cell))
    if (isCrossed) crossed.add(month)
    const table = tableOf(found, 'sector')
    const already = isCrossed ? hidden : union(hidden, notByGateway(table))
    hidden = union(hidden, hiddenRows(table, already))
  }
  return { crossed, yearCrossed: crossed.size === months.length, sectors: hidden }
}

/**
 * Hours of the weekdays of one month: cells by weekday, hour, channel, origin and gateway. Every hour
 * is a row: one in which nothing was paid hides what was paid in others.
 */
export function planHours(cells: readonly CountedCell[], isCrossed: boolean): Hidden {
  const { rows, ...rest } = tableOf(cells, 'hour')
  const there = new Set(rows.map(({ name }) => name))
  const nothing = rest.parts.map(() => emptyCell)
  const others = everyHour
    .filter((name) => !there.has(name))
    .map((name) => ({ name, cells: nothing }))
  const table = { ...rest, rows: [...rows, ...others] }
  return hiddenRows(table, isCrossed ? new Map() : notByGateway(table))
}

const everyHour: readonly string[] = ['1', '2', '3', '4', '5', '6', '7'].flatMap((weekday) =>
  Array.from({ length: 24 }, (_, hour) =>
    rowName({ weekday, hour: String(hour).padStart(2, '0') }, 'hour'),
  ),
)

/** Where the total of an origin at a gateway is withheld, no table of a gateway may tell it. */
const notByGateway = ({ rows }: Table): Hidden =>
  new Map([['gateway', new Set(rows.map(({ name }) => name))]])

const union = (one: Hidden, other: Hidden): Hidden =>
  new Map(
    [...new Set([...one.keys(), ...other.keys()])].map((name) => [
      name,
      new Set([...(one.get(name) ?? []), ...(other.get(name) ?? [])]),
    ]),
  )

/** JSON keeps two lists of values apart, whatever is in them. */
export function rowName(key: CountedCell['key'], of: 'sector' | 'hour'): string {
  return of === 'sector' ? (key.sector ?? '') : JSON.stringify([key.weekday, key.hour])
}

export function keyOfRow(name: string, of: 'sector' | 'hour'): CountedCell['key'] {
  if (of === 'sector') return { sector: name }
  const [weekday = '', hour = ''] = JSON.parse(name) as readonly string[]
  return { weekday, hour }
}

type Found = {
  /** By place of the part in the finest family. */
  readonly cells: Map<string, Cell>
  readonly counted: Map<FamilyName, Map<string, Cell>>
}

function tableOf(found: readonly CountedCell[], of: 'sector' | 'hour'): Table {
  const parts = new Map<string, Part>()
  const rows = new Map<string, Found>()
  for (const { key, cell } of found) {
    const family = familyOfKey(key)
    if (key[of] === undefined || family === undefined) continue
    const row: Found = rows.get(rowName(key, of)) ?? { cells: new Map(), counted: new Map() }
    rows.set(rowName(key, of), row)
    const part = partOf(key)
    const column = columnOf(part, family)
    if (family.name === 'gatewayOrigin') {
      parts.set(column, part)
      row.cells.set(column, cell)
      continue
    }
    const columns = row.counted.get(family.name) ?? new Map<string, Cell>()
    row.counted.set(family.name, columns.set(column, cell))
  }
  return {
    parts: [...parts.values()],
    families: of === 'sector' ? internetFamilies : families,
    publishedRows: of === 'sector',
    rows: [...rows].map(([name, { cells, counted }]) => ({
      name,
      cells: [...parts.keys()].map((column) => cells.get(column) ?? emptyCell),
      counted,
    })),
  }
}

/** Which sums a cell belongs to, by the parts that it names. */
function familyOfKey(key: CountedCell['key']): Family | undefined {
  const filters = (['channel', 'cardOrigin', 'gateway'] as const).filter(
    (name) => key[name] !== undefined,
  )
  return families.find((family) => family.filters.join() === filters.join())
}
