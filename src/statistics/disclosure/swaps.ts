import { columnOf, type Family, type Part } from './families.ts'

/**
 * A change of a row that could be made good by the opposite change of others: so much less in some of
 * its parts, as much more in others. Places are those of the parts.
 */
export type Swap = {
  readonly less: readonly number[]
  readonly more: readonly number[]
  /** The families in whose tables the change would be seen, as bits. */
  readonly seenIn: number
}

/**
 * All changes of one part (a row has more, another less), of two (from one part to another) and of
 * four (so that two kinds of sums stay as they are).
 */
export function swapsOf(parts: readonly Part[], families: readonly Family[]): readonly Swap[] {
  const places = parts.map((_, place) => place)
  const pairs = places.flatMap((a) => places.filter((b) => b > a).map((b) => [a, b]))
  const sides: (readonly [readonly number[], readonly number[]])[] = [
    ...places.flatMap((a) => [[[a], []] as const, [[], [a]] as const]),
    ...places.flatMap((a) => places.filter((b) => b !== a).map((b) => [[a], [b]] as const)),
    ...pairs.flatMap((less) =>
      pairs
        .filter((more) => !more.some((place) => less.includes(place)))
        .map((more) => [less, more] as const),
    ),
  ]
  return sides.map(([less, more]) => ({
    less,
    more,
    seenIn: families.reduce(
      (seen, family, bit) => seen | (isSeen(parts, family, { less, more }) ? 1 << bit : 0),
      0,
    ),
  }))
}

function isSeen(
  parts: readonly Part[],
  family: Family,
  { less, more }: Pick<Swap, 'less' | 'more'>,
): boolean {
  const columns = (places: readonly number[]): string =>
    places
      .flatMap((place) => parts[place] ?? [])
      .map((part) => columnOf(part, family))
      .sort()
      .join()
  return columns(less) !== columns(more)
}

/** How much can be taken from these places of a row, so that nothing falls below zero. */
export const capacity = (row: readonly number[], places: readonly number[]): number =>
  places.reduce((least, place) => Math.min(least, row[place] ?? 0), Infinity)
