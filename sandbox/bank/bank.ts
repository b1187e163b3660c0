import type { Clock } from '../../src/kernel/clock.ts'
import { dialects, type Message } from '../../src/wire/iso8583/index.ts'
import { verifyMac, type AesCmacKey } from '../../src/wire/mac/index.ts'
import { amountAnswer, answerOf, AnswerWriter, refusalAnswer, type Answer } from './answer.ts'
import { Books } from './books.ts'
import type { CardTokens } from './card-tokens.ts'
import { decide } from './decide.ts'
import { encodeEntry, type BankEntry } from './entry.ts'
import type { Journal } from './journal.ts'
import { deliveryForAmount } from './known-amounts.ts'
import type { BankProfile } from './profile.ts'
import { readRequest, requestKind, type BankRequest } from './request.ts'

/** One connection: nothing but network messages is taken before its sign-on. */
export type BankLink = { signedOn: boolean }

/** What the bank does about a message, once all that it appended to its journal is durable. */
export type BankReaction = {
  readonly answers: readonly { readonly bytes: Buffer; readonly delayMs: number }[]
  readonly closeLink: boolean
}

export type BankCounters = {
  decided: number
  /** Repeats that got the stored answer. */
  repeated: number
  /** Missing or wrong DE128: answered 63, not processed. */
  macRefused: number
  /** A field missing: answered 30, not processed. */
  formatRefused: number
}

export type BankOptions = {
  readonly profile: BankProfile
  readonly clock: Pick<Clock, 'now'>
  readonly journal: Journal
  readonly tokens: CardTokens
  /** The key of DE128; undefined where the link carries no codes. */
  readonly macKey?: AesCmacKey | undefined
  /** Books made from a journal; new ones where there is none. */
  readonly books?: Books
}

const nothing: BankReaction = { answers: [], closeLink: false }
const closing: BankReaction = { answers: [], closeLink: true }
const MINUTE_MS = 60_000

/** [ISO8583-87 4.1] Function 0 asks, function 2 advises. */
function isRequest(mti: string): boolean {
  return mti.charAt(2) === '0' || mti.charAt(2) === '2'
}

/** An issuer: it decides, books, remembers and answers. No I/O but its journal's append. */
export class Bank {
  readonly books: Books
  readonly counters: BankCounters = { decided: 0, repeated: 0, macRefused: 0, formatRefused: 0 }
  readonly #options: BankOptions
  readonly #writer: AnswerWriter
  #minute = -1
  #today = { monthDay: '', yearMonth: '' }

  constructor(options: BankOptions) {
    this.#options = options
    this.books = options.books ?? new Books()
    this.#writer = new AnswerWriter(dialects[options.profile.dialect], options.macKey)
  }

  handle(message: Message, link: BankLink): BankReaction {
    // An answer, or a notification: nothing is to be said to either.
    if (!isRequest(message.mti)) return nothing
    if (message.mti.startsWith('08')) return this.#handleNetwork(message, link)
    if (!this.#isAuthentic(message)) {
      this.counters.macRefused++
      return this.#answer(message, refusalAnswer(message, '63'))
    }
    if (!link.signedOn) return this.#answer(message, refusalAnswer(message, '58'))
    const kind = requestKind(message.mti)
    if (kind === undefined) return this.#answer(message, refusalAnswer(message, '12'))
    const read = readRequest(message, kind)
    if (!read.ok) {
      this.counters.formatRefused++
      return this.#answer(message, refusalAnswer(message, '30'))
    }
    return this.#handleRequest(message, read.value)
  }

  #handleRequest(message: Message, request: BankRequest): BankReaction {
    const delivery = deliveryForAmount(request)
    if (delivery.type === 'link-closed') return closing
    const bytes = this.#writer.write(message, this.#answerTo(request), true)
    switch (delivery.type) {
      case 'at-once':
        return { answers: [{ bytes, delayMs: 0 }], closeLink: false }
      case 'late':
        return { answers: [{ bytes, delayMs: delivery.delayMs }], closeLink: false }
      case 'twice': {
        const answer = { bytes, delayMs: 0 }
        return { answers: [answer, answer], closeLink: false }
      }
      case 'never':
        return nothing
    }
  }

  /** The stored answer for a repeat, else a decision, booked and given to the journal. */
  #answerTo(request: BankRequest): Answer {
    const stored = this.#storedEntry(request)
    if (stored !== undefined) {
      this.counters.repeated++
      return answerOf(request, stored)
    }
    const { ranges } = this.#options.profile
    const today = this.#day()
    const facts = { books: this.books, ranges, tokens: this.#options.tokens, today }
    const { entry, responseCode } = decide(request, facts)
    this.counters.decided++
    if (entry === undefined) return amountAnswer(request, responseCode, today.monthDay)
    const line = encodeEntry(entry)
    this.books.apply(entry, line)
    this.#options.journal.append(line)
    return answerOf(request, entry)
  }

  #storedEntry({ kind, key }: BankRequest): BankEntry | undefined {
    switch (kind) {
      case 'authorization':
      case 'financial':
        return this.books.originals.get(key)?.entry
      case 'capture':
        return this.books.capture(key)
      case 'reversal':
        return this.books.reversal(key)
    }
  }

  /** [ISO8583-87 DE70] 001 sign-on, 002 sign-off, 201 cut-over, 301 echo. */
  #handleNetwork(message: Message, link: BankLink): BankReaction {
    const code = message.text(70)
    const signed = message.has(128)
    // Network messages carry a code or not; one that is there must be right.
    if (signed && !this.#isAuthentic(message)) {
      this.counters.macRefused++
      return this.#answer(message, refusalAnswer(message, '63'))
    }
    const known = code === '001' || code === '002' || code === '201' || code === '301'
    if (code === '001') link.signedOn = true
    if (code === '002') link.signedOn = false
    return this.#answer(message, refusalAnswer(message, known ? '00' : '12'), signed)
  }

  #isAuthentic(message: Message): boolean {
    const { macKey } = this.#options
    if (macKey === undefined) return true
    const received = message.binary(128)
    return received !== undefined && verifyMac(macKey.mac(message.macInput()), received)
  }

  #answer(message: Message, answer: Answer, withMac = true): BankReaction {
    const bytes = this.#writer.write(message, answer, withMac)
    return { answers: [{ bytes, delayMs: 0 }], closeLink: false }
  }

  /** The bank's day, in UTC, written out once a minute. */
  #day(): { readonly monthDay: string; readonly yearMonth: string } {
    const now = this.#options.clock.now()
    const minute = Math.floor(now.getTime() / MINUTE_MS)
    if (minute !== this.#minute) {
      const [year = '', month = '', day = ''] = now.toISOString().slice(0, 10).split('-')
      this.#minute = minute
      this.#today = { monthDay: month + day, yearMonth: year.slice(-2) + month }
    }
    return this.#today
  }
}
