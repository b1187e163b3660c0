import { nationMonths, type Month } from './months.ts'
import type { Stratum } from './strata.ts'

/**
 * The part of attempts that banks approve. Assumptions: terminals steady, the Internet low in 2012
 * and rising as 3-D Secure settles in; visitors' banks refuse more.
 */
export function approvalRate({ channel, origin }: Stratum, month: Month): number {
  const passed = nationMonths.indexOf(month) / (nationMonths.length - 1)
  const rate = channel === 'terminal' ? 0.93 + 0.01 * passed : 0.72 + 0.08 * passed
  return origin === 'moroccan' ? rate : rate - (channel === 'terminal' ? 0.02 : 0.05)
}

/** Of a hundred declines; the words are the switch's own. */
export const declineReasons: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  internet: {
    insufficient_funds: 24,
    authentication_required: 26,
    wrong_cvc: 12,
    exceeds_limit: 10,
    do_not_honour: 10,
    expired_card: 5,
    invalid_card: 4,
    not_permitted: 4,
    suspected_fraud: 2,
    no_answer: 1,
    issuer_unavailable: 1,
    other: 1,
  },
  terminal: {
    insufficient_funds: 46,
    do_not_honour: 14,
    exceeds_limit: 13,
    expired_card: 7,
    not_permitted: 6,
    invalid_card: 4,
    issuer_unavailable: 3,
    no_answer: 2,
    suspected_fraud: 2,
    lost_card: 1,
    stolen_card: 1,
    other: 1,
  },
}

/**
 * Of a hundred cards of each origin: brand and bank. The brands are those of the cards outstanding
 * at the end of 2013 (Visa 5.8, national brand 2.4 of 9.8 million); the banks are the sandbox's.
 */
export const cardIssuers: readonly {
  readonly origin: string
  readonly brand: string
  readonly issuer: string
  readonly part: number
}[] = [
  { origin: 'moroccan', brand: 'visa', issuer: 'atlas', part: 34 },
  { origin: 'moroccan', brand: 'cmi', issuer: 'atlas', part: 24 },
  { origin: 'moroccan', brand: 'visa', issuer: 'rif', part: 25 },
  { origin: 'moroccan', brand: 'mastercard', issuer: 'rif', part: 7 },
  { origin: 'moroccan', brand: 'mastercard', issuer: 'souss', part: 10 },
  { origin: 'foreign', brand: 'visa', issuer: 'visa-world', part: 62 },
  { origin: 'foreign', brand: 'mastercard', issuer: 'mastercard-world', part: 38 },
]
