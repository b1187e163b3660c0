/** The engine's names of the types that a plain column has, and how Parquet calls them. */
export const plainTypes = {
  /** [PARQUET] Physical INT32 or INT64 or BYTE_ARRAY, and what it stands for, if not for itself. */
  UINTEGER: { physical: 1, converted: 13 },
  UBIGINT: { physical: 2, converted: 14 },
  BIGINT: { physical: 2, converted: undefined },
  VARCHAR: { physical: 6, converted: 0 },
} as const

export type PlainType = keyof typeof plainTypes

const lengthBytes = 4
const bytesAtFirst = 4_096
const twoTo32 = 0x1_0000_0000

/**
 * The values of a column, one after the other as Parquet's plain encoding has them: little-endian,
 * a text after its length in bytes. It grows as it must.
 */
export class PlainColumn {
  readonly name: string
  readonly type: PlainType
  #bytes: Buffer = Buffer.allocUnsafeSlow(bytesAtFirst)
  #view = viewOf(this.#bytes)
  #at = 0

  constructor(name: string, type: PlainType) {
    this.name = name
    this.type = type
  }

  /** Of a UINTEGER. */
  number(value: number): void {
    this.#room(4)
    this.#view.setUint32(this.#at, value, true)
    this.#at += 4
  }

  /** Of a BIGINT: a whole number that is not negative and that a double holds. */
  bigint(value: number): void {
    this.halves(value / twoTo32, value)
  }

  /** Of 64 bits by their upper and lower half, of which a fraction and what is beyond are cut off. */
  halves(upper: number, lower: number): void {
    this.#room(8)
    this.#view.setUint32(this.#at, lower, true)
    this.#view.setUint32(this.#at + 4, upper, true)
    this.#at += 8
  }

  /** Of a VARCHAR: bytes of UTF-8. */
  text(bytes: Uint8Array, from: number, to: number): void {
    const length = to - from
    this.#room(lengthBytes + length)
    this.#view.setUint32(this.#at, length, true)
    let at = this.#at + lengthBytes
    for (let index = from; index < to; index++) this.#bytes[at++] = bytes[index] ?? 0
    this.#at = at
  }

  /** All values since the last time; they stay until the next one is written. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#at)
    this.#at = 0
    return taken
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow((this.#at + bytes) * 2)
    this.#bytes.copy(larger, 0, 0, this.#at)
    this.#bytes = larger
    this.#view = viewOf(larger)
  }
}

const viewOf = (bytes: Buffer): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
