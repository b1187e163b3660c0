import { fail, ok, type Result } from '../../src/kernel/result.ts'
import type { Message } from '../../src/wire/iso8583/index.ts'

/** `authorization`: 01xx and 0200. The advices follow an original, which DE90 names. */
export type RequestKind = 'authorization' | 'financial' | 'capture' | 'reversal'

/** The facts of a request, field numbers left behind. */
export type BankRequest = {
  readonly kind: RequestKind
  /** What makes it unique; a repeat (0221, 0421) has the same. */
  readonly key: string
  readonly transmittedAt: string
  readonly stan: string
  readonly rrn: string
  readonly terminalId: string
  readonly acquirerId: string
  readonly cardAcceptorId: string
  readonly processingCode: string
  readonly amountMinor: bigint
  /** ISO 4217 numeric. */
  readonly currency: string
  readonly pan: string
  /** `YYMM`; empty where neither DE14 nor track 2 carries it. */
  readonly expiry: string
  /** DE48, tags of 2, lengths of 2 [project]; empty where absent. */
  readonly additionalData: string
  /** Key of the request that an advice is about; empty for an original. */
  readonly originalKey: string
  /** DE60 of a capture: `CAPT02OF02` is the last of two [project]. */
  readonly captureMark: string
  /** DE95, what the amount becomes; undefined where the whole is undone. */
  readonly replacementMinor: bigint | undefined
}

/** The first field that is missing or wrong: the request is answered 30 and not processed. */
export type FormatFault = { readonly field: number }

const kinds: Readonly<Record<string, RequestKind>> = {
  '010': 'authorization',
  '020': 'financial',
  '022': 'capture',
  '040': 'reversal',
  '042': 'reversal',
}

export function requestKind(mti: string): RequestKind | undefined {
  return kinds[mti.slice(0, 3)]
}

const mandatory: Readonly<Record<RequestKind, readonly number[]>> = {
  authorization: [3, 4, 7, 11, 32, 37, 41, 49],
  financial: [3, 4, 7, 11, 32, 37, 41, 49],
  capture: [3, 4, 7, 11, 32, 37, 41, 49, 90],
  reversal: [7, 11, 32, 37, 41, 90],
}

export function readRequest(message: Message, kind: RequestKind): Result<BankRequest, FormatFault> {
  for (const de of mandatory[kind]) if (!message.has(de)) return fail({ field: de })
  const text = (de: number): string => message.text(de) ?? ''
  const replacement = message.has(95) ? text(95).slice(0, 12) : undefined
  if (replacement !== undefined && !/^[0-9]+$/.test(replacement)) return fail({ field: 95 })
  const isOriginal = kind === 'authorization' || kind === 'financial'
  const track2 = isOriginal && message.has(35) ? text(35) : ''
  const separator = track2.search(/[=D]/)
  if (track2 !== '' && separator < 0) return fail({ field: 35 })
  const pan = isOriginal ? (message.text(2) ?? track2.slice(0, separator)) : ''
  if (isOriginal && pan === '') return fail({ field: 2 })
  const expiry = message.text(14) ?? track2.slice(separator + 1, separator + 5)
  const place = {
    transmittedAt: text(7),
    stan: text(11),
    rrn: text(37),
    terminalId: text(41),
    acquirerId: text(32),
  }
  return ok({
    ...place,
    kind,
    key: requestKey(message.mti, place),
    cardAcceptorId: text(42),
    processingCode: text(3),
    amountMinor: BigInt(message.text(4) ?? '0'),
    currency: text(49),
    pan,
    expiry,
    additionalData: message.has(48) ? text(48) : '',
    originalKey: isOriginal ? '' : originalKey(text(90), place),
    captureMark: kind === 'capture' ? text(60) : '',
    replacementMinor: replacement === undefined ? undefined : BigInt(replacement),
  })
}

type RequestPlace = {
  readonly transmittedAt: string
  readonly stan: string
  readonly rrn: string
  readonly terminalId: string
  readonly acquirerId: string
}

const KEY_LENGTH = 50

/** Fixed columns: MTI class 3, DE7 10, DE11 6, DE32 11, DE37 12, DE41 8. */
function requestKey(mti: string, place: RequestPlace): string {
  const { transmittedAt, stan, acquirerId, rrn, terminalId } = place
  return mti.slice(0, 3) + transmittedAt + stan + acquirerId.padStart(11, '0') + rrn + terminalId
}

/**
 * [ISO8583-87 DE90] MTI 4, STAN 6, DE7 10, acquirer 11 filled with zeros, forwarder 11. The RRN and
 * the terminal are the original's own: they stay the same along a payment.
 */
function originalKey(de90: string, { rrn, terminalId }: RequestPlace): string {
  const transmittedAt = de90.slice(10, 20)
  const stan = de90.slice(4, 10)
  return de90.slice(0, 3) + transmittedAt + stan + de90.slice(20, 31) + rrn + terminalId
}

/** What a key tells about its request. */
export function readKey(key: string): { stan: string; rrn: string; terminalId: string } {
  return {
    stan: key.slice(13, 19),
    rrn: key.slice(30, 42),
    terminalId: key.slice(42, KEY_LENGTH),
  }
}
