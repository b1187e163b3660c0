import type { Dialect, FieldCodec } from './dialect.ts'
import { contentBytes, readContent, readPrefix } from './field-content.ts'

/** The presence of DE1 to DE128, 32 to a word, DE1 in the highest bit of the first [ISO8583-87 4.3]. */
export type BitmapWords = readonly [number, number, number, number]

/** Where a parsed field lies: `from` its length prefix, `start` its content, to `end`. */
export type FieldSpan = { readonly from: number; readonly start: number; readonly end: number }

/**
 * A message that has been checked whole. It keeps the bytes and where each field starts; a string
 * is made only when it is asked for. The bytes are a view: they are not copied, and must not be
 * written to as long as the message is in use.
 */
export class Message {
  readonly dialect: Dialect
  readonly bytes: Buffer
  readonly mti: string
  readonly #bitmap: BitmapWords
  /** Offsets of the present fields in ascending order of field number, bitmaps left out. */
  readonly #starts: readonly number[]

  constructor(
    dialect: Dialect,
    bytes: Buffer,
    mti: string,
    bitmap: BitmapWords,
    starts: readonly number[],
  ) {
    this.dialect = dialect
    this.bytes = bytes
    this.mti = mti
    this.#bitmap = bitmap
    this.#starts = starts
  }

  /** The TPDU, where the dialect has one. */
  get header(): Buffer | undefined {
    const { headerBytes } = this.dialect
    return headerBytes === 0 ? undefined : this.bytes.subarray(0, headerBytes)
  }

  /** Whether the field is present; DE1, the bitmap itself, never counts as a field. */
  has(de: number): boolean {
    return de > 1 && de <= 128 && ((wordOf(this.#bitmap, de) << ((de - 1) & 31)) & SIGN_BIT) !== 0
  }

  /** The digits or characters of a field; undefined where it is absent or binary. */
  text(de: number): string | undefined {
    const codec = this.dialect.fields[de]
    if (codec === undefined || codec.kind === 'b' || !this.has(de)) return undefined
    const from = this.#startOf(de)
    const count = codec.prefixBytes === 0 ? codec.max : readPrefix(codec, this.bytes, from)
    return readContent(codec, this.bytes, from + codec.prefixBytes, count)
  }

  /** The bytes of a binary field, as a view; undefined where it is absent or text. */
  binary(de: number): Buffer | undefined {
    const codec = this.dialect.fields[de]
    if (codec === undefined || codec.kind !== 'b' || !this.has(de)) return undefined
    const { start, end } = this.#spanOf(codec)
    return this.bytes.subarray(start, end)
  }

  /** The numbers of the present fields, ascending. */
  fields(): number[] {
    const present: number[] = []
    for (let de = 2; de <= 128; de++) if (this.has(de)) present.push(de)
    return present
  }

  /** The field as it lies on the wire, for dumps; undefined where it is absent. */
  span(de: number): FieldSpan | undefined {
    const codec = this.dialect.fields[de]
    return codec === undefined || !this.has(de) ? undefined : this.#spanOf(codec)
  }

  /**
   * What a message authentication code covers: from the MTI up to the MAC field, or to the end
   * where there is none; neither the frame's length nor the TPDU [ISO8583-87 DE64 DE128].
   */
  macInput(): Buffer {
    const { headerBytes } = this.dialect
    const mac = this.has(128) ? 128 : this.has(64) ? 64 : undefined
    if (mac === undefined) return this.bytes.subarray(headerBytes)
    return this.bytes.subarray(headerBytes, this.#startOf(mac))
  }

  #spanOf(codec: FieldCodec): FieldSpan {
    const from = this.#startOf(codec.de)
    const count = codec.prefixBytes === 0 ? codec.max : readPrefix(codec, this.bytes, from)
    const start = from + codec.prefixBytes
    return { from, start, end: start + contentBytes(codec, count) }
  }

  /** The rank of a field is the number of bits set before its own. */
  #startOf(de: number): number {
    const word = (de - 1) >> 5
    let rank = 0
    for (let i = 0; i < word; i++) rank += bitCount(this.#bitmap[i] ?? 0)
    const bit = (de - 1) & 31
    if (bit !== 0) rank += bitCount(wordOf(this.#bitmap, de) >>> (32 - bit))
    return this.#starts[rank] ?? 0
  }
}

const SIGN_BIT = 1 << 31

function wordOf(bitmap: BitmapWords, de: number): number {
  return bitmap[(de - 1) >> 5] ?? 0
}

/** Bits set in a 32-bit word, added in pairs, then nibbles, then bytes. */
function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
