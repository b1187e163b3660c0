import { assert } from '../../kernel/assert.ts'

/**
 * PostgreSQL's binary formats, for COPY and for array parameters: a row costs a few writes into
 * one buffer, where text arrays cost the event loop more than all else [DESIGN §3].
 */

export const epoch2000Ms = Date.UTC(2000, 0, 1)
const epoch2000Days = epoch2000Ms / 86_400_000

/** Type oids of pg_type, for array headers. */
export const oid = {
  int4: 23,
  int8: 20,
  text: 25,
  date: 1082,
  timestamptz: 1184,
  uuid: 2950,
  json: 114,
} as const

/** Past this length a string is handed to the engine: a loop is cheaper for what is shorter. */
const shortText = 48

const quote = 0x22
const backslash = 0x5c

/** What a hexadecimal digit stands for, by its character code. */
const nibbles = new Uint8Array(128)
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16)
  nibbles[digit.charCodeAt(0)] = value
  nibbles[digit.toUpperCase().charCodeAt(0)] = value
}

/** A growing buffer of length-prefixed values. Writes are unchecked: the caller knows the type. */
export class BinaryWriter {
  #buffer: Buffer
  /** The same bytes: numbers written through it are machine code, and calls through a buffer. */
  #view: DataView
  #length = 0

  constructor(initial: Buffer) {
    this.#buffer = initial
    this.#view = viewOf(initial)
  }

  /** What was written, as a view of the buffer. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  /** The buffer as it has grown, for whoever writes the next one into it. */
  get buffer(): Buffer {
    return this.#buffer
  }

  #room(bytes: number): number {
    const at = this.#length
    this.#length += bytes
    if (this.#length > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#length))
      this.#buffer.copy(grown, 0, 0, at)
      this.#buffer = grown
      this.#view = viewOf(grown)
    }
    return at
  }

  rawInt16(value: number): void {
    const at = this.#room(2)
    this.#view.setInt16(at, value)
  }

  rawInt32(value: number): void {
    const at = this.#room(4)
    this.#view.setInt32(at, value)
  }

  raw(bytes: Buffer): void {
    const at = this.#room(bytes.length)
    bytes.copy(this.#buffer, at)
  }

  null(): void {
    this.rawInt32(-1)
  }

  int4(value: number): void {
    const at = this.#room(8)
    this.#view.setInt32(at, 4)
    this.#view.setInt32(at + 4, value)
  }

  int8(value: bigint): void {
    const number = Number(value)
    const at = this.#room(12)
    this.#view.setInt32(at, 8)
    if (Number.isSafeInteger(number)) this.#wholeNumber(number, at + 4)
    else this.#view.setBigInt64(at + 4, value)
  }

  /** In 8 bytes: its halves, which cost a fraction of what a bigint does. */
  #wholeNumber(value: number, at: number): void {
    this.#view.setInt32(at, Math.floor(value / 0x1_0000_0000))
    this.#view.setUint32(at + 4, value)
  }

  text(value: string): void {
    const { length } = value
    // Nearly every text here is ASCII, whose byte length is its character count.
    const at = this.#room(4 + length * 3)
    const buffer = this.#buffer
    let written = 0
    if (length <= shortText) {
      for (; written < length; written++) {
        const code = value.charCodeAt(written)
        if (code > 0x7f) break
        buffer[at + 4 + written] = code
      }
    }
    if (written < length) written = buffer.write(value, at + 4, 'utf8')
    this.#view.setInt32(at, written)
    this.#length = at + 4 + written
  }

  /** A value of parts, each written `raw…`: gives where it begins, for `endValue`. */
  startValue(): number {
    return this.#room(4)
  }

  /** Its length is known now, and goes in front of it. */
  endValue(at: number): void {
    this.#view.setInt32(at, this.#length - at - 4)
  }

  rawAscii(text: string): void {
    const at = this.#room(text.length)
    for (let i = 0; i < text.length; i++) this.#buffer[at + i] = text.charCodeAt(i)
  }

  /** As JSON writes it, in quotes; `null` without them. */
  rawJson(value: string | null): void {
    if (value === null) {
      this.rawAscii('null')
      return
    }
    const { length } = value
    const at = this.#room(length + 2)
    const buffer = this.#buffer
    buffer[at] = quote
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i)
      if (code < 0x20 || code > 0x7e || code === quote || code === backslash) {
        this.#length = at
        this.raw(Buffer.from(JSON.stringify(value)))
        return
      }
      buffer[at + 1 + i] = code
    }
    buffer[at + 1 + length] = quote
  }

  bytea(value: Buffer): void {
    this.rawInt32(value.length)
    this.raw(value)
  }

  /** 32 hexadecimal digits. */
  uuid(hex: string): void {
    const at = this.#room(20)
    this.#view.setInt32(at, 16)
    for (let i = 0; i < 16; i++) {
      const high = nibbles[hex.charCodeAt(2 * i)] ?? 0
      this.#buffer[at + 4 + i] = (high << 4) | (nibbles[hex.charCodeAt(2 * i + 1)] ?? 0)
    }
  }

  /** Days since 1970-01-01. */
  date(days: number): void {
    this.int4(days - epoch2000Days)
  }

  /** Microseconds since 2000: a whole number that a double holds exactly for any date in use. */
  timestamptz(instant: Date): void {
    const at = this.#room(12)
    this.#view.setInt32(at, 8)
    this.#wholeNumber((instant.getTime() - epoch2000Ms) * 1000, at + 4)
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: Buffer): DataView =>
  new DataView(buffer, byteOffset, byteLength)

/**
 * Where rows are gathered, one COPY after the other: a flush is made without waiting, so that one
 * buffer serves all, and only what was written is copied out of it.
 */
let gathering: Buffer = Buffer.allocUnsafeSlow(64 * 1024)
let isGathering = false

/** Rows in the format of COPY … WITH (FORMAT binary). */
export function copyRows<T>(
  columns: number,
  items: readonly T[],
  write: (row: BinaryWriter, item: T) => void,
): Buffer {
  assert(!isGathering, 'rows are gathered one COPY at a time')
  isGathering = true
  try {
    const writer = new BinaryWriter(gathering)
    writer.raw(copyHead)
    for (const item of items) {
      writer.rawInt16(columns)
      write(writer, item)
    }
    writer.rawInt16(-1)
    gathering = writer.buffer
    return Buffer.from(writer.bytes())
  } finally {
    isGathering = false
  }
}

const copyHead = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])

/** One array parameter of `unnest($1, $2, …)`: all rows of one column. */
export class ArrayColumn {
  readonly writer: BinaryWriter

  /** `bytesEach` is what a value takes, about; the buffer grows where that was too little. */
  constructor(elementOid: number, count: number, bytesEach: number) {
    this.writer = new BinaryWriter(Buffer.allocUnsafe(20 + count * (bytesEach + 4)))
    this.writer.rawInt32(1)
    // Bit 0 says that there may be nulls: always set, as it costs nothing and allows them.
    this.writer.rawInt32(1)
    this.writer.rawInt32(elementOid)
    this.writer.rawInt32(count)
    this.writer.rawInt32(1)
  }

  bytes(): Buffer {
    return this.writer.bytes()
  }
}
