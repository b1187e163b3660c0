import type { DeclineReason } from '../../../switch/index.ts'
import type { CardProblem } from '../checkout/card-form.ts'

/** Every sentence of the payment page. A language that lacks one does not compile. */
export type Texts = {
  readonly secure: string
  /** Of the switch between languages, to whoever cannot see it. */
  readonly language: string
  readonly footer: string
  readonly order: string
  readonly indicative: string
  readonly payTitle: string
  readonly number: string
  readonly nationalBrand: string
  readonly expiry: string
  readonly expiryHint: string
  readonly cvc: string
  readonly cvcHint: string
  readonly name: string
  readonly optional: string
  readonly pay: string
  /** Of a page whose merchant keeps the card: what whoever pays agrees to. */
  readonly keepsCard: (merchant: string) => string
  /** Before the card that is kept. */
  readonly keptCard: string
  readonly anotherCard: string
  readonly cancel: string
  readonly backToShop: string
  readonly fixErrors: string
  readonly declinedTitle: string
  readonly tryAgain: string
  readonly exhausted: string
  readonly notCharged: string
  readonly approvedTitle: string
  readonly approvedText: string
  /** Paid, but the shop's server has not answered yet. */
  readonly confirmingText: string
  /** Paid, then undone because the shop did not record the order. */
  readonly notKeptText: string
  readonly authorization: string
  readonly card: string
  readonly date: string
  readonly goingBack: string
  readonly cancelledTitle: string
  readonly pendingTitle: string
  readonly pendingText: string
  readonly expiredTitle: string
  readonly expiredText: string
  readonly alreadyPaidTitle: string
  readonly alreadyPaidText: string
  readonly undoneTitle: string
  readonly undoneText: string
  readonly unavailableTitle: string
  readonly unavailableText: string
  readonly tooManyTitle: string
  readonly tooManyText: string
  readonly unknownTitle: string
  readonly unknownText: string
  readonly refusedTitle: string
  readonly refusedText: string
  readonly errorCode: string
  readonly problems: Readonly<Record<CardProblem, string>>
  readonly reasons: Readonly<Record<DeclineReason, string>>
}
