import type { BusinessDate } from '../../kernel/business-date.ts'
import { parseMonth } from '../period.ts'
import type { Language } from './number.ts'
import { monthText } from './words.ts'

/** `1er octobre 2013`, `1 October 2013`. */
export function dateText(date: BusinessDate, language: Language): string {
  const month = parseMonth(date.slice(0, 7))
  const day = String(Number(date.slice(8)))
  if (month === undefined) return date
  // [fr] The first of a month is an ordinal, the other days are not.
  return `${language === 'fr' && day === '1' ? '1er' : day}\u00a0${monthText(month, language)}`
}
