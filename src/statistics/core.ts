import { sharePct } from './growth.ts'

/** What of a cell adds up: of a period what its dates have, of a group what its cells have. */
export type Core = {
  readonly operations: bigint
  readonly amount_minor: bigint
  readonly refunds: bigint
  readonly refund_amount_minor: bigint
  readonly reversals: bigint
  readonly reversal_amount_minor: bigint
  /** Operations at a site, hence not at a terminal. */
  readonly site_operations: bigint
  readonly approved: bigint
  readonly declined: bigint
}

export const noCore: Core = {
  ...{ operations: 0n, amount_minor: 0n, refunds: 0n, refund_amount_minor: 0n, reversals: 0n },
  ...{ reversal_amount_minor: 0n, site_operations: 0n, approved: 0n, declined: 0n },
}

export const coreNames = Object.keys(noCore) as readonly (keyof Core)[]

export const added = (one: Core, other: Core): Core => ({
  operations: one.operations + other.operations,
  amount_minor: one.amount_minor + other.amount_minor,
  refunds: one.refunds + other.refunds,
  refund_amount_minor: one.refund_amount_minor + other.refund_amount_minor,
  reversals: one.reversals + other.reversals,
  reversal_amount_minor: one.reversal_amount_minor + other.reversal_amount_minor,
  site_operations: one.site_operations + other.site_operations,
  approved: one.approved + other.approved,
  declined: one.declined + other.declined,
})

/** What is known of sums alone: distinct counts are not. */
export function plain(found: Core, whole: Core) {
  const { operations, amount_minor: amountMinor, approved, declined } = found
  return {
    count: Number(operations),
    amountMinor,
    averageTicketMinor:
      operations === 0n ? null : (2n * amountMinor + operations) / (2n * operations),
    siteOperations: Number(found.site_operations),
    approved: Number(approved),
    declined: Number(declined),
    approvalRatePct: sharePct(approved, approved + declined),
    refundCount: Number(found.refunds),
    refundAmountMinor: found.refund_amount_minor,
    lateReversalCount: Number(found.reversals),
    lateReversalAmountMinor: found.reversal_amount_minor,
    countSharePct: sharePct(operations, whole.operations),
    amountSharePct: sharePct(amountMinor, whole.amount_minor),
  }
}
