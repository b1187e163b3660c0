import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock, Timers } from '../../kernel/clock.ts'
import type { Result } from '../../kernel/result.ts'
import { diskFailure, LakeError } from '../lake-error.ts'
import { writeDurably } from '../lake/files.ts'
import { LakeLock } from '../lake/lock.ts'
import type { Month } from '../period.ts'
import type { Statistics } from '../statistics.ts'
import { appended, entriesFromJson, entriesToJson, type Decision, type Entry } from './entry.ts'
import {
  admitted,
  readName,
  readReason,
  stateOf,
  type Approval,
  type ReleaseState,
} from './state.ts'

export type MonthRelease = {
  readonly month: Month
  readonly state: ReleaseState
  /** False where the figures have changed since: what was approved is not what stands there now. */
  readonly current: boolean
}

export type Approved = {
  readonly state: ReleaseState
  /** An approval that counts no more: the figures have changed since. */
  readonly voided: Approval | null
}

/** Who lets a month's figures be seen. Rejects with a `LakeError`, whose sentence is for people. */
export type Releases = {
  approve(month: Month, by: string): Promise<Approved>
  withdraw(month: Month, by: string, reason: string): Promise<void>
  /** Every month that somebody decided about, the latest first. */
  list(): Promise<readonly MonthRelease[]>
  /** Two people have released the figures as they are now. */
  isReleased(month: Month): Promise<boolean>
  /** Newest first. */
  releasedMonths(): Promise<readonly Month[]>
}

export type ReleasesOptions = {
  /** The lake's. */
  readonly folder: string
  readonly clock: Clock
  readonly timers: Timers
  readonly statistics: Pick<Statistics, 'publishedTable' | 'catalogue'>
}

export function openReleases(options: ReleasesOptions): Releases {
  const { folder, clock, statistics } = options
  const file = join(folder, 'releases.json')
  const lock = new LakeLock(folder, options.timers)
  const figures = new FiguresDigest(statistics)
  const change = <T>(
    act: (
      entries: readonly Entry[],
    ) => Promise<{ readonly decision: Decision; readonly answer: T }>,
  ): Promise<T> =>
    lock.hold(async () => {
      const entries = await readEntries(file)
      const { decision, answer } = await act(entries)
      try {
        await writeDurably(file, entriesToJson(appended(entries, decision)))
      } catch (thrown) {
        throw diskFailure('releasing a month', thrown)
      }
      return answer
    })
  const released = async (state: ReleaseState, month: Month): Promise<boolean> =>
    state.kind === 'released' && state.figures === (await figures.of(month)).digest
  return {
    approve: (month, named) =>
      change(async (entries) => {
        const by = must(readName(named))
        const { digest, provisional } = await figures.of(month)
        if (provisional) {
          throw new LakeError(
            `the figures of ${month} are provisional: nobody can release them yet`,
          )
        }
        const { voided } = must(admitted(stateOf(entries, month), { by, figures: digest }))
        const at = clock.now().toISOString()
        const decision = { kind: 'approved', month, by, at, figures: digest, reason: null } as const
        const state = stateOf(appended(entries, decision), month)
        return { decision, answer: { state, voided } }
      }),
    withdraw: (month, named, said) =>
      change((entries) => {
        const [by, reason] = [must(readName(named)), must(readReason(said))]
        const state = stateOf(entries, month)
        if (state.kind === 'unreleased' || state.kind === 'withdrawn') {
          throw new LakeError(`${month} is not released: there is nothing to withdraw`)
        }
        const at = clock.now().toISOString()
        const decision = { kind: 'withdrawn', month, by, at, figures: null, reason } as const
        return Promise.resolve({ decision, answer: undefined })
      }),
    list: async () => await listed(await readEntries(file), figures),
    isReleased: async (month) => await released(stateOf(await readEntries(file), month), month),
    releasedMonths: async () => {
      const entries = await readEntries(file)
      const found: Month[] = []
      for (const month of [...new Set(entries.map((entry) => entry.month))].sort().reverse()) {
        if (await released(stateOf(entries, month), month)) found.push(month)
      }
      return found
    },
  }
}

async function listed(
  entries: readonly Entry[],
  figures: FiguresDigest,
): Promise<readonly MonthRelease[]> {
  const months = [...new Set(entries.map(({ month }) => month))].sort().reverse()
  const all: MonthRelease[] = []
  for (const month of months) {
    const state = stateOf(entries, month)
    const approved = state.kind === 'approved' || state.kind === 'released'
    const current = !approved || state.figures === (await figures.of(month)).digest
    all.push({ month, state, current })
  }
  return all
}

async function readEntries(file: string): Promise<readonly Entry[]> {
  if (!existsSync(file)) return []
  const read = entriesFromJson(await readFile(file, 'utf8'))
  if (!read.ok) throw new LakeError(`the releases ${file}: the file ${read.error}`)
  return read.value
}

function must<T>(result: Result<T, string>): T {
  if (!result.ok) throw new LakeError(result.error)
  return result.value
}

type Digested = { readonly digest: string; readonly provisional: boolean }

/** Of the published table, counted again only when the lake's parts are others. */
class FiguresDigest {
  readonly #statistics: ReleasesOptions['statistics']
  readonly #known = new Map<Month, Digested>()
  #parts = ''

  constructor(statistics: ReleasesOptions['statistics']) {
    this.#statistics = statistics
  }

  async of(month: Month): Promise<Digested> {
    const { parts } = await this.#statistics.catalogue()
    const names = parts.map(({ sha256 }) => sha256).join()
    if (names !== this.#parts) this.#known.clear()
    this.#parts = names
    const known = this.#known.get(month)
    if (known !== undefined) return known
    const table = await this.#statistics.publishedTable(month)
    // When it was read is no figure.
    const covered = JSON.stringify([table.month, table.periods, table.rows], (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    )
    const digest = createHash('sha256').update(covered).digest('hex')
    const digested = { digest, provisional: table.provisional }
    // Days that are open move without the lake's parts.
    if (!table.provisional) this.#known.set(month, digested)
    return digested
  }
}
