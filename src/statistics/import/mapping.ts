import { fail, ok, type Result } from '../../kernel/result.ts'
import { lakeColumns, type LakeColumn } from '../../wire/lake/index.ts'

/** Where a column of the lake comes from in somebody else's file. */
export type From = {
  /** The column's name there; undefined for a constant. */
  readonly column: string | undefined
  readonly constant: string | undefined
  /** Their words and ours; any other word is wrong, unless there is an `otherwise`. */
  readonly values: ReadonlyMap<string, string> | undefined
  readonly otherwise: string | undefined
  /** Of dates and hours, as strptime has it: `%d/%m/%Y`. */
  readonly format: string | undefined
}

export type Mapping = {
  readonly separator: string
  /** Between units and cents: `.` or `,`. */
  readonly decimal: string
  /** How many digits of `amount_minor` are behind the separator; 0 for minor units. */
  readonly decimals: number
  readonly columns: ReadonlyMap<LakeColumn, From>
}

const names: ReadonlySet<string> = new Set(lakeColumns.map(([name]) => name))
const needed = ['business_date', 'amount_minor', 'merchant', 'card', 'sector'] as const

/** What a centre's history need not say. */
const usual: readonly (readonly [LakeColumn, string])[] = [
  ['hour', '12'],
  ['kind', 'operation'],
  ['currency', 'MAD'],
  ['channel', 'terminal'],
  ['gateway', 'none'],
  ['door', 'terminal'],
  ['card_origin', 'moroccan'],
  ['brand', 'unknown'],
  ['site', 'none'],
  ['issuer', 'unknown'],
]

type Plain = Readonly<Record<string, unknown>>

/** Fails with a sentence that names the column and what is wrong with it. */
export function mappingFromJson(text: string): Result<Mapping, string> {
  let plain: unknown
  try {
    plain = JSON.parse(text)
  } catch {
    return fail('is not JSON')
  }
  if (!isObject(plain) || !isObject(plain['columns'])) return fail('has no columns')
  const { separator = ',', decimal = '.', decimals = 2 } = plain
  if (typeof separator !== 'string' || separator.length !== 1) {
    return fail('has a separator that is not one character')
  }
  if (decimal !== '.' && decimal !== ',') return fail('has a decimal other than . and ,')
  if (!Number.isInteger(decimals) || Number(decimals) < 0 || Number(decimals) > 4) {
    return fail('has decimals other than 0 to 4')
  }
  const columns = new Map<LakeColumn, From>(usual.map(([name, word]) => [name, constant(word)]))
  for (const [name, from] of Object.entries(plain['columns'])) {
    if (!isColumn(name)) return fail(`has a column ${name}, which is none of the lake’s`)
    if (name === 'approved') return fail('has a column approved, which follows from the kind')
    const read = readFrom(from)
    if (!read.ok) return fail(`has a column ${name} ${read.error}`)
    columns.set(name, read.value)
  }
  const missing = needed.find((name) => !columns.has(name))
  if (missing !== undefined) return fail(`does not say where ${missing} comes from`)
  return ok({ separator, decimal, decimals: Number(decimals), columns })
}

const constant = (word: string): From => ({
  ...{ column: undefined, constant: word, values: undefined, otherwise: undefined },
  format: undefined,
})

function readFrom(plain: unknown): Result<From, string> {
  if (typeof plain === 'string') return ok({ ...constant(''), column: plain, constant: undefined })
  if (!isObject(plain)) return fail('that is neither a name nor an object')
  const { column, constant: word, values, otherwise, format } = plain
  const isText = [column, word, otherwise, format].every(
    (one) => one === undefined || typeof one === 'string',
  )
  if (!isText || (column === undefined) === (word === undefined)) {
    return fail('that has not one of column and constant, as text')
  }
  if (values !== undefined && !isWords(values)) return fail('with values that are not words')
  return ok({
    column: asText(column),
    constant: asText(word),
    values: values === undefined ? undefined : new Map(Object.entries(values)),
    otherwise: asText(otherwise),
    format: asText(format),
  })
}

const asText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined

const isColumn = (name: string): name is LakeColumn => names.has(name)

const isWords = (value: unknown): value is Readonly<Record<string, string>> =>
  isObject(value) && Object.values(value).every((word) => typeof word === 'string')

const isObject = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
