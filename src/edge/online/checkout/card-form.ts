import type { BusinessDate } from '../../../kernel/business-date.ts'
import { Pan } from '../../../kernel/pan.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { OnFile, PresentedCard } from '../../../switch/index.ts'
import { findField, textOf, type Field } from '../../../wire/nestpay/index.ts'

export type CardFieldName = 'number' | 'expiry' | 'cvc' | 'name'

export type CardProblem =
  | 'number_missing'
  | 'number_shape'
  | 'number_check_digit'
  | 'expiry_shape'
  | 'expiry_past'
  | 'cvc_shape'
  | 'name_shape'

/** At most one problem per field, to be shown beside it. */
export type CardProblems = Partial<Readonly<Record<CardFieldName, CardProblem>>>

export type CardPost = {
  readonly attempt: number
  readonly card: PresentedCard
  /** Of a card that the merchant keeps: nobody typed its number. */
  readonly onFile?: OnFile
}

/** The card form as posted. No value of it ever goes back into a page, except the name. */
export function readCardForm(
  fields: readonly Field[],
  today: BusinessDate,
): Result<CardPost, { readonly problems: CardProblems; readonly name: string }> {
  const text = (name: CardFieldName): string => typed(fields, name)
  const problems: { -readonly [Name in CardFieldName]?: CardProblem } = {}
  const pan = Pan.parse(text('number'))
  if (!pan.ok) problems.number = numberProblem(text('number'), pan.error)
  const expiry = readExpiry(text('expiry'), today)
  if (!expiry.ok) problems.expiry = expiry.error
  const cvc = text('cvc')
  if (!isCode(cvc)) problems.cvc = 'cvc_shape'
  const name = text('name')
  if (!/^[\p{L}\p{M}0-9 .,'’-]{0,60}$/u.test(name)) problems.name = 'name_shape'
  if (!pan.ok || !expiry.ok || Object.keys(problems).length > 0) {
    return fail({ problems, name: problems.name === undefined ? name : '' })
  }
  return ok({
    attempt: attemptOf(fields),
    card: { pan: pan.value, expiry: expiry.value, cvc: () => cvc },
  })
}

const isCode = (text: string): boolean => /^[0-9]{3,4}$/.test(text)

const typed = (fields: readonly Field[], name: CardFieldName): string =>
  westernDigits(textOf(findField(fields, name)?.value ?? Buffer.alloc(0)).trim())

/** 0, which no order ever waits for, where it is not a number. */
function attemptOf(fields: readonly Field[]): number {
  const text = findField(fields, 'attempt')?.value.toString('latin1') ?? ''
  return Number(/^[0-9]{1,3}$/.exec(text)?.[0] ?? 0)
}

/** The form of a card that is kept: its code is all that is typed. */
export function readCodeForm(
  fields: readonly Field[],
): Result<{ readonly attempt: number; readonly cvc: string }, CardProblems> {
  const cvc = typed(fields, 'cvc')
  return isCode(cvc) ? ok({ attempt: attemptOf(fields), cvc }) : fail({ cvc: 'cvc_shape' })
}

function numberProblem(text: string, error: 'not_digits' | 'length' | 'check_digit'): CardProblem {
  if (text === '') return 'number_missing'
  return error === 'check_digit' ? 'number_check_digit' : 'number_shape'
}

/** `MM/YY`, `MM/YYYY` or `MMYY` to `YYMM`; a card is good to the last day of its month. */
export function readExpiry(
  text: string,
  today: BusinessDate,
): Result<string, 'expiry_shape' | 'expiry_past'> {
  const parts = /^(0?[1-9]|1[0-2])\s*[/.-]?\s*(?:20)?([0-9]{2})$/.exec(text)
  const month = parts?.[1]
  const year = parts?.[2]
  if (month === undefined || year === undefined) return fail('expiry_shape')
  const yymm = `${year}${month.padStart(2, '0')}`
  const thisMonth = `${today.slice(2, 4)}${today.slice(5, 7)}`
  return yymm < thisMonth ? fail('expiry_past') : ok(yymm)
}

/** Keyboards in Arabic type Arabic-Indic digits. */
const westernDigits = (text: string): string =>
  text
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
