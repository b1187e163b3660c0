import type { Site } from '../../../directory/index.ts'
import { parseCurrency } from '../../../kernel/currency.ts'
import { limits } from '../../../kernel/limits.ts'
import { parseDecimalAmount, type Money } from '../../../kernel/money.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { findField, textOf, type Field } from '../../../wire/nestpay/index.ts'
import { hasControls, isWebAddress, languageOf, textFault } from '../checkout/posted-value.ts'
import type { Language } from '../checkout/session.ts'
import { cardData, invalid, missing, wrongCurrency, type FormRefusal } from './refusal.ts'

/** What a merchant's form asks for, once its hash is right and every field is. */
export type PaymentForm = {
  readonly kind: 'preauthorization' | 'purchase'
  readonly amount: Money
  /** Empty when the gateway is to make one. */
  readonly reference: string
  readonly language: Language
  readonly sessionSeconds: number
}

type Read<T> = Result<T, FormRefusal>

/** Spellings in the wild: `3D_PAY_HOSTING`, `3DPAYHOSTING`, `pay_hosting`, `3d`, … */
const storeTypes = new Set(['3dpayhosting', '3dpay', '3dhost', '3d', 'payhosting', 'regular'])

/** Names in any case; a value that is wrong is refused by name before anything is stored. */
export function readPaymentForm(fields: readonly Field[], site: Site): Read<PaymentForm> {
  const text = (name: string): string =>
    textOf(findField(fields, name)?.value ?? Buffer.alloc(0)).trim()
  const storeType = text('storetype').toLowerCase().replaceAll('_', '')
  if (storeType === '') return fail(missing('storetype'))
  if (!storeTypes.has(storeType)) {
    return fail(invalid('storetype', 'Type de page inconnu.', 'Unknown store type.'))
  }
  // The Turkish name of old modules; where both are there, ours counts.
  const kind = kindOf(text('TranType') === '' ? text('islemtipi') : text('TranType'))
  if (kind === undefined) {
    return fail(invalid('TranType', 'PreAuth ou Auth.', 'PreAuth or Auth.'))
  }
  const amount = readAmount(text('amount'), text('currency'), site)
  if (!amount.ok) return amount
  const reference = text('oid')
  if ([...reference].length > 64 || hasControls(reference)) {
    const en = 'At most 64 characters, without control characters.'
    return fail(invalid('oid', 'Au plus 64 caractères, sans caractère de contrôle.', en))
  }
  for (const [name, required] of [
    ['okUrl', true],
    ['failUrl', true],
    ['callbackUrl', false],
    ['shopurl', false],
  ] as const) {
    const wrong = wrongUrl(name, text(name), required)
    if (wrong !== undefined) return fail(wrong)
  }
  const other = wrongText(fields) ?? wrongReturn(text)
  if (other !== undefined) return fail(other)
  const sessionSeconds = readSeconds(text('sessionTimeout'))
  if (sessionSeconds === undefined) {
    const { sessionSecondsMin: min, sessionSecondsMax: max } = limits
    return fail(
      invalid('sessionTimeout', `De ${min} à ${max} secondes.`, `${min} to ${max} seconds.`),
    )
  }
  const language = languageOf(text('lang'))
  return ok({ kind, amount: amount.value, reference, language, sessionSeconds })
}

function kindOf(text: string): PaymentForm['kind'] | undefined {
  switch (text.toLowerCase()) {
    case '':
    case 'preauth':
      return 'preauthorization'
    case 'auth':
      return 'purchase'
    default:
      return undefined
  }
}

function readAmount(text: string, currencyText: string, site: Site): Read<Money> {
  if (currencyText === '') return fail(missing('currency'))
  const currency = parseCurrency(currencyText)
  if (currency !== site.currency) return fail(wrongCurrency)
  if (text === '') return fail(missing('amount'))
  const amount = parseDecimalAmount(text, currency)
  if (amount.ok) return amount
  const rules = {
    empty: ['Un montant est attendu.', 'An amount is expected.'],
    not_a_number: ['Un nombre décimal, tel que 10.60.', 'A decimal number, such as 10.60.'],
    too_many_decimals: ['Trop de décimales.', 'More decimals than the currency has.'],
    zero: ['Le montant doit être supérieur à zéro.', 'The amount must be above zero.'],
    too_large: ['Le montant est trop grand.', 'The amount is too large.'],
  } as const
  const [fr, en] = rules[amount.error]
  return fail(invalid('amount', fr, en))
}

function wrongUrl(name: string, text: string, required: boolean): FormRefusal | undefined {
  if (text === '') return required ? missing(name) : undefined
  if (isWebAddress(text)) return undefined
  const en = 'An absolute http or https address, of 2048 bytes at most, without a password.'
  const fr = 'Une adresse http ou https complète, de 2048 octets au plus, sans mot de passe.'
  return invalid(name, fr, en)
}

/** Of the buyer's data. Some modules write the country's name, others a code. */
const lengths: readonly (readonly [RegExp, number])[] = [
  [/^(?:email|billto(?:name|company|street[0-9]*))$/i, 255],
  [/^billto(?:city|country)$/i, 64],
  [/^(?:tel|billto(?:stateprov|postalcode|telvoice))$/i, 32],
]

function wrongText(fields: readonly Field[]): FormRefusal | undefined {
  const found = textFault(fields, lengths)
  if (found === undefined) return undefined
  const { field, fault } = found
  if (fault === 'card') return cardData(field)
  if (fault === 'control') return invalid(field, 'Caractère de contrôle.', 'A control character.')
  return invalid(field, `Au plus ${fault.max} caractères.`, `At most ${fault.max} characters.`)
}

/** How the result page goes back to the shop. */
function wrongReturn(text: (name: string) => string): FormRefusal | undefined {
  if (!['', 'true', 'false', '1', '0', 'on', 'off'].includes(text('AutoRedirect').toLowerCase())) {
    return invalid('AutoRedirect', 'true ou false.', 'true or false.')
  }
  if (!/^[0-9]{0,3}$/.test(text('refreshtime'))) {
    return invalid('refreshtime', 'De 0 à 999 secondes.', '0 to 999 seconds.')
  }
  return undefined
}

function readSeconds(text: string): number | undefined {
  if (text === '') return limits.sessionSecondsDefault
  const value = /^[0-9]{1,5}$/.test(text) ? Number(text) : -1
  return value >= limits.sessionSecondsMin && value <= limits.sessionSecondsMax ? value : undefined
}

/** Absent with an address: several clients never send it and expect the call all the same. */
export function isCallbackWanted(fields: readonly Field[]): boolean {
  const text = (name: string): string | undefined => {
    const found = findField(fields, name)
    return found === undefined ? undefined : textOf(found.value).trim()
  }
  const url = text('callbackUrl')
  if (url === undefined || url === '') return false
  const wanted = text('CallbackResponse')?.toLowerCase()
  return wanted === undefined || !['', 'false', '0', 'off'].includes(wanted)
}
