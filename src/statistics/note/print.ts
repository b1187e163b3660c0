import {
  amountText,
  countedText,
  countText,
  growthText,
  percentText,
  scaledText,
  wholeText,
  type Counted,
  type Language,
} from '../press/index.ts'
import { figure, type Figure } from './document.ts'

/** Figures as a language prints them; every number of a note passes here. */
export type Print = {
  /** `211 000 opérations` */
  counted(value: number | bigint, what: Counted): Figure
  /** Without what is counted, where a label says it: `211 000`. */
  count(value: number | bigint): Figure
  /** All digits: `411 sites actifs`. */
  exactly(value: number | bigint, what: Counted): Figure
  amount(minor: bigint, decimals?: 0 | 1): Figure
  /** `+56%`; one decimal below ten percent, or where it is asked for. */
  growth(pct: number, decimals?: 0 | 1): Figure
  /** `56%`: how much, the way being said in words. */
  size(pct: number, decimals?: 0 | 1): Figure
  /** A part of a whole. */
  share(pct: number): Figure
  /** What is expected, to three digits: nobody knows more of it. */
  about(value: number, what: Counted): Figure
  aboutCount(value: number): Figure
  aboutAmount(minor: number): Figure
  /** A difference of rates: `+0,4`. */
  points(difference: number): Figure
  /** For tables. */
  whole(value: number | bigint): Figure
  /** In millions of dirhams, with a decimal: `270,3`. */
  millions(minor: bigint): Figure
  /** In dirhams: `671`. */
  dirhams(minor: bigint): Figure
}

/** Two digits are enough to tell one growth from another. */
const usual = (pct: number): 0 | 1 => (Math.abs(pct) < 10 ? 1 : 0)

export const printer = (language: Language): Print => ({
  counted: (value, what) => figure(countedText(BigInt(value), what, language)),
  count: (value) => figure(countText(BigInt(value), language)),
  exactly: (value, what) => figure(countedText(BigInt(value), what, language, { whole: true })),
  amount: (minor, decimals = 0) => figure(amountText(minor, language, decimals)),
  growth: (pct, decimals = usual(pct)) => figure(growthText(pct, language, decimals)),
  size: (pct, decimals = usual(pct)) => figure(percentText(Math.abs(pct), language, decimals)),
  share: (pct) => figure(percentText(pct, language, 1)),
  points: (difference) => figure(growthText(difference, language, 1).replace('%', '')),
  about: (value, what) => {
    const whole = value < 1_000_000
    return figure(countedText(toThreeDigits(value), what, language, { whole }))
  },
  aboutCount: (value) => {
    const rounded = toThreeDigits(value)
    return figure(value < 1_000_000 ? wholeText(rounded, language) : countText(rounded, language))
  },
  aboutAmount: (minor) => figure(amountText(toThreeDigits(minor), language)),
  whole: (value) => figure(wholeText(BigInt(value), language)),
  millions: (minor) => figure(scaledText(minor, { digits: 8, decimals: 1 }, language)),
  dirhams: (minor) => figure(scaledText(minor, { digits: 2, decimals: 0 }, language)),
})

/** Whether a growth is printed as zero, whatever is behind its decimals. */
export const printsZero = (pct: number): boolean => Math.abs(pct) < 0.05

export function toThreeDigits(value: number): bigint {
  const whole = BigInt(Math.round(Math.max(0, value)))
  const step = 10n ** BigInt(Math.max(0, whole.toString().length - 3))
  return ((2n * whole + step) / (2n * step)) * step
}
