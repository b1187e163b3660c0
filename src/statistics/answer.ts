import type { Duckdb } from '../platform/duckdb.ts'
import { countCards, countCore, countReasons, countSites, type Cell } from './counting.ts'
import { added, coreNames, noCore, plain, type Core } from './core.ts'
import type { CutRow, Measures } from './cut.ts'
import { growthOf } from './growth.ts'
import { yearLater } from './period.ts'
import type { Extra, Question } from './question.ts'
import { isEmpty, type Source } from './relations.ts'

/** The rows of a cut and its total, without what compares them with another period. */
export type Counted = {
  readonly rows: ReadonlyMap<string, CutRow>
  readonly total: Measures
}

/** Counts a period; the engine adds up, this only joins what it found under one key. */
export async function count(engine: Duckdb, source: Source, question: Question): Promise<Counted> {
  const asks = (extra: Extra): boolean => question.extras?.includes(extra) === true
  const empty = isEmpty(source)
  const core = empty ? [] : await countCore(engine, source, question, coreNames)
  const sites = byKey(
    empty || question.sites === false ? [] : await countSites(engine, source, question),
  )
  const cards = asks('cards')
    ? byKey(empty ? [] : await countCards(engine, source, question))
    : undefined
  const reasons = asks('reasons')
    ? empty
      ? []
      : await countReasons(engine, source, question)
    : null
  const whole = core.reduce((sum, { measured }) => added(sum, measured), noCore)
  const measuresOf = (key: readonly string[] | null, found: Core): Measures => {
    const name = nameOf(key)
    return {
      ...plain(found, whole),
      activeSites: Number(sites.get(name)?.distinct_count ?? 0n),
      activeCards: cards === undefined ? null : Number(cards.get(name)?.distinct_count ?? 0n),
      declineReasons:
        reasons === null
          ? null
          : Object.fromEntries(
              reasons
                .filter((one) => nameOf(one.key) === name)
                .map(({ measured }) => [measured.reason, Number(measured.declined)]),
            ),
      growth: null,
    }
  }
  const rows = new Map<string, CutRow>()
  for (const { key, measured } of core) {
    // Of a cut by nothing, the total.
    if (key === null) continue
    const named = Object.fromEntries(question.by.map((name, i) => [name, key[i] ?? '']))
    rows.set(nameOf(key), { key: named, ...measuresOf(key, measured) })
  }
  return { rows, total: measuresOf(null, whole) }
}

const byKey = <M>(cells: readonly Cell<M>[]): ReadonlyMap<string, M> =>
  new Map(cells.map(({ key, measured }) => [nameOf(key), measured]))

/** JSON keeps two lists of values apart, whatever is in them. */
export const nameOf = (key: readonly string[] | null): string => JSON.stringify(key)

/**
 * Every row with its growth on the year before. A row that only the year before had is there too,
 * with nothing in it: its fall is a hundred percent.
 */
export function withGrowth(
  question: Pick<Question, 'by'>,
  current: Counted,
  previous: Counted,
): { readonly rows: readonly CutRow[]; readonly total: Measures } {
  const before = new Map<string, CutRow>()
  for (const row of previous.rows.values()) {
    const key = question.by.map((name) => {
      const value = row.key[name] ?? ''
      return name === 'businessDate' || name === 'month' ? yearLater(value) : value
    })
    const last = key[question.by.indexOf('businessDate')]
    // The 29 February before a year without one is compared with no row, only in the total.
    if (last?.endsWith('-02-29') === true) continue
    const named = Object.fromEntries(question.by.map((name, i) => [name, key[i] ?? '']))
    before.set(nameOf(key), { ...row, key: named })
  }
  const rows = [...current.rows].map(([name, row]) => ({
    ...row,
    growth: growthOf(row, before.get(name) ?? nothingLike(row)),
  }))
  const gone = [...before]
    .filter(([name]) => !current.rows.has(name))
    .map(([, row]) => {
      const none = nothingLike(row)
      return { ...none, key: row.key, growth: growthOf(none, row) }
    })
  return {
    rows: [...rows, ...gone].sort(byKeys(question)),
    total: { ...current.total, growth: growthOf(current.total, previous.total) },
  }
}

const byKeys =
  ({ by }: Pick<Question, 'by'>) =>
  (a: CutRow, b: CutRow): number => {
    for (const name of by) {
      const [left, right] = [a.key[name] ?? '', b.key[name] ?? '']
      if (left !== right) return left < right ? -1 : 1
    }
    return 0
  }

const nothingLike = (row: Measures): Measures => ({
  ...plain(noCore, noCore),
  activeSites: 0,
  activeCards: row.activeCards === null ? null : 0,
  declineReasons: row.declineReasons === null ? null : {},
  growth: null,
})
