import type { Site } from '../../../directory/index.ts'
import type { Door, Payment, Task } from '../../../switch/index.ts'
import type { Field } from '../../../wire/nestpay/index.ts'
import type { Place } from './card-on-file.ts'
import type { WebSession } from './session.ts'

/**
 * How a browser goes back to the shop. `afterSeconds` null: only when the customer says so; absent:
 * at once.
 */
export type WayBack =
  | { readonly method: 'GET'; readonly url: string; readonly afterSeconds?: number | null }
  | {
      readonly method: 'POST'
      readonly url: string
      readonly fields: readonly Field[]
      readonly afterSeconds: number | null
    }
  /** The shop has not recorded the order yet: its page says so, and asks again by itself. */
  | { readonly method: 'WAIT'; readonly shopUrl: string; readonly seconds: number }

export type SessionOnFile = {
  /** The customer for whom the merchant keeps the card that is typed. */
  readonly keepFor: Place | null
  /** The card that the customer is asked to confirm with its code. */
  readonly card: Place | null
}

/** One protocol of merchants' sites, as the checkout sees it. */
export type Gateway = {
  readonly door: Door
  /** With the result of a payment, or of having given up. */
  wayBack(site: Site, session: WebSession, ended: Payment | 'cancelled'): WayBack
  /** From an order whose payment was undone; absent: its page says so and leads nowhere. */
  wayBackUndone?(site: Site, session: WebSession, payment: Payment): WayBack
  /** The shop's own page, to link to; null when the merchant gave none. */
  shopUrl(session: WebSession): string | null
  /** The amount in the customer's own currency, as the shop reckons it: shown, never charged. */
  indicativeAmount?(session: WebSession): string | null
  /** Whose card a page keeps, and which kept card it charges; absent: it has nothing to do with any. */
  onFile?(session: WebSession): SessionOnFile
  /** Work that must follow the outcome of an attempt made with this session's form. */
  tasks(site: Site, session: WebSession, payment: Payment): readonly Task[]
  /**
   * Resolves when the merchant's server had its first chance to answer, never later than that: with
   * the payment as it is then, where the merchant's word undoes one.
   */
  firstAnswer(payment: Payment, session: WebSession): Promise<Payment>
}
