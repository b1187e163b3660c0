import {
  amountText,
  countText,
  growthText,
  wholeText,
  type Language,
} from '../../../statistics/press/index.ts'
import type { Measures } from '../../../statistics/index.ts'
import type { Measure } from './asked.ts'

/** What a cell holds of the measure that the page shows: operations, or dirhams in minor units. */
export const measureOf = (of: Measures, measure: Measure): bigint =>
  measure === 'count' ? BigInt(of.count) : of.amountMinor

/** Null where there was no year before. */
export const previousOf = ({ growth }: Measures, measure: Measure): bigint | null =>
  growth === null
    ? null
    : measure === 'count'
      ? BigInt(growth.previous.count)
      : growth.previous.amountMinor

export const growthOf = ({ growth }: Measures, measure: Measure): number | null =>
  (measure === 'count' ? growth?.countPct : growth?.amountPct) ?? null

/** `+56%`; empty where there is nothing to compare with. */
export const growthCell = (pct: number | null, language: Language): string =>
  pct === null ? '' : growthText(pct, language, 1)

/** As a sentence says it. */
export const saidText = (value: bigint, measure: Measure, language: Language): string =>
  measure === 'count' ? countText(value, language) : amountText(value, language)

/** As a table says it: every digit of a count, whole dirhams of an amount. */
export const cellText = (value: bigint | null, measure: Measure, language: Language): string =>
  value === null ? '' : wholeText(measure === 'count' ? value : (value + 50n) / 100n, language)

/** As a program reads it: amounts in dirhams with two decimals. */
export function plainText(value: bigint | null, measure: Measure): string {
  if (value === null) return ''
  if (measure === 'count') return value.toString()
  return `${value / 100n}.${(value % 100n).toString().padStart(2, '0')}`
}

/** On an axis: in millions where they are, with no more digits than needed. */
export function axisText(value: number, measure: Measure, language: Language): string {
  const whole = BigInt(Math.round(value))
  return measure === 'count' ? countText(whole, language) : amountText(whole, language)
}
