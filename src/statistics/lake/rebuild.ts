import type { Catalogue, Part } from './catalogue.ts'
import { inOrder, monthsOf, type Lake } from './lake.ts'
import { republish, type Publishing } from './publish.ts'
import { rollUp } from './rollups.ts'
import { verifyLake, type Fault } from './verify.ts'

export type Rebuilt = {
  /** Files that are whole again. */
  readonly made: readonly string[]
  /** Files that this centre cannot make, with what to do. */
  readonly left: readonly Fault[]
}

/** Makes again what is damaged and can be made: own days from the tranlog, rollups from parts. */
export async function rebuild(lake: Lake, publishing: Publishing | undefined): Promise<Rebuilt> {
  const { faults } = await verifyLake(lake)
  const made: string[] = []
  const left: Fault[] = []
  for (const fault of faults) {
    const { part } = fault
    if (part === undefined) made.push(fault.file)
    else if (part.imported || publishing === undefined) left.push(fault)
    else {
      await republish(publishing, part)
      made.push(fault.file)
    }
  }
  const damaged = new Set(left.flatMap(({ part }) => (part === undefined ? [] : monthsOf([part]))))
  const rollups = faults.filter(({ part }) => part === undefined)
  if (rollups.length > 0) await rebuildRollups(lake, damaged)
  return { made, left }
}

/** Rollups of a month whose parts are damaged stay as they are: they are all that is left of it. */
async function rebuildRollups(lake: Lake, damaged: ReadonlySet<string>): Promise<void> {
  await lake.change('making the rollups again', async (before) => {
    const kept = before.rollups.filter(({ month }) => damaged.has(month))
    const whole = before.parts.filter((part) => !damaged.has(monthsOf([part])[0] ?? ''))
    const rest = before.parts.filter((part) => damaged.has(monthsOf([part])[0] ?? ''))
    return { after: await rollUp(lake, { parts: rest, rollups: kept }, whole), answer: undefined }
  })
}

/** Takes an adopted part out of the lake, so that its delivery can be adopted again. */
export async function forget(lake: Lake, file: string): Promise<Part | undefined> {
  return await lake.change(`forgetting ${file}`, async (before: Catalogue) => {
    const part = before.parts.find((one) => one.file === file && one.imported)
    if (part === undefined) return { answer: undefined }
    const [month] = monthsOf([part])
    const others = before.parts.filter((one) => one !== part)
    const within = others.filter((one) => monthsOf([one])[0] === month)
    const rest = {
      parts: others.filter((one) => monthsOf([one])[0] !== month),
      rollups: before.rollups.filter((rollup) => rollup.month !== month),
    }
    const after = within.length === 0 ? rest : await rollUp(lake, rest, within)
    return { after: { ...after, parts: inOrder(after.parts) }, answer: part }
  })
}
