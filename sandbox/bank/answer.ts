import { assert } from '../../src/kernel/assert.ts'
import {
  buildMessage,
  type Dialect,
  type FieldValues,
  type Message,
} from '../../src/wire/iso8583/index.ts'
import type { AesCmacKey } from '../../src/wire/mac/index.ts'
import type { OriginalEntry } from './entry.ts'
import type { BankRequest } from './request.ts'

/** [ISO8583-87 4.1] The function plus one, and no repeat: 0421 is answered 0430. */
export function answerMti(mti: string): string {
  return `${mti.slice(0, 2)}${Number(mti.charAt(2)) + 1}0`
}

/** The stored answer to an original: its own values, whatever a repeat carries. */
export function originalAnswer(request: BankRequest, entry: OriginalEntry): FieldValues {
  return {
    3: entry.processingCode,
    4: entry.amountMinor.toString().padStart(12, '0'),
    7: request.transmittedAt,
    11: request.stan,
    15: entry.settlementDate,
    32: request.acquirerId,
    37: request.rrn,
    38: entry.approvalCode === '' ? undefined : entry.approvalCode,
    39: entry.responseCode,
    41: request.terminalId,
    42: optional(entry.cardAcceptorId),
    49: entry.currency,
  }
}

/** The answer to a capture, or to an original that these books do not keep. */
export function amountAnswer(
  request: BankRequest,
  responseCode: string,
  settlementDate: string,
): FieldValues {
  return {
    3: request.processingCode,
    4: request.amountMinor.toString().padStart(12, '0'),
    7: request.transmittedAt,
    11: request.stan,
    15: settlementDate,
    32: request.acquirerId,
    37: request.rrn,
    39: responseCode,
    41: request.terminalId,
    42: optional(request.cardAcceptorId),
    49: request.currency,
  }
}

export function reversalAnswer(request: BankRequest): FieldValues {
  return {
    7: request.transmittedAt,
    11: request.stan,
    32: request.acquirerId,
    37: request.rrn,
    39: '00',
    41: request.terminalId,
    42: optional(request.cardAcceptorId),
  }
}

const echoed: readonly number[] = [3, 4, 7, 11, 32, 37, 41, 42, 49, 70]

/** A refusal before anything was read: what the message carries is echoed, with DE39. */
export function refusalAnswer(message: Message, responseCode: string): FieldValues {
  const fields: Record<number, string | undefined> = { 39: responseCode }
  for (const de of echoed) fields[de] = message.text(de)
  return fields
}

function optional(text: string): string | undefined {
  return text === '' ? undefined : text
}

/** The bytes of an answer, with DE128 where the link carries codes. */
export class AnswerWriter {
  readonly #dialect: Dialect
  readonly #mac: { readonly de: 128; readonly compute: (input: Buffer) => Buffer } | undefined

  constructor(dialect: Dialect, key: AesCmacKey | undefined) {
    this.#dialect = dialect
    this.#mac = key && { de: 128, compute: (input) => key.mac(input) }
  }

  write(message: Message, fields: FieldValues, withMac: boolean): Buffer {
    const mac = withMac ? this.#mac : undefined
    const draft = { mti: answerMti(message.mti), header: replyHeader(message), fields, mac }
    const built = buildMessage(this.#dialect, draft)
    assert(built.ok, built.ok ? '' : `an answer could not be written: ${built.error.message}`)
    return built.value
  }
}

/** The two addresses of a TPDU change places on the way back [bank habit]. */
function replyHeader({ header }: Message): Buffer | undefined {
  if (header === undefined) return undefined
  return Buffer.concat([header.subarray(0, 1), header.subarray(3, 5), header.subarray(1, 3)])
}
