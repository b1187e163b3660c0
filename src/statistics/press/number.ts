import type { MinorUnits } from '../../kernel/money.ts'

/** The languages of the centre's note. Arabic takes the digits that Morocco writes: 0 to 9. */
export type Language = 'fr' | 'ar' | 'en'

export const languages: readonly Language[] = ['fr', 'ar', 'en']

export const isLanguage = (text: string): text is Language =>
  languages.some((language) => language === text)

/** No line breaks between a number and its unit, nor within a number. */
const nbsp = '\u00a0'
/** U+2212: as wide as the plus sign, and never the end of a line. */
const minus = '\u2212'

type Signs = { readonly thousands: string; readonly decimal: string }

const signs: Readonly<Record<Language, Signs>> = {
  fr: { thousands: nbsp, decimal: ',' },
  ar: { thousands: '.', decimal: ',' },
  en: { thousands: ',', decimal: '.' },
}

type Unit = {
  readonly digits: number
  readonly one: string
  readonly many: string
  /** Arabic: after three to ten, where no decimal follows. */
  readonly few?: string
}

/** From the largest; the last is for what is smaller than any. */
const countUnits: Readonly<Record<Language, readonly Unit[]>> = {
  fr: [
    { digits: 9, one: 'milliard', many: 'milliards' },
    { digits: 6, one: 'million', many: 'millions' },
  ],
  ar: [
    { digits: 9, one: 'مليار', many: 'مليار', few: 'ملايير' },
    { digits: 6, one: 'مليون', many: 'مليون', few: 'ملايين' },
  ],
  en: [
    { digits: 9, one: 'billion', many: 'billion' },
    { digits: 6, one: 'million', many: 'million' },
  ],
}

/** Every digit: `211 042`, `211,042`. */
export function wholeText(value: bigint, language: Language): string {
  const { thousands } = signs[language]
  const digits = (value < 0n ? -value : value).toString()
  const grouped = digits.replace(/\B(?=(?:[0-9]{3})+$)/g, thousands)
  return value < 0n ? minus + grouped : grouped
}

/** A value divided by ten to the power of `digits`, half up, with so many decimals. */
export function scaledText(
  value: bigint,
  { digits, decimals }: { readonly digits: number; readonly decimals: number },
  language: Language,
): string {
  const divisor = 10n ** BigInt(digits - decimals)
  const size = value < 0n ? -value : value
  const rounded = (2n * size + divisor) / (2n * divisor)
  const shift = 10n ** BigInt(decimals)
  const whole = wholeText(rounded / shift, language)
  const sign = value < 0n && rounded > 0n ? minus : ''
  if (decimals === 0) return sign + whole
  const fraction = (rounded % shift).toString().padStart(decimals, '0')
  return `${sign}${whole}${signs[language].decimal}${fraction}`
}

/** As the press prints it: `1,3 million`, `17,5 millions`, `211 000`; all digits below ten thousand. */
export function countText(value: bigint, language: Language): string {
  const unit = countUnits[language].find(({ digits }) => value >= 10n ** BigInt(digits))
  if (unit !== undefined) {
    const text = trimmed(
      scaledText(value, { digits: unit.digits, decimals: 1 }, language),
      language,
    )
    // [fr] Less than two is one: 1,9 million.
    const isOne = value < 2n * 10n ** BigInt(unit.digits)
    const many = isFew(text) ? (unit.few ?? unit.many) : unit.many
    return `${text}${nbsp}${isOne ? unit.one : many}`
  }
  if (value < 10_000n) return wholeText(value, language)
  return wholeText(((value + 500n) / 1_000n) * 1_000n, language)
}

/**
 * Dirhams as the press prints them: `13,4 milliards de dirhams`, `872 MDH`, `270,3 MDH`. `decimals`
 * is that of the millions.
 */
export function amountText(
  minor: MinorUnits | bigint,
  language: Language,
  decimals: 0 | 1 = 0,
): string {
  const billions = minor >= 100_000_000_000n
  const millions = minor >= 100_000_000n
  const scale = billions
    ? { digits: 11, decimals: 1 }
    : millions
      ? { digits: 8, decimals: minor < 10_000_000_000n && decimals === 0 ? 1 : decimals }
      : { digits: 2, decimals: 0 }
  const text = trimmed(scaledText(minor, scale, language), language)
  const size = billions ? 'billions' : millions ? 'millions' : 'units'
  return amountUnits[language][size](text)
}

const amountUnits: Readonly<
  Record<Language, Readonly<Record<'billions' | 'millions' | 'units', (number: string) => string>>>
> = {
  fr: {
    billions: (n) =>
      `${n}${nbsp}${n.startsWith('1,') || n === '1' ? 'milliard' : 'milliards'} de dirhams`,
    millions: (n) => `${n}${nbsp}MDH`,
    units: (n) => `${n}${nbsp}DH`,
  },
  ar: {
    billions: (n) => `${n}${nbsp}${isFew(n) ? 'ملايير' : 'مليار'} درهم`,
    millions: (n) => `${n}${nbsp}${isFew(n) ? 'ملايين' : 'مليون'} درهم`,
    units: (n) => `${n}${nbsp}${dirhamsAfter(n)}`,
  },
  en: {
    billions: (n) => `MAD${nbsp}${n}${nbsp}billion`,
    millions: (n) => `MAD${nbsp}${n}${nbsp}million`,
    units: (n) => `MAD${nbsp}${n}`,
  },
}

/** Three to ten, and no decimal. */
const isFew = (number: string): boolean => /^(?:[3-9]|10)$/.test(number)

/** What is counted agrees with the last two digits of its number. */
function dirhamsAfter(number: string): string {
  const last = Number(number.replace('.', '').slice(-2))
  if (last >= 3 && last <= 10) return 'دراهم'
  return last >= 11 ? 'درهما' : 'درهم'
}

/** `+56%`, `−16%`, `+97,1%`; no decimal that is zero. */
export function growthText(pct: number, language: Language, decimals: 0 | 1 = 0): string {
  const text = percentText(Math.abs(pct), language, decimals)
  const isZero = /^[0,.]*%$/.test(text)
  return isZero ? text : `${pct < 0 ? minus : '+'}${text}`
}

/** `81%`, `7,4%`. Percentages come to the hundredth. */
export function percentText(pct: number, language: Language, decimals: 0 | 1 = 0): string {
  const hundredths = BigInt(Math.round(pct * 100))
  return `${trimmed(scaledText(hundredths, { digits: 2, decimals }, language), language)}%`
}

/** `270,0` is printed `270`. */
const trimmed = (text: string, language: Language): string =>
  text.endsWith(`${signs[language].decimal}0`) ? text.slice(0, -2) : text
