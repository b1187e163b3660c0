import type { DialectName } from '../../src/wire/iso8583/index.ts'

/** Card numbers from `low` to `high`, both whole numbers of the same length. */
export type BankRange = { readonly low: string; readonly high: string }

/** One simulated issuer: a bank, or a scheme's host that answers for foreign banks. */
export type BankProfile = {
  /** `atlas`: names its files and its lines in the log; letters, digits and hyphens. */
  readonly code: string
  readonly name: string
  /** Added to the base port. */
  readonly portOffset: number
  readonly ranges: readonly BankRange[]
  readonly dialect: DialectName
  /** File with the 128-bit key of DE128 in hexadecimal; null where the link carries no MAC. */
  readonly macKeyFile: string | null
}

/** Whether the bank answers for the number. */
export function holdsRange(ranges: readonly BankRange[], pan: string): boolean {
  return ranges.some(({ low, high }) => pan.length === low.length && pan >= low && pan <= high)
}
