import type { Money } from '../kernel/money.ts'
import type { CardToken, IssuerId, PaymentKey, Rrn, Stan, TerminalId } from '../kernel/ids.ts'
import type { Pan } from '../kernel/pan.ts'
import type { OnFile } from './payment.ts'

/** What a message undoes or completes [ISO8583-87 DE90]. */
export type OriginalMessage = {
  readonly mti: '0100' | '0200'
  readonly stan: Stan
  readonly sentAt: Date
}

/** A message to a card's bank, without its card number: as it is stored, and repeated after a restart. */
export type IssuerMessage = {
  readonly mti: '0100' | '0200' | '0220' | '0420'
  readonly purpose: 'goods' | 'refund'
  readonly amount: Money
  readonly stan: Stan
  readonly rrn: Rrn
  /** DE7, DE12 and DE13 derive from it; a repeat carries the same. */
  readonly sentAt: Date
  readonly card: { readonly token: CardToken; readonly expiry: string }
  readonly mcc: string
  readonly entryMode: string
  readonly conditionCode: string
  readonly eci: string | null
  readonly onFile: OnFile | null
  readonly acquirerInstitution: string
  readonly terminal: TerminalId
  readonly cardAcceptorId: string
  /** DE43: name 25, city 13, country 2. */
  readonly cardAcceptorName: string
  readonly approvalCode: string | null
  /** DE39 of a reversal: 68 no answer in time, 17 undone by the acceptor. */
  readonly reason: string | null
  readonly original: OriginalMessage | null
  /** Which capture of how many is known: DE60 of a 0220. */
  readonly part: number | null
  readonly lastPart: boolean
}

export type SensitiveCardData = { readonly pan: Pan; readonly cvc?: () => string }

export type IssuerReply =
  | {
      readonly kind: 'answered'
      /** DE39. */
      readonly responseCode: string
      readonly approvalCode: string | null
      /** DE4 of the answer, minor units: less than asked when the bank approves a part (DE39 10). */
      readonly amountMinor: bigint | null
    }
  /** Bytes may have left and no answer came in time: nobody knows what the bank did. */
  | { readonly kind: 'no_answer' }
  /** No link was up: nothing left. */
  | { readonly kind: 'not_sent' }

/** An answer that nobody waits for any more. */
export type LateAnswer = {
  readonly issuer: IssuerId
  readonly mti: string
  readonly stan: string
  readonly rrn: string | null
  readonly responseCode: string
}

/** Owned by the switch, implemented by `edge/issuers` [DESIGN §2]. */
export type IssuerPort = {
  /** Resolves with the answer, or at the deadline without one. Never rejects. */
  send(
    issuer: IssuerId,
    message: IssuerMessage,
    card: SensitiveCardData,
    options: { readonly deadlineMs: number; readonly repeat: boolean },
  ): Promise<IssuerReply>
}

/** What a bank must be told until it acknowledges it (0220, 0420): store and forward. */
export type Advice = {
  readonly payment: PaymentKey
  /** The business date of the change that it tells of; with kind and part it names the advice. */
  readonly businessDate: PaymentKey['businessDate']
  readonly kind: 'capture' | 'reversal' | 'refund_reversal'
  readonly part: number
  readonly issuer: IssuerId
  readonly message: IssuerMessage
}
