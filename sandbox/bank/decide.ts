import { hasCheckDigit } from '../../src/kernel/pan.ts'
import type { BankRange } from './profile.ts'
import { holdsRange } from './profile.ts'
import type { Books } from './books.ts'
import type { CardTokens } from './card-tokens.ts'
import type { BankEntry, OriginalEntry, OriginalKind } from './entry.ts'
import { responseForAmount } from './known-amounts.ts'
import type { BankRequest } from './request.ts'

/** DE39 of an answer, and the entry to make durable before it; none where nothing changed. */
export type BankDecision = { readonly responseCode: string; readonly entry?: BankEntry }

export type DecisionFacts = {
  readonly books: Books
  readonly ranges: readonly BankRange[]
  readonly tokens: CardTokens
  /** The bank's day: `MMDD` for DE15, `YYMM` against which a card expires. */
  readonly today: { readonly monthDay: string; readonly yearMonth: string }
}

const APPROVED = '00'

/** What the bank says to a request that it has not seen before. It changes nothing by itself. */
export function decide(request: BankRequest, facts: DecisionFacts): BankDecision {
  switch (request.kind) {
    case 'authorization':
    case 'financial':
      return decideOriginal(request, facts)
    case 'capture':
      return decideCapture(request, facts)
    case 'reversal':
      return decideReversal(request, facts)
  }
}

function decideOriginal(request: BankRequest, facts: DecisionFacts): BankDecision {
  const kind = kindOf(request)
  // [ISO8583-87 DE39 12] Balance inquiries and the like: nothing that these books keep.
  if (kind === undefined) return { responseCode: '12' }
  const known = hasCheckDigit(request.pan) && holdsRange(facts.ranges, request.pan)
  const card = known ? facts.tokens.identify(request.pan) : { token: '', masked: '' }
  const responseCode = known ? responseTo(request, kind, card.token, facts) : '14'
  const entry: OriginalEntry = {
    type: 'original',
    key: request.key,
    kind,
    cardToken: card.token,
    maskedCard: card.masked,
    amountMinor: request.amountMinor,
    currency: request.currency,
    processingCode: request.processingCode,
    cardAcceptorId: request.cardAcceptorId,
    settlementDate: facts.today.monthDay,
    responseCode,
    approvalCode: responseCode === APPROVED ? approvalCode(facts.books.entryCount) : '',
  }
  return { responseCode, entry }
}

/** [ISO8583-87 DE3] 00 goods, 01 cash, 09 with cash back, 50 bill: debits; 20 is a refund. */
function kindOf({ kind, processingCode }: BankRequest): OriginalKind | undefined {
  const type = processingCode.slice(0, 2)
  if (kind === 'financial' && type === '20') return 'refund'
  if (type !== '00' && type !== '01' && type !== '09' && type !== '50') return undefined
  return kind === 'authorization' ? 'preauth' : 'purchase'
}

function responseTo(
  request: BankRequest,
  kind: OriginalKind,
  cardToken: string,
  { books, today }: DecisionFacts,
): string {
  // Its reversal came first and was acknowledged: nothing may follow it.
  if (books.overtaken.has(request.key)) return '21'
  if (request.amountMinor === 0n) return '13'
  // Money that comes back is taken whatever the card has become.
  if (kind === 'refund') return APPROVED
  if (request.expiry !== '' && request.expiry < today.yearMonth) return '54'
  const tags = readTags(request.additionalData)
  if (tags.securityCode !== undefined && tags.securityCode !== '000') return '82'
  const known = responseForAmount(request, tags.electronicCommerceIndicator)
  if (known !== undefined) return known
  const { amountMinor, currency } = request
  return amountMinor > books.availableMinor(cardToken, currency) ? '51' : APPROVED
}

type PrivateTags = {
  readonly electronicCommerceIndicator: string | undefined
  readonly securityCode: string | undefined
}

/** DE48 of the centre: tag 2, length 2, data; 42 is the ECI, 92 the security code [project]. */
function readTags(data: string): PrivateTags {
  let electronicCommerceIndicator: string | undefined
  let securityCode: string | undefined
  for (let at = 0; at + 4 <= data.length;) {
    const tag = data.slice(at, at + 2)
    const digits = data.slice(at + 2, at + 4)
    if (!/^[0-9]{2}$/.test(digits)) break
    const length = Number(digits)
    const value = data.slice(at + 4, at + 4 + length)
    if (tag === '42') electronicCommerceIndicator = value
    if (tag === '92') securityCode = value
    at += 4 + length
  }
  return { electronicCommerceIndicator, securityCode }
}

/** A capture that changes nothing is not kept: asked again, it gets the same answer again. */
function decideCapture(request: BankRequest, { books, today }: DecisionFacts): BankDecision {
  const original = books.originals.get(request.originalKey)
  // [ISO8583-87 DE39 25] Unable to locate the record.
  if (original?.entry.kind !== 'preauth') return { responseCode: '25' }
  if (original.state === 'declined' || original.state === 'reversed') return { responseCode: '21' }
  if (books.overtaken.has(request.key)) return { responseCode: '21' }
  if (original.entry.currency !== request.currency) return { responseCode: '12' }
  const { amountMinor, originalKey, key } = request
  if (amountMinor === 0n || amountMinor > original.heldMinor) return { responseCode: '13' }
  const last = isLastCapture(request.captureMark)
  const settlementDate = today.monthDay
  return {
    responseCode: APPROVED,
    entry: { type: 'capture', key, originalKey, amountMinor, settlementDate, last },
  }
}

/** `CAPT02OF02` is the last one; without the mark, or with `CAPT02OF00`, others may follow. */
function isLastCapture(mark: string): boolean {
  const parts = /^CAPT([0-9]{2})OF([0-9]{2})/.exec(mark)
  return parts !== null && parts[1] === parts[2]
}

/** A reversal is never declined [ISO8583-87 042x]: without its original it is remembered. */
function decideReversal(request: BankRequest, { today }: DecisionFacts): BankDecision {
  const { key, originalKey, replacementMinor } = request
  const settlementDate = today.monthDay
  return {
    responseCode: APPROVED,
    entry: { type: 'reversal', key, originalKey, settlementDate, replacementMinor },
  }
}

const CODES = 36 ** 6
/** Prime to 36, so that no code comes back before all were used. */
const STRIDE = 1_000_003

/** [ISO8583-87 DE38] Six letters and digits, scattered, and the same again after a replay. */
function approvalCode(count: number): string {
  const value = (count * STRIDE + 46_656) % CODES
  return value.toString(36).toUpperCase().padStart(6, '0')
}
