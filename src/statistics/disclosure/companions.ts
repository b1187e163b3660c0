/** A cell of a table, as far as the choice of what to withhold is about it. */
export type Candidate = {
  /** Its value in each dimension. */
  readonly key: readonly string[]
  readonly amountMinor: bigint
  readonly sensitive: boolean
  /** Whether nothing is in it, in none of the tables that are looked at together. */
  readonly empty: boolean
  /** Whether something is in it in each of them: what is known to be zero hides no other cell. */
  readonly whole: boolean
}

/**
 * [ESSNET-SDC chapter 4] Secondary suppression. A sum and all its parts but one tell that one. Seen as a
 * graph whose points are the sums (rows and columns) and whose edges are the withheld cells, a cell
 * can be computed exactly when no circle of withheld cells passes through it [GUSFIELD-1988]. So for
 * each sensitive cell, in the order of the table, the circle that withholds least is closed: least
 * amount, then fewest cells, then the first in the order of the table. In one dimension that is the
 * smallest other cell.
 *
 * Gives the places of the cells to withhold, those of `already` among them. Where no circle is to be
 * had, or the table has more than two dimensions, that is all of them.
 */
export function withCompanions(
  cells: readonly Candidate[],
  dimensions: number,
  already: ReadonlySet<number> = new Set(),
): ReadonlySet<number> {
  const sensitive = cells.flatMap((cell, place) => (cell.sensitive ? [place] : []))
  if (sensitive.length === 0) return already
  const everything = new Set(cells.keys())
  if (dimensions < 1 || dimensions > 2) return everything
  const edges = edgesOf(cells)
  const withheld = new Set([...already, ...sensitive])
  for (const place of sensitive) {
    const circle = cheapestCircle(edges, place, withheld)
    if (circle === undefined) return everything
    for (const each of circle) withheld.add(each)
  }
  return withheld
}

type Edge = {
  /** Of the cell. */
  readonly place: number
  readonly ends: readonly [string, string]
  readonly amountMinor: bigint
  readonly whole: boolean
}

function edgesOf(cells: readonly Candidate[]): readonly Edge[] {
  const alone = sumsToldNowhere(cells)
  return cells.map(({ key, amountMinor, whole }, place) => {
    const [row, column] = endsOf(key)
    return {
      ...{ place, amountMinor, whole },
      ends: [alone.has(row) ? 'rows' : row, alone.has(column) ? 'columns' : column],
    }
  })
}

/** Names of a cell's row and column; all cells of one dimension are between the same two points. */
const endsOf = ([row, column]: readonly string[]): readonly [string, string] =>
  column === undefined ? ['rows', 'columns'] : [`row ${row ?? ''}`, `column ${column}`]

/**
 * Rows and columns with one sensitive cell and nothing else. Their sums are that cell, hence withheld
 * in their own cut: what is known of them is only what they make together.
 */
function sumsToldNowhere(cells: readonly Candidate[]): ReadonlySet<string> {
  const filled = cells.filter(({ empty }) => !empty)
  const held = new Map<string, number>()
  for (const { key } of filled) {
    for (const end of endsOf(key)) held.set(end, (held.get(end) ?? 0) + 1)
  }
  return new Set(
    filled
      .filter(({ sensitive }) => sensitive)
      .flatMap(({ key }) => endsOf(key).filter((end) => held.get(end) === 1)),
  )
}

type Way = { readonly amountMinor: bigint; readonly places: readonly number[] }

/** The other cells of the circle through a cell; undefined where there is none. */
function cheapestCircle(
  edges: readonly Edge[],
  place: number,
  withheld: ReadonlySet<number>,
): readonly number[] | undefined {
  const [from, to] = edges[place]?.ends ?? ['', '']
  const others = edges.filter((edge) => edge.whole && edge.place !== place)
  const costOf = (edge: Edge): bigint => (withheld.has(edge.place) ? 0n : edge.amountMinor)
  const best = new Map<string, Way>([[from, { amountMinor: 0n, places: [] }]])
  // As many rounds as there are points are enough; most tables are done after a few.
  for (let better = true; better;) {
    better = false
    for (const edge of others) {
      for (const [start, end] of [edge.ends, edge.ends.toReversed()]) {
        const way = best.get(start ?? '')
        if (way === undefined || end === undefined) continue
        const longer = {
          amountMinor: way.amountMinor + costOf(edge),
          places: [...way.places, edge.place],
        }
        if (!isBetter(longer, best.get(end), withheld)) continue
        best.set(end, longer)
        better = true
      }
    }
  }
  return best.get(to)?.places
}

function isBetter(way: Way, known: Way | undefined, withheld: ReadonlySet<number>): boolean {
  if (known === undefined) return true
  if (way.amountMinor !== known.amountMinor) return way.amountMinor < known.amountMinor
  const more = ({ places }: Way): number => places.filter((each) => !withheld.has(each)).length
  return more(way) < more(known)
}
