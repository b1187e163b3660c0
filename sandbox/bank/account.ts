/** 1,000,000.00 of a two-decimal currency: what each account holds when a card is first seen. */
export const OPENING_BALANCE_MINOR = 100_000_000n

/**
 * A card's account in one currency. The sandbox has no exchange rates: a card has an account in each
 * currency it is used in. Available is the opening balance, less holds and debits, plus credits.
 */
export type Account = {
  /** From 0, in the order in which they were opened. */
  readonly number: number
  readonly cardToken: string
  readonly maskedCard: string
  readonly currency: string
  heldMinor: bigint
  /** Debits less credits. */
  postedMinor: bigint
}

export function available({ heldMinor, postedMinor }: Account): bigint {
  return OPENING_BALANCE_MINOR - heldMinor - postedMinor
}
