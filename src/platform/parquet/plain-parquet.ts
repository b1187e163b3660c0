import { assert } from '../../kernel/assert.ts'
import { DraftFile } from '../draft-file.ts'
import { PlainColumn, plainTypes, type PlainType } from './plain-column.ts'
import { i32, i64, list, struct, text, thriftBytes, type Thrift } from './thrift.ts'

const magic = Buffer.from('PAR1')

/** Some of them are read side by side; the values of one are in memory until it is full. */
const rowsOfGroup = 32_768

/** [PARQUET] What is the same in every file here: nothing is packed, and nothing is null. */
const [required, plain, rle, uncompressed, dataPage, version] = [0, 0, 3, 0, 0, 1]

export type PlainColumns = readonly (readonly [name: string, type: PlainType])[]

/**
 * A Parquet file for a reader on this machine, moments later: values as they are in memory, which
 * cost next to nothing to write or to read. No value is null. Whoever writes a row writes one value
 * to each column, then `endRow`.
 */
export class PlainParquet {
  readonly #columns: readonly PlainColumn[]
  readonly #file: DraftFile
  readonly #groups: Thrift[] = []
  readonly #onGroup: (() => void) | undefined
  #at = magic.length
  #rows = 0
  #rowsInAll = 0

  /** `onGroup` is called before some thousand rows are written: by its end every column has its values. */
  constructor(path: string, columns: PlainColumns, onGroup?: () => void) {
    this.#onGroup = onGroup
    this.#file = new DraftFile(path, { inFlightBytesMax: 4 * 1024 * 1024 })
    this.#columns = columns.map(([name, type]) => new PlainColumn(name, type))
    this.#file.write(magic)?.catch(() => undefined)
  }

  get path(): string {
    return this.#file.path
  }

  column(name: string): PlainColumn {
    const column = this.#columns.find((each) => each.name === name)
    assert(column !== undefined, `the file has a column ${name}`)
    return column
  }

  /** A promise is to be waited for: the disk is slower than what comes. */
  endRow(): Promise<void> | undefined {
    this.#rows += 1
    return this.#rows < rowsOfGroup ? undefined : this.#endGroup()
  }

  /** Resolves once all of it is in the file. */
  async end(): Promise<void> {
    if (this.#rows > 0) await this.#endGroup()
    const footer = thriftBytes(
      struct(
        [1, i32(version)],
        [2, list(rootOf(this.#columns), ...this.#columns.map(elementOf))],
        [3, i64(this.#rowsInAll)],
        [4, list(...this.#groups)],
      ),
    )
    const length = Buffer.alloc(4)
    length.writeUInt32LE(footer.length)
    await this.#file.write(Buffer.concat([footer, length, magic]))
    await this.#file.end()
  }

  /** The file is gone, whatever was under way. */
  async remove(): Promise<void> {
    await this.#file.remove()
  }

  #endGroup(): Promise<void> | undefined {
    this.#onGroup?.()
    const [rows, start] = [this.#rows, this.#at]
    const pages = this.#columns.flatMap((column) => {
      const values = column.take()
      return [headerOf(rows, values.length), values]
    })
    const chunks = this.#columns.map((column, index) => {
      const bytes = (pages[index * 2]?.length ?? 0) + (pages[index * 2 + 1]?.length ?? 0)
      const chunk = chunkOf(column, { rows, bytes, at: this.#at })
      this.#at += bytes
      return chunk
    })
    this.#groups.push(struct([1, list(...chunks)], [2, i64(this.#at - start)], [3, i64(rows)]))
    this.#rowsInAll += rows
    this.#rows = 0
    return this.#file.write(Buffer.concat(pages))
  }
}

const rootOf = (columns: readonly PlainColumn[]): Thrift =>
  struct([4, text('rows')], [5, i32(columns.length)])

function elementOf({ name, type }: PlainColumn): Thrift {
  const { physical, converted } = plainTypes[type]
  return struct(
    [1, i32(physical)],
    [3, i32(required)],
    [4, text(name)],
    ...(converted === undefined ? [] : [[6, i32(converted)] as const]),
  )
}

const headerOf = (rows: number, bytes: number): Buffer =>
  thriftBytes(
    struct(
      [1, i32(dataPage)],
      [2, i32(bytes)],
      [3, i32(bytes)],
      [5, struct([1, i32(rows)], [2, i32(plain)], [3, i32(rle)], [4, i32(rle)])],
    ),
  )

const chunkOf = (
  { name, type }: PlainColumn,
  { rows, bytes, at }: { readonly rows: number; readonly bytes: number; readonly at: number },
): Thrift =>
  struct(
    [2, i64(at)],
    [
      3,
      struct(
        [1, i32(plainTypes[type].physical)],
        [2, list(i32(plain))],
        [3, list(text(name))],
        [4, i32(uncompressed)],
        [5, i64(rows)],
        [6, i64(bytes)],
        [7, i64(bytes)],
        [9, i64(at)],
      ),
    ],
  )
