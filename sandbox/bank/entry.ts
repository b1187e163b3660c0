/**
 * What a bank writes in its journal: one entry for each request that it decided, from which its
 * books can be made again. Card numbers stay out: a card is a keyed token and its masked form.
 */
export type OriginalKind = 'preauth' | 'purchase' | 'refund'

/** A pre-authorization, a purchase or a refund, approved or declined. */
export type OriginalEntry = {
  readonly type: 'original'
  readonly key: string
  readonly kind: OriginalKind
  /** Empty where the card is unknown. */
  readonly cardToken: string
  readonly maskedCard: string
  readonly amountMinor: bigint
  readonly currency: string
  readonly processingCode: string
  readonly cardAcceptorId: string
  readonly settlementDate: string
  readonly responseCode: string
  /** Empty where it was declined. */
  readonly approvalCode: string
  /** Its holder let the merchant keep the card: later payments name this one by its RRN. */
  readonly agreement: boolean
}

/** A capture that posted. */
export type CaptureEntry = {
  readonly type: 'capture'
  readonly key: string
  readonly originalKey: string
  readonly amountMinor: bigint
  readonly settlementDate: string
  /** The merchant said that no other follows: the rest of the hold is released. */
  readonly last: boolean
}

/** A reversal, acknowledged whether its original was known or not. */
export type ReversalEntry = {
  readonly type: 'reversal'
  readonly key: string
  readonly originalKey: string
  readonly settlementDate: string
  /** What the amount becomes in a partial reversal; undefined where all is undone. */
  readonly replacementMinor: bigint | undefined
}

export type BankEntry = OriginalEntry | CaptureEntry | ReversalEntry

const kindLetters: Readonly<Record<OriginalKind, string>> = {
  preauth: 'h',
  purchase: 'p',
  refund: 'r',
}
const kindByLetter: Readonly<Record<string, OriginalKind>> = {
  h: 'preauth',
  p: 'purchase',
  r: 'refund',
}

/**
 * One line without its end. Values come from checked fields, which are printable ASCII: a tab or a
 * line end cannot be among them.
 */
export function encodeEntry(entry: BankEntry): string {
  switch (entry.type) {
    case 'original': {
      const { key, cardToken, maskedCard, amountMinor, currency, processingCode } = entry
      const { cardAcceptorId, settlementDate, responseCode, approvalCode, agreement } = entry
      const head = `O\t${key}\t${kindLetters[entry.kind]}\t${cardToken}\t${maskedCard}`
      const money = `\t${amountMinor}\t${currency}\t${processingCode}\t${cardAcceptorId}`
      const tail = agreement ? '\ta' : ''
      return `${head}${money}\t${settlementDate}\t${responseCode}\t${approvalCode}${tail}`
    }
    case 'capture': {
      const { key, originalKey, amountMinor, settlementDate, last } = entry
      return `C\t${key}\t${originalKey}\t${amountMinor}\t${settlementDate}\t${last ? '1' : '0'}`
    }
    case 'reversal': {
      const { key, originalKey, settlementDate, replacementMinor } = entry
      return `R\t${key}\t${originalKey}\t${settlementDate}\t${replacementMinor ?? ''}`
    }
  }
}

/** Undefined for a line that `encodeEntry` cannot have written. */
export function decodeEntry(columns: readonly string[]): BankEntry | undefined {
  const [type, key, third, fourth, fifth, sixth = ''] = columns
  if (key === undefined || third === undefined || fourth === undefined || fifth === undefined) {
    return undefined
  }
  switch (type) {
    case 'O':
      return decodeOriginal(columns)
    case 'C': {
      const amountMinor = BigInt(fourth)
      const last = sixth === '1'
      return { type: 'capture', key, originalKey: third, amountMinor, settlementDate: fifth, last }
    }
    case 'R': {
      const replacementMinor = fifth === '' ? undefined : BigInt(fifth)
      const settlementDate = fourth
      return { type: 'reversal', key, originalKey: third, settlementDate, replacementMinor }
    }
    default:
      return undefined
  }
}

function decodeOriginal(columns: readonly string[]): OriginalEntry | undefined {
  // Nearly all are of 12 columns, as all were before cards were kept.
  if (columns.length !== 12 && (columns.length !== 13 || columns[12] !== 'a')) return undefined
  const column = (index: number): string => columns[index] ?? ''
  const kind = kindByLetter[column(2)]
  if (kind === undefined) return undefined
  return {
    type: 'original',
    key: column(1),
    kind,
    cardToken: column(3),
    maskedCard: column(4),
    amountMinor: BigInt(column(5)),
    currency: column(6),
    processingCode: column(7),
    cardAcceptorId: column(8),
    settlementDate: column(9),
    responseCode: column(10),
    approvalCode: column(11),
    agreement: columns.length === 13,
  }
}
