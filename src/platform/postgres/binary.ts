/**
 * PostgreSQL's binary formats, for COPY and for array parameters: a row costs a few writes into
 * one buffer, where text arrays cost the event loop more than all else [DESIGN §3].
 */

const epoch2000Ms = Date.UTC(2000, 0, 1)
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

/** A growing buffer of length-prefixed values. Writes are unchecked: the caller knows the type. */
export class BinaryWriter {
  #buffer: Buffer
  #length = 0

  constructor(initialBytes = 16 * 1024) {
    this.#buffer = Buffer.allocUnsafe(initialBytes)
  }

  get length(): number {
    return this.#length
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  #room(bytes: number): number {
    const at = this.#length
    this.#length += bytes
    if (this.#length > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length))
      this.#buffer.copy(grown, 0, 0, at)
      this.#buffer = grown
    }
    return at
  }

  rawInt16(value: number): void {
    this.#buffer.writeInt16BE(value, this.#room(2))
  }

  rawInt32(value: number): void {
    const at = this.#room(4)
    this.#buffer.writeInt32BE(value, at)
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
    this.#buffer.writeInt32BE(4, at)
    this.#buffer.writeInt32BE(value, at + 4)
  }

  int8(value: bigint): void {
    const at = this.#room(12)
    this.#buffer.writeInt32BE(8, at)
    this.#buffer.writeBigInt64BE(value, at + 4)
  }

  text(value: string): void {
    // Nearly every text here is ASCII, whose byte length is its character count.
    const room = value.length * 3
    const at = this.#room(4 + room)
    const written = this.#buffer.write(value, at + 4, 'utf8')
    this.#buffer.writeInt32BE(written, at)
    this.#length = at + 4 + written
  }

  bytea(value: Buffer): void {
    this.rawInt32(value.length)
    this.raw(value)
  }

  /** 32 hexadecimal digits. */
  uuid(hex: string): void {
    const at = this.#room(20)
    this.#buffer.writeInt32BE(16, at)
    this.#buffer.write(hex, at + 4, 'hex')
  }

  /** Days since 1970-01-01. */
  date(days: number): void {
    this.int4(days - epoch2000Days)
  }

  timestamptz(instant: Date): void {
    // Microseconds since 2000; the milliseconds fit a double exactly for any date in use.
    this.int8(BigInt(instant.getTime() - epoch2000Ms) * 1000n)
  }
}

/** Rows in the format of COPY … WITH (FORMAT binary). */
export class CopyRows {
  readonly writer = new BinaryWriter()
  readonly #columns: number
  #rows = 0

  constructor(columns: number) {
    this.#columns = columns
    this.writer.raw(Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'))
    this.writer.rawInt32(0)
    this.writer.rawInt32(0)
  }

  get rows(): number {
    return this.#rows
  }

  /** Begins a row; exactly as many values as columns follow. */
  row(): BinaryWriter {
    this.#rows += 1
    this.writer.rawInt16(this.#columns)
    return this.writer
  }

  finish(): Buffer {
    this.writer.rawInt16(-1)
    return this.writer.bytes()
  }
}

/** One array parameter of `unnest($1, $2, …)`: all rows of one column, no null within. */
export class ArrayColumn {
  readonly writer: BinaryWriter
  readonly #elementOid: number
  readonly #count: number

  constructor(elementOid: number, count: number) {
    this.#elementOid = elementOid
    this.#count = count
    this.writer = new BinaryWriter(64 + count * 40)
    this.writer.rawInt32(1)
    // Bit 0 says that there may be nulls: always set, as it costs nothing and allows them.
    this.writer.rawInt32(1)
    this.writer.rawInt32(this.#elementOid)
    this.writer.rawInt32(this.#count)
    this.writer.rawInt32(1)
  }

  bytes(): Buffer {
    return this.writer.bytes()
  }
}
