import type { Brand } from './brand.ts'

/** ISO 4217 alphabetic code, of a currency in the table below. */
export type CurrencyCode = Brand<string, 'CurrencyCode'>

type Currency = { readonly numeric: string; readonly decimals: 0 | 2 | 3 }

/** [ISO4217] The currencies that the centre can carry; a card abroad is billed by its own bank. */
const currencies: ReadonlyMap<string, Currency> = new Map<string, Currency>([
  ['AED', { numeric: '784', decimals: 2 }],
  ['BHD', { numeric: '048', decimals: 3 }],
  ['CAD', { numeric: '124', decimals: 2 }],
  ['CHF', { numeric: '756', decimals: 2 }],
  ['CNY', { numeric: '156', decimals: 2 }],
  ['DZD', { numeric: '012', decimals: 2 }],
  ['EGP', { numeric: '818', decimals: 2 }],
  ['EUR', { numeric: '978', decimals: 2 }],
  ['GBP', { numeric: '826', decimals: 2 }],
  ['ILS', { numeric: '376', decimals: 2 }],
  ['JOD', { numeric: '400', decimals: 3 }],
  ['JPY', { numeric: '392', decimals: 0 }],
  ['KWD', { numeric: '414', decimals: 3 }],
  ['MAD', { numeric: '504', decimals: 2 }],
  ['MRU', { numeric: '929', decimals: 2 }],
  ['QAR', { numeric: '634', decimals: 2 }],
  ['SAR', { numeric: '682', decimals: 2 }],
  ['SEK', { numeric: '752', decimals: 2 }],
  ['TND', { numeric: '788', decimals: 3 }],
  ['TRY', { numeric: '949', decimals: 2 }],
  ['USD', { numeric: '840', decimals: 2 }],
  ['XAF', { numeric: '950', decimals: 0 }],
  ['XOF', { numeric: '952', decimals: 0 }],
])

const byNumeric: ReadonlyMap<string, CurrencyCode> = new Map(
  [...currencies].map(([code, { numeric }]) => [numeric, code as CurrencyCode]),
)

export const MAD = 'MAD' as CurrencyCode

/** Accepts `MAD` or `504`; undefined for a currency that the centre does not carry. */
export function parseCurrency(text: string): CurrencyCode | undefined {
  return currencies.has(text) ? (text as CurrencyCode) : byNumeric.get(text)
}

/** Three digits, as DE49 and the CMI form carry it. */
export function numericCode(code: CurrencyCode): string {
  return entry(code).numeric
}

export function decimalsOf(code: CurrencyCode): 0 | 2 | 3 {
  return entry(code).decimals
}

function entry(code: CurrencyCode): Currency {
  const found = currencies.get(code)
  if (found === undefined) throw new Error(`invariant broken: currency ${code} is not in the table`)
  return found
}
