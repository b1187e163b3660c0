import type { Calendar } from '../../directory/index.ts'
import { numericCode } from '../../kernel/currency.ts'
import type { IssuerMessage, OnFileUse, SensitiveCardData } from '../../switch/index.ts'
import type { Draft, FieldValues } from '../../wire/iso8583/index.ts'

/**
 * A message to a bank as ISO 8583 fields: field numbers begin here. A repeat (0221, 0421) differs
 * from its first in the MTI alone [ISO8583-87 4.1], so that the bank's duplicate rule finds it.
 */
export function issuerDraft(
  message: IssuerMessage,
  card: SensitiveCardData,
  options: { readonly repeat: boolean; readonly calendar: Calendar },
): Draft {
  const stamp = stampOf(message.sentAt, options.calendar)
  const isAdvice = message.mti === '0220' || message.mti === '0420'
  const fields: FieldValues = {
    2: card.pan.reveal(),
    3: message.purpose === 'refund' ? '200000' : '000000',
    4: message.amount.minor.toString().padStart(12, '0'),
    7: stamp.transmitted,
    11: message.stan,
    12: stamp.localTime,
    13: stamp.localDate,
    14: message.card.expiry,
    18: message.mcc,
    22: message.entryMode,
    25: message.conditionCode,
    32: message.acquirerInstitution,
    37: message.rrn,
    38: message.approvalCode ?? undefined,
    39: message.mti === '0220' ? '00' : (message.reason ?? undefined),
    41: message.terminal,
    42: message.cardAcceptorId,
    43: message.mti === '0420' ? undefined : message.cardAcceptorName,
    48: isAdvice ? undefined : additionalData(message, card),
    49: numericCode(message.amount.currency),
    60: message.part === null ? undefined : captureMark(message.part, message.lastPart),
    90: message.original === null ? undefined : originalData(message, options.calendar),
  }
  return { mti: options.repeat && isAdvice ? `${message.mti.slice(0, 3)}1` : message.mti, fields }
}

/** DE48 22: who asks for the payment, C the customer or M the merchant, and what for [project]. */
const initiators: Readonly<Record<OnFileUse, string>> = {
  first: 'C101',
  customer: 'C101',
  unscheduled: 'M101',
  recurring: 'M103',
  instalment: 'M104',
}

/**
 * DE48, tag 2, length 2, data [project]: 22 initiator, 42 electronic commerce indicator, 63 the RRN
 * of the payment with which the cardholder let the merchant keep the card, 92 CVC.
 */
function additionalData(
  { eci, purpose, onFile }: IssuerMessage,
  card: SensitiveCardData,
): string | undefined {
  if (purpose === 'refund') return undefined
  const cvc = card.cvc?.()
  const parts =
    (onFile === null ? '' : element('22', initiators[onFile.use])) +
    (eci === null ? '' : element('42', eci)) +
    (onFile === null || onFile.firstReference === null
      ? ''
      : element('63', onFile.firstReference)) +
    (cvc === undefined ? '' : element('92', cvc))
  return parts === '' ? undefined : parts
}

const element = (tag: string, value: string): string =>
  `${tag}${value.length.toString().padStart(2, '0')}${value}`

/** DE60 of a 0220 [project]: which capture this is, and of how many when it is the last. */
function captureMark(part: number, last: boolean): string {
  const number = Math.min(part, 98).toString().padStart(2, '0')
  return `CAPT${number}OF${last ? number : '00'}`
}

/** [ISO8583-87 DE90] MTI, STAN, DE7, and DE32 and DE33 right-justified with zeros. */
function originalData(
  { original, acquirerInstitution }: IssuerMessage,
  calendar: Calendar,
): string {
  if (original === null) return ''
  const { transmitted } = stampOf(original.sentAt, calendar)
  const acquirer = acquirerInstitution.padStart(11, '0')
  return `${original.mti}${original.stan}${transmitted}${acquirer}${'0'.repeat(11)}`
}

type Stamp = {
  readonly second: number
  readonly transmitted: string
  readonly localTime: string
  readonly localDate: string
}

let latest: Stamp = { second: -1, transmitted: '', localTime: '', localDate: '' }

/** DE7 is UTC, DE12 and DE13 are local [ISO8583-87]. Thousands of messages share one second. */
function stampOf(at: Date, calendar: Calendar): Stamp {
  const second = Math.floor(at.getTime() / 1000)
  if (latest.second === second) return latest
  const digits = at.toISOString().replace(/[^0-9]/g, '')
  const local = calendar.localTime(at).replace(/[^0-9]/g, '')
  latest = {
    second,
    transmitted: digits.slice(4, 14),
    localTime: local.slice(8, 14),
    localDate: local.slice(4, 8),
  }
  return latest
}

/** DE7 of a network message. */
export const transmittedAt = (at: Date, calendar: Calendar): string =>
  stampOf(at, calendar).transmitted
