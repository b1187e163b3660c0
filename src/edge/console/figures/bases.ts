import { limits } from '../../../kernel/limits.ts'
import type { Month } from '../../../statistics/index.ts'
import { countSitesAhead, gatherBase, type Base, type Counting, type PlanOf } from './gather.ts'

/** Another text whenever closed days that a month's page is made of are others, or more. */
export type VersionOf = (month: Month) => Promise<string>

/** What the pages of months are made of, counted once for as long as their files are the same. */
export class Bases {
  readonly #statistics: Counting
  readonly #versionOf: VersionOf
  readonly #known = new Map<string, Base>()

  constructor(options: { readonly statistics: Counting; readonly versionOf: VersionOf }) {
    this.#statistics = options.statistics
    this.#versionOf = options.versionOf
  }

  async has(month: Month): Promise<boolean> {
    return this.#known.has(await this.#nameOf(month))
  }

  async of(month: Month): Promise<Base> {
    const wanted = await this.#nameOf(month)
    // A megabyte each: those of files that the lake held before are asked for no more.
    for (const name of this.#known.keys()) {
      if (name.startsWith(month) && name !== wanted) this.#known.delete(name)
    }
    return await kept(this.#known, wanted, () => gatherBase(this.#statistics, month))
  }

  async #nameOf(month: Month): Promise<string> {
    return `${month} ${await this.#versionOf(month)}`
  }
}

/** Final figures never change: what was counted once is kept. */
export async function kept<T extends Pick<Base, 'table'>>(
  known: Map<string, T>,
  name: string,
  count: () => Promise<T>,
): Promise<T> {
  const found = known.get(name) ?? (await count())
  if (!found.table.provisional) {
    if (known.size >= limits.figuresPagesKeptMax) known.clear()
    known.set(name, found)
  }
  return found
}

/** Of the newest released months: older ones are counted for their first reader. */
const monthsAhead = 24

/** A month takes seconds of a core, which payments may want: the rest waits for the next time. */
const monthsAtOnce = 3

/** Counts what the pages of some of these months need that are not known yet, the first ones first. */
export async function countAhead(
  bases: Bases,
  planOf: PlanOf,
  months: readonly Month[],
): Promise<void> {
  let counted = 0
  for (const month of months.slice(0, monthsAhead)) {
    if (counted === monthsAtOnce) return
    if (!(await bases.has(month))) counted += 1
    const [base] = await Promise.all([bases.of(month), planOf(month)])
    await countSitesAhead(base)
  }
}
