import type { Directory, Merchant } from '../directory/index.ts'
import { money, type Money } from '../kernel/money.ts'
import type { IssuerMessage } from './issuer-port.ts'
import type { Numbers } from './numbers.ts'
import type { Payment, SentFacts } from './payment.ts'

/** What to say to a bank about a payment [DESIGN §4]. */
type Parts = Pick<IssuerMessage, 'mti' | 'purpose' | 'amount' | 'stan' | 'rrn' | 'sentAt'> &
  Partial<
    Pick<
      IssuerMessage,
      'approvalCode' | 'reason' | 'original' | 'part' | 'lastPart' | 'conditionCode'
    >
  >

/** 0100 for a pre-authorization, 0200 for a purchase. */
export function authorizationMessage(directory: Directory, sent: SentFacts): IssuerMessage {
  return message(directory, sent, {
    mti: requestMti(sent),
    purpose: 'goods',
    amount: sent.amount,
    stan: sent.stan,
    rrn: sent.rrn,
    sentAt: sent.sentAt,
  })
}

/** 0220: a capture of a pre-authorization, the same RRN, pointing back by DE90. */
export function captureMessage(
  directory: Directory,
  { sent, status }: Payment,
  capture: { amount: Money; numbers: Numbers; at: Date; part: number; lastPart: boolean },
): IssuerMessage {
  return message(directory, sent, {
    mti: '0220',
    purpose: 'goods',
    amount: capture.amount,
    stan: capture.numbers.stan,
    rrn: sent.rrn,
    sentAt: capture.at,
    conditionCode: '06',
    approvalCode: status.state === 'captured' ? status.approvalCode : null,
    original: originalOf(sent),
    part: capture.part,
    lastPart: capture.lastPart,
  })
}

/** [ISO8583-87 DE39] of a reversal: response received too late, or undone by the card acceptor. */
export const reversalReason = { noAnswer: '68', acceptor: '17' } as const

/** 0420: undoes the authorization and all that was captured of it. */
export function reversalMessage(
  directory: Directory,
  sent: SentFacts,
  reversal: { numbers: Numbers; at: Date; reason: string; approvalCode: string | null },
): IssuerMessage {
  return message(directory, sent, {
    mti: '0420',
    purpose: 'goods',
    amount: sent.amount,
    stan: reversal.numbers.stan,
    rrn: sent.rrn,
    sentAt: reversal.at,
    approvalCode: reversal.approvalCode,
    reason: reversal.reason,
    original: originalOf(sent),
  })
}

/** 0200 with processing code 20: money back to the card, an exchange of its own. */
export function refundMessage(
  directory: Directory,
  sent: SentFacts,
  refund: { amount: Money; numbers: Numbers; at: Date },
): IssuerMessage {
  return message(directory, sent, {
    mti: '0200',
    purpose: 'refund',
    amount: refund.amount,
    stan: refund.numbers.stan,
    rrn: refund.numbers.rrn,
    sentAt: refund.at,
  })
}

/** 0420 of a refund that the bank did not answer in time. */
export function refundReversalMessage(
  directory: Directory,
  sent: SentFacts,
  refund: {
    sent: { amountMinor: bigint; numbers: Numbers; at: Date }
    numbers: Numbers
    at: Date
  },
): IssuerMessage {
  return message(directory, sent, {
    mti: '0420',
    purpose: 'refund',
    amount: money(refund.sent.amountMinor, sent.amount.currency),
    stan: refund.numbers.stan,
    rrn: refund.sent.numbers.rrn,
    sentAt: refund.at,
    reason: reversalReason.noAnswer,
    original: { mti: '0200', stan: refund.sent.numbers.stan, sentAt: refund.sent.at },
  })
}

const requestMti = ({ kind }: SentFacts): '0100' | '0200' =>
  kind === 'preauthorization' ? '0100' : '0200'

const originalOf = (sent: SentFacts): IssuerMessage['original'] => ({
  mti: requestMti(sent),
  stan: sent.stan,
  sentAt: sent.sentAt,
})

function message(directory: Directory, sent: SentFacts, parts: Parts): IssuerMessage {
  const merchant = directory.merchant(sent.merchant)
  const site = sent.site === null ? undefined : directory.site(sent.site)
  return {
    mti: parts.mti,
    purpose: parts.purpose,
    amount: parts.amount,
    stan: parts.stan,
    rrn: parts.rrn,
    sentAt: parts.sentAt,
    card: { token: sent.card.token, expiry: sent.card.expiry },
    mcc: site?.mcc ?? merchant.mcc,
    entryMode: sent.entryMode,
    conditionCode: parts.conditionCode ?? sent.conditionCode,
    eci: sent.eci,
    onFile: sent.onFile,
    acquirerInstitution: directory.acquirer(merchant.acquirer).institutionId,
    terminal: sent.terminal,
    cardAcceptorId: merchant.cardAcceptorId,
    cardAcceptorName: nameAndLocation(merchant),
    approvalCode: parts.approvalCode ?? null,
    reason: parts.reason ?? null,
    original: parts.original ?? null,
    part: parts.part ?? null,
    lastPart: parts.lastPart ?? false,
  }
}

/** [ISO8583-87 DE43] Name 25, city 13, country 2; banks print it on statements in plain ASCII. */
function nameAndLocation({ name, city, country }: Merchant): string {
  const plain = (text: string, length: number): string =>
    text
      .normalize('NFD')
      .replace(/[^ -~]/g, '')
      .slice(0, length)
      .padEnd(length)
  return plain(name, 25) + plain(city, 13) + country
}
