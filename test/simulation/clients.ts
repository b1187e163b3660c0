import type { Site } from '../../src/directory/index.ts'
import { MAD } from '../../src/kernel/currency.ts'
import { paymentIdOf, requestKeyOf, type PaymentId, type RequestKey } from '../../src/kernel/ids.ts'
import { money } from '../../src/kernel/money.ts'
import { hasCheckDigit, Pan } from '../../src/kernel/pan.ts'
import type { AuthorizationRequest } from '../../src/switch/index.ts'
import type { Centre } from './centre.ts'
import type { Random } from './random.ts'
import { answerOf, type Told } from './told.ts'
import type { World } from './world.ts'

/** The last four have no bank, or none that the directory knows. */
const prefixes = ['400000', '545301', '519163', '411111', '555555', '400000', '601100']
const knownAmounts = [5, 14, 41, 43, 51, 54, 57, 61, 65, 68, 68, 91, 91, 98, 98, 99, 99]

/** Customers, terminals and merchants, who do whatever they like, twice when nobody answers. */
export class Clients {
  readonly told = new Map<RequestKey, Told>()
  readonly #world: World
  readonly #random: Random
  readonly #centre: Centre
  readonly #sites: readonly Site[]
  #made = 0

  constructor(world: World, centre: Centre) {
    this.#world = world
    this.#random = world.random
    this.#centre = centre
    this.#sites = centre.directory.sites()
  }

  act(): void {
    const known = [...this.told.values()]
    const dice = this.#random.integer(1, 100)
    if (known.length === 0 || dice <= 35) return this.#pay()
    if (dice <= 45) return this.#authorize(this.#random.pick(known))
    // Mostly what was approved: of the others there is little to ask.
    const approved = known.filter(({ answer }) => answer === 'approved')
    const some = approved.length > 0 && dice <= 95 ? approved : known
    this.#change(this.#random.pick(some))
  }

  #pay(): void {
    const request = this.#request()
    const told: Told = {
      request,
      answer: undefined,
      id: undefined,
      captures: [],
      captured: new Set(),
      refunds: [],
      refunded: new Set(),
      voided: false,
    }
    this.told.set(requestKeyOf(...request.duplicateKey), told)
    this.#authorize(told)
    if (this.#random.chance(0.1)) this.#authorize(told)
  }

  #authorize(told: Told): void {
    this.#centre.ask(
      `authorize ${orderOf(told)}`,
      (running) => running.authorize(told.request),
      (decided) => {
        if (!decided.ok) return
        const { payment } = decided.value
        const answer = answerOf(payment)
        if (told.answer !== undefined && told.answer !== answer) {
          this.#world.violated(`${payment.sent.rrn} was ${told.answer}, then ${answer}`)
        }
        told.answer = answer
        told.id = paymentIdOf(payment.sent.key)
      },
    )
  }

  #change(told: Told): void {
    const { id } = told
    if (id === undefined) return this.#authorize(told)
    const dice = this.#random.integer(1, 100)
    if (dice <= 50) this.#capture(told, id)
    else if (dice <= 65) this.#void(told, id)
    else this.#refund(told, id)
  }

  #capture(told: Told, id: PaymentId): void {
    const request = this.#again(told.captures) ?? {
      name: `c${told.captures.length}`,
      final: this.#random.chance(0.2),
      ...this.#part(told),
    }
    if (!told.captures.includes(request)) told.captures.push(request)
    this.#centre.ask(
      `capture ${orderOf(told)} ${request.name}`,
      (running) => running.capture(id, request),
      (captured) => {
        if (captured.ok) told.captured.add(request)
      },
    )
  }

  #void(told: Told, id: PaymentId): void {
    const cause = this.#random.pick(['void', 'hold_expired'] as const)
    this.#centre.ask(
      `void ${orderOf(told)}`,
      (running) => running.void(id, { cause }),
      (voided) => {
        if (voided.ok) told.voided = true
      },
    )
  }

  #refund(told: Told, id: PaymentId): void {
    const request = this.#again(told.refunds) ?? {
      name: `r${told.refunds.length}`,
      ...this.#part(told),
    }
    if (!told.refunds.includes(request)) told.refunds.push(request)
    this.#centre.ask(
      `refund ${orderOf(told)} ${request.name}`,
      (running) => running.refund(id, request),
      (refunded) => {
        if (refunded.ok) told.refunded.add(request)
      },
    )
  }

  /** One that was asked for before: the very same request. */
  #again<T>(asked: readonly T[]): T | undefined {
    return asked.length > 0 && this.#random.chance(0.3) ? this.#random.pick(asked) : undefined
  }

  #part({ request }: Told): { amount: AuthorizationRequest['amount'] } | undefined {
    if (this.#random.chance(0.3)) return undefined
    const share = BigInt(this.#random.integer(5, 110))
    const minor = (request.amount.minor * share) / 100n
    return { amount: money(minor > 0n ? minor : 1n, MAD) }
  }

  #request(): AuthorizationRequest {
    const random = this.#random
    const site = random.pick(this.#sites)
    this.#made += 1
    const reference = `O-${this.#made}`
    const known = random.chance(0.35)
    const minor = known ? 100_000 + random.pick(knownAmounts) : random.integer(1, 90_000)
    return {
      kind: random.pick(['preauthorization', 'purchase'] as const),
      channel: 'internet',
      door: 'nestpay',
      merchant: site.merchant,
      site: site.id,
      terminal: site.terminal,
      order: { reference, attempt: 1 },
      duplicateKey: [site.id, reference, '1'],
      routingKey: reference,
      amount: money(BigInt(minor), MAD),
      card: { pan: this.#pan(), expiry: random.chance(0.03) ? '1201' : '9912' },
      entryMode: '812',
      conditionCode: '59',
      eci: '07',
      onFile: null,
      tasks: () => [{ topic: 'callback', name: reference, body: {}, delayMs: 0 }],
    }
  }

  #pan(): Pan {
    const start = `${this.#random.pick(prefixes)}00000000${this.#random.integer(0, 9)}`
    const digits = [...'0123456789'].map((last) => start + last).find(hasCheckDigit) ?? start
    const pan = Pan.parse(digits)
    if (!pan.ok) throw new Error(`a simulated card: ${pan.error}`)
    return pan.value
  }
}

const orderOf = ({ request }: Told): string => request.order?.reference ?? ''
