import { isDimension, type Dimension, type Filters, type Question } from '../question.ts'

/** What the public can filter by: its answers can be subtracted from one another. */
const publicFilters: readonly Dimension[] = ['channel', 'cardOrigin', 'gateway']

/** Of a filtered question or of its answer: the parts of its cells, and those of its total. */
export type Complements<T> = { readonly cells: T; readonly total: T }

/**
 * The questions whose cells must be judged with those of a filtered one: all payments less those of
 * Moroccan cards are those of foreign cards, though nobody asked for them. They are the smallest parts
 * into which filters can cut its cells, then its total. Every answer that a filter can give is a sum
 * of such parts, and where the sum tells a merchant's business, one of its parts does.
 *
 * `always` is what every question of that kind is filtered by, and is no choice of whoever asks. A
 * question without any other filter has no complement: it is a line of the published table.
 */
export function complementsOf(
  question: Question,
  always: Filters = {},
): Complements<Question> | undefined {
  const isAlways = (name: Dimension): boolean => Object.hasOwn(always, name)
  const chosen = Object.keys(question.where ?? {})
    .filter(isDimension)
    .filter((name) => !isAlways(name))
  if (chosen.length === 0) return undefined
  const parts = [...new Set([...publicFilters, ...chosen])].filter((name) => !isAlways(name))
  const asked = { ...question, where: always, sites: false }
  const { by } = question
  return {
    cells: { ...asked, by: [...by, ...parts.filter((name) => !by.includes(name))] },
    total: { ...asked, by: parts },
  }
}
