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
  const tags = readTags(request.additionalData)
  const responseCode = known ? responseTo(request, kind, { card: card.token, tags }, facts) : '14'
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
    agreement: tags.initiator === CUSTOMER_ON_FILE && tags.firstReference === undefined,
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

/**
 * A merchant may charge a card that it keeps (DE48 22: M) with nobody there only because the
 * cardholder agreed once, in a payment that this bank approved: without that payment's reference the
 * message is invalid, and one that is not in the books cannot be found [ISO8583-87 DE39 12, 25].
 */
function responseTo(
  request: BankRequest,
  kind: OriginalKind,
  { card, tags }: { readonly card: string; readonly tags: PrivateTags },
  { books, today }: DecisionFacts,
): string {
  // Its reversal came first and was acknowledged: nothing may follow it.
  if (books.overtaken.has(request.key)) return '21'
  if (request.amountMinor === 0n) return '13'
  // Money that comes back is taken whatever the card has become.
  if (kind === 'refund') return APPROVED
  if (request.expiry !== '' && request.expiry < today.yearMonth) return '54'
  if (tags.initiator?.startsWith('M') === true) {
    // [ISO8583-87 DE22] 10: the number comes from a file, as nobody is there to type it.
    const { firstReference } = tags
    if (firstReference === undefined || !request.entryMode.startsWith('10')) return '12'
    if (!books.hasAgreement(card, request.cardAcceptorId, firstReference)) return '25'
  }
  if (tags.securityCode !== undefined && tags.securityCode !== '000') return '82'
  const known = responseForAmount(request, tags.electronicCommerceIndicator)
  if (known !== undefined) return known
  const { amountMinor, currency } = request
  return amountMinor > books.availableMinor(card, currency) ? '51' : APPROVED
}

/** DE48 22 of a payment that its cardholder asks for, with a card that is kept or is to be. */
const CUSTOMER_ON_FILE = 'C101'

type PrivateTags = {
  readonly initiator: string | undefined
  readonly firstReference: string | undefined
  readonly electronicCommerceIndicator: string | undefined
  readonly securityCode: string | undefined
}

/**
 * DE48 of the centre: tag 2, length 2, data; 22 is the initiator, 42 the ECI, 63 the RRN of the first
 * payment with a card that is kept, 92 the security code [project].
 */
function readTags(data: string): PrivateTags {
  let electronicCommerceIndicator: string | undefined
  let securityCode: string | undefined
  let initiator: string | undefined
  let firstReference: string | undefined
  for (let at = 0; at + 4 <= data.length;) {
    const tag = data.slice(at, at + 2)
    const digits = data.slice(at + 2, at + 4)
    if (!/^[0-9]{2}$/.test(digits)) break
    const length = Number(digits)
    const value = data.slice(at + 4, at + 4 + length)
    if (tag === '22') initiator = value
    if (tag === '42') electronicCommerceIndicator = value
    if (tag === '63') firstReference = value
    if (tag === '92') securityCode = value
    at += 4 + length
  }
  return { electronicCommerceIndicator, securityCode, initiator, firstReference }
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
