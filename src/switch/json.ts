import type { CurrencyCode } from '../kernel/currency.ts'
import { money, type Money } from '../kernel/money.ts'
import type { BinaryWriter } from '../platform/postgres/binary.ts'
import type { IssuerMessage } from './issuer-port.ts'
import type { SentFacts } from './payment.ts'

/** Plain JSON of what rows keep as documents: bigint as text, instants in milliseconds. */
type PlainMoney = { readonly minor: string; readonly currency: CurrencyCode }
/** What of a request has no column of its own in its row. */
type PlainSent = Omit<
  SentFacts,
  'amount' | 'sentAt' | 'key' | 'issuer' | 'stan' | 'rrn' | 'onFile'
> & {
  readonly amount: PlainMoney
  /** Absent for a card that nobody keeps, which is nearly every one. */
  readonly onFile?: SentFacts['onFile']
}
type PlainMessage = Omit<IssuerMessage, 'amount' | 'sentAt' | 'original' | 'onFile'> & {
  readonly amount: PlainMoney
  /** Absent from messages written before cards were kept. */
  readonly onFile?: IssuerMessage['onFile']
  readonly sentAt: number
  readonly original:
    (Omit<NonNullable<IssuerMessage['original']>, 'sentAt'> & { readonly sentAt: number }) | null
}

const plainMoney = ({ minor, currency }: Money): PlainMoney => ({
  minor: minor.toString(),
  currency,
})

const moneyOf = ({ minor, currency }: PlainMoney): Money => money(BigInt(minor), currency)

/**
 * A value of a row: `PlainSent` as JSON. Every request writes it, so it goes part by part into the
 * row's own bytes: made by the engine, it was a tenth of what a request costs the event loop.
 */
export function writeSent(row: BinaryWriter, facts: SentFacts): void {
  const { order, amount, card, onFile } = facts
  const value = row.startValue()
  member(row, '{"kind":', facts.kind)
  member(row, ',"channel":', facts.channel)
  member(row, ',"door":', facts.door)
  member(row, ',"merchant":', facts.merchant)
  member(row, ',"site":', facts.site)
  member(row, ',"terminal":', facts.terminal)
  if (order === null) row.rawAscii(',"order":null')
  else {
    member(row, ',"order":{"reference":', order.reference)
    row.rawAscii(`,"attempt":${order.attempt}}`)
  }
  member(row, ',"amount":{"minor":', amount.minor.toString())
  member(row, ',"currency":', amount.currency)
  member(row, '},"card":{"token":', card.token)
  member(row, ',"masked":', card.masked)
  member(row, ',"expiry":', card.expiry)
  member(row, ',"brand":', card.brand)
  member(row, ',"origin":', card.origin)
  member(row, '},"entryMode":', facts.entryMode)
  member(row, ',"conditionCode":', facts.conditionCode)
  member(row, ',"eci":', facts.eci)
  if (onFile !== null) {
    member(row, ',"onFile":{"use":', onFile.use)
    member(row, ',"firstReference":', onFile.firstReference)
    row.rawAscii('}')
  }
  row.rawAscii('}')
  row.endValue(value)
}

function member(row: BinaryWriter, name: string, value: string | null): void {
  row.rawAscii(name)
  row.rawJson(value)
}

export function sentFromJson(
  plain: unknown,
  columns: Pick<SentFacts, 'key' | 'issuer' | 'stan' | 'rrn' | 'sentAt'>,
): SentFacts {
  const { amount, onFile = null, ...rest } = plain as PlainSent
  return { ...rest, amount: moneyOf(amount), onFile, ...columns }
}

export function messageToJson(message: IssuerMessage): string {
  const { original } = message
  const plain: PlainMessage = {
    ...message,
    amount: plainMoney(message.amount),
    sentAt: message.sentAt.getTime(),
    original: original === null ? null : { ...original, sentAt: original.sentAt.getTime() },
  }
  return JSON.stringify(plain)
}

export function messageFromJson(plain: unknown): IssuerMessage {
  const { amount, sentAt, original, onFile = null, ...rest } = plain as PlainMessage
  return {
    ...rest,
    onFile,
    amount: moneyOf(amount),
    sentAt: new Date(sentAt),
    original: original === null ? null : { ...original, sentAt: new Date(original.sentAt) },
  }
}
