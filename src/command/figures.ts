import { readFile } from 'node:fs/promises'
import { dayNumber } from '../kernel/business-date.ts'
import type {
  Catalogue,
  Month,
  Period,
  PublishedTable,
  Statistics,
  TableRow,
} from '../statistics/index.ts'
import { checkedCells, checkedHead, checkedToJson, checkReference } from './figures-check.ts'
import { parseReference } from './figures-reference.ts'
import { figureText, isAlias, tableToJson, tableToText, type Held } from './figures-table.ts'
import { monthOf, withLake } from './lake.ts'
import { readWords, table, UsageError, type Command } from './usage.ts'

export const figuresCommand: Command = {
  name: 'figures',
  about: 'the published table of a month and its year, recounted or compared with what was printed',
  usage: ['figures --month 2013-09 [--verify] [--json]', 'figures check FILE [--json]'],
  run: async (words, say) => {
    const { rest, options } = readWords(words, {
      flags: ['--json', '--verify'],
      values: ['--month'],
    })
    const [verb, file] = rest
    const json = options.has('--json')
    if (verb === 'check' && file !== undefined && rest.length === 2) {
      if (options.has('--month') || options.has('--verify')) {
        throw new UsageError('figures check takes the month from its file')
      }
      return await check({ file, json, say })
    }
    if (rest.length > 0) throw new UsageError('figures --month M, or figures check FILE')
    const asked = { month: monthOf(options), verify: options.has('--verify'), json, say }
    await withLake(({ statistics }) => print(statistics, asked))
  },
}

type Say = (line: string) => void

async function print(
  statistics: Statistics,
  asked: {
    readonly month: Month
    readonly verify: boolean
    readonly json: boolean
    readonly say: Say
  },
): Promise<void> {
  const { month, verify, json, say } = asked
  const { figures, held } = await readFigures(statistics, month)
  const recounted = verify
    ? await statistics.publishedTable(month, { fromOperations: true })
    : undefined
  const different = recounted && differences(figures.rows, recounted.rows)
  if (json) {
    const agrees = different && { verified: different.length === 0, different }
    say(JSON.stringify({ ...tableToJson(figures), ...agrees }))
  } else {
    for (const line of tableToText(figures, held)) say(line)
    if (different?.length === 0) {
      say('')
      say(`verified: counted again from every operation, all ${figures.rows.length} figures agree`)
    }
  }
  if (different === undefined || different.length === 0) return
  const lines = different.map(({ id, published, counted }) => [id, published, counted])
  throw new Error(
    [
      `${different.length} figures are not what their operations say: lake verify, then lake rebuild`,
      ...table([['figure', 'published', 'from operations'], ...lines]),
    ].join('\n'),
  )
}

/** The table of a month that the lake knows something of; of another there is nothing to print. */
async function readFigures(
  statistics: Statistics,
  month: Month,
): Promise<{ readonly figures: PublishedTable; readonly held: Record<'month' | 'ytd', Held> }> {
  const catalogue = await statistics.catalogue()
  const dates = datesOf(catalogue)
  if (!dates.some((date) => date.startsWith(month))) {
    const [first, last] = [dates[0], dates.at(-1)]
    const known =
      first === undefined ? 'they hold nothing yet' : `they hold ${first} to ${last ?? first}`
    throw new Error(`the figures hold no date of ${month}: ${known}`)
  }
  const figures = await statistics.publishedTable(month)
  const heldIn = ({ from, to }: Period): number =>
    dates.filter((date) => date >= from && date <= to).length
  const heldOf = (period: 'month' | 'ytd'): Held => {
    const { previous, ...current } = figures.periods[period]
    const of = dayNumber(current.to) - dayNumber(current.from) + 1
    return { of, current: heldIn(current), previous: heldIn(previous) }
  }
  const held = { month: heldOf('month'), ytd: heldOf('ytd') }
  // A year that nobody put into the lake is unknown, which is not the same as nothing.
  const rows = figures.rows.map((row) =>
    held[row.period].previous === 0 ? { ...row, previous: null } : row,
  )
  return { figures: { ...figures, rows }, held }
}

const datesOf = ({ parts }: Catalogue): readonly string[] =>
  parts.flatMap(({ days }) => days.map(({ date }) => date)).sort()

type Difference = { readonly id: string; readonly published: string; readonly counted: string }

/** Figures that the two ways of counting do not agree on, to the unit. */
export function differences(
  published: readonly TableRow[],
  counted: readonly TableRow[],
): readonly Difference[] {
  const text = (row: TableRow | undefined, side: 'value' | 'previous'): string =>
    row === undefined ? 'none' : figureText(row.measure, row[side])
  const [left, right] = [published, counted].map(
    (rows) => new Map(rows.map((row) => [row.id, row])),
  )
  const ids = new Set([...published, ...counted].filter((row) => !isAlias(row)).map(({ id }) => id))
  return [...ids].flatMap((id) =>
    (['value', 'previous'] as const).flatMap((side) => {
      const [one, other] = [left?.get(id), right?.get(id)]
      // The year before that nobody knows is left out of what is published.
      if (side === 'previous' && one?.previous === null) return []
      if (one !== undefined && other !== undefined && one[side] === other[side]) return []
      const name = side === 'value' ? id : `${id}, the year before`
      return [{ id: name, published: text(one, side), counted: text(other, side) }]
    }),
  )
}

async function check({
  file,
  json,
  say,
}: {
  readonly file: string
  readonly json: boolean
  readonly say: Say
}): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) throw new Error(`${file} cannot be read`)
  const reference = parseReference(text)
  if (!reference.ok) throw new Error(`${file} ${reference.error}`)
  const { month } = reference.value
  const checked = await withLake(async ({ statistics }) => {
    const { figures } = await readFigures(statistics, month)
    return checkReference(figures, reference.value)
  })
  const failed = checked.filter(({ ok }) => !ok).length
  if (json) {
    say(JSON.stringify({ month, file, ok: failed === 0, checks: checkedToJson(checked) }))
  } else {
    for (const line of table([checkedHead, ...checked.map(checkedCells)])) say(line)
    if (failed === 0) say(`${month}: all ${checked.length} printed figures hold`)
  }
  if (failed > 0)
    throw new Error(`${month}: ${failed} of ${checked.length} printed figures are off`)
}
