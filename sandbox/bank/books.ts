import { assert } from '../../src/kernel/assert.ts'
import type { BankEntry, CaptureEntry, OriginalEntry, ReversalEntry } from './entry.ts'
import { available, OPENING_BALANCE_MINOR, type Account } from './account.ts'
import { Originals, type OriginalRow } from './originals.ts'
import { readKey } from './request.ts'

type CaptureRow = { readonly entry: CaptureEntry; undone: boolean }

/**
 * Accounts, holds and postings, and the entries that made them. `apply` is the only writer, for a
 * live request and for the replay of a journal alike: the same entries give the same books.
 */
export class Books {
  readonly #accounts: Account[] = []
  /** By currency, then by card: no name has to be put together to find one. */
  readonly #accountByCard = new Map<string, Map<string, Account>>()
  readonly originals = new Originals((number) => this.#accounts[number])
  readonly #captures = new Map<string, CaptureRow>()
  readonly #reversals = new Map<string, ReversalEntry>()
  /** Reversals that came before what they reverse, by the key of the original. */
  readonly overtaken = new Set<string>()
  /** Payments that were approved and with which a cardholder let a merchant keep a card. */
  readonly #agreements = new Set<string>()
  #entries = 0

  /** How many entries were ever applied; approval codes are made from it. */
  get entryCount(): number {
    return this.#entries
  }

  accounts(): readonly Account[] {
    return this.#accounts
  }

  capture(key: string): CaptureEntry | undefined {
    return this.#captures.get(key)?.entry
  }

  reversal(key: string): ReversalEntry | undefined {
    return this.#reversals.get(key)
  }

  /** Whether such a payment of this card, at this merchant, has this RRN. */
  hasAgreement(cardToken: string, cardAcceptorId: string, rrn: string): boolean {
    return this.#agreements.has(agreementName(cardToken, cardAcceptorId, rrn))
  }

  availableMinor(cardToken: string, currency: string): bigint {
    const account = this.#accountByCard.get(currency)?.get(cardToken)
    return account === undefined ? OPENING_BALANCE_MINOR : available(account)
  }

  /** `line` is what the entry is in the journal. */
  apply(entry: BankEntry, line: string): void {
    this.#entries++
    switch (entry.type) {
      case 'original':
        return this.#applyOriginal(entry, line)
      case 'capture':
        return this.#applyCapture(entry)
      case 'reversal':
        return this.#applyReversal(entry)
    }
  }

  #applyOriginal(entry: OriginalEntry, line: string): void {
    const approved = entry.approvalCode !== ''
    const account = entry.cardToken === '' ? undefined : this.#account(entry)
    const row: OriginalRow = {
      entry,
      account,
      state: approved ? (entry.kind === 'preauth' ? 'held' : 'posted') : 'declined',
      heldMinor: 0n,
      postedMinor: 0n,
      captures: 0,
    }
    if (approved) {
      assert(account !== undefined, 'an approval has an account')
      if (entry.kind === 'preauth') moveHold(row, account, entry.amountMinor)
      else post(row, account, entry.amountMinor)
    }
    this.originals.add(row, line)
    if (!approved || !entry.agreement) return
    const { rrn } = readKey(entry.key)
    this.#agreements.add(agreementName(entry.cardToken, entry.cardAcceptorId, rrn))
  }

  #applyCapture(entry: CaptureEntry): void {
    const row = this.originals.get(entry.originalKey)
    const account = row?.account
    assert(row !== undefined && account !== undefined, 'a capture has an approved original')
    assert(entry.amountMinor <= row.heldMinor, 'a capture is within its hold')
    this.#captures.set(entry.key, { entry, undone: false })
    moveHold(row, account, -entry.amountMinor)
    post(row, account, entry.amountMinor)
    if (entry.last) moveHold(row, account, -row.heldMinor)
    row.captures++
    row.state = 'captured'
    this.originals.save(row)
  }

  #applyReversal(entry: ReversalEntry): void {
    this.#reversals.set(entry.key, entry)
    const capture = this.#captures.get(entry.originalKey)
    if (capture !== undefined) return this.#undoCapture(capture)
    const row = this.originals.get(entry.originalKey)
    if (row === undefined) {
      this.overtaken.add(entry.originalKey)
      return
    }
    const { account } = row
    if (account === undefined || row.state === 'declined' || row.state === 'reversed') return
    const replacement = entry.replacementMinor ?? 0n
    if (replacement > 0n && replacement < row.heldMinor + row.postedMinor) {
      reduce(row, account, replacement)
    } else {
      moveHold(row, account, -row.heldMinor)
      post(row, account, -row.postedMinor)
      row.state = 'reversed'
    }
    this.originals.save(row)
  }

  /** The amount goes back under the hold, unless the whole pre-authorization is undone already. */
  #undoCapture(capture: CaptureRow): void {
    const row = this.originals.get(capture.entry.originalKey)
    const account = row?.account
    if (capture.undone || row === undefined || account === undefined) return
    capture.undone = true
    if (row.state === 'reversed') return
    const { amountMinor } = capture.entry
    const undone = amountMinor < row.postedMinor ? amountMinor : row.postedMinor
    post(row, account, -undone)
    moveHold(row, account, undone)
    row.captures--
    if (row.captures === 0) row.state = 'held'
    this.originals.save(row)
  }

  #account({ cardToken, maskedCard, currency }: OriginalEntry): Account {
    const known = this.#accountByCard.get(currency)
    const cards = known ?? new Map<string, Account>()
    if (known === undefined) this.#accountByCard.set(currency, cards)
    const account = cards.get(cardToken)
    if (account !== undefined) return account
    const number = this.#accounts.length
    const opened = { number, cardToken, maskedCard, currency, heldMinor: 0n, postedMinor: 0n }
    this.#accounts.push(opened)
    cards.set(cardToken, opened)
    return opened
  }
}

const agreementName = (cardToken: string, cardAcceptorId: string, rrn: string): string =>
  `${cardToken}/${cardAcceptorId}/${rrn}`

/** [ISO8583-87 DE95] The amount becomes smaller: what is held goes first, then what is posted. */
function reduce(row: OriginalRow, account: Account, replacement: bigint): void {
  const excess = row.heldMinor + row.postedMinor - replacement
  const released = excess < row.heldMinor ? excess : row.heldMinor
  moveHold(row, account, -released)
  post(row, account, -(excess - released))
}

function moveHold(row: OriginalRow, account: Account, amount: bigint): void {
  row.heldMinor += amount
  account.heldMinor += amount
}

/** A refund moves the account the other way. */
function post(row: OriginalRow, account: Account, amount: bigint): void {
  row.postedMinor += amount
  account.postedMinor += row.entry.kind === 'refund' ? -amount : amount
}
