/** Facts of a note made up for a test, around those that the press printed for September 2013. */
import { addDays, type BusinessDate } from '../../src/kernel/business-date.ts'
import type { Measures } from '../../src/statistics/cut.ts'
import { forecast, noFeasts } from '../../src/statistics/forecast/index.ts'
import { growthOf, sharePct } from '../../src/statistics/growth.ts'
import type { Month } from '../../src/statistics/period.ts'
import type { Line, NoteFacts, Outlook, PeriodFacts } from '../../src/statistics/note/facts.ts'

type Counts = readonly [count: number, dirhams: number, sites?: number, cards?: number]

/** This year and the last; without a last year where it is null. */
export type Made = readonly [now: Counts, before: Counts | null]

export function measuresOf([count, dirhams, sites = 0, cards = 0]: Counts): Measures {
  const amountMinor = BigInt(dirhams) * 100n
  const declined = Math.round(count * 0.031)
  return {
    ...{ count, amountMinor, activeSites: sites, siteOperations: sites === 0 ? 0 : count },
    averageTicketMinor: count === 0 ? null : amountMinor / BigInt(count),
    ...{
      approved: count,
      declined,
      approvalRatePct: sharePct(BigInt(count), BigInt(count + declined)),
    },
    ...{ refundCount: Math.round(count / 900), refundAmountMinor: amountMinor / 1_000n },
    ...{
      lateReversalCount: Math.round(count / 5_000),
      lateReversalAmountMinor: amountMinor / 7_000n,
    },
    ...{ countSharePct: null, amountSharePct: null, activeCards: cards },
    ...{ declineReasons: null, merchants: null, growth: null },
  }
}

export function lineOf(value: string, [current, previous]: Made, whole?: Line): Line {
  const plain = measuresOf(current)
  const share = whole && {
    countSharePct: sharePct(BigInt(plain.count), BigInt(whole.now.count)),
    amountSharePct: sharePct(plain.amountMinor, whole.now.amountMinor),
  }
  const now = { ...plain, ...share }
  if (previous === null) return { value, now, before: null, growth: null }
  const before = measuresOf(previous)
  return { value, now, before, growth: growthOf(now, before) }
}

export type MadePeriod = {
  readonly all: Made
  readonly internet: Made
  readonly terminals: Made
  readonly moroccan: Made
  readonly foreign: Made
  readonly onlineMoroccan: Made
  readonly onlineForeign: Made
  readonly gateways: Readonly<Record<string, Made>>
  readonly sectors: Readonly<Record<string, Made>>
}

export function periodOf(
  span: Pick<PeriodFacts, 'from' | 'to' | 'days' | 'previous'>,
  made: MadePeriod,
): PeriodFacts {
  const all = lineOf('all', made.all)
  const internet = lineOf('internet', made.internet, all)
  const lines = (parts: Readonly<Record<string, Made>>): readonly Line[] =>
    Object.entries(parts)
      .map(([value, one]) => lineOf(value, one, internet))
      .sort((a, b) => Number(b.now.amountMinor - a.now.amountMinor))
  return {
    ...span,
    all,
    internet,
    terminals: lineOf('terminal', made.terminals, all),
    moroccan: lineOf('moroccan', made.moroccan, all),
    foreign: lineOf('foreign', made.foreign, all),
    online: {
      moroccan: lineOf('moroccan', made.onlineMoroccan, internet),
      foreign: lineOf('foreign', made.onlineForeign, internet),
      gateways: lines(made.gateways),
      sectors: lines(made.sectors),
    },
  }
}

export const septemberMade: MadePeriod = {
  all: [
    [2_160_400, 1_640_200_000, 352, 912_000],
    [1_565_500, 1_214_900_000, 214, 790_000],
  ],
  internet: [
    [210_842, 156_020_000, 352, 98_000],
    [101_366, 62_910_000, 214, 55_000],
  ],
  terminals: [
    [1_949_558, 1_484_180_000, 0, 850_000],
    [1_464_134, 1_151_990_000, 0, 760_000],
  ],
  moroccan: [
    [1_760_000, 1_010_000_000],
    [1_280_000, 742_000_000],
  ],
  foreign: [
    [400_400, 630_200_000],
    [285_500, 472_900_000],
  ],
  onlineMoroccan: [
    [188_000, 104_300_000, 340],
    [96_000, 52_600_000, 209],
  ],
  onlineForeign: [
    [22_842, 51_720_000, 118],
    [5_366, 10_310_000, 61],
  ],
  gateways: {
    cmi: [
      [128_400, 101_500_000, 271],
      [58_200, 39_900_000, 160],
    ],
    'maroc-telecommerce': [
      [82_442, 54_520_000, 81],
      [43_166, 23_010_000, 54],
    ],
  },
  sectors: {
    billers: [
      [92_100, 43_900_000, 38],
      [44_800, 17_500_000, 24],
    ],
    airlines: [
      [21_300, 45_600_000, 14],
      [10_400, 19_200_000, 10],
    ],
    'financial-services': [
      [18_400, 25_300_000, 29],
      [7_200, 8_400_000, 17],
    ],
    deals: [
      [24_600, 6_100_000, 31],
      [26_800, 7_300_000, 39],
    ],
    'e-government': [
      [30_242, 17_820_000, 12],
      [4_366, 4_110_000, 7],
    ],
    other: [
      [24_200, 17_300_000, 228],
      [7_800, 6_400_000, 117],
    ],
  },
}

export const yearMade: MadePeriod = {
  all: [
    [17_504_200, 13_399_600_000, 411, 2_310_000],
    [14_464_300, 11_552_100_000, 258, 2_094_000],
  ],
  internet: [
    [1_300_120, 872_040_000, 411, 301_500],
    [833_410, 545_030_000, 258, 212_000],
  ],
  terminals: [
    [16_204_080, 12_527_560_000, 0, 2_120_000],
    [13_630_890, 11_007_070_000, 0, 1_980_000],
  ],
  moroccan: [
    [14_178_400, 8_039_800_000],
    [11_860_700, 6_890_000_000],
  ],
  foreign: [
    [3_325_800, 5_359_800_000],
    [2_603_600, 4_662_100_000],
  ],
  onlineMoroccan: [
    [1_188_000, 660_200_000, 402],
    [794_000, 472_100_000, 251],
  ],
  onlineForeign: [
    [112_120, 211_840_000, 170],
    [39_410, 72_930_000, 96],
  ],
  gateways: {
    cmi: [
      [770_000, 560_000_000, 318],
      [480_000, 340_000_000, 190],
    ],
    'maroc-telecommerce': [
      [530_120, 312_040_000, 93],
      [353_410, 205_030_000, 68],
    ],
  },
  sectors: {
    billers: [
      [610_200, 270_310_000, 41],
      [402_000, 164_300_000, 26],
    ],
    airlines: [
      [128_900, 269_790_000, 16],
      [86_200, 177_600_000, 11],
    ],
    'financial-services': [
      [101_300, 133_720_000, 33],
      [52_600, 71_200_000, 19],
    ],
    deals: [
      [212_400, 52_680_000, 40],
      [228_300, 62_710_000, 47],
    ],
    'e-government': [
      [98_020, 62_410_000, 13],
      [31_100, 31_664_000, 8],
    ],
    other: [
      [149_300, 83_130_000, 268],
      [33_210, 37_556_000, 147],
    ],
  },
}

const date = (text: string): BusinessDate => text as BusinessDate

const spans = {
  month: {
    ...{ from: date('2013-09-01'), to: date('2013-09-30'), days: { held: 30, of: 30 } },
    previous: {
      ...{ from: date('2012-09-01'), to: date('2012-09-30'), days: { held: 30, of: 30 } },
    },
  },
  ytd: {
    ...{ from: date('2013-01-01'), to: date('2013-09-30'), days: { held: 273, of: 273 } },
    previous: {
      ...{ from: date('2012-01-01'), to: date('2012-09-30'), days: { held: 274, of: 274 } },
    },
  },
}

const monthly2012 = [81, 82, 90, 92, 95, 94, 96, 102, 101.366, 118, 122, 140]
const monthly2013 = [112, 115, 128, 130, 139, 138, 155, 172, 210.842]

const monthCounts = [...monthly2012, ...monthly2013].map((thousands, i) => ({
  month: `${2012 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}` as Month,
  count: BigInt(Math.round(thousands * 1_000)),
  amountMinor: BigInt(Math.round(thousands * 67_000_000)),
}))

/** Foretold from days that add up to about those months. */
function outlookOf(): Outlook {
  const from = date('2012-01-01')
  const values = Array.from({ length: 639 }, (_, day) => {
    const at = addDays(from, day)
    const month = monthCounts.find((one) => at.startsWith(one.month))
    const wave = 1 + 0.12 * Math.sin(day * 0.897) + 0.05 * Math.sin(day * 2.71)
    return (Number(month?.count ?? 0n) / 30.4) * wave
  })
  const asked = { after: '2013-09' as Month, months: 3 }
  const count = forecast({ from, values }, noFeasts, asked)
  const amount = forecast({ from, values: values.map((one) => one * 73_000) }, noFeasts, asked)
  if (!count.ok || !amount.ok) throw new Error('the made-up months are foretold')
  return { kind: 'forecast', count: count.value, amount: amount.value }
}

const outlook = outlookOf()

export function septemberFacts(changed: Partial<NoteFacts> = {}): NoteFacts {
  return {
    month: '2013-09',
    asOf: '2013-10-01T00:05:00.000Z',
    asOfDate: date('2013-10-01'),
    provisional: false,
    released: true,
    sources: ['made for a test'],
    otherCurrencies: [],
    periods: { month: periodOf(spans.month, septemberMade), ytd: periodOf(spans.ytd, yearMade) },
    months: monthCounts,
    outlook,
    ...changed,
  }
}

/** The same month, its year to date made of other sectors. */
export function factsOfSectors(sectors: Readonly<Record<string, Made>>): NoteFacts {
  const facts = septemberFacts()
  const ytd = periodOf(spans.ytd, { ...yearMade, sectors })
  return { ...facts, periods: { ...facts.periods, ytd } }
}

/** The year to date changed in these lines. */
export function factsOfYear(changed: Partial<MadePeriod>): NoteFacts {
  const facts = septemberFacts()
  const ytd = periodOf(spans.ytd, { ...yearMade, ...changed })
  return { ...facts, periods: { ...facts.periods, ytd } }
}

export function factsOfMonth(changed: Partial<MadePeriod>): NoteFacts {
  const facts = septemberFacts()
  const month = periodOf(spans.month, { ...septemberMade, ...changed })
  return { ...facts, periods: { ...facts.periods, month } }
}
