import pg from 'pg'

/** [PostgreSQL pg_type.dat] Object identifiers of the types whose default reading loses something. */
const oid: Readonly<Record<'int8' | 'int8Array' | 'date' | 'dateArray' | 'textArray', number>> = {
  int8: 20,
  int8Array: 1016,
  date: 1082,
  dateArray: 1182,
  textArray: 1009,
}

type TextParser = (value: string) => unknown
type Tree = readonly (string | null | Tree)[]

const parseTextArray = pg.types.getTypeParser(oid.textArray, 'text') as TextParser

/** An array that is already text, or nothing: what the driver's array reader gives. */
function isTree(value: unknown): value is Tree {
  return Array.isArray(value)
}

function toBigints(tree: Tree): unknown[] {
  return tree.map((item) =>
    item === null ? null : typeof item === 'string' ? BigInt(item) : toBigints(item),
  )
}

const parsers: ReadonlyMap<number, TextParser> = new Map<number, TextParser>([
  // Money is int8: a JavaScript number would round it past 2^53.
  [oid.int8, (value) => BigInt(value)],
  [
    oid.int8Array,
    (value) => {
      const parsed = parseTextArray(value)
      return isTree(parsed) ? toBigints(parsed) : []
    },
  ],
  // A business date is a day, not an instant: a Date would move it across time zones.
  [oid.date, (value) => value],
  [oid.dateArray, parseTextArray],
])

/**
 * int8 is bigint, date is `YYYY-MM-DD`, numeric stays text (the driver's default), timestamptz is a
 * Date. Given to each pool: nothing global is changed.
 */
export const types: pg.CustomTypesConfig = {
  getTypeParser: (id: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers.get(id)) ??
    (pg.types.getTypeParser(id, format ?? 'text') as TextParser),
}
