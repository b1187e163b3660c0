import { planHours, planYear, type CountedCell, type Plan } from './disclosure/index.ts'
import { printsWithin } from './lake/lake.ts'
import { monthPeriod, yearBefore, yearToDate, type Month, type Period } from './period.ts'
import type { PublicTable } from './public-cells.ts'
import type { Statistics } from './statistics.ts'

type Counting = Pick<Statistics, 'publicCells' | 'catalogue'>

/**
 * What is withheld from the public page of each month. The cells of a period are counted once, and
 * again only when the lake holds other files of it.
 */
export class PublicPlans {
  readonly #statistics: Counting
  readonly #cells = new Map<string, { readonly of: string; readonly cells: Promise<Cells> }>()
  readonly #plans = new Map<Month, { readonly of: readonly Cells[]; readonly plan: Plan }>()

  constructor(statistics: Counting) {
    this.#statistics = statistics
  }

  async of(month: Month): Promise<Plan> {
    const year = yearToDate(month)
    const before = yearBefore(year)
    const [whole, wholeBefore] = [await this.#wholeYear(year), await this.#wholeYear(before)]
    const of = await Promise.all([
      this.#cellsOf('sectors', whole),
      this.#cellsOf('sectors', wholeBefore),
      this.#cellsOf('hours', monthPeriod(month)),
    ])
    const known = this.#plans.get(month)
    if (known?.of.every((cells, i) => cells === of[i]) === true) return known.plan
    const now = planYear(monthsOf(year), of[0])
    const plan = {
      now,
      before: planYear(monthsOf(before), of[1]),
      hours: planHours(of[2], now.crossed.has(month)),
    }
    this.#plans.set(month, { of, plan })
    return plan
  }

  async #cellsOf(table: PublicTable, period: Period): Promise<Cells> {
    const name = `${table} ${period.from} ${period.to}`
    const of = await this.#filesOf(period)
    const known = this.#cells.get(name)
    if (known?.of === of) return await known.cells
    const cells = this.#statistics.publicCells(table, period)
    this.#cells.set(name, { of, cells })
    // What could not be counted is asked for again.
    cells.catch(() => this.#cells.delete(name))
    return await cells
  }

  /** As far as the lake holds it, so that the months of a year are counted once. */
  async #wholeYear({ from, to }: Period): Promise<Period> {
    const { parts } = await this.#statistics.catalogue()
    const dates = parts.flatMap(({ days }) => days.map(({ date }) => date))
    const within = dates.filter((date) => date.slice(0, 4) === from.slice(0, 4))
    return { from, to: within.reduce((last, date) => (date > last ? date : last), to) }
  }

  async #filesOf(period: Period): Promise<string> {
    const { parts } = await this.#statistics.catalogue()
    return printsWithin(parts, period).join()
  }
}

type Cells = readonly CountedCell[]

/** Of a year so far. */
const monthsOf = ({ from, to }: Period): readonly Month[] =>
  Array.from(
    { length: Number(to.slice(5, 7)) },
    (_, i) => `${from.slice(0, 4)}-${String(i + 1).padStart(2, '0')}` as Month,
  )
