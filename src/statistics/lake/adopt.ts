import { constants } from 'node:fs'
import { chmod, copyFile, link, lstat, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BusinessDate } from '../../kernel/business-date.ts'
import type { Clock } from '../../kernel/clock.ts'
import {
  deliveryFileName,
  deliveryFromJson,
  type DeliveredFile,
  type Delivery,
} from '../../wire/lake/index.ts'
import { LakeError } from '../lake-error.ts'
import type { Catalogue, Part } from './catalogue.ts'
import { differenceOf } from './compare.ts'
import { keepDraft, printOf } from './files.ts'
import { partOf, type Lake } from './lake.ts'
import { rollUp } from './rollups.ts'
import { countDays, currenciesIn, wrongColumn } from './sql.ts'

export type AdoptOptions = {
  /**
   * The delivery was made here, and its files are only ever replaced, never written into: each gets
   * a second name in the lake instead of a copy, where both are on one disk.
   */
  readonly share?: boolean
  /** How many of the delivery's files are checked, of how many. */
  readonly onProgress?: (done: number, of: number) => void
}

export type Adopted = {
  readonly source: string
  readonly files: number
  /** Files of the delivery that the lake had already, to the byte. */
  readonly already: number
  readonly days: number
  readonly operations: number
  readonly amountMinor: bigint
}

/**
 * Takes a delivery into the lake: all of it, once every file is what its note says, or nothing. A
 * date that is in the lake from elsewhere is refused, as it would count twice.
 */
export async function adopt(
  { lake, clock }: { readonly lake: Lake; readonly clock: Clock },
  folder: string,
  options: AdoptOptions = {},
): Promise<Adopted> {
  const delivery = await readDelivery(folder)
  const adopted = await lake.change(`adopting ${folder}`, async (before) => {
    const fresh = delivery.files.filter((file) => isNew(before, file))
    const parts: Part[] = []
    for (const [index, file] of fresh.entries()) {
      options.onProgress?.(index, fresh.length)
      const taken = await take(lake, { folder, file, share: options.share === true })
      const publishedAt = clock.now().toISOString()
      parts.push({
        ...taken,
        source: delivery.source,
        imported: true,
        publishedAt,
        days: file.days,
      })
    }
    options.onProgress?.(fresh.length, fresh.length)
    const days = parts.flatMap((part) => part.days)
    const answer = {
      source: delivery.source,
      files: delivery.files.length,
      already: delivery.files.length - fresh.length,
      days: days.length,
      operations: days.reduce((sum, { operations }) => sum + operations, 0),
      amountMinor: days.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    }
    if (parts.length === 0) return { answer }
    return { after: await rollUp(lake, before, parts), answer }
  })
  return adopted
}

async function readDelivery(folder: string): Promise<Delivery> {
  const path = join(folder, deliveryFileName)
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) {
    throw new LakeError(`${folder} is not a delivery of days: it has no ${deliveryFileName}`)
  }
  const delivery = deliveryFromJson(text)
  if (!delivery.ok) throw new LakeError(`${path} ${delivery.error}`)
  const seen = new Set<BusinessDate>()
  for (const { date } of delivery.value.files.flatMap(({ days }) => days)) {
    if (seen.has(date)) throw new LakeError(`${path} has ${date} in two files`)
    seen.add(date)
  }
  return delivery.value
}

/** False for a file that was adopted before; another one with a date of the lake is refused. */
function isNew(catalogue: Catalogue, file: DeliveredFile): boolean {
  if (catalogue.parts.some(({ sha256 }) => sha256 === file.sha256)) return false
  for (const { date } of file.days) {
    const holder = partOf(catalogue, date)
    if (holder === undefined) continue
    throw new LakeError(
      `${file.file}: the lake holds ${date} already, from ${holder.source} (${holder.file})`,
    )
  }
  return true
}

async function take(
  lake: Lake,
  taken: { readonly folder: string; readonly file: DeliveredFile; readonly share: boolean },
): Promise<Pick<Part, 'file' | 'sha256' | 'bytes' | 'currencies'>> {
  const { folder, file, share } = taken
  const source = join(folder, file.file)
  const draft = join(lake.drafts, file.file)
  if (!share || !(await linked(source, draft))) await copied(source, draft)
  const print = await printOf(draft)
  if (print.sha256 !== file.sha256) throw new LakeError(`${source} is not the file of its note`)
  const engine = await lake.engine()
  const wrong = await wrongColumn(engine, draft).catch(() => 'cannot be read as Parquet')
  const difference = wrong ?? differenceOf(file.days, await countDays(engine, [draft]))
  if (difference !== undefined) throw new LakeError(`${source} ${difference}`)
  const currencies = await currenciesIn(engine, [draft])
  const month = file.days[0]?.date.slice(0, 7) ?? ''
  const name = `${file.file.slice(0, -'.parquet'.length)}-${print.sha256.slice(0, 16)}.parquet`
  const kept = `operations/${month}/${name}`
  await keepDraft(draft, lake.path(kept))
  return { file: kept, ...print, currencies }
}

/**
 * The bytes that are checked next are those of both names from now on, so nobody may write them any
 * more. False, with nothing left behind, where that cannot be had: another disk, one without links,
 * or somebody else's file.
 */
async function linked(source: string, draft: string): Promise<boolean> {
  try {
    if (!(await lstat(source)).isFile()) return false
    await link(source, draft)
    await chmod(draft, 0o444)
    return true
  } catch {
    await rm(draft, { force: true })
    return false
  }
}

async function copied(source: string, draft: string): Promise<void> {
  try {
    await copyFile(source, draft, constants.COPYFILE_FICLONE)
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') {
      throw new LakeError(`${source} is not there`)
    }
    throw thrown
  }
}
