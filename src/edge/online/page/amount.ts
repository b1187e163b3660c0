import { formatDecimal, type Money } from '../../../kernel/money.ts'
import type { Language } from '../checkout/session.ts'

const nbsp = '\u00a0'

/** `1 234,50 MAD` in French and Arabic (digits as Morocco writes them), `MAD 1,234.50` in English. */
export function amountText(amount: Money, language: Language): string {
  const [whole = '', fraction] = formatDecimal(amount).split('.')
  const english = language === 'en'
  const grouped = whole.replace(/\B(?=(?:[0-9]{3})+$)/g, english ? ',' : nbsp)
  const number = fraction === undefined ? grouped : `${grouped}${english ? '.' : ','}${fraction}`
  return english ? `${amount.currency}${nbsp}${number}` : `${number}${nbsp}${amount.currency}`
}

/** `2013-09-15 14:30:25`, local, as a receipt shows it: `15/09/2013 14:30`. */
export function dateText(localTime: string): string {
  const [, year = '', month = '', day = '', time = ''] =
    /^([0-9]{4})-([0-9]{2})-([0-9]{2}) ([0-9]{2}:[0-9]{2})/.exec(localTime) ?? []
  return `${day}/${month}/${year} ${time}`
}
