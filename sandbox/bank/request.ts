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
  /** DE22, empty where absent. */
  readonly entryMode: string
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
  const replacement = textOf(message, 95).slice(0, 12)
  if (message.has(95) && !/^[0-9]+$/.test(replacement)) return fail({ field: 95 })
  const isOriginal = kind === 'authorization' || kind === 'financial'
  const card = readCard(message)
  if (isOriginal && 'field' in card) return fail(card)
  const known = isOriginal && 'pan' in card ? card : noCard
  const place = {
    transmittedAt: textOf(message, 7),
    stan: textOf(message, 11),
    rrn: textOf(message, 37),
    terminalId: textOf(message, 41),
    acquirerId: textOf(message, 32),
  }
  // Written out, and not spread from `place`: a spread costs more than all the rest of a request.
  return ok({
    kind,
    key: requestKey(message.mti, place),
    transmittedAt: place.transmittedAt,
    stan: place.stan,
    rrn: place.rrn,
    terminalId: place.terminalId,
    acquirerId: place.acquirerId,
    cardAcceptorId: textOf(message, 42),
    processingCode: textOf(message, 3),
    amountMinor: BigInt(message.text(4) ?? '0'),
    currency: textOf(message, 49),
    pan: known.pan,
    expiry: known.expiry,
    entryMode: textOf(message, 22),
    additionalData: textOf(message, 48),
    originalKey: isOriginal ? '' : originalKey(textOf(message, 90), place),
    captureMark: kind === 'capture' ? textOf(message, 60) : '',
    replacementMinor: replacement === '' ? undefined : BigInt(replacement),
  })
}

const textOf = (message: Message, de: number): string => message.text(de) ?? ''

type PresentedCard = { readonly pan: string; readonly expiry: string }

const noCard: PresentedCard = { pan: '', expiry: '' }

/** From DE2 and DE14, or from track 2 where they are absent. */
function readCard(message: Message): PresentedCard | FormatFault {
  const pan = message.text(2)
  const expiry = message.text(14)
  const track2 = message.text(35)
  if (track2 === undefined) return pan === undefined ? { field: 2 } : { pan, expiry: expiry ?? '' }
  const separator = track2.search(/[=D]/)
  if (separator < 0) return { field: 35 }
  const read = {
    pan: track2.slice(0, separator),
    expiry: track2.slice(separator + 1, separator + 5),
  }
  if ((pan ?? read.pan) === '') return { field: 2 }
  return { pan: pan ?? read.pan, expiry: expiry ?? read.expiry }
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
