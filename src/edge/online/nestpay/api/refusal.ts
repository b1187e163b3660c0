import type { ChangeRefusal, Unavailable } from '../../../../switch/index.ts'

/**
 * Why the API does not do what it is asked. Stable and never reused; `CORE-2508` and `CORE-5110` are
 * the gateway's own, the others are ours. docs/cmi-api.md has one line for each.
 */
export type ApiCode =
  | 'CORE-1001'
  | 'CORE-1002'
  | 'CORE-1003'
  | 'CORE-1004'
  | 'CORE-1005'
  | 'CORE-2501'
  | 'CORE-2502'
  | 'CORE-2503'
  | 'CORE-2504'
  | 'CORE-2505'
  | 'CORE-2506'
  | 'CORE-2507'
  | 'CORE-2508'
  | 'CORE-2509'
  | 'CORE-2510'
  | 'CORE-5110'
  | 'CORE-2511'
  | 'CORE-9001'

export type ApiRefusal = { readonly code: ApiCode; readonly message: string }

const refusal = (code: ApiCode, message: string): ApiRefusal => ({ code, message })

export const unreadable = (rule: string, offset: number): ApiRefusal =>
  refusal('CORE-1001', `The request cannot be read: ${rule} at ${offset}`)

export const missing = (name: string): ApiRefusal =>
  refusal('CORE-1002', `The element ${name} is required`)

/** One sentence for all three: whoever guesses learns nothing of which one was wrong. */
export const wrongUser = refusal('CORE-1003', 'Wrong Name, Password or ClientId')

export const unknownType = refusal(
  'CORE-1004',
  'Type must be Auth, PreAuth, PostAuth, Void or Credit, or Extra must hold a query',
)

export const unsupported = (what: string): ApiRefusal =>
  refusal('CORE-1005', `${what} is not supported`)

export const invalid = (name: string, rule: string): ApiRefusal =>
  refusal('CORE-5110', `Bad data: ${name}: ${rule}`)

export const notFound = (what: string): ApiRefusal =>
  refusal('CORE-2501', `No record found for ${what}`)

export const wrongState = (message: string): ApiRefusal => refusal('CORE-2502', message)

export const amountTooLarge = refusal('CORE-2503', 'Total is more than what is left of the order')

export const wrongCurrency = refusal('CORE-2504', 'Currency is not the one of the site')

export const dayClosed = refusal(
  'CORE-2505',
  'The business day of the order has closed: use Credit instead of Void',
)

export const alreadyApproved = refusal('CORE-2506', 'The order is already approved')

export const underWay = refusal(
  'CORE-2507',
  'Another request for this order is under way: ask for its status',
)

export const notSettled = (order: string): ApiRefusal =>
  refusal('CORE-2508', `The order ${order} is not yet settled: use Void until its day closes`)

export const otherRequest = refusal(
  'CORE-2509',
  'This GroupId was used for another amount of the same order',
)

export const attemptsUsed = refusal('CORE-2510', 'The order was declined too many times')

export const tooMany = refusal(
  'CORE-2511',
  'Too many cards were declined: nothing was sent to the bank, try again later',
)

export const unavailable = refusal(
  'CORE-9001',
  'The service cannot answer now: ask for the status of the order, then try again',
)

/** A bank's refusal is an answer of its own and not in this table. */
export function refusalOf(error: Exclude<ChangeRefusal, 'declined'> | Unavailable): ApiRefusal {
  switch (error) {
    case 'unknown_payment':
      return notFound('this payment')
    case 'wrong_state':
      return wrongState('The state of the order does not allow it')
    case 'wrong_currency':
      return wrongCurrency
    case 'amount_too_large':
      return amountTooLarge
    case 'day_closed':
      return dayClosed
    case 'overloaded':
    case 'stopping':
    case 'database_unavailable':
      return unavailable
  }
}
