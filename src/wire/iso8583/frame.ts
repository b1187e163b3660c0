import { assert } from '../../kernel/assert.ts'
import { limits } from '../../kernel/limits.ts'
import { codecError, type CodecError } from './codec-error.ts'

/**
 * Framing of both dialects: two bytes of length, high byte first, which do not count themselves
 * [bank habit].
 */
const PREFIX_BYTES = 2

/** What a chunk completed. After an error the stream has no meaning and the link must be closed. */
export type FramesRead = {
  readonly frames: readonly Buffer[]
  readonly error?: CodecError
}

/**
 * Cuts a byte stream into frames. A frame that lies whole in a chunk is a view of the chunk; one
 * that spans chunks is copied once into a buffer of its final size, so that many small chunks cost
 * no more than a big one, and at most one frame is ever held.
 */
export class FrameSplitter {
  #partial: Buffer | undefined
  #filled = 0
  /** The first length byte, where a chunk ended between the two. */
  #highByte: number | undefined
  #error: CodecError | undefined

  push(chunk: Buffer): FramesRead {
    const frames: Buffer[] = []
    let at = 0
    while (at < chunk.length && this.#error === undefined) {
      if (this.#partial !== undefined) at = this.#fill(this.#partial, chunk, at, frames)
      else at = this.#open(chunk, at, frames)
    }
    return this.#error === undefined ? { frames } : { frames, error: this.#error }
  }

  /** Whether the stream may end here: nothing is half received. */
  get atBoundary(): boolean {
    return this.#partial === undefined && this.#highByte === undefined
  }

  #open(chunk: Buffer, at: number, frames: Buffer[]): number {
    const first = chunk[at] ?? 0
    if (this.#highByte === undefined && at + 1 === chunk.length) {
      this.#highByte = first
      return at + 1
    }
    const length =
      this.#highByte === undefined ? chunk.readUInt16BE(at) : (this.#highByte << 8) | first
    const start = this.#highByte === undefined ? at + PREFIX_BYTES : at + 1
    this.#highByte = undefined
    if (length === 0 || length > limits.frameBytesMax) {
      this.#error = wrongLength(length)
      return chunk.length
    }
    if (start + length <= chunk.length) {
      frames.push(chunk.subarray(start, start + length))
      return start + length
    }
    this.#partial = Buffer.allocUnsafe(length)
    this.#filled = chunk.copy(this.#partial, 0, start)
    return chunk.length
  }

  #fill(partial: Buffer, chunk: Buffer, at: number, frames: Buffer[]): number {
    const copied = chunk.copy(partial, this.#filled, at)
    this.#filled += copied
    if (this.#filled === partial.length) {
      frames.push(partial)
      this.#partial = undefined
    }
    return at + copied
  }
}

/** One message behind its length. */
export function frame(message: Buffer): Buffer {
  return joinFrames([message])
}

/** Many messages, each behind its length, in one buffer: one write to the socket. */
export function joinFrames(messages: readonly Buffer[]): Buffer {
  let total = 0
  for (const message of messages) {
    const { length } = message
    assert(length > 0 && length <= limits.frameBytesMax, `a frame of ${length} bytes`)
    total += PREFIX_BYTES + length
  }
  const joined = Buffer.allocUnsafe(total)
  let at = 0
  for (const message of messages) {
    at = joined.writeUInt16BE(message.length, at)
    at += message.copy(joined, at)
  }
  return joined
}

function wrongLength(length: number): CodecError {
  if (length === 0) return codecError('message', 0, 'frame_empty', 'a frame of no bytes')
  const reason = `a frame of ${length} bytes is above the greatest, ${limits.frameBytesMax}`
  return codecError('message', 0, 'frame_too_long', reason)
}
