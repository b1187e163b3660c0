import { columnOf, isFiner, type Family, type FamilyName, type Part } from './families.ts'
import { isEmpty, isSensitive, together, type Cell } from './sensitive.ts'
import { capacity, swapsOf, type Swap } from './swaps.ts'

/** A row of a free table: a sector, an hour of a weekday. */
export type Row = {
  readonly name: string
  /** By place of the part. */
  readonly cells: readonly Cell[]
  /** Sums of parts, by family and column, where their merchants were counted together. */
  readonly counted?: ReadonlyMap<FamilyName, ReadonlyMap<string, Cell>>
}

export type Table = {
  readonly parts: readonly Part[]
  readonly families: readonly Family[]
  /** Whether each row's sum over all parts is a line of the published table. */
  readonly publishedRows: boolean
  readonly rows: readonly Row[]
}

/** Names of the rows that are withheld from all answers of a family. */
export type Hidden = ReadonlyMap<FamilyName, ReadonlySet<string>>

/**
 * By how much, in percent of a withheld figure, the bounds that a reader can compute of it lie apart
 * at least: what dominance leaves the other merchants.
 */
const protectionPct = 15

/**
 * [ESSNET-SDC chapter 4] Which rows of a table are withheld from which families, so that all answers
 * together tell no sensitive cell. Coarser families first:
 *
 * 1. A row with a sensitive cell is withheld from all answers of the family, zeros too, and from
 *    those of finer ones. A row that is told has no sensitive cell there.
 * 2. Answers have totals, so that what is withheld is told together: the smallest other rows are
 *    withheld too until that sum is not sensitive in any part, and until each sensitive cell can be
 *    swapped: so much more of it in its row, so much less in other withheld rows, with every sum
 *    that anybody is told as before. Then readers cannot know it better than that.
 * 3. Where that cannot be had, no gateways are told of what is withheld by now, then nothing of the
 *    table: what is known by then is the published table, which is exempt.
 *
 * `already` is withheld whatever this table says.
 */
export function hiddenRows(table: Table, already: Hidden = new Map()): Hidden {
  const hiding = new Hiding(table)
  for (const [name, rows] of already) hiding.hide(name, (row) => rows.has(row.name))
  const finest = table.families.length - 1
  for (;;) {
    for (const bit of table.families.keys()) hiding.protect(bit)
    if (!hiding.hasUnprotected()) return hiding.hidden()
    if (hiding.hide('gateway', (_, place) => hiding.isHidden(finest, place))) continue
    for (const { name } of table.families) hiding.hide(name, () => true)
    return hiding.hidden()
  }
}

class Hiding {
  readonly #table: Table
  readonly #swaps: readonly Swap[]
  /** For each row, the families that it is withheld from, as bits. */
  readonly #masks: number[]
  readonly #all: number
  /** Of each row the counts and the amounts by part: a reader sees both. */
  readonly #measures: readonly (readonly (readonly number[])[])[]
  readonly #sensitive: readonly (readonly (readonly number[])[])[][]

  constructor(table: Table) {
    this.#table = table
    const { rows, families, parts, publishedRows } = table
    this.#all = (1 << families.length) - 1
    this.#masks = rows.map(() => 0)
    // What is published of rows is seen, whatever is withheld.
    this.#swaps = swapsOf(parts, families).filter(
      ({ less, more }) => !publishedRows || less.length === more.length,
    )
    this.#measures = [
      rows.map(({ cells }) => cells.map(({ count }) => count)),
      // Exact up to 90 million million dirhams.
      rows.map(({ cells }) => cells.map(({ amountMinor }) => Number(amountMinor))),
    ]
    this.#sensitive = families.map((family) => rows.map((row) => sensitiveIn(table, row, family)))
  }

  /** Whether that withholds anything that was not withheld yet. */
  hide(name: FamilyName, which: (row: Row, place: number) => boolean): boolean {
    const { families, rows } = this.#table
    const family = families.find((each) => each.name === name)
    if (family === undefined) return false
    const bits = families.reduce(
      (mask, each, bit) => (each === family || isFiner(each, family) ? mask | (1 << bit) : mask),
      0,
    )
    let more = false
    for (const [place, row] of rows.entries()) {
      const mask = this.#masks[place] ?? 0
      if ((mask & bits) === bits || !which(row, place)) continue
      this.#masks[place] = mask | bits
      more = true
    }
    return more
  }

  /** Withholds the sensitive rows of a family, and as many of the smallest others as they need. */
  protect(bit: number): void {
    const { families, rows } = this.#table
    const name = families[bit]?.name ?? 'all'
    this.hide(name, (_, place) => this.#sensitiveOf(bit, place).length > 0)
    const others = [...rows.keys()]
      .filter((place) => !this.isHidden(bit, place))
      .sort((a, b) => (this.#costOf(a) < this.#costOf(b) ? -1 : 1))
    for (const next of others) {
      if (this.#isSumSafe(bit) && this.#areProtected(bit)) return
      this.hide(name, (_, place) => place === next)
    }
  }

  /** Whether a reader would know some cell too well. */
  hasUnprotected(): boolean {
    return [...this.#table.families.keys()].some((bit) => !this.#areProtected(bit))
  }

  hidden(): Hidden {
    const { families, rows } = this.#table
    return new Map(
      families.map(({ name }, bit) => [
        name,
        new Set(rows.filter((_, place) => this.isHidden(bit, place)).map((row) => row.name)),
      ]),
    )
  }

  isHidden(bit: number, place: number): boolean {
    return ((this.#masks[place] ?? 0) & (1 << bit)) !== 0
  }

  #sensitiveOf(bit: number, place: number): readonly (readonly number[])[] {
    return this.#sensitive[bit]?.[place] ?? []
  }

  /** Its amount; rows of nothing are the last resort, where nobody may know that they are empty. */
  #costOf(place: number): number {
    const amount = (this.#measures[1]?.[place] ?? []).reduce((sum, each) => sum + each, 0)
    return this.#isFilled(place) ? amount : Infinity
  }

  #isFilled(place: number): boolean {
    return this.#table.rows[place]?.cells.every(isEmpty) === false
  }

  /** Of all that is filled the sum is the total's, which is told or withheld by itself. */
  #isSumSafe(bit: number): boolean {
    const { rows, parts } = this.#table
    const told = [...rows.keys()].filter((place) => !this.isHidden(bit, place))
    if (!told.some((place) => this.#isFilled(place))) return true
    const withheld = rows.filter((_, place) => !told.includes(place))
    return parts.every(
      (_, part) => !isSensitive(together(withheld.flatMap(({ cells }) => cells[part] ?? []))),
    )
  }

  #areProtected(bit: number): boolean {
    return this.#measures.every((measure) => {
      const given = this.#swaps.map((swap) => this.#givenBy(measure, swap))
      return measure.every((_, place) =>
        this.#sensitiveOf(bit, place).every((cell) =>
          this.#isProtected(measure, given, place, cell),
        ),
      )
    })
  }

  /** What all rows together can do against a swap, as far as nobody would see it. */
  #givenBy(measure: Measure, swap: Swap): number {
    return measure.reduce((sum, _, place) => sum + this.#against(measure, swap, place), 0)
  }

  #against(measure: Measure, swap: Swap, place: number): number {
    // A row that is to have more of nothing has no bound.
    const least = Math.min(capacity(measure[place] ?? [], swap.more), Number.MAX_SAFE_INTEGER)
    return this.#isUnseen(swap, place) ? least : 0
  }

  #isUnseen({ seenIn }: Swap, place: number): boolean {
    return (seenIn & this.#all & ~(this.#masks[place] ?? 0)) === 0
  }

  #isProtected(
    measure: Measure,
    given: readonly number[],
    place: number,
    cell: readonly number[],
  ): boolean {
    const row = measure[place] ?? []
    const value = cell.reduce((sum, part) => sum + (row[part] ?? 0), 0)
    // An amount without an operation, of a later capture: its count is a known zero.
    if (value === 0) return true
    let [up, down] = [0, 0]
    for (const [i, swap] of this.#swaps.entries()) {
      const change = within(cell, swap.more) - within(cell, swap.less)
      if (change === 0 || !this.#isUnseen(swap, place)) continue
      const others = (given[i] ?? 0) - this.#against(measure, swap, place)
      const room = Math.min(capacity(row, swap.less), others)
      if (change > 0) up = Math.max(up, room)
      else down = Math.max(down, room)
    }
    return (up + down) * 100 >= value * protectionPct
  }
}

type Measure = readonly (readonly number[])[]

const within = (cell: readonly number[], places: readonly number[]): number =>
  places.filter((place) => cell.includes(place)).length

/** The sensitive cells of a row in the answers of a family, each as the places of its parts. */
function sensitiveIn(
  { parts }: Table,
  { cells, counted }: Row,
  family: Family,
): readonly (readonly number[])[] {
  const columns = new Map<string, number[]>()
  for (const [place, part] of parts.entries()) {
    const column = columnOf(part, family)
    columns.set(column, [...(columns.get(column) ?? []), place])
  }
  return [...columns]
    .filter(([column, places]) => {
      const some = places.flatMap((place) => cells[place] ?? [])
      return isSensitive(counted?.get(family.name)?.get(column) ?? together(some))
    })
    .map(([, places]) => places)
}
