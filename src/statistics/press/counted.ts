import { countText, wholeText, type Language } from './number.ts'

export type Counted = 'operations' | 'sites' | 'cards' | 'refunds' | 'days'

/** French and English: one, and more than one. */
const plurals: Readonly<
  Record<'fr' | 'en', Readonly<Record<Counted, readonly [one: string, many: string]>>>
> = {
  fr: {
    operations: ['opération', 'opérations'],
    sites: ['site actif', 'sites actifs'],
    cards: ['carte active', 'cartes actives'],
    refunds: ['remboursement', 'remboursements'],
    days: ['jour', 'jours'],
  },
  en: {
    operations: ['operation', 'operations'],
    sites: ['active site', 'active sites'],
    cards: ['active card', 'active cards'],
    refunds: ['refund', 'refunds'],
    days: ['day', 'days'],
  },
}

/**
 * Arabic counts in five ways: one and two are words, three to ten take the plural, eleven to
 * ninety-nine the singular accusative, and the whole hundreds the singular genitive.
 */
type ArabicNoun = {
  readonly one: string
  /** As the object of a verb or after a preposition: that is where these sentences have it. */
  readonly two: string
  readonly few: string
  readonly many: string
  readonly hundreds: string
}

const arabic: Readonly<Record<Counted, ArabicNoun>> = {
  operations: {
    ...{ one: 'عملية واحدة', two: 'عمليتين', few: 'عمليات' },
    ...{ many: 'عملية', hundreds: 'عملية' },
  },
  sites: {
    ...{ one: 'موقع نشط واحد', two: 'موقعين نشطين', few: 'مواقع نشطة' },
    ...{ many: 'موقعا نشطا', hundreds: 'موقع نشط' },
  },
  cards: {
    ...{ one: 'بطاقة نشطة واحدة', two: 'بطاقتين نشطتين', few: 'بطاقات نشطة' },
    ...{ many: 'بطاقة نشطة', hundreds: 'بطاقة نشطة' },
  },
  refunds: {
    ...{ one: 'عملية إرجاع واحدة', two: 'عمليتي إرجاع', few: 'عمليات إرجاع' },
    ...{ many: 'عملية إرجاع', hundreds: 'عملية إرجاع' },
  },
  days: {
    ...{ one: 'يوم واحد', two: 'يومين', few: 'أيام' },
    ...{ many: 'يوما', hundreds: 'يوم' },
  },
}

const nbsp = '\u00a0'

/** `1,3 million d’opérations`, `411 sites actifs`, `3 مواقع نشطة`; scaled unless `whole`. */
export function countedText(
  value: bigint,
  what: Counted,
  language: Language,
  { whole = false }: { readonly whole?: boolean } = {},
): string {
  const number = whole ? wholeText(value, language) : countText(value, language)
  const isScaled = !whole && value >= 1_000_000n
  if (language === 'ar') return arabicText(value, { number, isScaled }, arabic[what])
  const [one, many] = plurals[language][what]
  if (language === 'en') return `${number}${nbsp}${value === 1n ? one : many}`
  // [fr] Million is a noun: it takes « de » before what is counted.
  if (isScaled) return `${number} ${/^[aeiouyéh]/.test(many) ? 'd’' : 'de '}${many}`
  return `${number}${nbsp}${value < 2n ? one : many}`
}

function arabicText(
  value: bigint,
  { number, isScaled }: { readonly number: string; readonly isScaled: boolean },
  noun: ArabicNoun,
): string {
  if (isScaled) return `${number}${nbsp}${noun.hundreds}`
  if (value === 1n) return noun.one
  if (value === 2n) return noun.two
  // What agrees is the number as it is printed: thousands are rounded.
  const shown = value >= 10_000n && number.endsWith('000') ? 0n : value % 100n
  const form = shown >= 3n && shown <= 10n ? noun.few : shown >= 11n ? noun.many : noun.hundreds
  return `${number}${nbsp}${form}`
}
