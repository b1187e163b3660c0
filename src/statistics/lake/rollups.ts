import { join } from 'node:path'
import { MAD } from '../../kernel/currency.ts'
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
import { inOrder, monthsOf, operationsOf, type Lake } from './lake.ts'
import { byMonth, rowsOfRollup, summedUp } from './rollup-sql.ts'
import { operationsIn, parquetOf, parquetOptions } from './sql.ts'

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
  const isWhole = async ({ file, bytes }: RollupFile): Promise<boolean> =>
    (await bytesOf(lake.path(file))) === bytes
  const whole = await Promise.all(filesOfRollup(rollup).map(isWhole))
  return whole.every(Boolean) ? rollup : undefined
}

export async function makeRollup(
  lake: Lake,
  made: { readonly month: string; readonly parts: readonly Part[]; readonly old?: Rollup },
): Promise<Rollup> {
  const engine = await lake.engine()
  const files = made.parts.map((part) => operationsOf(lake, part))
  const write = async (kind: RollupKind): Promise<RollupFile> => {
    const old = made.old === undefined ? undefined : parquetOf([lake.path(made.old[kind].file)])
    const draft = join(lake.drafts, `${made.month}-${kind}.parquet`)
    const rows = joined(kind, rowsOfRollup[kind](summed), old)
    await engine.query(`COPY (${rows} ORDER BY ALL) TO ${sqlText(draft)} ${parquetOptions}`)
    const print = await printOf(draft)
    const file = `rollups/${made.month}/${kind}-${print.sha256.slice(0, 16)}.parquet`
    await keepDraft(draft, lake.path(file))
    return { file, ...print }
  }
  // Whoever makes rollups holds the lake, and so the name.
  await engine.query(
    `CREATE OR REPLACE TEMP TABLE ${summed} AS ${summedUp(operationsIn(files, MAD))}`,
  )
  // While one is made durable, the next is written.
  const all = [write('cube'), write('sites'), write('hours'), write('months')] as const
  try {
    const [cube, sites, hours, months] = await Promise.all(all)
    return { month: made.month, cube, sites, hours, months }
  } finally {
    await Promise.allSettled(all)
    await engine.query(`DROP TABLE ${summed}`)
  }
}

const summed = 'summed_up'

/** Added dates are rows of their own, but where the month is told as one. */
function joined(kind: RollupKind, fresh: string, old: string | undefined): string {
  if (old === undefined) return fresh
  const all = `SELECT * FROM ${old} UNION ALL (${fresh})`
  return kind === 'months' ? byMonth(all) : all
}
