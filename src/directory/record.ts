import { parseBusinessDate, type BusinessDate } from '../kernel/business-date.ts'
import { parseCurrency, type CurrencyCode } from '../kernel/currency.ts'
import type { Row } from './csv.ts'

/** What is wrong with a data file, with the file, the line and the column named. */
export class DirectoryError extends Error {
  override readonly name = 'DirectoryError'
}

/** Typed, strict access to one record; every refusal names its place. */
export class RecordReader {
  readonly #file: string
  readonly #row: Row

  constructor(file: string, row: Row) {
    this.#file = file
    this.#row = row
  }

  refuse(column: string, expected: string): never {
    const place = `${this.#file} line ${this.#row.line}, column ${column}`
    throw new DirectoryError(`${place}: expected ${expected}`)
  }

  /** May be empty. */
  optional(column: string): string {
    return this.#row.values.get(column) ?? ''
  }

  text(column: string, max = 80): string {
    const value = this.optional(column)
    if (value === '' || value.length > max) this.refuse(column, `1 to ${max} characters`)
    // These values reach bank messages and pages: no control characters.
    if ([...value].some((character) => character < ' ')) this.refuse(column, 'printable text')
    return value
  }

  matching(column: string, shape: RegExp, expected: string): string {
    const value = this.optional(column)
    if (!shape.test(value)) this.refuse(column, expected)
    return value
  }

  id(column: string): string {
    return this.matching(column, /^[A-Za-z0-9][A-Za-z0-9_-]{0,30}$/, 'an id: letters, digits, - _')
  }

  integer(column: string, { min, max }: { min: number; max: number }): number {
    const value = Number(this.matching(column, /^[0-9]{1,9}$/, `a number ${min} to ${max}`))
    if (value < min || value > max) this.refuse(column, `a number ${min} to ${max}`)
    return value
  }

  oneOf<T extends string>(column: string, choices: readonly T[]): T {
    const value = this.optional(column)
    const found = choices.find((choice) => choice === value)
    return found ?? this.refuse(column, `one of ${choices.join(', ')}`)
  }

  flag(column: string): boolean {
    return this.oneOf(column, ['yes', 'no']) === 'yes'
  }

  date(column: string): BusinessDate {
    return parseBusinessDate(this.optional(column)) ?? this.refuse(column, 'a date YYYY-MM-DD')
  }

  currency(column: string): CurrencyCode {
    return parseCurrency(this.optional(column)) ?? this.refuse(column, 'a currency, such as MAD')
  }

  /** An id that another file must hold. */
  reference<T>(column: string, known: ReadonlyMap<string, T>, what: string): T {
    const value = this.id(column)
    return known.get(value) ?? this.refuse(column, `a known ${what}; ${value} is not`)
  }
}
