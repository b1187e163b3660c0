import { createWriteStream, type WriteStream } from 'node:fs'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { finished } from 'node:stream/promises'

/** A new file that only its owner can read, written from front to back. */
export class DraftFile {
  readonly path: string
  readonly #stream: WriteStream

  /** A failure to open it is told by the next write, or at the end. */
  constructor(path: string, options: { readonly inFlightBytesMax: number }) {
    this.path = path
    const highWaterMark = options.inFlightBytesMax
    this.#stream = createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark })
    this.#stream.on('error', () => undefined)
  }

  /** The bytes are the file's from now on. A promise is to be waited for: the disk is slower. */
  write(bytes: Buffer): Promise<void> | undefined {
    if (this.#stream.errored !== null) throw this.#stream.errored
    return this.#stream.write(bytes) ? undefined : this.#drained()
  }

  /** Resolves once all of it is in the file. */
  async end(): Promise<void> {
    if (this.#stream.errored !== null) throw this.#stream.errored
    this.#stream.end()
    await finished(this.#stream)
  }

  /** The file is gone, whatever was under way. */
  async remove(): Promise<void> {
    // A file that was just being opened would come back.
    const closed = new Promise<void>((resolve) => this.#stream.once('close', resolve))
    this.#stream.destroy()
    if (!this.#stream.closed) await closed
    await rm(this.path, { force: true })
  }

  async #drained(): Promise<void> {
    await once(this.#stream, 'drain')
  }
}
