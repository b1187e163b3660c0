import type { Field } from './field.ts'
import { compareNatural } from './natural-order.ts'

/** How a merchant's software sorts the names before it joins the values [CMI-ver3]. */
export type FieldOrder = 'natural' | 'lower_case' | 'code_point' | 'locale' | 'fixed_list'

type Compare = (a: string, b: string) => number

const byCode: Compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0)

/** Odoo 12 to 14 sign these in this order, and nothing else. */
const fixedList = [
  'amount',
  'BillToCity',
  'BillToCompany',
  'BillToCountry',
  'BillToName',
  'BillToPostalCode',
  'BillToStateProv',
  'BillToStreet1',
  'callbackUrl',
  'clientid',
  'currency',
  'email',
  'failUrl',
  'hashAlgorithm',
  'lang',
  'oid',
  'okUrl',
  'refreshtime',
  'rnd',
  'shopurl',
  'storetype',
  'tel',
  'TranType',
]

const fixedRank = new Map(fixedList.map((name, rank) => [name.toLowerCase(), rank]))

/**
 * The fields in the order named; undefined where the order cannot hold them: the fixed list signs
 * only what it lists, and a field that no hash covers is never accepted.
 */
export function inOrder(fields: readonly Field[], order: FieldOrder): readonly Field[] | undefined {
  if (order === 'fixed_list') return inFixedOrder(fields)
  const compare = compares[order]
  return [...fields].sort((a, b) => compare(a.name, b.name))
}

function inFixedOrder(fields: readonly Field[]): readonly Field[] | undefined {
  if (fields.some((one) => !fixedRank.has(one.name.toLowerCase()))) return undefined
  const rank = (one: Field): number => fixedRank.get(one.name.toLowerCase()) ?? 0
  return [...fields].sort((a, b) => rank(a) - rank(b))
}

const compares: Readonly<Record<Exclude<FieldOrder, 'fixed_list'>, Compare>> = {
  natural: compareNatural,
  lower_case: (a, b) => byCode(a.toLowerCase(), b.toLowerCase()),
  code_point: byCode,
  locale: compareLocale,
}

// [UTS10] The root collation of printable ASCII: punctuation, then symbols, digits and letters.
const collation = ' _-,;:!?.\'"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz'

/**
 * JavaScript's `localeCompare` with numeric digits and base sensitivity, written out here so that
 * the result does not hang on the collation data of the machine.
 */
function compareLocale(a: string, b: string): number {
  const left = collationKeys(a)
  const right = collationKeys(b)
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = compareKeys(left[i] ?? '', right[i] ?? '')
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

/** Single characters, and runs of digits without their leading zeros. */
const collationKeys = (name: string): readonly string[] =>
  (name.toLowerCase().match(/[0-9]+|[^0-9]/g) ?? []).map((key) => key.replace(/^0+(?=[0-9])/, ''))

function compareKeys(a: string, b: string): number {
  if (/^[0-9]/.test(a) && /^[0-9]/.test(b) && a.length !== b.length) return a.length - b.length
  if (/^[0-9]/.test(a) && /^[0-9]/.test(b)) return byCode(a, b)
  return collation.indexOf(a.charAt(0)) - collation.indexOf(b.charAt(0))
}
