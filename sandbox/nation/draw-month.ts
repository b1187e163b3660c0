import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { assert } from '../../src/kernel/assert.ts'
import { parseBusinessDate } from '../../src/kernel/business-date.ts'
import { openDuckdb, type Duckdb } from '../../src/platform/duckdb.ts'
import type { DayTotals, DeliveredFile } from '../../src/wire/lake/index.ts'
import type { MonthPlan } from './month-plan.ts'
import * as sql from './month-sql.ts'
import type { Plan } from './plan.ts'
import { loadMonth, loadNation } from './tables.ts'

/** One engine, of one thread, that draws months one after another. */
export type Drawer = {
  /** The month's operations, and a file of what goes back in the month after. */
  draw(month: MonthPlan, carryFile: string): Promise<void>
  /** Writes the month that was drawn last. */
  write(month: MonthPlan, carriedFile: string | undefined): Promise<DeliveredFile>
  interrupt(): void
  close(): void
}

/** What a step of a month is of the whole of it, as measured. */
const steps = [
  [sql.attempts, 0.08],
  [sql.factors, 0.02],
  [sql.rests, 0.03],
  [sql.made, 0.42],
  [sql.returned, 0.01],
] as const

export async function openDrawer(options: {
  readonly seed: number
  readonly plan: Plan
  readonly folder: string
  /** Of the engine's own folder in there, for what does not fit its memory. */
  readonly name: string
  readonly memoryMb: number
  /** The part of a month that has been done since the last call. */
  readonly onDone: (month: MonthPlan, part: number) => void
}): Promise<Drawer> {
  const { seed, plan, folder, name, memoryMb, onDone } = options
  // One thread: months are drawn side by side, and the order of sums is always the same.
  const temporaryFolder = join(folder, name)
  await mkdir(temporaryFolder, { recursive: true })
  const engine = await openDuckdb({ threads: 1, memoryMb, temporaryFolder })
  let isInterrupted = false
  const run = async (statement: string): Promise<void> => {
    if (isInterrupted) throw new Error('interrupted')
    await engine.query(statement)
  }
  await loadNation(engine, { seed, merchants: plan.merchants })
  return {
    draw: async (month, carryFile) => {
      await loadMonth(engine, month, plan.merchants)
      for (const [statement, part] of steps) {
        await run(statement)
        onDone(month, part)
      }
      await run('DROP TABLE attempts')
      const draft = `${carryFile}.draft`
      await run(sql.carryTo(month.month, draft))
      await rename(draft, carryFile)
    },
    write: async (month, carriedFile) => {
      const file = `${month.month}.parquet`
      const draft = join(folder, `.${file}.draft`)
      try {
        await run(sql.monthTo(month.month, draft, carriedFile))
        const days = await totals(engine, draft)
        const sha256 = await sha256Of(draft)
        await rename(draft, join(folder, file))
        onDone(month, 1 - steps.reduce((sum, [, part]) => sum + part, 0))
        return { file, sha256, days }
      } finally {
        await rm(draft, { force: true })
      }
    },
    interrupt: () => {
      isInterrupted = true
      engine.interrupt()
    },
    close: () => {
      engine.close()
    },
  }
}

async function totals(engine: Duckdb, file: string): Promise<readonly DayTotals[]> {
  const rows = await engine.query<{
    date: string
    rows: bigint
    operations: bigint
    amount: bigint
  }>(sql.totalsOf(file))
  return rows.map((row) => {
    const date = parseBusinessDate(row.date)
    assert(date !== undefined, 'the engine prints dates as they are written')
    return {
      ...{ date, rows: Number(row.rows), operations: Number(row.operations) },
      amountMinor: row.amount,
    }
  })
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
    assert(Buffer.isBuffer(chunk), 'a file is read as bytes')
    hash.update(chunk)
  }
  return hash.digest('hex')
}

/** The same wherever the same plan is drawn by the same statements. */
export function fingerprintOf(plan: Plan, seed: number): (month: MonthPlan) => string {
  const statements = [...steps.map(([statement]) => statement), sql.monthTo('M', 'F', 'C')]
  const whole = createHash('sha256').update(JSON.stringify([seed, statements, plan.merchants]))
  return (month) => whole.copy().update(JSON.stringify(month)).digest('hex').slice(0, 16)
}
