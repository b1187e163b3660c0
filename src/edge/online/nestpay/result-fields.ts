import type { Calendar, Site } from '../../../directory/index.ts'
import type { Payment } from '../../../switch/index.ts'
import {
  field,
  findField,
  hashVersionOf,
  mangledName,
  signFields,
  trimBytes,
  type Field,
} from '../../../wire/nestpay/index.ts'
import { outcomeOf } from '../checkout/outcome.ts'
import { keyThatSigned } from './signature.ts'
import { transIdOf } from './trans-id.ts'

/** What CMI's modules call a bank's answer: 99 with Error is the gateway's own. */
type Result = {
  readonly response: 'Approved' | 'Declined' | 'Error'
  readonly code: string
  readonly message: string
}

/** ProcReturnCode is DE39 of the bank; ours where no bank answered. */
export function resultOf(payment: Payment): Result {
  const outcome = outcomeOf(payment)
  if (outcome.outcome === 'approved') return { response: 'Approved', code: '00', message: '' }
  if (outcome.outcome === 'undone') {
    return { response: 'Error', code: '99', message: 'The authorization was undone' }
  }
  const ours = outcome.reason === 'no_route' ? '92' : '91'
  const code = outcome.responseCode ?? ours
  return { response: 'Declined', code, message: messageOf(code) }
}

export const messageOf = (code: string): string => messages[code] ?? 'Declined by the issuer'

const messages: Readonly<Record<string, string>> = {
  '05': 'Do not honour',
  '14': 'Invalid card number',
  '41': 'Lost card',
  '43': 'Stolen card',
  '51': 'Insufficient funds',
  '54': 'Expired card',
  '57': 'Not permitted to cardholder',
  '61': 'Exceeds amount limit',
  '65': 'Authentication required',
  '82': 'Wrong CVV',
  '91': 'Issuer did not answer',
  '92': 'No issuer for this card',
}

type Facts = {
  readonly site: Site
  readonly calendar: Calendar
  readonly clientIp: string
  readonly form: readonly Field[]
  /** When the form was accepted: which of the site's keys were in force then. */
  readonly openedAt: Date
}

/**
 * All that was posted and the result, in natural order, signed in the version of the form. A field
 * of ours takes the place of one that the merchant posted under the same name; `oid` only where it
 * was empty.
 */
export function resultFields(payment: Payment, facts: Facts): readonly Field[] {
  return signedEcho(facts, paymentFields(payment, facts))
}

/** The customer gave up: no bank was asked. */
export function cancelledFields(facts: Facts & { readonly reference: string }): readonly Field[] {
  return signedEcho(facts, [
    ['oid', facts.reference],
    ['ReturnOid', facts.reference],
    ['Response', 'Error'],
    ['ProcReturnCode', '99'],
    ['ErrMsg', 'cancelled'],
    ['mdStatus', '0'],
  ])
}

function signedEcho(
  { form, site, openedAt }: Facts,
  ours: readonly (readonly [string, string])[],
): readonly Field[] {
  const oid = findField(form, 'oid')
  const keepsOid = oid !== undefined && trimBytes(oid.value).length > 0
  const added = ours.filter(([name]) => !(keepsOid && name === 'oid'))
  const names = new Set(added.map(([name]) => mangledName(name)))
  const echoed = form.filter(({ name }) => !names.has(mangledName(name)))
  return signFields(
    [...echoed, ...added.map(([name, value]) => field(name, value))],
    keyThatSigned(form, site, openedAt),
    // Whoever signed in an old version verifies in it: the gate took it from this site.
    hashVersionOf(form) ?? 'ver3',
  )
}

function paymentFields(payment: Payment, { site, calendar, clientIp }: Facts): [string, string][] {
  const { sent, status } = payment
  const result = resultOf(payment)
  const outcome = outcomeOf(payment)
  const local = calendar.localTime(status.answeredAt)
  const digits = local.replace(/[^0-9]/g, '')
  const [first6 = '', last4 = ''] = sent.card.masked.split('***')
  const reference = sent.order?.reference ?? ''
  return [
    ['oid', reference],
    ['ReturnOid', reference],
    ['Response', result.response],
    ['ProcReturnCode', result.code],
    ['AuthCode', outcome.outcome === 'approved' ? outcome.approval.approvalCode : ''],
    ['HostRefNum', sent.rrn],
    ['TransId', transIdOf(sent.key)],
    ['TRANID', ''],
    ['ErrMsg', result.message],
    ['SettleId', sent.key.businessDate.replaceAll('-', '')],
    ['acqStan', sent.stan],
    ['maskedCreditCard', `${first6.slice(0, 4)} ${first6.slice(4)}** **** ${last4}`],
    ['MaskedPan', sent.card.masked],
    ['panFirst6', first6],
    ['panLast4', last4],
    ['Ecom_Payment_Card_ExpDate_Month', sent.card.expiry.slice(2)],
    ['Ecom_Payment_Card_ExpDate_Year', sent.card.expiry.slice(0, 2)],
    // The cardholder was not authenticated, and nothing here says otherwise.
    ['mdStatus', '7'],
    ['mdErrorMsg', 'Not authenticated'],
    ['txstatus', 'U'],
    ['eci', sent.eci ?? '07'],
    ['cavv', ''],
    ['xid', ''],
    ['EXTRA.CARDBRAND', sent.card.brand.toUpperCase()],
    ['EXTRA.TRXDATE', `${digits.slice(0, 8)} ${local.slice(11)}`],
    ['EXTRA.HOSTDATE', `${digits.slice(4, 8)}-${digits.slice(8)}`],
    ['EXTRA.HOSTMSG', result.message === '' ? 'Approved' : result.message],
    ['EXTRA.TERMINALID', sent.terminal],
    ['merchantID', site.id],
    ['clientIp', clientIp],
    ['callbackCall', 'true'],
  ]
}
