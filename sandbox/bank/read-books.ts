import { available } from './account.ts'
import type { Books } from './books.ts'
import type { OriginalKind } from './entry.ts'
import type { OriginalRow, OriginalState } from './originals.ts'
import { readKey } from './request.ts'
import { journalPath, replayJournal } from './replay.ts'

/** Amounts are strings of minor units, `504` the numeric code of a currency. */
export type BookedAccount = {
  readonly card: string
  readonly currency: string
  readonly availableMinor: string
  readonly heldMinor: string
  /** Debits less credits. */
  readonly postedMinor: string
}

export type BookedOriginal = {
  readonly rrn: string
  readonly stan: string
  readonly terminalId: string
  readonly cardAcceptorId: string
  readonly card: string
  readonly amountMinor: string
  readonly currency: string
  readonly kind: OriginalKind
  readonly state: OriginalState
  readonly heldMinor: string
  /** Debited; credited where the kind is refund. */
  readonly postedMinor: string
  readonly captures: number
  readonly responseCode: string
  readonly approvalCode: string | null
  /** `MMDD` of the bank's day. */
  readonly settlementDate: string
}

/** A reversal whose original never came, or came later and was declined. */
export type OvertakenReversal = {
  readonly rrn: string
  readonly stan: string
  readonly terminalId: string
}

export type BankBooks = {
  readonly bank: string
  readonly entries: number
  readonly accounts: readonly BookedAccount[]
  readonly originals: readonly BookedOriginal[]
  readonly overtaken: readonly OvertakenReversal[]
}

/**
 * The books of a bank as its journal tells them, also while the bank runs: an entry that is being
 * written is not there yet. A bank that never ran has empty books.
 */
export function readBooks(folder: string, bankCode: string): BankBooks {
  return printBooks(bankCode, replayJournal(journalPath(folder, bankCode)))
}

export function printBooks(bank: string, books: Books): BankBooks {
  return {
    bank,
    entries: books.entryCount,
    accounts: books.accounts().map((account) => ({
      card: account.maskedCard,
      currency: account.currency,
      availableMinor: available(account).toString(),
      heldMinor: account.heldMinor.toString(),
      postedMinor: account.postedMinor.toString(),
    })),
    originals: [...books.originals.values()].map(printOriginal),
    overtaken: [...books.overtaken].map(readKey),
  }
}

function printOriginal(row: OriginalRow): BookedOriginal {
  const { entry, state, captures } = row
  return {
    ...readKey(entry.key),
    cardAcceptorId: entry.cardAcceptorId,
    card: entry.maskedCard,
    amountMinor: entry.amountMinor.toString(),
    currency: entry.currency,
    kind: entry.kind,
    state,
    heldMinor: row.heldMinor.toString(),
    postedMinor: row.postedMinor.toString(),
    captures,
    responseCode: entry.responseCode,
    approvalCode: entry.approvalCode === '' ? null : entry.approvalCode,
    settlementDate: entry.settlementDate,
  }
}
