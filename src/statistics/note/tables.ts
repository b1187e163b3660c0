import { figure, say, type Cell, type Figure, type TableBlock, type TableLine } from './document.ts'
import type { Line, NoteFacts, PeriodFacts, PeriodName } from './facts.ts'
import type { Print } from './print.ts'
import type { NoteWords } from './words/index.ts'

export type Printing = {
  readonly facts: NoteFacts
  readonly words: NoteWords
  readonly print: Print
}

/** Printed where there is no figure: an empty cell would look forgotten. */
export const none: Cell = [figure('–')]

type Named = readonly [label: string, line: Line, strong?: boolean]

/** In January the year to date is the month. */
export const periodNames = ({ month }: NoteFacts): readonly PeriodName[] =>
  month.endsWith('-01') ? ['month'] : ['month', 'ytd']

/** [CMI-REPORTS table G] What merchants and merchant sites were paid. */
export const paymentsTable = (printing: Printing): TableBlock => {
  const { lines } = printing.words.labels
  return activityTable(printing, printing.words.labels.tableTitles.payments, (period) => [
    [lines.all, asWhole(period.all), true],
    [lines.internet, period.internet],
    [lines.terminals, period.terminals],
    [lines.moroccan, period.moroccan],
    [lines.foreign, period.foreign],
  ])
}

/** [CMI-REPORTS table H] */
export const onlineTable = (printing: Printing): TableBlock => {
  const { labels } = printing.words
  return activityTable(printing, labels.tableTitles.online, (period) => [
    [labels.lines.internet, asWhole(period.internet), true],
    ...period.online.gateways.map((line): Named => [gatewayName(line.value), line]),
    [labels.lines.moroccan, period.online.moroccan],
    [labels.lines.foreign, period.online.foreign],
  ])
}

/** [CMI-REPORTS table H] */
export const sectorsTable = (printing: Printing): TableBlock => {
  const { labels } = printing.words
  return activityTable(printing, labels.tableTitles.sectors, (period) => [
    [labels.lines.internet, asWhole(period.internet), true],
    ...period.online.sectors.map((line): Named => [labels.sector(line.value), line]),
  ])
}

/** A heading of parts has no share: it is what they are shares of. */
const asWhole = (line: Line): Line => ({
  ...line,
  now: { ...line.now, countSharePct: null, amountSharePct: null },
})

/** Names of companies, which no language translates. */
export const gatewayName = (value: string): string =>
  value === 'cmi' ? 'CMI' : value === 'maroc-telecommerce' ? 'Maroc Telecommerce' : value

function activityTable(
  { facts, words, print }: Printing,
  title: string,
  named: (period: PeriodFacts) => readonly Named[],
): TableBlock {
  const { columns, previousYear, period } = words.labels
  const names = periodNames(facts)
  const all = names.flatMap((name) => named(facts.periods[name]).map(([, line]) => line))
  const money = moneyOf(all, print)
  const head = money.inMillions ? columns.amountMillions : columns.amount
  return {
    kind: 'table',
    title,
    columns: [
      '',
      ...[columns.operations, previousYear, columns.growth, columns.share],
      ...[head, previousYear, columns.growth, columns.share, columns.ticket],
    ],
    groups: names.map((name) => ({
      title: period(name, facts),
      rows: named(facts.periods[name]).map(([label, line, strong = false]) => ({
        label,
        strong,
        cells: activityCells(line, print, money.text),
      })),
    })),
    note: null,
  }
}

function activityCells(
  { now, before, growth }: Line,
  print: Print,
  money: (minor: bigint) => Figure,
): readonly Cell[] {
  return [
    [print.whole(now.count)],
    before === null ? none : [print.whole(before.count)],
    growthCell(growth?.countPct, print),
    shareCell(now.countSharePct, print),
    [money(now.amountMinor)],
    before === null ? none : [money(before.amountMinor)],
    growthCell(growth?.amountPct, print),
    shareCell(now.amountSharePct, print),
    now.averageTicketMinor === null ? none : [print.dirhams(now.averageTicketMinor)],
  ]
}

const growthCell = (pct: number | null | undefined, print: Print): Cell =>
  pct === null || pct === undefined ? none : [print.growth(pct, 1)]

const shareCell = (pct: number | null, print: Print): Cell =>
  pct === null ? none : [print.share(pct)]

/** In millions where a line has ten of them; else a small centre's table would be of zeros. */
function moneyOf(
  lines: readonly Line[],
  print: Print,
): { readonly inMillions: boolean; readonly text: (minor: bigint) => Figure } {
  const inMillions = lines.some(({ now }) => now.amountMinor >= 1_000_000_000n)
  return { inMillions, text: inMillions ? print.millions : print.dirhams }
}

export function sitesTable({ facts, words, print }: Printing): TableBlock {
  const { labels } = words
  return {
    kind: 'table',
    title: labels.tableTitles.sites,
    columns: ['', labels.columns.sites, labels.previousYear, labels.columns.growth],
    groups: periodNames(facts).map((name) => {
      const { internet, online } = facts.periods[name]
      const row = (label: string, { now, before, growth }: Line, strong = false): TableLine => ({
        label,
        strong,
        cells: [
          [print.whole(now.activeSites)],
          before === null ? none : [print.whole(before.activeSites)],
          growthCell(growth?.activeSitesPct, print),
        ],
      })
      return {
        title: labels.period(name, facts),
        rows: [
          row(labels.lines.internet, internet, true),
          ...online.gateways.map((line) => row(gatewayName(line.value), line)),
          ...online.sectors.map((line) => row(labels.sector(line.value), line)),
        ],
      }
    }),
    note: null,
  }
}

export function outlookTable({ facts, words, print }: Printing): TableBlock | null {
  const { outlook } = facts
  if (outlook.kind === 'none') return null
  const { labels } = words
  const between = ([low, high]: readonly [number, number]): Cell =>
    say`${print.aboutCount(low)}${labels.to}${print.aboutCount(high)}`
  return {
    kind: 'table',
    title: labels.tableTitles.outlook,
    columns: labels.outlookColumns,
    groups: [
      {
        title: null,
        rows: outlook.count.months.map((month, i) => ({
          label: words.labels.period('month', { ...facts, month: month.month }),
          strong: false,
          cells: [
            [print.aboutCount(month.value)],
            between(month.interval80),
            between(month.interval95),
            [print.aboutAmount(outlook.amount.months[i]?.value ?? 0)],
          ],
        })),
      },
    ],
    note: null,
  }
}
