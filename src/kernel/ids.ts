import { hash } from 'node:crypto'
import type { Brand } from './brand.ts'
import { dayNumber, fromDayNumber, type BusinessDate } from './business-date.ts'
import { parseShardKey, type ShardKey } from './bucket.ts'

/** `022`: a bank of the interbank list. `visa`: a scheme's host. Who answers for a card. */
export type IssuerId = Brand<string, 'IssuerId'>
export type AcquirerId = Brand<string, 'AcquirerId'>
export type MerchantId = Brand<string, 'MerchantId'>
/** A merchant's site: the `clientid` of the CMI gateway, the `storeId` of Maroc Telecommerce. */
export type SiteId = Brand<string, 'SiteId'>
/** DE41, 8 characters. */
export type TerminalId = Brand<string, 'TerminalId'>
/** What stands for a card number outside the vault: `card_` and 26 characters. */
export type CardToken = Brand<string, 'CardToken'>
/** System trace audit number, 6 digits [ISO8583-87 DE11]. */
export type Stan = Brand<string, 'Stan'>
/** Retrieval reference number, 12 digits here [ISO8583-87 DE37]. */
export type Rrn = Brand<string, 'Rrn'>

/** 128 bits of hash over everything that makes a request unique, as 32 hex digits. */
export type RequestKey = Brand<string, 'RequestKey'>

/** `pay_` and 32 characters that carry the bucket, the business date and the request key. */
export type PaymentId = Brand<string, 'PaymentId'>

/** Where a payment is stored. The date is stamped once, with the first row. */
export type PaymentKey = {
  readonly shardKey: ShardKey
  readonly businessDate: BusinessDate
  readonly requestKey: RequestKey
}

/** The parts are length-prefixed, so that no two lists of parts give one key. */
export function requestKeyOf(...parts: readonly string[]): RequestKey {
  let text = ''
  for (const part of parts) text += `${Buffer.byteLength(part)}:${part}`
  return hash('sha256', text, 'hex').slice(0, 32) as RequestKey
}

// Crockford's alphabet: no I, L, O or U, so that an id can be read out on the telephone.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

export function paymentIdOf({ shardKey, businessDate, requestKey }: PaymentKey): PaymentId {
  const place = (BigInt(shardKey) << 20n) | BigInt(dayNumber(businessDate))
  return `pay_${base32((place << 128n) | BigInt(`0x${requestKey}`))}` as PaymentId
}

/** Undefined for anything that `paymentIdOf` cannot have made. */
export function parsePaymentId(text: string): PaymentKey | undefined {
  if (!/^pay_[0-9a-hjkmnp-tv-z]{32}$/.test(text)) return undefined
  let value = 0n
  for (const character of text.slice(4)) {
    value = (value << 5n) | BigInt(alphabet.indexOf(character))
  }
  const shardKey = parseShardKey(Number(value >> 148n))
  if (shardKey === undefined) return undefined
  return {
    shardKey,
    businessDate: fromDayNumber(Number((value >> 128n) & 0xfffffn)),
    requestKey: (value & ((1n << 128n) - 1n)).toString(16).padStart(32, '0') as RequestKey,
  }
}

function base32(value: bigint): string {
  let text = ''
  for (let shift = 155n; shift >= 0n; shift -= 5n) {
    text += alphabet.charAt(Number((value >> shift) & 31n))
  }
  return text
}
