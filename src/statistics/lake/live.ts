import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BusinessDate } from '../../kernel/business-date.ts'
import type { Clock } from '../../kernel/clock.ts'
import { isAlive } from '../../platform/postgres/postmaster.ts'
import { diskFailure } from '../lake-error.ts'
import type { Period } from '../period.ts'
import type { LiveDay, OwnDays } from '../source.ts'
import { exportDay, type OwnRecord } from './export-day.ts'
import { selectDays, selectLatestDay, type DayRow } from './export-sql.ts'
import type { Lake } from './lake.ts'

/** Whoever asks within this time of another gets the same figures of an open day. */
const freshMs = 2_000

/** A question that was asked of a file may still be waiting for its turn. */
const keptMs = 120_000

type Exported = LiveDay & { readonly atMs: number }

/**
 * The days that the lake does not hold: the open one, and closed ones until they are published.
 * They are exported like any day, beside the lake, so that one engine and one statement count both.
 */
export class LiveDays implements OwnDays {
  readonly #lake: Lake
  readonly #record: OwnRecord
  readonly #clock: Clock
  readonly #last = new Map<BusinessDate, Exported>()
  readonly #underWay = new Map<BusinessDate, Promise<Exported>>()
  readonly #files: { readonly path: string; readonly atMs: number }[] = []
  #made = 0

  constructor(options: { readonly lake: Lake; readonly record: OwnRecord; readonly clock: Clock }) {
    this.#lake = options.lake
    this.#record = options.record
    this.#clock = options.clock
  }

  async of(period: Period, published: ReadonlySet<BusinessDate>): Promise<readonly LiveDay[]> {
    const { database } = this.#record
    const lived = await selectDays(database, period.from, period.to)
    const found: LiveDay[] = []
    for (const day of lived) if (!published.has(day.date)) found.push(await this.#read(day))
    return found
  }

  latest(): Promise<BusinessDate | undefined> {
    return selectLatestDay(this.#record.database)
  }

  async close(): Promise<void> {
    for (const { path } of this.#files) await rm(path, { force: true })
  }

  /** Those who ask at once wait for one export. */
  async #read(day: DayRow): Promise<LiveDay> {
    const last = this.#last.get(day.date)
    const isFresh = last !== undefined && this.#clock.monotonicMs() - last.atMs < freshMs
    // What was read after the close stays as it is.
    if (last?.closed === true || (isFresh && !day.closed)) return last
    const underWay = this.#underWay.get(day.date) ?? this.#export(day)
    this.#underWay.set(day.date, underWay)
    try {
      return await underWay
    } finally {
      this.#underWay.delete(day.date)
    }
  }

  async #export({ date, closed }: DayRow): Promise<Exported> {
    const folder = join(this.#lake.folder, 'live')
    const [atMs, readAt] = [this.#clock.monotonicMs(), this.#clock.now()]
    try {
      await mkdir(folder, { recursive: true })
      if (this.#made === 0) await removeOrphans(folder)
      const path = join(folder, `${date}.${process.pid}.${(this.#made += 1)}.parquet`)
      this.#files.push({ path, atMs })
      const { currencies } = await exportDay(this.#record, this.#lake.engine, { date, path })
      const exported = { date, closed, currencies, path, readAt, atMs }
      this.#last.set(date, exported)
      await this.#removeOld(atMs)
      return exported
    } catch (thrown) {
      throw diskFailure(`reading ${date}`, thrown)
    }
  }

  async #removeOld(nowMs: number): Promise<void> {
    const wanted = new Set([...this.#last.values()].map(({ path }) => path))
    for (let i = this.#files.length - 1; i >= 0; i--) {
      const file = this.#files[i]
      if (file === undefined || wanted.has(file.path) || nowMs - file.atMs < keptMs) continue
      this.#files.splice(i, 1)
      await rm(file.path, { force: true })
    }
  }
}

/** Files of processes that have died. */
async function removeOrphans(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(/\.([0-9]+)\.[0-9]+\.parquet/.exec(name)?.[1] ?? '0')
    if (pid === process.pid || (pid > 1 && isAlive(pid))) continue
    await rm(join(folder, name), { force: true })
  }
}
