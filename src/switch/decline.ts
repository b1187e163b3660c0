import type { DeclineReason } from './payment.ts'

/** [ISO8583-87 DE39] Codes by which a bank approves: also with identification, VIP, verified. */
const approvals: ReadonlySet<string> = new Set(['00', '08', '11', '85'])

const reasons: ReadonlyMap<string, DeclineReason> = new Map([
  ['05', 'do_not_honour'],
  ['14', 'invalid_card'],
  ['15', 'invalid_card'],
  ['56', 'invalid_card'],
  ['41', 'lost_card'],
  ['43', 'stolen_card'],
  ['51', 'insufficient_funds'],
  ['33', 'expired_card'],
  ['54', 'expired_card'],
  ['57', 'not_permitted'],
  ['58', 'not_permitted'],
  ['62', 'not_permitted'],
  ['61', 'exceeds_limit'],
  ['65', 'authentication_required'],
  ['1A', 'authentication_required'],
  ['82', 'wrong_cvc'],
  ['N7', 'wrong_cvc'],
  ['34', 'suspected_fraud'],
  ['59', 'suspected_fraud'],
  ['31', 'no_route'],
  ['92', 'no_route'],
  ['91', 'issuer_unavailable'],
  ['96', 'issuer_unavailable'],
])

export const isApproval = (responseCode: string): boolean => approvals.has(responseCode)

export const declineReason = (responseCode: string): DeclineReason =>
  reasons.get(responseCode) ?? 'other'

/** An advice that was answered so has not been taken: it is sent again [ISO8583-87 DE39]. */
const unable: ReadonlySet<string> = new Set(['09', '90', '91', '96'])

export const acknowledges = (responseCode: string): boolean => !unable.has(responseCode)
