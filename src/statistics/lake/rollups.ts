import { join } from 'node:path'
import { sqlText } from '../../platform/duckdb.ts'
import {
  filesOfRollup,
  type Catalogue,
  type Part,
  type Rollup,
  type RollupFile,
  type RollupKind,
} from './catalogue.ts'
import { bytesOf, keepDraft, printOf } from './files.ts'
import { inOrder, monthsOf, type Lake } from './lake.ts'
import { cubeOf, hoursOf, parquetOf, parquetOptions, sitesOf } from './sql.ts'

const sqlOf: Readonly<Record<RollupKind, (source: string) => string>> = {
  cube: cubeOf,
  sites: sitesOf,
  hours: hoursOf,
}

/** The catalogue with these parts in it, and the rollups of their months with what they add. */
export async function rollUp(
  lake: Lake,
  before: Catalogue,
  added: readonly Part[],
): Promise<Catalogue> {
  const months = monthsOf(added)
  const rollups = new Map(before.rollups.map((rollup) => [rollup.month, rollup]))
  for (const month of months) {
    const fresh = added.filter((part) => monthsOf([part])[0] === month)
    const old = await usable(lake, rollups.get(month))
    const lacks = old === undefined && before.parts.some((part) => monthsOf([part])[0] === month)
    const parts = lacks
      ? [...before.parts.filter((part) => monthsOf([part])[0] === month), ...fresh]
      : fresh
    rollups.set(month, await makeRollup(lake, { month, parts, ...(old && { old }) }))
  }
  const byMonth = [...rollups.values()].sort((a, b) => (a.month < b.month ? -1 : 1))
  return { parts: inOrder([...before.parts, ...added]), rollups: byMonth }
}

/** Undefined where a file of it is gone or cut: it is made again from the month's parts. */
export async function usable(lake: Lake, rollup: Rollup | undefined): Promise<Rollup | undefined> {
  if (rollup === undefined) return undefined
  for (const { file, bytes } of filesOfRollup(rollup)) {
    if ((await bytesOf(lake.path(file))) !== bytes) return undefined
  }
  return rollup
}

export async function makeRollup(
  lake: Lake,
  made: { readonly month: string; readonly parts: readonly Part[]; readonly old?: Rollup },
): Promise<Rollup> {
  const source = parquetOf(made.parts.map(({ file }) => lake.path(file)))
  const write = async (kind: RollupKind): Promise<RollupFile> => {
    const fresh = sqlOf[kind](source)
    const old = made.old === undefined ? '' : parquetOf([lake.path(made.old[kind].file)])
    const all = old === '' ? fresh : `SELECT * FROM ${old} UNION ALL (${fresh}) ORDER BY ALL`
    const draft = join(lake.drafts, `${made.month}-${kind}.parquet`)
    const engine = await lake.engine()
    await engine.query(`COPY (${all}) TO ${sqlText(draft)} ${parquetOptions}`)
    const print = await printOf(draft)
    const file = `rollups/${made.month}/${kind}-${print.sha256.slice(0, 16)}.parquet`
    await keepDraft(draft, lake.path(file))
    return { file, ...print }
  }
  const [cube, sites, hours] = [await write('cube'), await write('sites'), await write('hours')]
  return { month: made.month, cube, sites, hours }
}
