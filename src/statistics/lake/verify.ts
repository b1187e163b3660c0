import { ownSource } from './publish.ts'
import { filesOfRollup, type Part, type RollupFile } from './catalogue.ts'
import { differenceOf } from './compare.ts'
import { bytesOf, printOf } from './files.ts'
import { inOrder, monthsOf, type Lake } from './lake.ts'
import { countDays, wrongColumn } from './sql.ts'

export type Fault = {
  readonly file: string
  /** A sentence without its subject: `is missing`. */
  readonly what: string
  /** Of a part; undefined for a rollup, which is made from parts. */
  readonly part?: Part
  /** How it is mended, for people. */
  readonly cure: string
}

export type Verified = {
  readonly parts: number
  readonly days: number
  readonly rows: number
  readonly operations: number
  readonly faults: readonly Fault[]
}

/** Reads every file whole: its bytes, its columns, and what each of its dates adds up to. */
export async function verifyLake(
  lake: Lake,
  onProgress: (done: number, of: number) => void = () => undefined,
): Promise<Verified> {
  const { parts, rollups } = await lake.catalogue()
  const faults: Fault[] = []
  const ordered = inOrder(parts)
  for (const [index, part] of ordered.entries()) {
    onProgress(index, ordered.length)
    const what = await faultOf(lake, part)
    if (what !== undefined) faults.push({ file: part.file, what, part, cure: cureOf(part) })
  }
  const cure = 'lake rebuild makes it from its parts'
  for (const rollup of rollups) {
    for (const file of filesOfRollup(rollup)) {
      const what = await changed(lake, file)
      if (what !== undefined) faults.push({ file: file.file, what, cure })
    }
  }
  for (const month of monthsOf(parts)) {
    if (rollups.some((rollup) => rollup.month === month)) continue
    faults.push({ file: `rollups/${month}`, what: 'is missing', cure })
  }
  onProgress(ordered.length, ordered.length)
  const days = parts.flatMap((part) => part.days)
  return {
    parts: parts.length,
    days: days.length,
    rows: days.reduce((sum, { rows }) => sum + rows, 0),
    operations: days.reduce((sum, { operations }) => sum + operations, 0),
    faults,
  }
}

const cureOf = ({ imported, source }: Part): string =>
  imported || source !== ownSource
    ? `it came from “${source}”: lake forget it, then adopt its delivery again`
    : 'lake rebuild makes it from the tranlog'

async function faultOf(lake: Lake, part: Part): Promise<string | undefined> {
  const broken = await changed(lake, part)
  if (broken !== undefined) return broken
  const engine = await lake.engine()
  const path = lake.path(part.file)
  const wrong = await wrongColumn(engine, path).catch(() => 'cannot be read as Parquet')
  return wrong ?? differenceOf(part.days, await countDays(engine, [path]))
}

async function changed(lake: Lake, file: RollupFile): Promise<string | undefined> {
  const path = lake.path(file.file)
  const bytes = await bytesOf(path)
  if (bytes === undefined) return 'is missing'
  if (bytes < file.bytes) return `is cut: ${bytes} of ${file.bytes} bytes`
  const { sha256 } = await printOf(path)
  return sha256 === file.sha256 ? undefined : 'was altered: its sha256 is another'
}
