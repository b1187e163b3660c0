import type { CurrencyCode } from '../kernel/currency.ts'
import { money, type Money } from '../kernel/money.ts'
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

/** Written out: a spread of the facts with others beside it costs more than their JSON. */
export function sentToJson(facts: SentFacts): string {
  const plain: PlainSent = {
    kind: facts.kind,
    channel: facts.channel,
    door: facts.door,
    merchant: facts.merchant,
    site: facts.site,
    terminal: facts.terminal,
    order: facts.order,
    amount: plainMoney(facts.amount),
    card: facts.card,
    entryMode: facts.entryMode,
    conditionCode: facts.conditionCode,
    eci: facts.eci,
  }
  if (facts.onFile !== null) return JSON.stringify({ ...plain, onFile: facts.onFile })
  return JSON.stringify(plain)
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
