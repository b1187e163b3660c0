import { createWriteStream, type WriteStream } from 'node:fs'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { finished } from 'node:stream/promises'

const chunkBytes = 1024 * 1024

const [comma, newline, quote, zero, letterX] = [0x2c, 0x0a, 0x22, 0x30, 0x78]

/** A number, the quotes of a text, a comma: what a value takes beside its own bytes. */
const valueBytes = 24

/**
 * Values separated by commas, in a new file that only its owner can read. Written into bytes, as
 * the texts of a million rows would cost more than all else that is done with them.
 */
export class CsvFile {
  readonly path: string
  readonly #stream: WriteStream
  #chunk: Buffer = Buffer.allocUnsafe(chunkBytes)
  #at = 0

  constructor(path: string) {
    this.path = path
    // One chunk is under way while the next is filled.
    const highWaterMark = chunkBytes + 1
    this.#stream = createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark })
    // It is thrown at the next chunk, or at the end.
    this.#stream.on('error', () => undefined)
  }

  /** A whole one that is not negative. */
  number(value: number): void {
    this.#room(0)
    let end = this.#at + 1
    for (let power = 10; value >= power; power *= 10) end += 1
    let left = value
    for (let at = end - 1; at >= this.#at; at--) {
      const tens = Math.floor(left / 10)
      this.#chunk[at] = zero + (left - tens * 10)
      left = tens
    }
    this.#close(end)
  }

  /** The first of these hexadecimal digits, as the engine reads a whole number written so. */
  hexadecimal(digits: string, length: number): void {
    this.#room(length)
    let at = this.#at
    this.#chunk[at++] = zero
    this.#chunk[at++] = letterX
    for (let index = 0; index < length; index++) this.#chunk[at++] = digits.charCodeAt(index)
    this.#close(at)
  }

  /** Bytes of UTF-8; a null is written as nothing, an empty text as two quotes. */
  text(bytes: Buffer, from: number, to: number): void {
    this.#room((to - from) * 2)
    let at = this.#at
    let isPlain = from < to
    for (let index = from; index < to; index++) {
      const byte = bytes[index] ?? 0
      // Quotes, commas and the ends of lines are among them: what is beyond is never quoted.
      if (byte <= comma) isPlain = false
      this.#chunk[at++] = byte
    }
    this.#close(isPlain ? at : this.#quoted(bytes, from, to))
  }

  null(): void {
    this.#room(0)
    this.#close(this.#at)
  }

  #quoted(bytes: Buffer, from: number, to: number): number {
    let at = this.#at
    this.#chunk[at++] = quote
    for (let index = from; index < to; index++) {
      const byte = bytes[index] ?? 0
      if (byte === quote) this.#chunk[at++] = quote
      this.#chunk[at++] = byte
    }
    this.#chunk[at++] = quote
    return at
  }

  /** Ends the line. A promise is to be waited for: the disk is slower than what comes. */
  endLine(): Promise<void> | undefined {
    this.#chunk[this.#at - 1] = newline
    if (this.#at < chunkBytes - chunkBytes / 16) return undefined
    return this.#hand() ? undefined : this.#drained()
  }

  /** Resolves once all of it is in the file. */
  async end(): Promise<void> {
    this.#hand()
    this.#stream.end()
    await finished(this.#stream)
  }

  async #drained(): Promise<void> {
    await once(this.#stream, 'drain')
  }

  #close(end: number): void {
    this.#chunk[end] = comma
    this.#at = end + 1
  }

  /** The file is gone, whatever was under way. */
  async remove(): Promise<void> {
    // A file that was just being opened would come back.
    const closed = new Promise<void>((resolve) => this.#stream.once('close', resolve))
    this.#stream.destroy()
    if (!this.#stream.closed) await closed
    await rm(this.path, { force: true })
  }

  #hand(): boolean {
    if (this.#stream.errored !== null) throw this.#stream.errored
    const full = this.#chunk.subarray(0, this.#at)
    this.#chunk = Buffer.allocUnsafe(chunkBytes)
    this.#at = 0
    return this.#stream.write(full)
  }

  /** For a value, what ends it, and so many bytes of its own. */
  #room(bytes: number): void {
    const wanted = this.#at + bytes + valueBytes
    if (wanted <= this.#chunk.length) return
    const larger = Buffer.allocUnsafe(wanted * 2)
    this.#chunk.copy(larger, 0, 0, this.#at)
    this.#chunk = larger
  }
}
