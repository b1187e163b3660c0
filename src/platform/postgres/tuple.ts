/** Where rows are received. */
export type Memory = { readonly bytes: Buffer; readonly view: DataView }

/**
 * A row in PostgreSQL's binary format. Its fields are known by where they begin: four bytes of
 * length, or -1 for null, then as many bytes.
 */
export class Tuple {
  /** All that was received with the row: places count from its beginning. */
  bytes: Buffer = Buffer.alloc(0)
  view: DataView = new DataView(new ArrayBuffer(0))
  /** Where the first field begins. */
  start = 0

  turnTo({ bytes, view }: Memory, start: number): void {
    this.bytes = bytes
    this.view = view
    this.start = start
  }

  isNull(at: number): boolean {
    return this.view.getInt32(at) < 0
  }

  /** Where the field after the one at `at` begins. */
  after(at: number): number {
    const length = this.view.getInt32(at)
    return length < 0 ? at + 4 : at + 4 + length
  }

  text(at: number): string | null {
    return this.isNull(at) ? null : this.bytes.toString('utf8', at + 4, this.after(at))
  }

  /** Of a bigint or a timestamp that is not null: a double holds those in use to the last digit. */
  wholeNumber(at: number): number {
    const value = this.view.getInt32(at + 4) * 0x1_0000_0000 + this.view.getUint32(at + 8)
    if (!Number.isSafeInteger(value)) throw new RangeError('a bigint past what a double holds')
    return value
  }
}
