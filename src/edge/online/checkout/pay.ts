import type { RecordAudit } from '../../../audit/index.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { paymentIdOf } from '../../../kernel/ids.ts'
import type { Directory, Site } from '../../../directory/index.ts'
import type { Log } from '../../../platform/log.ts'
import type {
  AuthorizationRequest,
  OnFile,
  Payment,
  Switch,
  Unavailable,
} from '../../../switch/index.ts'
import type { Vault } from '../../../vault/index.ts'
import { isByMerchant, type CardsOnFile } from './card-on-file.ts'
import type { CardPost } from './card-form.ts'
import type { Gateway } from './gateway.ts'
import { holdExpiryTask } from './hold-expiry.ts'
import { duplicateKeyOf, orderState, type OrderState } from './order-state.ts'
import { outcomeOf } from './outcome.ts'
import type { WebSession } from './session.ts'
import type { TooMany, Trial, Velocity } from './velocity.ts'
import type { AttemptName, CheckoutStore, OrderName, WebOrder } from './store.ts'

export type Checkout = {
  readonly switch: Switch
  readonly directory: Directory
  readonly store: CheckoutStore
  readonly gateways: Readonly<Record<WebSession['gateway'], Gateway>>
  readonly velocity: Velocity
  readonly cards: CardsOnFile
  /** Numbers of cards that merchants keep. */
  readonly vault: Pick<Vault, 'reveal'>
  readonly clock: Clock
  readonly log: Log
  readonly audit?: RecordAudit | undefined
}

export type PayResult =
  /** `session`: the one whose form the payment was made with, perhaps another tab's. */
  | { readonly kind: 'decided'; readonly payment: Payment; readonly session: WebSession }
  /** The attempt posted is not the one that the order waits for. */
  | { readonly kind: 'elsewhere'; readonly state: OrderState }
  | { readonly kind: 'unavailable'; readonly reason: Unavailable }
  /** Too many cards were declined: nothing is sent to a bank for a while. */
  | { readonly kind: 'too_many'; readonly of: TooMany }

// Longer than any request lives: who claimed an attempt and has not reached the switch by then
// never will. Should it, the switch still knows the attempt: the bank is reached once.
const claimStaleMs = 60_000

/**
 * One card for one attempt at an order. Double click, two tabs, the back button and fifty posts at
 * once are all the same attempt: the switch sends it once and gives each of them its answer. `order`: the
 * session's, where the caller has just read it.
 */
export async function pay(
  checkout: Checkout,
  session: WebSession,
  post: CardPost,
  payerAddress: string = session.clientIp,
  order?: WebOrder,
): Promise<PayResult> {
  const known = order ?? (await orderOf(checkout, session))
  const result = await attempt(checkout, session, known, { post, payerAddress })
  if (result.kind !== 'elsewhere')
    recordAttempt(checkout, session, post, {
      payerAddress,
      result,
    })
  return result
}

/** Who tried, for which order, and what came of it. */
function recordAttempt(
  { audit, gateways }: Checkout,
  session: WebSession,
  post: CardPost,
  { payerAddress, result }: { readonly payerAddress: string; readonly result: PayResult },
): void {
  if (audit === undefined) return
  const outcome = result.kind === 'decided' ? outcomeOf(result.payment) : undefined
  audit({
    kind: 'attempt',
    actor: isOfMerchant(post) ? 'merchant' : 'cardholder',
    site: session.site,
    outcome: outcome?.outcome ?? result.kind,
    address: payerAddress,
    facts: {
      order: session.reference,
      attempt: post.attempt,
      door: gateways[session.gateway].door,
      reason: outcome?.outcome === 'declined' ? outcome.reason : null,
    },
  })
}

async function attempt(
  checkout: Checkout,
  session: WebSession,
  order: WebOrder,
  { post, payerAddress }: { readonly post: CardPost; readonly payerAddress: string },
): Promise<PayResult> {
  const state = await orderState(checkout, order)
  const current = state.at === 'open' || state.at === 'pending' ? state.attempt : undefined
  if (current !== post.attempt) return { kind: 'elsewhere', state }
  const name: AttemptName = { ...nameOf(session), attempt: post.attempt }
  const claimant = await claimFor(checkout, session, name)
  if (!isSamePurchase(claimant, session)) {
    // Another tab shows another amount for this order and was first: nothing of ours is charged.
    const now = await orderState(checkout, order)
    return { kind: 'elsewhere', state: now.at === 'open' ? { ...now, at: 'pending' } : now }
  }
  const site = siteOf(checkout, session)
  const trial = trialOf(session, post, payerAddress)
  const of = state.at === 'pending' ? undefined : checkout.velocity.judge(trial)
  if (of !== undefined) {
    checkout.log.warn({ site: site.id, of }, 'cards are being tried: this one was not sent')
    return { kind: 'too_many', of }
  }
  const onFile = post.onFile ?? keptBy(checkout, session)
  const decision = await checkout.switch.authorize(
    requestFor(checkout, site, claimant, name, { card: post.card, onFile }),
  )
  if (!decision.ok) return { kind: 'unavailable', reason: decision.error }
  const gateway = checkout.gateways[claimant.gateway]
  const payment = await gateway.firstAnswer(decision.value.payment, claimant)
  if (!decision.value.duplicate) checkout.velocity.learn(trial, outcomeOf(payment))
  await rememberOutcome(checkout, name, payment)
  return { kind: 'decided', payment, session: claimant }
}

const isOfMerchant = ({ onFile }: CardPost): boolean => onFile !== undefined && isByMerchant(onFile)

function trialOf(session: WebSession, post: CardPost, address: string): Trial {
  const { site, amount } = session
  const { pan } = post.card
  if (!isOfMerchant(post)) return { site, address, pan, amount }
  // Of one card, whose holder is not there: it says nothing of the site's visitors, and a night of
  // renewals that are declined must not turn them away.
  const name = `on file ${site} ${pan.masked()}`
  return { site: name, address: name, pan, amount }
}

const agreed: OnFile = { use: 'first', firstReference: null }

/** As the page says on which the card was typed: its holder has read that the card is kept. */
const keptBy = (checkout: Checkout, session: WebSession): OnFile | null =>
  (checkout.gateways[session.gateway].onFile?.(session).keepFor ?? null) === null ? null : agreed

export const nameOf = ({ shardKey, site, reference }: WebSession): OrderName => ({
  shardKey,
  site,
  reference,
})

export async function orderOf(checkout: Checkout, session: WebSession): Promise<WebOrder> {
  const order = await checkout.store.order(nameOf(session))
  if (order === undefined) throw new Error('invariant broken: a session has its order')
  return order
}

export function siteOf(checkout: Checkout, session: WebSession): Site {
  const site = checkout.directory.site(session.site)
  if (site === undefined) throw new Error(`site ${session.site} has left the directory`)
  return site
}

/** The session whose form the outcome of this payment is told with. */
export async function sessionOfPayment(
  checkout: Checkout,
  payment: Payment,
  fallback: WebSession,
): Promise<WebSession> {
  const { order, key } = payment.sent
  if (order === null) return fallback
  const digest = await checkout.store.claimant({ ...nameOf(fallback), attempt: order.attempt })
  if (digest === undefined || digest === fallback.digest) return fallback
  return (await checkout.store.session({ shardKey: key.shardKey, digest })) ?? fallback
}

async function claimFor(
  checkout: Checkout,
  session: WebSession,
  name: AttemptName,
): Promise<WebSession> {
  const at = checkout.clock.now()
  const staleBefore = new Date(at.getTime() - claimStaleMs)
  const digest = await checkout.store.claim({ ...name, session: session.digest, at, staleBefore })
  if (digest === session.digest) return session
  return (await checkout.store.session({ shardKey: name.shardKey, digest })) ?? session
}

const isSamePurchase = (a: WebSession, b: WebSession): boolean =>
  a.amount.minor === b.amount.minor && a.amount.currency === b.amount.currency && a.kind === b.kind

function requestFor(
  checkout: Checkout,
  site: Site,
  session: WebSession,
  name: AttemptName,
  { card, onFile }: Pick<CardPost, 'card'> & { readonly onFile: OnFile | null },
): AuthorizationRequest {
  const gateway = checkout.gateways[session.gateway]
  const byMerchant = onFile !== null && isByMerchant(onFile)
  return {
    kind: session.kind,
    channel: 'internet',
    door: gateway.door,
    merchant: site.merchant,
    site: site.id,
    terminal: site.terminal,
    order: { reference: session.reference, attempt: name.attempt },
    duplicateKey: duplicateKeyOf(name),
    routingKey: session.reference,
    amount: session.amount,
    card,
    // [ISO8583-87 DE22] 81: the number was typed on a page, 10: it was on file; 2: no PIN.
    entryMode: onFile === null || onFile.use === 'first' ? '812' : '102',
    // [ISO8583-87 DE25] 59: electronic commerce, 01: the customer is not there.
    conditionCode: byMerchant ? '01' : '59',
    // 07: the cardholder was not authenticated. Who is not there could not be.
    eci: byMerchant ? null : '07',
    onFile,
    tasks: (payment) => [
      ...gateway.tasks(site, session, payment),
      ...holdExpiryTask(site, payment),
    ],
  }
}

/** A convenience for the next reader: all of it is derived again where this is lost. */
async function rememberOutcome(
  checkout: Checkout,
  name: AttemptName,
  payment: Payment,
): Promise<void> {
  const at = checkout.clock.now()
  try {
    if (outcomeOf(payment).outcome === 'declined') await checkout.store.advance(name, at)
    else await checkout.store.markPaid(name, paymentIdOf(payment.sent.key), at)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown'
    checkout.log.warn({ reason }, 'an order was not updated; it heals at its next access')
  }
}
