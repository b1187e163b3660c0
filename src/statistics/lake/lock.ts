import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Timers } from '../../kernel/clock.ts'
import { claim, readPid, release } from '../../platform/processes/pid-file.ts'
import { LakeError } from '../lake-error.ts'

/** How long one waits for another process that changes the lake, unless told otherwise. */
export const lockWaitMs = 60_000

const lookEveryMs = 100

/** Within this process, whoever opened the folder: the file says no more than the process. */
const turns = new Map<string, Promise<unknown>>()

/** The command lines of those who change a lake. */
const anyOfOurs = /node|monetique/

/**
 * One at a time changes the lake, in this process and of all processes. A file with the owner's
 * number is the lock; the number of a process that has died is taken over.
 */
export class LakeLock {
  readonly #folder: string
  readonly #timers: Timers

  constructor(folder: string, timers: Timers) {
    this.#folder = folder
    this.#timers = timers
  }

  hold<T>(act: () => Promise<T>, waitMs = lockWaitMs): Promise<T> {
    const held = (turns.get(this.#folder) ?? Promise.resolve()).then(async () => {
      const file = await this.#take(waitMs)
      try {
        return await act()
      } finally {
        release(file, process.pid)
      }
    })
    turns.set(
      this.#folder,
      held.catch(() => undefined),
    )
    return held
  }

  async #take(waitMs: number): Promise<string> {
    await mkdir(this.#folder, { recursive: true })
    const file = join(this.#folder, 'lock')
    for (let waitedMs = 0; ; waitedMs += lookEveryMs) {
      if (await claim(file, anyOfOurs)) return file
      if (waitedMs >= waitMs) {
        const owner = readPid(file) ?? 'another'
        throw new LakeError(
          `the lake ${this.#folder} is being changed by process ${owner}: try again when it is done`,
        )
      }
      await this.#sleep(lookEveryMs)
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#timers.after(ms, resolve))
  }
}
