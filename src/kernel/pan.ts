import { fail, ok, type Result } from './result.ts'

export type PanError = 'not_digits' | 'length' | 'check_digit'

/** A primary account number. Prints and serializes masked; `reveal()` is the only way out. */
export class Pan {
  readonly #digits: string

  private constructor(digits: string) {
    this.#digits = digits
  }

  /** 12 to 19 digits with a right check digit [ISO7812]; spaces and hyphens as people type them are dropped. */
  static parse(text: string): Result<Pan, PanError> {
    const digits = text.replace(/[ -]/g, '')
    if (!/^[0-9]+$/.test(digits)) return fail('not_digits')
    if (digits.length < 12 || digits.length > 19) return fail('length')
    if (!hasCheckDigit(digits)) return fail('check_digit')
    return ok(new Pan(digits))
  }

  reveal(): string {
    return this.#digits
  }

  /** `541033***4358`: at most the first six and the last four [PCI-DSS 3.4.1]. */
  masked(): string {
    return `${this.first6()}***${this.last4()}`
  }

  first6(): string {
    return this.#digits.slice(0, 6)
  }

  last4(): string {
    return this.#digits.slice(-4)
  }

  equals(other: Pan): boolean {
    return this.#digits === other.#digits
  }

  toString(): string {
    return this.masked()
  }

  toJSON(): string {
    return this.masked()
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.masked()
  }
}

/** The Luhn check digit [ISO7812-1 Annex B]. */
export function hasCheckDigit(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
