import type { BusinessDate } from '../../kernel/business-date.ts'
import type { Clock } from '../../kernel/clock.ts'
import { LakeError } from '../lake-error.ts'
import type { Catalogue, Part } from './catalogue.ts'
import { draftOf, exportDay, type OwnRecord } from './export-day.ts'
import { selectDays } from './export-sql.ts'
import { keepDraft, printOf } from './files.ts'
import { monthsOf, partOf, type Lake } from './lake.ts'
import { rollUp } from './rollups.ts'

/** The source of the days that this centre lived itself. */
export const ownSource = 'centre'

export type Published = {
  readonly part: Part
  /** It was in the lake before: nothing was done. */
  readonly already: boolean
}

export type Publishing = {
  readonly lake: Lake
  readonly record: OwnRecord
  readonly clock: Clock
}

/** Puts a closed business date of this centre into the lake, once. */
export async function publishDay(
  publishing: Publishing,
  date: BusinessDate,
  waitMs?: number,
): Promise<Published> {
  const { lake } = publishing
  const publish = async (before: Catalogue) => {
    const holder = partOf(before, date)
    if (holder?.source === ownSource && !holder.imported) {
      return { answer: { part: holder, already: true } }
    }
    if (holder !== undefined) {
      throw new LakeError(
        `the lake holds ${date} already, from ${holder.source}: this centre’s own day would count twice`,
      )
    }
    const part = await makePart(publishing, date)
    return { after: await rollUp(lake, before, [part]), answer: { part, already: false } }
  }
  return await lake.change(`publishing ${date}`, publish, waitMs)
}

/** Makes a damaged part of this centre's own again; the totals must be those it had. */
export async function republish(publishing: Publishing, damaged: Part): Promise<Part> {
  const { lake } = publishing
  const [day] = damaged.days
  if (damaged.imported || day === undefined || damaged.days.length !== 1) {
    throw new LakeError(`${damaged.file} came from ${damaged.source}: adopt it again`)
  }
  return await lake.change(`making ${damaged.file} again`, async (before) => {
    const part = await makePart(publishing, day.date)
    const [made] = part.days
    if (made?.operations !== day.operations || made.amountMinor !== day.amountMinor) {
      throw new LakeError(
        `${day.date} was published with ${day.operations} operations of ${day.amountMinor}, and ` +
          `the tranlog holds ${made?.operations ?? 0} of ${made?.amountMinor ?? 0n}: not replaced`,
      )
    }
    return { after: await replacePart(lake, before, { old: damaged, part }), answer: part }
  })
}

/** The month's rollups are made again from what is there now. */
export async function replacePart(
  lake: Lake,
  before: Catalogue,
  { old, part }: { readonly old: Part; readonly part: Part },
): Promise<Catalogue> {
  const parts = before.parts.filter(({ file }) => file !== old.file)
  const [month] = monthsOf([old])
  const rollups = before.rollups.filter((rollup) => rollup.month !== month)
  return await rollUp(lake, { parts, rollups }, [part])
}

async function makePart({ lake, record, clock }: Publishing, date: BusinessDate): Promise<Part> {
  const [day] = await selectDays(record.database, date, date)
  if (day?.closed !== true) {
    throw new LakeError(
      day === undefined
        ? `${date} is no business day of this centre`
        : `${date} is still open: its figures are not final`,
    )
  }
  const draft = draftOf(lake.drafts, date)
  const { totals, currencies } = await exportDay(record, lake.engine, { date, path: draft })
  const print = await printOf(draft)
  const name = `${ownSource}-${date}-${print.sha256.slice(0, 16)}.parquet`
  const file = `operations/${date.slice(0, 7)}/${name}`
  await keepDraft(draft, lake.path(file))
  const publishedAt = clock.now().toISOString()
  const about = { source: ownSource, imported: false, publishedAt }
  return { file, ...print, ...about, currencies, days: [totals] }
}
