/**
 * Writes what a Parquet file says of itself [PARQUET thrift compact protocol]: a struct is its
 * fields in the order of their ids, then a zero.
 */
export type Thrift =
  | { readonly kind: 'int'; readonly type: 5 | 6; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'list'; readonly values: readonly Thrift[] }
  | { readonly kind: 'struct'; readonly fields: readonly Field[] }

type Field = readonly [id: number, value: Thrift]

export const i32 = (value: number): Thrift => ({ kind: 'int', type: 5, value })
export const i64 = (value: number): Thrift => ({ kind: 'int', type: 6, value })
export const text = (value: string): Thrift => ({ kind: 'text', value })
/** Of values of one kind; one without any says nothing of it. */
export const list = (...values: readonly Thrift[]): Thrift => ({ kind: 'list', values })
/** Ids are ascending, and less than sixteen apart. */
export const struct = (...fields: readonly Field[]): Thrift => ({ kind: 'struct', fields })

export function thriftBytes(value: Thrift): Buffer {
  const bytes: number[] = []
  put(bytes, value)
  return Buffer.from(bytes)
}

function put(bytes: number[], value: Thrift): void {
  switch (value.kind) {
    case 'int':
      putVarint(bytes, zigzag(value.value))
      return
    case 'text': {
      const utf8 = Buffer.from(value.value, 'utf8')
      putVarint(bytes, utf8.length)
      bytes.push(...utf8)
      return
    }
    case 'list':
      putList(bytes, value.values)
      return
    case 'struct':
      putFields(bytes, value.fields)
  }
}

function putList(bytes: number[], values: readonly Thrift[]): void {
  const type = values[0] === undefined ? 0 : typeOf(values[0])
  if (values.length < 15) bytes.push((values.length << 4) | type)
  else {
    bytes.push(0xf0 | type)
    putVarint(bytes, values.length)
  }
  for (const value of values) put(bytes, value)
}

function putFields(bytes: number[], fields: readonly Field[]): void {
  let last = 0
  for (const [id, value] of fields) {
    bytes.push(((id - last) << 4) | typeOf(value))
    put(bytes, value)
    last = id
  }
  bytes.push(0)
}

function typeOf(value: Thrift): number {
  if (value.kind === 'int') return value.type
  return { text: 8, list: 9, struct: 12 }[value.kind]
}

/** Of a whole number that is not negative: none here is. */
const zigzag = (value: number): number => value * 2

function putVarint(bytes: number[], value: number): void {
  let left = value
  while (left > 0x7f) {
    bytes.push((left % 0x80) | 0x80)
    left = Math.floor(left / 0x80)
  }
  bytes.push(left)
}
