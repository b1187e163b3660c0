import type { BankRequest } from './request.ts'

/**
 * The amounts by which a test asks a bank for a given behaviour: 1,000.NN MAD, on authorizations
 * and purchases only.
 */
const MAD = '504'
const FROM_MINOR = 100_000n
const TO_MINOR = 100_099n

const declines: readonly string[] = ['05', '14', '41', '43', '51', '54', '57', '61']
const authenticated: readonly string[] = ['01', '02', '05', '06']

/** How the answer to a request travels. */
export type Delivery =
  | { readonly type: 'at-once' }
  | { readonly type: 'late'; readonly delayMs: number }
  | { readonly type: 'twice' }
  | { readonly type: 'never' }
  /** The link is closed, and nothing is decided. */
  | { readonly type: 'link-closed' }

const atOnce: Delivery = { type: 'at-once' }

/** The two last digits of a known amount; undefined for any other request. */
function knownAmount(request: BankRequest): string | undefined {
  const { amountMinor, currency, kind, processingCode } = request
  if (kind !== 'authorization' && kind !== 'financial') return undefined
  if (amountMinor < FROM_MINOR || amountMinor > TO_MINOR || currency !== MAD) return undefined
  if (processingCode.startsWith('20')) return undefined
  return (amountMinor - FROM_MINOR).toString().padStart(2, '0')
}

/** DE39 that the amount asks for; undefined where the bank decides as ever. */
export function responseForAmount(
  request: BankRequest,
  electronicCommerceIndicator: string | undefined,
): string | undefined {
  const known = knownAmount(request)
  if (known === undefined) return undefined
  if (declines.includes(known)) return known
  if (known !== '65') return undefined
  const indicator = electronicCommerceIndicator ?? ''
  return authenticated.includes(indicator) ? undefined : known
}

/** A repeat travels as the first did. */
export function deliveryForAmount(request: BankRequest): Delivery {
  switch (knownAmount(request)) {
    case '68':
      // Past the answer deadline of the centre, which is 5 seconds.
      return { type: 'late', delayMs: 7_000 }
    case '91':
      return { type: 'link-closed' }
    case '98':
      return { type: 'twice' }
    case '99':
      return { type: 'never' }
    default:
      return atOnce
  }
}
