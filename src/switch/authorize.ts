import { shardKeyFor, type ShardKey } from '../kernel/bucket.ts'
import { requestKeyOf, type PaymentKey, type RequestKey } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { minorUnits } from '../kernel/money.ts'
import { fail, ok, type Result } from '../kernel/result.ts'
import { due, type Transfer } from '../ledger/index.ts'
import type { Core } from './core.ts'
import { declineReason, isApproval } from './decline.ts'
import { storedOutcome } from './duplicate.ts'
import type { Unavailable } from './face.ts'
import type { Advice, IssuerReply } from './issuer-port.ts'
import { authorizationMessage, reversalMessage, reversalReason } from './messages.ts'
import type { Numbers } from './numbers.ts'
import type { Payment, PaymentState, SentFacts } from './payment.ts'
import type { AuthorizationRequest, Decision } from './request.ts'
import { routeOf } from './route.ts'
import { approved, declined, reversing } from './state.ts'

type Decided = Result<Decision, Unavailable>

/**
 * Requests that are being decided in this process: the same one again waits for the same answer. A
 * map's table that became too small still holds what was in it then, and is itself held by the one
 * before it: so an entry lets go of its decision, or half of all decisions would grow old.
 */
export type Deciding = Map<RequestKey, { running: Promise<Decided> | undefined }>

/** The whole decision about one payment, from request to answer, or to reversal. */
export async function authorize(
  core: Core,
  deciding: Deciding,
  request: AuthorizationRequest,
): Promise<Decided> {
  const requestKey = requestKeyOf(...request.duplicateKey)
  const running = deciding.get(requestKey)?.running
  if (running !== undefined) {
    const decided = await running
    return decided.ok ? ok({ ...decided.value, duplicate: true }) : decided
  }
  if (deciding.size >= limits.issuerPendingMax) return fail('overloaded')
  const { fanOut } = core.directory.merchant(request.merchant)
  const shardKey = shardKeyFor({
    merchant: request.merchant,
    fanOut,
    routingKey: request.routingKey,
  })
  const decision = decide(core, request, { shardKey, requestKey })
  const entry: { running: Promise<Decided> | undefined } = { running: decision }
  deciding.set(requestKey, entry)
  try {
    return await decision
  } finally {
    deciding.delete(requestKey)
    entry.running = undefined
  }
}

/** It waits for what is not at hand only: each wait costs more than most of what is done between. */
async function decide(
  core: Core,
  request: AuthorizationRequest,
  place: { readonly shardKey: ShardKey; readonly requestKey: RequestKey },
): Promise<Decided> {
  const startedMs = core.clock.monotonicMs()
  const tokenized = core.vault.tokenize(request.card.pan)
  const token = tokenized instanceof Promise ? await tokenized : tokenized
  const sentAt = core.clock.now()
  const { shardKey, requestKey } = place
  const key: PaymentKey = { shardKey, requestKey, businessDate: core.businessDay.current() }
  // Before anything is waited for: recovery looks from the watermark on, which stays behind
  // whatever has begun, and a date does not close while something stamped with it is under way.
  const end = core.inFlight.begin(key.businessDate, sentAt)
  try {
    const taken = core.numbers.take(sentAt)
    const numbers = taken instanceof Promise ? await taken : taken
    const sent = sentFacts(core, request, { key, token, sentAt, numbers })
    const recorded = await core.tranlog.recordSent(sent)
    if (!recorded.ok) return recorded
    if (recorded.value.duplicateOf !== null) {
      const stored = await storedOutcome(core, recorded.value.duplicateOf.key)
      if (stored === undefined) return fail('database_unavailable')
      return ok({ payment: stored, duplicate: true })
    }
    // From here on "sent" is durable: whatever happens, this request gets an outcome.
    const reply = await askIssuer(core, sent, request)
    const outcome = outcomeOf(core, sent, reply)
    const fact = outcome instanceof Promise ? await outcome : outcome
    const payment: Payment = { sent, status: fact.status, version: 1 }
    const asked = core.tasks.stored(key, request.tasks?.(payment) ?? [])
    const tasks = [...asked, ...core.tasks.following(payment, 'outcome')]
    const { transfers, advices } = fact
    await core.tranlog.record({ outcome: payment, transfers, advices, tasks })
    for (const advice of advices) core.storeAndForward.enqueue(advice)
    core.tasks.schedule(tasks, payment)
    core.observe.decided(payment, core.clock.monotonicMs() - startedMs)
    return ok({ payment, duplicate: false })
  } finally {
    end()
  }
}

function sentFacts(
  core: Core,
  request: AuthorizationRequest,
  made: Pick<SentFacts, 'key' | 'sentAt'> & {
    readonly token: SentFacts['card']['token']
    readonly numbers: Numbers
  },
): SentFacts {
  const { issuer, brand, origin } = routeOf(core.directory, request.card.pan)
  const { pan, expiry } = request.card
  return {
    key: made.key,
    kind: request.kind,
    channel: request.channel,
    door: request.door,
    merchant: request.merchant,
    site: request.site,
    terminal: request.terminal,
    order: request.order,
    amount: request.amount,
    card: { token: made.token, masked: pan.masked(), expiry, brand, origin },
    issuer,
    stan: made.numbers.stan,
    rrn: made.numbers.rrn,
    entryMode: request.entryMode,
    conditionCode: request.conditionCode,
    eci: request.eci,
    onFile: request.onFile,
    sentAt: made.sentAt,
  }
}

function askIssuer(
  core: Core,
  sent: SentFacts,
  request: AuthorizationRequest,
): Promise<IssuerReply | { readonly kind: 'no_route' }> {
  if (sent.issuer === null) return Promise.resolve({ kind: 'no_route' })
  const message = authorizationMessage(core.directory, sent)
  return core.issuers.send(sent.issuer, message, request.card, {
    deadlineMs: limits.issuerAnswerDeadlineMs,
    repeat: false,
  })
}

type Outcome = {
  readonly status: PaymentState
  readonly transfers: readonly Transfer[]
  readonly advices: readonly Advice[]
}

const alone = (status: PaymentState): Outcome => ({ status, transfers: [], advices: [] })

/** State, money and what the bank must be told, from the bank's reply: all in one dbTransaction. */
export function outcomeOf(
  core: Core,
  sent: SentFacts,
  reply: IssuerReply | { readonly kind: 'no_route' },
): Outcome | Promise<Outcome> {
  const answeredAt = core.clock.now()
  if (reply.kind === 'no_route') {
    return alone(declined({ answeredAt, responseCode: null }, 'no_route'))
  }
  if (reply.kind === 'not_sent') {
    return alone(declined({ answeredAt, responseCode: null }, 'issuer_unavailable'))
  }
  if (reply.kind === 'no_answer') {
    return undone(core, sent, { answeredAt, responseCode: null, reason: 'no_answer' })
  }
  const { responseCode, approvalCode, amountMinor } = reply
  const whole = amountMinor === null || amountMinor === sent.amount.minor
  if (isApproval(responseCode) && whole) {
    const approval = {
      answeredAt,
      responseCode,
      approvalCode: approvalCode ?? '',
      authorized: minorUnits(sent.amount.minor),
    }
    const status = approved(sent.kind, approval, sent.key.businessDate)
    return { status, transfers: purchaseTransfers(core, sent, answeredAt), advices: [] }
  }
  // A part of the amount that nobody asked for is given back: the amount is the order's own.
  if (isApproval(responseCode) || responseCode === '10') {
    return undone(core, sent, { answeredAt, responseCode, reason: 'other' })
  }
  return alone(declined({ answeredAt, responseCode }, declineReason(responseCode)))
}

function purchaseTransfers(core: Core, sent: SentFacts, recordedAt: Date): Transfer[] {
  if (sent.kind !== 'purchase' || sent.issuer === null) return []
  const { merchant, issuer, amount, key } = sent
  const { businessDate } = key
  const moved = { payment: key, businessDate, part: 1, amount, issuer, merchant, recordedAt }
  return [due(core.chart, 'purchase', moved)]
}

async function undone(
  core: Core,
  sent: SentFacts,
  why: { answeredAt: Date; responseCode: string | null; reason: 'no_answer' | 'other' },
): Promise<Outcome> {
  const noAnswer = why.reason === 'no_answer'
  const on = core.businessDay.current()
  const status = reversing(why, {
    cause: noAnswer ? 'no_answer' : 'acceptor',
    reason: why.reason,
    on,
  })
  const reason = noAnswer ? reversalReason.noAnswer : reversalReason.acceptor
  const numbers = await core.numbers.take(why.answeredAt)
  const advices = reversalAdvice(core, sent, { numbers, at: why.answeredAt, reason, on })
  return { status, transfers: [], advices }
}

/** None for a card that no bank answers for: nothing was sent. */
export function reversalAdvice(
  core: Core,
  sent: SentFacts,
  reversal: {
    readonly numbers: Numbers
    readonly at: Date
    readonly reason: string
    readonly on: PaymentKey['businessDate']
    readonly approvalCode?: string
  },
): readonly Advice[] {
  if (sent.issuer === null) return []
  const { numbers, at, reason, approvalCode = null } = reversal
  const message = reversalMessage(core.directory, sent, { numbers, at, reason, approvalCode })
  const { key, issuer } = sent
  return [{ payment: key, businessDate: reversal.on, kind: 'reversal', part: 1, issuer, message }]
}
