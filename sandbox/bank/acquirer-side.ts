/** The other side of a bank's link, for tests: it writes requests and reads answers. */
import { createSecretKey } from 'node:crypto'
import { assert } from '../../src/kernel/assert.ts'
import {
  asciibin,
  buildMessage,
  parseMessage,
  type FieldValues,
  type Message,
} from '../../src/wire/iso8583/index.ts'
import { AesCmacKey } from '../../src/wire/mac/index.ts'
import { Bank, type BankLink, type BankReaction } from './bank.ts'
import { Books } from './books.ts'
import { CardTokens } from './card-tokens.ts'
import { MemoryJournal } from './journal.ts'
import type { BankProfile } from './profile.ts'

export const MAC_KEY_HEX = '000102030405060708090A0B0C0D0E0F'
export const CARD = '4000000000000010'
export const OTHER_CARD = '9504000000000010'

export const testProfile: BankProfile = {
  code: 'atlas',
  name: 'Banque de l’Atlas',
  portOffset: 0,
  ranges: [
    { low: '4000000000000000', high: '4000009999999999' },
    { low: '9504000000000000', high: '9504099999999999' },
  ],
  dialect: 'asciibin',
  macKeyFile: null,
}

const macKey = new AesCmacKey(createSecretKey(Buffer.from(MAC_KEY_HEX, 'hex')))
export const tokens = new CardTokens(createSecretKey(Buffer.alloc(32, 7)))

/** A request that a bank approves; each call has a STAN and an RRN of its own. */
export type RequestDraft = { readonly mti: string; readonly fields: FieldValues }

export class AcquirerSide {
  #stan = 0

  request(mti: string, amountMinor: bigint, more: FieldValues = {}): RequestDraft {
    const stan = String(++this.#stan).padStart(6, '0')
    const fields = {
      2: CARD,
      3: '000000',
      4: amountMinor.toString().padStart(12, '0'),
      7: '0915143025',
      11: stan,
      14: '1712',
      32: '600001',
      37: `325814${stan}`,
      41: 'WEB00001',
      42: '000000600054321',
      49: '504',
      ...more,
    }
    return { mti, fields }
  }

  /** An advice about an earlier request: same RRN, own STAN, DE90. */
  advice(mti: string, original: RequestDraft, more: FieldValues = {}): RequestDraft {
    const { 2: pan, 4: amount, 37: rrn, 41: terminal, 7: sent, 11: stan } = original.fields
    const de90 = `${original.mti}${String(stan)}${String(sent)}00000600001${'0'.repeat(11)}`
    const own = { 2: pan, 4: amount, 37: rrn, 41: terminal, 90: de90 }
    return this.request(mti, 0n, { ...own, ...more })
  }
}

export function asMessage(draft: RequestDraft, withMac = true): Message {
  const mac = withMac
    ? ({ de: 128, compute: (input: Buffer) => macKey.mac(input) } as const)
    : undefined
  const built = buildMessage(asciibin, { ...draft, mac })
  assert(built.ok, built.ok ? '' : built.error.message)
  return parsed(Buffer.from(built.value))
}

export function parsed(bytes: Buffer): Message {
  const message = parseMessage(asciibin, bytes)
  assert(message.ok, message.ok ? '' : message.error.message)
  return message.value
}

export const signOn: RequestDraft = {
  mti: '0800',
  fields: { 7: '0915080000', 11: '000001', 70: '001' },
}

/** A bank on a clock that stands still and a journal in memory, with one signed-on link. */
export class BankUnderTest {
  readonly journal = new MemoryJournal()
  readonly link: BankLink = { signedOn: true }
  readonly bank: Bank
  now = new Date('2013-09-15T14:30:25Z')

  constructor(books = new Books()) {
    const clock = { now: () => this.now }
    const { journal } = this
    this.bank = new Bank({ profile: testProfile, clock, journal, tokens, macKey, books })
  }

  react(draft: RequestDraft): BankReaction {
    return this.bank.handle(asMessage(draft), this.link)
  }

  /** The one answer, read. */
  ask(draft: RequestDraft): Message {
    const { answers, closeLink } = this.react(draft)
    const [answer] = answers
    assert(answer !== undefined && answers.length === 1 && !closeLink, 'one answer was expected')
    return parsed(answer.bytes)
  }

  /** DE39 of the one answer. */
  code(draft: RequestDraft): string | undefined {
    return this.ask(draft).text(39)
  }

  availableMinor(card = CARD): bigint {
    return this.bank.books.availableMinor(tokens.identify(card).token, '504')
  }
}
