import { closeSync, constants, fsyncSync, ftruncateSync, mkdirSync, openSync, write } from 'node:fs'
import { dirname } from 'node:path'
import { assert } from '../../src/kernel/assert.ts'
import { BATCH_ENTRIES_MAX, encodeBatch, scanJournal } from './journal-format.ts'
import type { Journal } from './journal.ts'

type Batch = { readonly lines: string[]; readonly waiting: (() => void)[] }

export type JournalFileOptions = {
  readonly path: string
  /** Each entry found, in order, before `open` returns. */
  readonly onEntry: (columns: readonly string[]) => void
  /** The disk refused a write: nothing that was appended since is durable, or ever will be. */
  readonly onFailure: (error: Error) => void
  /** The file system's own, but for tests of a disk that refuses. */
  readonly write?: Write
}

type Write = (
  fd: number,
  bytes: Buffer,
  done: (error: Error | null, written: number) => void,
) => void

const writeToDisk: Write = (fd, bytes, done) => write(fd, bytes, 0, bytes.length, null, done)

/**
 * An append-only file with group commit: what is appended while a write is under way is gathered
 * and goes with the next one, so that nobody pays for a disk alone. The file is opened for
 * synchronous data (O_DSYNC), hence a write that returned is durable: one call where a write and an
 * fdatasync would be two.
 */
export class JournalFile implements Journal {
  readonly #fd: number
  readonly #onFailure: (error: Error) => void
  readonly #writeBytes: Write
  #gathering: Batch = { lines: [], waiting: [] }
  #writing: Batch | undefined
  #scheduled = false
  #failed = false
  #closing: (() => void) | undefined

  private constructor(fd: number, options: JournalFileOptions) {
    this.#fd = fd
    this.#onFailure = options.onFailure
    this.#writeBytes = options.write ?? writeToDisk
  }

  /** Replays the file, cuts a torn end, and makes file and folder durable themselves. */
  static open(options: JournalFileOptions): JournalFile {
    const { path, onEntry } = options
    const folder = dirname(path)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { O_RDWR, O_CREAT, O_APPEND, O_DSYNC } = constants
    const fd = openSync(path, O_RDWR | O_CREAT | O_APPEND | O_DSYNC, 0o600)
    try {
      const { validBytes } = scanJournal(fd, onEntry)
      ftruncateSync(fd, validBytes)
      fsyncSync(fd)
      const folderFd = openSync(folder, constants.O_RDONLY)
      fsyncSync(folderFd)
      closeSync(folderFd)
    } catch (error) {
      closeSync(fd)
      throw error
    }
    return new JournalFile(fd, options)
  }

  /** Entries that wait for the disk. */
  get backlog(): number {
    return this.#gathering.lines.length + (this.#writing?.lines.length ?? 0)
  }

  append(line: string): void {
    assert(this.#closing === undefined, 'nothing is appended to a closed journal')
    this.#gathering.lines.push(line)
    this.#schedule()
  }

  whenDurable(act: () => void): void {
    if (this.#gathering.lines.length > 0) this.#gathering.waiting.push(act)
    else if (this.#writing !== undefined) this.#writing.waiting.push(act)
    else if (!this.#failed) act()
  }

  /** Resolves when all that was appended is durable and the file is closed. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#closing = () => {
        closeSync(this.#fd)
        resolve()
      }
      if (this.#failed || this.backlog === 0) this.#closing()
    })
  }

  /** After the sockets of this turn were read: what they bring shares a write. */
  #schedule(): void {
    if (this.#scheduled || this.#writing !== undefined || this.#failed) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#writeNext()
    })
  }

  #writeNext(): void {
    const batch = this.#gathering
    if (batch.lines.length === 0) return
    this.#gathering = { lines: [], waiting: [] }
    if (batch.lines.length > BATCH_ENTRIES_MAX) {
      // Those who wait, wait for the last entry of the batch, which is in the rest.
      this.#gathering = { lines: batch.lines.splice(BATCH_ENTRIES_MAX), waiting: batch.waiting }
      this.#writing = { lines: batch.lines, waiting: [] }
    } else {
      this.#writing = batch
    }
    this.#write(encodeBatch(this.#writing.lines))
  }

  #write(bytes: Buffer): void {
    this.#writeBytes(this.#fd, bytes, (error, written) => {
      if (error !== null) return this.#fail(error)
      if (written < bytes.length) return this.#write(bytes.subarray(written))
      const done = this.#writing
      this.#writing = undefined
      this.#writeNext()
      for (const act of done?.waiting ?? []) act()
      if (this.#writing === undefined) this.#closing?.()
    })
  }

  /** Nothing is answered any more: who waits, waits for ever, and the bank is stopped. */
  #fail(error: Error): void {
    this.#failed = true
    this.#onFailure(error)
    this.#writing = undefined
    this.#closing?.()
  }
}
