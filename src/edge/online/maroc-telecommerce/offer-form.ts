import type { Site } from '../../../directory/index.ts'
import { parseDecimalAmount, type Money } from '../../../kernel/money.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import { findField, type Field } from '../../../wire/nestpay/index.ts'
import {
  hasControls,
  isWebAddress,
  languageOf,
  textFault,
  trimmedText,
} from '../checkout/posted-value.ts'
import type { Language } from '../checkout/session.ts'
import type { Version } from './protocol.ts'
import { cardData, invalid, missing, type FormRefusal } from './refusal.ts'

/** What a merchant's form asks for, once its checksum is right and every field is. */
export type OfferForm = {
  readonly kind: 'preauthorization' | 'purchase'
  readonly amount: Money
  /** Empty when the centre is to make one. */
  readonly reference: string
  readonly language: Language
}

/** A value that is wrong is refused by name before anything is stored. */
export function readOfferForm(
  fields: readonly Field[],
  site: Site,
  version: Version,
): Result<OfferForm, FormRefusal> {
  const text = (name: string): string => trimmedText(fields, name)
  const { names } = version
  const amount = parseDecimalAmount(text(names.total), site.currency)
  if (!amount.ok) return fail(wrongAmount(names.total, amount.error))
  const cart = text(names.cart)
  if (cart === '' && version.cartRequired) return fail(missing(names.cart))
  if ([...cart].length > 64 || hasControls(cart)) {
    const en = 'At most 64 characters, without control characters.'
    return fail(invalid(names.cart, 'Au plus 64 caractères, sans caractère de contrôle.', en))
  }
  for (const name of version.present) {
    if (findField(fields, name) === undefined) return fail(missing(name))
  }
  if (text(names.update) === '') return fail(missing(names.update))
  for (const name of [names.update, names.offer, ...(names.book === null ? [] : [names.book])]) {
    if (text(name) !== '' && !isWebAddress(text(name))) return fail(wrongAddress(name))
  }
  const wrong = wrongText(fields)
  if (wrong !== undefined) return fail(wrong)
  // Without anyone to ask whether the order is booked, the approval is the end of it.
  const booked = version.callbackTo(fields) !== ''
  return ok({
    kind: booked ? 'preauthorization' : 'purchase',
    amount: amount.value,
    // [MTC §6b] 0: the shop has no number for its cart.
    reference: cart === '0' && !version.cartRequired ? '' : cart,
    language: languageOf(text(names.language)),
  })
}

type AmountRule = 'empty' | 'not_a_number' | 'too_many_decimals' | 'zero' | 'too_large'

function wrongAmount(field: string, rule: AmountRule): FormRefusal {
  if (rule === 'empty') return missing(field)
  const rules = {
    not_a_number: ['Un nombre décimal, tel que 10.60.', 'A decimal number, such as 10.60.'],
    too_many_decimals: ['Trop de décimales.', 'More decimals than the currency has.'],
    zero: ['Le montant doit être supérieur à zéro.', 'The amount must be above zero.'],
    too_large: ['Le montant est trop grand.', 'The amount is too large.'],
  } as const
  const [fr, en] = rules[rule]
  return invalid(field, fr, en)
}

function wrongAddress(field: string): FormRefusal {
  const en = 'An absolute http or https address, of 2048 bytes at most, without a password.'
  const fr = 'Une adresse http ou https complète, de 2048 octets au plus, sans mot de passe.'
  return invalid(field, fr, en)
}

/** Of the buyer's data: what the module's own columns hold, with room to spare. */
const lengths: readonly (readonly [RegExp, number])[] = [
  [/^(?:email|name|buyername|address)$/i, 255],
  [/^(?:city|state|country|tel|postcode)$/i, 64],
  [/^count$/i, 10],
]

function wrongText(fields: readonly Field[]): FormRefusal | undefined {
  const found = textFault(fields, lengths)
  if (found === undefined) return undefined
  const { field, fault } = found
  if (fault === 'card') return cardData(field)
  if (fault === 'control') return invalid(field, 'Caractère de contrôle.', 'A control character.')
  return invalid(field, `Au plus ${fault.max} caractères.`, `At most ${fault.max} characters.`)
}
