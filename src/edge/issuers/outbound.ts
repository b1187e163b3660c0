import type { Calendar } from '../../directory/index.ts'
import { numericCode } from '../../kernel/currency.ts'
import type { IssuerMessage, OnFileUse, SensitiveCardData } from '../../switch/index.ts'
import type { MessageWriter } from '../../wire/iso8583/index.ts'

/** A message about to leave: what its answer is matched on, and how its fields are written. */
export type Outgoing = {
  readonly mti: string
  readonly stan: string
  /** DE41; empty where the message has none, as DE37 is undefined. */
  readonly terminal: string
  readonly rrn: string | undefined
  readonly writeFields: (to: MessageWriter) => void
}

/**
 * A message to a bank as ISO 8583 fields: field numbers begin here. A repeat (0221, 0421) differs
 * from its first in the MTI alone [ISO8583-87 4.1], so that the bank's duplicate rule finds it.
 */
export function outgoing(
  message: IssuerMessage,
  card: SensitiveCardData,
  { repeat, calendar }: { readonly repeat: boolean; readonly calendar: Calendar },
): Outgoing {
  return {
    mti: repeat && isAdvice(message) ? `${message.mti.slice(0, 3)}1` : message.mti,
    stan: message.stan,
    terminal: message.terminal,
    rrn: message.rrn,
    writeFields: (to) => {
      writeFields(to, message, card, calendar)
    },
  }
}

const isAdvice = ({ mti }: IssuerMessage): boolean => mti === '0220' || mti === '0420'

function writeFields(
  to: MessageWriter,
  message: IssuerMessage,
  card: SensitiveCardData,
  calendar: Calendar,
): void {
  const { mti, original, part, reason } = message
  const stamp = stampOf(message.sentAt, calendar)
  to.field(2, card.pan.reveal())
  to.field(3, message.purpose === 'refund' ? '200000' : '000000')
  to.field(4, message.amount.minor.toString().padStart(12, '0'))
  to.field(7, stamp.transmitted)
  to.field(11, message.stan)
  to.field(12, stamp.localTime)
  to.field(13, stamp.localDate)
  to.field(14, message.card.expiry)
  to.field(18, message.mcc)
  to.field(22, message.entryMode)
  to.field(25, message.conditionCode)
  to.field(32, message.acquirerInstitution)
  to.field(37, message.rrn)
  to.field(38, message.approvalCode ?? undefined)
  to.field(39, mti === '0220' ? '00' : (reason ?? undefined))
  to.field(41, message.terminal)
  to.field(42, message.cardAcceptorId)
  if (mti !== '0420') to.field(43, message.cardAcceptorName)
  if (!isAdvice(message)) to.field(48, additionalData(message, card))
  to.field(49, numericCode(message.amount.currency))
  if (part !== null) to.field(60, captureMark(part, message.lastPart))
  if (original !== null) to.field(90, originalData(message, calendar))
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
