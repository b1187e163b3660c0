import { fail, ok, type Result } from '../../src/kernel/result.ts'
import { isOnlineMoroccan } from './cards.ts'
import type { Merchant } from './merchants.ts'
import { nationMonths, yearOf, type Month } from './months.ts'
import { stream } from './random.ts'
import type { WholeCell } from './whole.ts'

/** Operations that belong to a certain site: by month and stratum, numbers of merchants. */
export type PlacedSites = ReadonlyMap<string, readonly number[]>

export const placeOf = (month: Month, stratumId: number): string => `${month} ${stratumId}`

/**
 * One operation of each year for every site that is open in the published months of it, however
 * small: so the number of active sites is that of the sites which are open then.
 */
export function placeSites(
  seed: number,
  planned: {
    readonly merchants: readonly Merchant[]
    readonly cells: readonly WholeCell[]
    /** The last of the published months, in 2013. */
    readonly last: Month
  },
): Result<PlacedSites, string> {
  const random = stream(seed, 'placed sites')
  const room = new Map(
    planned.cells.map((cell) => [placeOf(cell.month, cell.stratum.id), cell.count]),
  )
  const strataIds = new Map(
    planned.cells
      .filter(({ stratum }) => isOnlineMoroccan(stratum))
      .map(({ stratum }) => [stratum.sector, stratum.id]),
  )
  const placed = new Map<string, number[]>()
  for (const [number, { channel, sector, site, opened, closed }] of planned.merchants.entries()) {
    const stratumId = strataIds.get(sector)
    if (channel !== 'internet' || stratumId === undefined) continue
    for (const year of new Set(nationMonths.map(yearOf))) {
      const places = nationMonths
        .filter((month) => yearOf(month) === year && month.slice(4) <= planned.last.slice(4))
        .filter((month) => month >= opened.slice(0, 7) && `${month}-01` <= closed)
        .map((month) => placeOf(month, stratumId))
      if (places.length === 0) continue
      const free = places.filter(
        (place) => (room.get(place) ?? 0) > (placed.get(place)?.length ?? 0),
      )
      const place = free[random.below(free.length)]
      if (place === undefined) {
        return fail(
          `this scale has too few operations for the site ${site} (${sector}) to be active`,
        )
      }
      placed.set(place, [...(placed.get(place) ?? []), number])
    }
  }
  return ok(placed)
}
