import { assert } from './assert.ts'
import type { Brand } from './brand.ts'
import { decimalsOf, type CurrencyCode } from './currency.ts'
import { limits } from './limits.ts'
import { fail, ok, type Result } from './result.ts'

/** A count of minor units, never a fraction: 12.34 in a two-decimal currency is 1234n. */
export type MinorUnits = Brand<bigint, 'MinorUnits'>

export type Money = { readonly minor: MinorUnits; readonly currency: CurrencyCode }

export type AmountError = 'empty' | 'not_a_number' | 'too_many_decimals' | 'zero' | 'too_large'

export const minorUnits = (value: bigint): MinorUnits => value as MinorUnits

export const money = (minor: bigint, currency: CurrencyCode): Money => ({
  minor: minor as MinorUnits,
  currency,
})

const decimalShape = /^([0-9]{1,15})(?:[.,]([0-9]{0,15}))?$/

/**
 * A decimal amount as merchants send it: `10`, `10.6`, `10,60`, `150.0`. Digits past the
 * currency's decimals are accepted only when they are zeros: nothing is ever rounded here.
 */
export function parseDecimalAmount(
  text: string,
  currency: CurrencyCode,
): Result<Money, AmountError> {
  if (text === '') return fail('empty')
  const parts = decimalShape.exec(text)
  if (parts === null) return fail('not_a_number')
  const decimals = decimalsOf(currency)
  const fraction = parts[2] ?? ''
  if (/[1-9]/.test(fraction.slice(decimals))) return fail('too_many_decimals')
  const minor = BigInt((parts[1] ?? '') + fraction.slice(0, decimals).padEnd(decimals, '0'))
  return checked(minor, currency)
}

/** A decimal string of minor units, as REST carries it: `24990`. */
export function parseMinorAmount(text: string, currency: CurrencyCode): Result<Money, AmountError> {
  if (text === '') return fail('empty')
  if (!/^[0-9]{1,18}$/.test(text)) return fail('not_a_number')
  return checked(BigInt(text), currency)
}

function checked(minor: bigint, currency: CurrencyCode): Result<Money, AmountError> {
  if (minor === 0n) return fail('zero')
  if (minor > limits.amountMinorMax) return fail('too_large')
  return ok(money(minor, currency))
}

/** `249.90` for 24990 MAD, `500` for 500 JPY; the point is the separator whatever the language. */
export function formatDecimal({ minor, currency }: Money): string {
  const decimals = decimalsOf(currency)
  if (decimals === 0) return minor.toString()
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, '0')
  const sign = minor < 0n ? '-' : ''
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

export function add(a: Money, b: Money): Money {
  assert(a.currency === b.currency, `adding ${a.currency} to ${b.currency}`)
  return money(a.minor + b.minor, a.currency)
}

export function subtract(a: Money, b: Money): Money {
  assert(a.currency === b.currency, `subtracting ${b.currency} from ${a.currency}`)
  return money(a.minor - b.minor, a.currency)
}

/** The fee, half up; the rest stays with the net, so fee + net is the gross. 150 bps is 1.50 %. */
export function splitFee(gross: Money, rateBps: bigint): { fee: Money; net: Money } {
  const fee = money((gross.minor * rateBps + 5_000n) / 10_000n, gross.currency)
  return { fee, net: subtract(gross, fee) }
}
