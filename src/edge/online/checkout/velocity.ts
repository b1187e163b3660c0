import { hash } from 'node:crypto'
import type { Clock, RandomBytes } from '../../../kernel/clock.ts'
import { limits } from '../../../kernel/limits.ts'
import type { Money } from '../../../kernel/money.ts'
import type { Pan } from '../../../kernel/pan.ts'
import type { DeclineReason } from '../../../switch/index.ts'
import type { Outcome } from './outcome.ts'

/** A card about to be tried, and from where. */
export type Trial = {
  /** A site's id, or a name for what must not count as its visitors. */
  readonly site: string
  readonly address: string
  readonly pan: Pan
  readonly amount: Money
}

/** Whose trials are too many for now. */
export type TooMany = 'card' | 'address' | 'site'

type Entry = { readonly atMs: number; readonly card: string; readonly approved: boolean }

/**
 * Stolen numbers are tried by the thousand on small shops to see which still work. What tells such
 * a tester from a customer is how many cards are declined: of one card, from one address, at one
 * site. Kept in memory, by a hash under a salt of this process; a restart forgets, which costs a
 * tester nothing worth having and keeps no card's history anywhere.
 */
export class Velocity {
  readonly #clock: Clock
  readonly #salt: string
  readonly #sandbox: boolean
  readonly #cards = new Windows()
  readonly #addresses = new Windows()
  readonly #sites = new Windows()

  constructor(options: {
    readonly clock: Clock
    readonly random: RandomBytes
    readonly sandbox: boolean
  }) {
    this.#clock = options.clock
    this.#salt = options.random(16).toString('hex')
    this.#sandbox = options.sandbox
  }

  /** Undefined: let it be tried. */
  judge(trial: Trial): TooMany | undefined {
    const nowMs = this.#clock.monotonicMs()
    const { velocity } = limits
    const card = this.#nameOf(trial.pan)
    const ofCard = this.#cards.since(card, nowMs - velocity.cardWindowMs)
    if (declines(ofCard).length >= velocity.cardDeclinesMax) return 'card'
    const ofAddress = this.#addresses.since(trial.address, nowMs - velocity.addressWindowMs)
    if (declinedCards(ofAddress) >= this.#addressMax()) return 'address'
    const ofSite = this.#sites.since(trial.site, nowMs - velocity.siteWindowMs)
    const mostly = declines(ofSite).length * 100 >= ofSite.length * velocity.siteDeclinedPercentMin
    if (mostly && declinedCards(ofSite) >= velocity.siteDeclinedCardsMax) return 'site'
    return undefined
  }

  /** What became of it. */
  learn(trial: Trial, outcome: Outcome): void {
    // Approved and then undone because the shop did not book it says nothing against the card.
    const approved = outcome.outcome !== 'declined'
    if (!approved && technical.has(outcome.reason)) return
    // In the sandbox an amount may ask for its decline: that says nothing about who pays.
    if (!approved && this.#sandbox && isKnownAmount(trial.amount)) return
    const entry = { atMs: this.#clock.monotonicMs(), card: this.#nameOf(trial.pan), approved }
    this.#cards.add(entry.card, entry)
    this.#addresses.add(trial.address, entry)
    this.#sites.add(trial.site, entry)
  }

  #addressMax(): number {
    const { addressDeclinedCardsMax, sandboxTimes } = limits.velocity
    return addressDeclinedCardsMax * (this.#sandbox ? sandboxTimes : 1)
  }

  #nameOf(pan: Pan): string {
    return hash('sha256', this.#salt + pan.reveal(), 'base64')
  }
}

const declines = (entries: readonly Entry[]): readonly Entry[] =>
  entries.filter(({ approved }) => !approved)

const declinedCards = (entries: readonly Entry[]): number =>
  new Set(declines(entries).map(({ card }) => card)).size

/** Of a bank or a line that was down: nothing that the card is to blame for. */
const technical: ReadonlySet<DeclineReason> = new Set(['no_answer', 'issuer_unavailable', 'other'])

/** The sandbox's amounts of 1,000.NN MAD, whose answer is NN. */
const isKnownAmount = ({ currency, minor }: Money): boolean =>
  currency === 'MAD' && minor >= 100_000n && minor < 100_100n

/** The latest entries of each name; of names that have been silent for longest, none. */
class Windows {
  readonly #byName = new Map<string, Entry[]>()

  add(name: string, entry: Entry): void {
    const entries = this.#byName.get(name) ?? []
    // Taken out and put back, so that the map is in the order of the last entry.
    this.#byName.delete(name)
    this.#byName.set(name, entries)
    entries.push(entry)
    if (entries.length > limits.velocity.entriesMax) entries.shift()
    if (this.#byName.size <= limits.velocity.namesMax) return
    const [oldest] = this.#byName.keys()
    if (oldest !== undefined) this.#byName.delete(oldest)
  }

  since(name: string, fromMs: number): readonly Entry[] {
    return (this.#byName.get(name) ?? []).filter(({ atMs }) => atMs >= fromMs)
  }
}
