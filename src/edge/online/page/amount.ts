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

/** The instant of a payment in Casablanca, as a receipt shows it. */
export function dateText(at: Date): string {
  const parts = receiptClock.formatToParts(at)
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? ''
  return `${part('day')}/${part('month')}/${part('year')} ${part('hour')}:${part('minute')}`
}

const receiptClock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Africa/Casablanca',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
})
