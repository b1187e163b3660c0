import type { Brand } from '../kernel/brand.ts'
import type { CurrencyCode } from '../kernel/currency.ts'

/** The number by which rows name an account; its code is what people read. */
export type AccountId = Brand<number, 'AccountId'>

/**
 * The chart of accounts, fixed early and for a payment's whole life. Fees, VAT and settlement have
 * no movements yet: their accounts exist, so that nothing is renumbered when they come.
 */
export type AccountKind =
  /** What a card's bank owes the centre for captured payments, less refunds. */
  | 'issuer_receivable'
  /** What the centre owes a merchant. */
  | 'merchant_payable'
  /** What the centre and an acquirer owe each other. */
  | 'acquirer_settlement'
  /** What the centre and a bank settle over the central bank's books. */
  | 'issuer_settlement'
  | 'interchange_income'
  | 'fee_income'
  | 'vat_payable'
  | 'suspense'

export type Account = {
  readonly id: AccountId
  /** `merchant_payable/600000001/MAD`. */
  readonly code: string
  readonly kind: AccountKind
  readonly participant: string
  readonly currency: CurrencyCode
}

export type AccountName = Omit<Account, 'id' | 'code'>

export const accountCode = ({ kind, participant, currency }: AccountName): string =>
  `${kind}/${participant}/${currency}`

export type Participants = {
  readonly issuers: readonly string[]
  readonly merchants: readonly string[]
  readonly acquirers: readonly string[]
  readonly currencies: readonly CurrencyCode[]
}

/** Every account that these participants need. `centre` stands for the centre itself. */
export function accountsFor(participants: Participants): AccountName[] {
  const { issuers, merchants, acquirers, currencies } = participants
  return currencies.flatMap((currency) => [
    ...issuers.flatMap((participant) => [
      { kind: 'issuer_receivable' as const, participant, currency },
      { kind: 'issuer_settlement' as const, participant, currency },
    ]),
    ...merchants.map((participant) => ({
      kind: 'merchant_payable' as const,
      participant,
      currency,
    })),
    ...acquirers.flatMap((participant) => [
      { kind: 'acquirer_settlement' as const, participant, currency },
      { kind: 'interchange_income' as const, participant, currency },
    ]),
    ...(['fee_income', 'vat_payable', 'suspense'] as const).map((kind) => ({
      kind,
      participant: 'centre',
      currency,
    })),
  ])
}

/** The accounts that exist, by name. */
export class Chart {
  readonly #byCode = new Map<string, Account>()

  constructor(accounts: readonly Account[]) {
    this.include(accounts)
  }

  /** Accounts of participants who joined meanwhile; nobody's number ever changes. */
  include(accounts: readonly Account[]): void {
    for (const account of accounts) this.#byCode.set(account.code, account)
  }

  find(code: string): Account | undefined {
    return this.#byCode.get(code)
  }

  /** The account of a participant in the directory: it exists, as the chart follows the directory. */
  account(name: AccountName): AccountId {
    const found = this.#byCode.get(accountCode(name))
    if (found === undefined) throw new Error(`invariant broken: no account ${accountCode(name)}`)
    return found.id
  }

  all(): Account[] {
    return [...this.#byCode.values()]
  }
}
