import { assert } from '../../src/kernel/assert.ts'
import {
  startMessage,
  type Dialect,
  type Message,
  type MessageMac,
  type MessageWriter,
} from '../../src/wire/iso8583/index.ts'
import type { AesCmacKey } from '../../src/wire/mac/index.ts'
import type { BankEntry, OriginalEntry } from './entry.ts'
import type { BankRequest } from './request.ts'

/** [ISO8583-87 4.1] The function plus one, and no repeat: 0421 is answered 0430. */
export function answerMti(mti: string): string {
  return `${mti.slice(0, 2)}${Number(mti.charAt(2)) + 1}0`
}

/** What a bank says: the fields of an answer, written in their order. */
export type Answer = (to: MessageWriter) => void

/** What the entry of a request says, the first time and at each repeat. */
export function answerOf(request: BankRequest, entry: BankEntry): Answer {
  switch (entry.type) {
    case 'original':
      return originalAnswer(request, entry)
    case 'capture':
      return amountAnswer(request, '00', entry.settlementDate)
    case 'reversal':
      return reversalAnswer(request)
  }
}

/** The stored answer to an original: its own values, whatever a repeat carries. */
function originalAnswer(request: BankRequest, entry: OriginalEntry): Answer {
  return (to) => {
    to.field(3, entry.processingCode)
    to.field(4, entry.amountMinor.toString().padStart(12, '0'))
    to.field(7, request.transmittedAt).field(11, request.stan)
    to.field(15, entry.settlementDate)
    to.field(32, request.acquirerId).field(37, request.rrn)
    to.field(38, optional(entry.approvalCode)).field(39, entry.responseCode)
    to.field(41, request.terminalId).field(42, optional(entry.cardAcceptorId))
    to.field(49, entry.currency)
  }
}

/** The answer to a capture, or to a request that these books do not keep. */
export function amountAnswer(
  request: BankRequest,
  responseCode: string,
  settlementDate: string,
): Answer {
  return (to) => {
    to.field(3, request.processingCode)
    to.field(4, request.amountMinor.toString().padStart(12, '0'))
    to.field(7, request.transmittedAt).field(11, request.stan)
    to.field(15, settlementDate)
    to.field(32, request.acquirerId).field(37, request.rrn)
    to.field(39, responseCode)
    to.field(41, request.terminalId).field(42, optional(request.cardAcceptorId))
    to.field(49, request.currency)
  }
}

function reversalAnswer(request: BankRequest): Answer {
  return (to) => {
    to.field(7, request.transmittedAt).field(11, request.stan)
    to.field(32, request.acquirerId).field(37, request.rrn)
    to.field(39, '00')
    to.field(41, request.terminalId).field(42, optional(request.cardAcceptorId))
  }
}

const echoedBefore39: readonly number[] = [3, 4, 7, 11, 32, 37]
const echoedAfter39: readonly number[] = [41, 42, 49, 70]

/** A refusal before anything was read: what the message carries is echoed, with DE39. */
export function refusalAnswer(message: Message, responseCode: string): Answer {
  return (to) => {
    for (const de of echoedBefore39) to.field(de, message.text(de))
    to.field(39, responseCode)
    for (const de of echoedAfter39) to.field(de, message.text(de))
  }
}

function optional(text: string): string | undefined {
  return text === '' ? undefined : text
}

/** The bytes of an answer, with DE128 where the link carries codes. */
export class AnswerWriter {
  readonly #dialect: Dialect
  readonly #mac: MessageMac | undefined

  constructor(dialect: Dialect, key: AesCmacKey | undefined) {
    this.#dialect = dialect
    this.#mac = key && { de: 128, compute: (input) => key.mac(input) }
  }

  write(message: Message, answer: Answer, withMac: boolean): Buffer {
    const writer = startMessage(this.#dialect, answerMti(message.mti), replyHeader(message))
    answer(writer)
    const built = writer.end(withMac ? this.#mac : undefined)
    assert(built.ok, built.ok ? '' : `an answer could not be written: ${built.error.message}`)
    return built.value
  }
}

/** The two addresses of a TPDU change places on the way back [bank habit]. */
function replyHeader({ header }: Message): Buffer | undefined {
  if (header === undefined) return undefined
  return Buffer.concat([header.subarray(0, 1), header.subarray(3, 5), header.subarray(1, 3)])
}
