import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BusinessDate } from '../../kernel/business-date.ts'
import type { Timers } from '../../kernel/clock.ts'
import type { Duckdb } from '../../platform/duckdb.ts'
import { diskFailure, LakeError } from '../lake-error.ts'
import type { Period } from '../period.ts'
import {
  catalogueFromJson,
  catalogueToJson,
  emptyCatalogue,
  filesOfRollup,
  type Catalogue,
  type Part,
} from './catalogue.ts'
import { writeDurably } from './files.ts'
import { LakeLock } from './lock.ts'
import type { OperationsFile } from './sql.ts'

/** Loads the engine when it is first needed. */
export type Engine = () => Promise<Duckdb>

/**
 * The folder of Parquet files and the one catalogue that says which of them count. Whoever reads
 * takes the catalogue as it is at that moment; whoever changes it holds the lock, writes new files
 * beside the old ones, and replaces the catalogue last.
 */
export class Lake {
  readonly folder: string
  readonly engine: Engine
  readonly #lock: LakeLock
  #read: { readonly stamp: string; readonly catalogue: Catalogue } | undefined

  constructor(options: {
    readonly folder: string
    readonly engine: Engine
    readonly timers: Timers
  }) {
    this.folder = options.folder
    this.engine = options.engine
    this.#lock = new LakeLock(options.folder, options.timers)
  }

  path(file: string): string {
    return join(this.folder, file)
  }

  /** What is not finished is here, and never read by anyone else. */
  get drafts(): string {
    return join(this.folder, 'drafts')
  }

  async catalogue(): Promise<Catalogue> {
    const path = this.path('catalogue.json')
    const found = await stat(path).catch(() => undefined)
    if (found === undefined) {
      if (!(await this.#holdsFiles())) return emptyCatalogue
      throw new LakeError(
        `the lake’s catalogue ${path} is missing, and without it nobody knows which of the files ` +
          'under operations/ count: put it back, or remove the whole folder to begin again',
      )
    }
    // A replaced file has another number: the same one is not read twice.
    const stamp = `${found.ino} ${found.mtimeMs} ${found.size}`
    if (this.#read?.stamp === stamp) return this.#read.catalogue
    const read = catalogueFromJson(await readFile(path, 'utf8'))
    if (!read.ok) throw new LakeError(`the lake’s catalogue ${path} ${read.error}`)
    this.#read = { stamp, catalogue: read.value }
    return read.value
  }

  /**
   * Holds the lock, gives the catalogue, and puts what `act` makes of it in its place; undefined
   * leaves it. Files that no catalogue named are removed first: a crash left them.
   */
  async change<T>(
    what: string,
    act: (before: Catalogue) => Promise<{ readonly after?: Catalogue; readonly answer: T }>,
    waitMs?: number,
  ): Promise<T> {
    try {
      return await this.#lock.hold(() => this.#changeHeld(act), waitMs)
    } catch (thrown) {
      throw diskFailure(what, thrown)
    }
  }

  async #changeHeld<T>(
    act: (before: Catalogue) => Promise<{ readonly after?: Catalogue; readonly answer: T }>,
  ): Promise<T> {
    try {
      const before = await this.catalogue()
      // Before the first file: from then on a catalogue that is not there has been lost.
      if (!existsSync(this.path('catalogue.json'))) await this.#write(before)
      await this.#clean(before)
      await mkdir(this.drafts, { recursive: true })
      const { after, answer } = await act(before)
      if (after !== undefined) await this.#write(after)
      return answer
    } finally {
      await rm(this.drafts, { recursive: true, force: true })
    }
  }

  async #write(catalogue: Catalogue): Promise<void> {
    await writeDurably(this.path('catalogue.json'), catalogueToJson(catalogue))
  }

  async #holdsFiles(): Promise<boolean> {
    const folder = this.path('operations')
    if (!existsSync(folder)) return false
    const found = await readdir(folder, { recursive: true, withFileTypes: true })
    return found.some((entry) => entry.isFile())
  }

  async #clean(catalogue: Catalogue): Promise<void> {
    await rm(this.drafts, { recursive: true, force: true })
    const known = new Set([
      ...catalogue.parts.map(({ file }) => file),
      ...catalogue.rollups.flatMap((rollup) => filesOfRollup(rollup).map(({ file }) => file)),
    ])
    for (const folder of ['operations', 'rollups']) {
      if (!existsSync(this.path(folder))) continue
      const found = await readdir(this.path(folder), { recursive: true, withFileTypes: true })
      for (const entry of found) {
        const path = join(entry.parentPath, entry.name)
        if (entry.isFile() && !known.has(path.slice(this.folder.length + 1))) await rm(path)
      }
    }
  }
}

/** As the engine reads it. */
export const operationsOf = (lake: Lake, { file, currencies }: Part): OperationsFile => ({
  path: lake.path(file),
  currencies,
})

/** The part that holds a date, if one does. */
export const partOf = (catalogue: Catalogue, date: BusinessDate): Part | undefined =>
  catalogue.parts.find(({ days }) => days.some((day) => day.date === date))

/** Those that hold a date of a period. */
export const partsWithin = (parts: readonly Part[], { from, to }: Period): readonly Part[] =>
  parts.filter(({ days }) => days.some(({ date }) => date >= from && date <= to))

/** By which one knows whether the files of a period are still the same. */
export const printsWithin = (parts: readonly Part[], period: Period): readonly string[] =>
  partsWithin(parts, period).map(({ sha256 }) => sha256)

/** Parts in the order of their dates, whoever was published first. */
export const inOrder = (parts: readonly Part[]): readonly Part[] =>
  [...parts].sort((a, b) => ((a.days[0]?.date ?? '') < (b.days[0]?.date ?? '') ? -1 : 1))

/** `month` for each, in the order of the calendar. */
export const monthsOf = (parts: readonly Part[]): readonly string[] =>
  [...new Set(parts.map(({ file }) => file.split('/')[1] ?? ''))].sort()
