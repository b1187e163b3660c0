import type { IssuerReply } from '../../switch/index.ts'
import type { Message } from '../../wire/iso8583/index.ts'

/**
 * An answer is matched on MTI + 10, DE11 and DE41 [DESIGN §4]; never on DE7, which some hosts set
 * anew; DE37 is compared besides, where both carry it. The first two make one number, by which an
 * exchange is found fastest: the centre never has two under way that differ in DE41 alone.
 */
export function exchangeNumber(responseClass: string, stan: string): number {
  return Number(responseClass) * 1_000_000 + Number(stan)
}

/** `0110` for `0100`, as its first three digits: an answer to a repeat is the same answer. */
export function responseClassOf(mti: string): string {
  return mti.slice(0, 2) + String.fromCharCode(mti.charCodeAt(2) + 1)
}

export function isResponse(mti: string): boolean {
  const kind = mti.charAt(2)
  return kind === '1' || kind === '3'
}

/** Undefined when the answer has no response code, and so says nothing. */
export function replyOf(message: Message): IssuerReply | undefined {
  const responseCode = message.text(39)
  if (responseCode === undefined) return undefined
  const amount = message.text(4)
  return {
    kind: 'answered',
    responseCode,
    approvalCode: message.text(38)?.trim() ?? null,
    amountMinor: amount === undefined ? null : BigInt(amount),
  }
}
