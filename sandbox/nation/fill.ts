import { existsSync } from 'node:fs'
import { mkdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { assert } from '../../src/kernel/assert.ts'
import type { DeliveredFile } from '../../src/wire/lake/index.ts'
import { fingerprintOf, openDrawer, type Drawer } from './draw-month.ts'
import { MadeMonths } from './made-months.ts'
import type { MonthPlan } from './month-plan.ts'
import { monthBefore, type Month } from './months.ts'
import type { Plan } from './plan.ts'

export type FillOptions = {
  readonly seed: number
  readonly plan: Plan
  readonly from: Month
  readonly to: Month
  /** Of this seed: the months' files, and `delivery.json` last. */
  readonly folder: string
  /** What the delivery is called, for people. */
  readonly source: string
  /** Months drawn side by side, and the memory of all of them. */
  readonly workers: number
  readonly memoryMb: number
  /** Rows that an earlier run had drawn, and rows drawn since the last call. */
  readonly onFound: (rows: number) => void
  readonly onRows: (rows: number) => void
  readonly signal: AbortSignal
}

export type Filled = { readonly files: readonly DeliveredFile[]; readonly made: number }

/** Ended before it was done: by whoever asked for it, or by the disk. */
export class FillStopped extends Error {
  override readonly name = 'FillStopped'
}

/** Bytes a row, at most, while a month is made: in its file, and in what the engine puts aside. */
const bytesPerRow = 18
const bytesAside = 300_000_000

export const rowsOf = ({ days }: MonthPlan): number =>
  days.reduce(
    (sum, { operations, declines, uncaptured }) => sum + operations + declines + uncaptured,
    0,
  )

/** Makes what is not there yet, month by month, then the delivery's note. */
export async function fill(options: FillOptions): Promise<Filled> {
  const { plan, folder, seed, from, to, source } = options
  await mkdir(folder, { recursive: true })
  const made = new MadeMonths(folder)
  const fingerprint = fingerprintOf(plan, seed)
  const months = plan.months.filter(({ month }) => month >= from && month <= to)
  const found = new Map<Month, DeliveredFile>()
  for (const month of months) {
    const file = await made.find(month.month, fingerprint(month))
    if (file === undefined) continue
    found.set(month.month, file)
    options.onFound(rowsOf(month))
  }
  const missing = months.filter(({ month }) => !found.has(month))
  if (missing.length > 0) await made.withdraw()
  await refuseLittleRoom(folder, missing)
  const fresh = await drawAll(missing, { ...options, made, fingerprint })
  const files = months.map(({ month }) => {
    const file = found.get(month) ?? fresh.get(month)
    assert(file !== undefined, 'each month was found or made')
    return file
  })
  await made.keepMerchants(plan.merchants)
  await made.deliver({ source, files })
  return { files, made: fresh.size }
}

async function refuseLittleRoom(folder: string, months: readonly MonthPlan[]): Promise<void> {
  if (months.length === 0) return
  const rows = months.reduce((sum, month) => sum + rowsOf(month), 0)
  const needed = rows * bytesPerRow + bytesAside
  const { bavail, bsize } = await statfs(folder)
  if (bavail * bsize >= needed) return
  const mb = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`
  throw new FillStopped(
    `${folder} needs ${mb(needed)} for ${months.length} months, and its disk has ${mb(bavail * bsize)}`,
  )
}

type Drawing = FillOptions & {
  readonly made: MadeMonths
  readonly fingerprint: (month: MonthPlan) => string
}

/** Months in order, each by the next free engine; what a month leaves to the next is waited for. */
async function drawAll(
  months: readonly MonthPlan[],
  drawing: Drawing,
): Promise<ReadonlyMap<Month, DeliveredFile>> {
  const { workers, memoryMb, signal, made, fingerprint } = drawing
  const queue = [...months]
  const lanes = Math.min(workers, queue.length)
  const files = new Map<Month, DeliveredFile>()
  const carries = new Carries(drawing, months)
  const drawers = new Set<Drawer>()
  const interrupt = (): void => {
    for (const drawer of drawers) drawer.interrupt()
    carries.giveUp()
  }
  signal.addEventListener('abort', interrupt)
  let failure: unknown
  const lane = async (_: unknown, number: number): Promise<void> => {
    const onDone = (month: MonthPlan, part: number): void => {
      if (months.includes(month)) drawing.onRows(part * rowsOf(month))
    }
    let drawer: Drawer | undefined
    try {
      const engine = { name: `.drawing-${number}`, memoryMb: Math.floor(memoryMb / lanes) }
      drawer = await openDrawer({ ...drawing, ...engine, onDone })
      drawers.add(drawer)
      for (let month = queue.shift(); month !== undefined; month = queue.shift()) {
        if (signal.aborted || failure !== undefined) return
        const carried = await carries.before(month, drawer)
        await carries.draw(month, drawer)
        await carried.ready
        const file = await drawer.write(month, carried.file)
        await made.keep(month.month, fingerprint(month), file)
        files.set(month.month, file)
      }
    } catch (error) {
      failure ??= error
      interrupt()
    } finally {
      drawer?.close()
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  signal.removeEventListener('abort', interrupt)
  if (signal.aborted) throw stopped('stopped', files.size, months.length)
  if (failure !== undefined) throw explained(failure, drawing.folder, files.size, months.length)
  return files
}

const stopped = (why: string, done: number, of: number): FillStopped =>
  new FillStopped(`${why}: ${done} of ${of} months are made; the same command goes on from there`)

function explained(failure: unknown, folder: string, done: number, of: number): unknown {
  const text = failure instanceof Error ? failure.message : ''
  if (!/no space left|ENOSPC|EDQUOT|disk quota|could not write/i.test(text)) return failure
  return stopped(`the disk of ${folder} is full`, done, of)
}

/** Files of what goes back in the month after: made with each month, before its own file. */
class Carries {
  readonly #options: Drawing
  readonly #ready = new Map<
    Month,
    { readonly promise: Promise<void>; done: (fine: boolean) => void }
  >()

  constructor(options: Drawing, months: readonly MonthPlan[]) {
    this.#options = options
    for (const { month } of months) {
      let done: (fine: boolean) => void = () => undefined
      const promise = new Promise<void>((resolve, reject) => {
        done = (fine) => {
          if (fine) resolve()
          else reject(new Error('the month before was not made'))
        }
      })
      promise.catch(() => undefined)
      this.#ready.set(month, { promise, done })
    }
  }

  async draw(month: MonthPlan, drawer: Drawer): Promise<void> {
    await drawer.draw(month, this.#fileOf(month))
    this.#ready.get(month.month)?.done(true)
  }

  /** Where the month before was made by an earlier run, and left nothing, it is drawn again. */
  async before(
    { month }: MonthPlan,
    drawer: Drawer,
  ): Promise<{ readonly file: string | undefined; readonly ready: Promise<void> }> {
    const earlier = monthBefore(month)
    const plan = this.#options.plan.months.find((one) => one.month === earlier)
    if (plan === undefined) return { file: undefined, ready: Promise.resolve() }
    const file = this.#fileOf(plan)
    const underWay = this.#ready.get(plan.month)
    if (underWay === undefined && !existsSync(file)) await drawer.draw(plan, file)
    return { file, ready: underWay?.promise ?? Promise.resolve() }
  }

  giveUp(): void {
    for (const { done } of this.#ready.values()) done(false)
  }

  #fileOf(month: MonthPlan): string {
    const { folder, fingerprint } = this.#options
    return join(folder, `.carry-${month.month}-${fingerprint(month)}.parquet`)
  }
}
