/** What follows from sums: the least and the most that figures which are not below zero can be. */

/** The figures at these places, less those at others, add up to a value. */
export type Sum = {
  readonly places: readonly number[]
  readonly less?: readonly number[]
  readonly value: number
}

export type Bounds = { readonly least: number; readonly most: number }

const tolerance = 1e-7

/**
 * The bounds of each target, itself a sum of figures, by the simplex method in two phases. There must
 * be figures of which all sums hold.
 */
export function boundsOf(
  figures: number,
  sums: readonly Sum[],
  targets: readonly (readonly number[])[],
): readonly Bounds[] {
  const tableau = new Tableau(figures, sums)
  tableau.makeFeasible()
  return targets.map((places) => ({
    least: tableau.least(places, 1),
    most: -tableau.least(places, -1),
  }))
}

class Tableau {
  readonly #figures: number
  /** Coefficients of the figures, then of what is missing of each sum, then the sum. */
  #rows: number[][]
  #basis: number[]
  #width: number

  constructor(figures: number, sums: readonly Sum[]) {
    const name = ({ places, less = [] }: Sum): string => `${places.join()} ${less.join()}`
    const known = [...new Map(sums.map((sum) => [name(sum), sum])).values()]
    this.#figures = figures
    this.#width = figures + known.length
    this.#rows = known.map(({ places, less = [], value }, i) => {
      const row = Array.from({ length: this.#width + 1 }, () => 0)
      for (const place of places) row[place] = (row[place] ?? 0) + 1
      for (const place of less) row[place] = (row[place] ?? 0) - 1
      row[figures + i] = 1
      row[this.#width] = value
      return row
    })
    this.#basis = known.map((_, i) => figures + i)
  }

  /** Nothing may be missing of any sum; sums that follow from others are dropped. */
  makeFeasible(): void {
    const missing = Array.from({ length: this.#width }, (_, i) => (i < this.#figures ? 0 : 1))
    const left = this.#minimize(missing, this.#width)
    if (left > tolerance * 1e3) throw new Error(`the sums contradict one another by ${left}`)
    for (const [i, row] of this.#rows.entries()) {
      if ((this.#basis[i] ?? 0) < this.#figures) continue
      const place = row.findIndex((value, j) => j < this.#figures && Math.abs(value) > tolerance)
      if (place >= 0) this.#pivot(i, place)
    }
    const kept = [...this.#rows.keys()].filter((i) => (this.#basis[i] ?? 0) < this.#figures)
    this.#rows = kept.map((i) => {
      const row = this.#rows[i] ?? []
      return [...row.slice(0, this.#figures), row[this.#width] ?? 0]
    })
    this.#basis = kept.map((i) => this.#basis[i] ?? 0)
    this.#width = this.#figures
  }

  least(places: readonly number[], times: number): number {
    const cost = Array.from({ length: this.#figures }, (_, i) => (places.includes(i) ? times : 0))
    return this.#minimize(cost, this.#figures)
  }

  /** Bland’s rule: the first place that betters it, so that it ends. */
  #minimize(cost: readonly number[], among: number): number {
    for (;;) {
      const prices = this.#pricesOf(cost, among)
      const enters = prices.findIndex((price) => price < -tolerance)
      if (enters < 0) break
      const leaves = this.#leaving(enters)
      if (leaves < 0) throw new Error('a figure has no bound')
      this.#pivot(leaves, enters)
    }
    return this.#rows.reduce(
      (sum, row, i) => sum + (cost[this.#basis[i] ?? 0] ?? 0) * (row[this.#width] ?? 0),
      0,
    )
  }

  #pricesOf(cost: readonly number[], among: number): readonly number[] {
    const prices = cost.slice(0, among)
    for (const [i, row] of this.#rows.entries()) {
      const each = cost[this.#basis[i] ?? 0] ?? 0
      if (each === 0) continue
      for (let j = 0; j < among; j++) prices[j] = (prices[j] ?? 0) - each * (row[j] ?? 0)
    }
    return prices
  }

  #leaving(enters: number): number {
    let [best, ratio] = [-1, Infinity]
    for (const [i, row] of this.#rows.entries()) {
      const by = row[enters] ?? 0
      if (by <= tolerance) continue
      const each = (row[this.#width] ?? 0) / by
      const isFirst = (this.#basis[i] ?? 0) < (this.#basis[best] ?? Infinity)
      if (each < ratio - tolerance || (each < ratio + tolerance && isFirst))
        [best, ratio] = [i, each]
    }
    return best
  }

  #pivot(at: number, place: number): void {
    const pivot = this.#rows[at] ?? []
    const by = pivot[place] ?? 1
    for (const j of pivot.keys()) pivot[j] = (pivot[j] ?? 0) / by
    for (const [i, row] of this.#rows.entries()) {
      const times = row[place] ?? 0
      if (i === at || times === 0) continue
      for (const j of row.keys()) row[j] = (row[j] ?? 0) - times * (pivot[j] ?? 0)
    }
    this.#basis[at] = place
  }
}
