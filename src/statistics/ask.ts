import type { Clock } from '../kernel/clock.ts'
import { MAD } from '../kernel/currency.ts'
import { count, withGrowth, type Counted } from './answer.ts'
import type { Cut } from './cut.ts'
import type { CountedCell } from './disclosure/index.ts'
import type { Lake } from './lake/lake.ts'
import { yearBefore, type Month, type Period } from './period.ts'
import { countPublicCells, type PublicTable } from './public-cells.ts'
import { publishTable } from './published.ts'
import { checkQuestion, type Question } from './question.ts'
import { findSource, type Found, type OwnDays } from './source.ts'
import { tablePeriods, type PublishedTable } from './table.ts'

export type Asked = { readonly lake: Lake; readonly clock: Clock; readonly own: OwnDays }

export async function cut(asked: Asked, question: Question): Promise<Cut> {
  checkQuestion(question)
  const { from, to, by, currency = MAD } = question
  return await reading(asked, async (find) => {
    const found = await find(question)
    const current = await counted(asked, found, question)
    const dates = found.dates.length
    const { sources, currencies } = found
    const about = {
      ...{ from, to, by, currency, currencies, sources, dates },
      ...stampOf(asked, found, to),
    }
    if (question.extras?.includes('growth') !== true) {
      return { ...about, previous: null, ...current, rows: [...current.rows.values()] }
    }
    const period = yearBefore(question)
    const before = await find(period)
    const previous = await counted(asked, before, { ...question, ...period })
    return {
      ...about,
      previous: { ...period, dates: before.dates.length },
      ...withGrowth(question, current, previous),
    }
  })
}

/** The cells by which public cuts are judged. */
export async function publicCells(
  asked: Asked,
  period: Period,
  table: PublicTable,
): Promise<readonly CountedCell[]> {
  return await reading(asked, async (find) =>
    countPublicCells(await asked.lake.engine(), await find(period), period, table),
  )
}

export async function publishedTable(
  asked: Asked,
  month: Month,
  { fromOperations = false }: { readonly fromOperations?: boolean } = {},
): Promise<PublishedTable> {
  const { ytd } = tablePeriods(month)
  return await reading(asked, async (find) => {
    const current = await find(ytd)
    const sources = { current, previous: await find(yearBefore(ytd)) }
    const table = await publishTable(await asked.lake.engine(), month, sources, fromOperations)
    const { sources: from, currencies } = current
    return { ...table, ...stampOf(asked, current, ytd.to), sources: from, currencies }
  })
}

const counted = async ({ lake }: Asked, found: Found, question: Question): Promise<Counted> =>
  await count(await lake.engine(), found, question)

/**
 * Finds the files of periods and reads them. Between the two, another process may have put new ones
 * in their place: then once more, from the catalogue as it is by now.
 */
async function reading<T>(
  { lake, own }: Asked,
  act: (find: (period: Period) => Promise<Found>) => Promise<T>,
): Promise<T> {
  const before = await lake.catalogue()
  const find = (period: Period): Promise<Found> => findSource(lake, period, own)
  try {
    return await act(find)
  } catch (thrown) {
    if ((await lake.catalogue()) === before) throw thrown
    return await act(find)
  }
}

function stampOf({ clock }: Asked, found: Found, to: string): Pick<Cut, 'asOf' | 'provisional'> {
  const readAt = found.live.filter(({ closed }) => !closed).map(({ readAt }) => readAt)
  const [oldest = clock.now()] = readAt.sort((a, b) => a.getTime() - b.getTime())
  return {
    asOf: oldest.toISOString(),
    provisional: readAt.length > 0 || (found.lastDate ?? '') < to,
  }
}
