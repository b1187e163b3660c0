import type { Clock, RandomBytes, Timers } from '../../../kernel/clock.ts'
import { limits } from '../../../kernel/limits.ts'
import type { SiteId } from '../../../kernel/ids.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { PresentedCard } from '../../../switch/index.ts'

/** A card that its holder typed into a frame of ours, and from where. */
export type HeldCard = { readonly card: PresentedCard; readonly payerAddress: string }

/** `unknown`: never was, is another site's, or was made before this process began. */
export type CardTokenRefusal = 'unknown' | 'used' | 'expired'

export type Lent = {
  readonly held: HeldCard
  /** The bank has been asked: the card is forgotten. */
  spend(): void
  /** Nothing is known to have been sent: the same attempt may come again with it, and no other. */
  giveBack(): void
}

type Entry = {
  readonly site: SiteId
  readonly held: HeldCard
  readonly forget: () => void
  lent: boolean
  /** The attempt it was lent for. */
  attempt: string | null
}

/**
 * Cards between the frame where they are typed and the request that pays with them: in the memory
 * of this process, for minutes, for one attempt; nothing of them is ever written anywhere.
 */
export class CardTokens {
  readonly #clock: Pick<Clock, 'now'>
  readonly #timers: Timers
  readonly #random: RandomBytes
  readonly #entries = new Map<string, Entry>()
  /** How tokens ended, without their cards: the latest so many. */
  readonly #ended = new Map<string, { readonly site: SiteId; readonly how: 'used' | 'expired' }>()

  constructor(options: {
    readonly clock: Pick<Clock, 'now'>
    readonly timers: Timers
    readonly random: RandomBytes
  }) {
    this.#clock = options.clock
    this.#timers = options.timers
    this.#random = options.random
  }

  keep(
    site: SiteId,
    held: HeldCard,
  ): Result<{ readonly token: string; readonly expiresAt: Date }, 'too_many'> {
    let ofSite = 0
    for (const entry of this.#entries.values()) if (entry.site === site) ofSite += 1
    if (ofSite >= limits.cardTokensPerSiteMax || this.#entries.size >= limits.cardTokensMax) {
      return fail('too_many')
    }
    const token = `tok_${this.#random(18).toString('base64url')}`
    const forget = this.#timers.after(limits.cardTokenMs, () => {
      this.#end(token, 'expired')
    })
    this.#entries.set(token, { site, held, forget, lent: false, attempt: null })
    const expiresAt = new Date(this.#clock.now().getTime() + limits.cardTokenMs)
    return ok({ token, expiresAt })
  }

  /** `attempt` names what it is lent for. */
  lend(site: SiteId, token: string, attempt: string): Result<Lent, CardTokenRefusal> {
    const entry = this.#entries.get(token)
    if (entry?.site !== site) {
      const ended = this.#ended.get(token)
      return fail(ended?.site === site ? ended.how : 'unknown')
    }
    if (entry.lent || (entry.attempt !== null && entry.attempt !== attempt)) return fail('used')
    entry.lent = true
    entry.attempt = attempt
    return ok({
      held: entry.held,
      spend: () => {
        this.#end(token, 'used')
      },
      giveBack: () => {
        entry.lent = false
      },
    })
  }

  clear(): void {
    for (const { forget } of this.#entries.values()) forget()
    this.#entries.clear()
  }

  #end(token: string, how: 'used' | 'expired'): void {
    const entry = this.#entries.get(token)
    if (entry === undefined) return
    entry.forget()
    this.#entries.delete(token)
    this.#ended.set(token, { site: entry.site, how })
    if (this.#ended.size <= limits.cardTokensMax) return
    const [oldest] = this.#ended.keys()
    if (oldest !== undefined) this.#ended.delete(oldest)
  }
}
