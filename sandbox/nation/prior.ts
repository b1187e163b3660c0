import { monthOfYear, nationMonths, yearOf, type Month } from './months.ts'
import { stream } from './random.ts'
import { strata, type Channel, type Origin, type Stratum } from './strata.ts'

/** A stratum's month: how many operations and how many dirhams, before they are whole. */
export type Cell = {
  readonly month: Month
  readonly stratum: Stratum
  count: number
  amount: number
}

/**
 * Thousands of operations a month, 2012 then 2013, as the model would have them if nothing were
 * published. Online: the note's months and the full years of docs/nation.md, joined by a ramp.
 */
const onlineOperations = [
  ...[82, 83, 87, 90, 93, 97, 99, 98, 101, 113, 120, 134],
  ...[122, 122, 130, 134, 138, 142, 148, 153, 211, 207, 212, 227],
]
/** Foreign cards' part of the online operations: it rose late in 2013. */
const onlineForeign = [
  ...[0.026, 0.026, 0.027, 0.027, 0.028, 0.029, 0.031, 0.031, 0.029, 0.029, 0.03, 0.033],
  ...[0.062, 0.067, 0.078, 0.088, 0.103, 0.114, 0.134, 0.145, 0.175, 0.186, 0.196, 0.206],
]
const terminalMoroccan = [
  ...[1205, 1150, 1240, 1255, 1275, 1275, 1265, 1145, 1190, 1250, 1270, 1390],
  ...[1400, 1345, 1460, 1480, 1510, 1525, 1440, 1490, 1590, 1580, 1590, 1720],
]
/** Visitors: spring, summer (and Moroccans who live abroad), the end of the year. */
const terminalForeign = [
  ...[250, 260, 305, 335, 305, 275, 315, 375, 285, 305, 285, 305],
  ...[285, 300, 355, 375, 350, 315, 340, 440, 355, 355, 330, 360],
]

const operationsOf = (channel: Channel, origin: Origin, index: number): number => {
  if (channel === 'terminal') {
    return 1000 * ((origin === 'foreign' ? terminalForeign : terminalMoroccan)[index] ?? 0)
  }
  const foreign = onlineForeign[index] ?? 0
  return 1000 * (onlineOperations[index] ?? 0) * (origin === 'foreign' ? foreign : 1 - foreign)
}

/** A sector against its own mean, January to December. */
const seasonOf: Readonly<Record<string, readonly number[]>> = {
  'internet/airlines': [0.85, 0.85, 0.95, 1, 1.05, 1.2, 1.25, 1.05, 0.95, 0.9, 0.95, 1.1],
  'internet/e-government': [1.5, 0.95, 1.35, 0.9, 0.9, 1, 0.75, 0.7, 1.1, 1, 0.9, 1.1],
  'internet/financial-services': [1, 0.95, 1, 1, 1, 1, 0.95, 0.9, 1.1, 1.05, 1, 1.05],
  'internet/deals': [0.9, 1.05, 1, 1.05, 1.05, 1.05, 0.95, 0.9, 1, 1, 1, 1.05],
  'terminal/hotels': [0.85, 0.9, 1.05, 1.15, 1.05, 0.95, 1, 1.15, 0.95, 1, 0.95, 1.05],
  'terminal/clothing': [1.05, 0.95, 0.95, 0.95, 1, 1, 1.1, 1.1, 0.95, 1, 0.95, 1.05],
  'terminal/fuel': [0.95, 0.95, 0.98, 1, 1, 1.02, 1.1, 1.12, 1, 0.98, 0.95, 0.98],
  'terminal/home': [1, 0.95, 0.98, 1, 1.02, 1.05, 1.05, 0.95, 1.02, 1, 0.98, 1.02],
}

/** Sectors that gained or lost their part of the Internet between the years, and when. */
function driftOf({ channel, sector }: Stratum, month: Month): number {
  if (channel === 'terminal') return 1
  const isFirst = yearOf(month) === 2012
  const isLate = !isFirst && monthOfYear(month) >= 8
  // From September 2013 the Treasury takes taxes online, and new financial services open.
  if (sector === 'e-government') return isFirst ? 0.76 : isLate ? 1.6 : 1
  if (sector === 'financial-services') return isFirst ? 0.78 : isLate ? 1.35 : 1
  if (sector === 'deals') return isFirst ? 1.8 : 1 - 0.02 * monthOfYear(month)
  if (sector === 'other' || sector === 'retail') return isFirst ? 0.7 : 1
  return 1
}

/** What 2012's average operation was of 2013's: at terminals it fell by 4 % in all. */
const ticketDrift = (stratum: Stratum, month: Month): number =>
  yearOf(month) === 2013 ? 1 : stratum.channel === 'terminal' ? 1.04 : 0.97

/** The model's own months: another seed has other seasons, sectors and averages, a little. */
export function priorCells(seed: number): Cell[] {
  const random = stream(seed, 'prior')
  const around = (spread: number): number => Math.exp(spread * random.normal())
  const mood = nationMonths.map(() => around(0.012))
  const cells: Cell[] = []
  for (const stratum of strata) {
    const { channel, origin, sector, selling } = stratum
    const all = strata.filter((s) => s.channel === channel && s.origin === origin)
    const shares = all.reduce((sum, one) => sum + one.selling[origin].share, 0)
    const share = (selling[origin].share / shares) * around(0.03)
    const ticket = selling[origin].ticket * around(0.03)
    for (const [index, month] of nationMonths.entries()) {
      const season = seasonOf[`${channel}/${sector}`]?.[monthOfYear(month)] ?? 1
      const moved = season * driftOf(stratum, month) * (mood[index] ?? 1) * around(0.01)
      const count = operationsOf(channel, origin, index) * share * moved
      const amount = count * ticket * ticketDrift(stratum, month) * around(0.01)
      cells.push({ month, stratum, count, amount })
    }
  }
  return cells
}
