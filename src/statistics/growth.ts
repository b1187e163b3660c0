/** Figures of a period, as far as growth is about them. */
export type Grown = {
  readonly count: number
  readonly amountMinor: bigint
  readonly activeSites: number
  /** Operations at a site: what sites can have grown by. */
  readonly siteOperations: number
  /** Null where cards were not asked for. */
  readonly activeCards: number | null
}

/** Two factors whose product is the growth: (1 + a)(1 + b) = 1 + g. */
export type GrowthParts = {
  readonly actorsPct: number | null
  readonly operationsPerActorPct: number | null
}

export type Growth = {
  readonly previous: Grown
  /** In percent, to two decimals; null where there was nothing the year before. */
  readonly countPct: number | null
  readonly amountPct: number | null
  readonly activeSitesPct: number | null
  readonly activeCardsPct: number | null
  /** Of the operations at sites: more sites, more operations at each. */
  readonly bySites: GrowthParts
  /** Of all operations: more cards, more operations of each. */
  readonly byCards: GrowthParts
}

export function growthOf(current: Grown, previous: Grown): Growth {
  return {
    previous,
    countPct: growthPct(BigInt(current.count), BigInt(previous.count)),
    amountPct: growthPct(current.amountMinor, previous.amountMinor),
    activeSitesPct: growthPct(BigInt(current.activeSites), BigInt(previous.activeSites)),
    activeCardsPct: cardsPct(current, previous),
    bySites: {
      actorsPct: growthPct(BigInt(current.activeSites), BigInt(previous.activeSites)),
      operationsPerActorPct: ratioGrowthPct(
        [current.siteOperations, current.activeSites],
        [previous.siteOperations, previous.activeSites],
      ),
    },
    byCards: {
      actorsPct: cardsPct(current, previous),
      operationsPerActorPct: ratioGrowthPct(
        [current.count, current.activeCards ?? 0],
        [previous.count, previous.activeCards ?? 0],
      ),
    },
  }
}

/** Whole numbers up to the hundredth of a percent; half is rounded away from zero. */
export function growthPct(current: bigint, previous: bigint): number | null {
  if (previous <= 0n) return null
  return hundredths((current - previous) * 10_000n, previous)
}

export const sharePct = (part: bigint, whole: bigint): number | null =>
  whole <= 0n ? null : hundredths(part * 10_000n, whole)

function hundredths(numerator: bigint, denominator: bigint): number {
  const twice = (numerator < 0n ? -numerator : numerator) * 2n
  const rounded = (twice + denominator) / (2n * denominator)
  return Number(numerator < 0n ? -rounded : rounded) / 100
}

/** Growth of a quotient, its numbers whole until the end. */
function ratioGrowthPct(
  [current, actors]: readonly [number, number],
  [previous, previousActors]: readonly [number, number],
): number | null {
  if (actors === 0 || previousActors === 0) return null
  return growthPct(BigInt(current) * BigInt(previousActors), BigInt(previous) * BigInt(actors))
}

const cardsPct = (current: Grown, previous: Grown): number | null =>
  current.activeCards === null || previous.activeCards === null
    ? null
    : growthPct(BigInt(current.activeCards), BigInt(previous.activeCards))
