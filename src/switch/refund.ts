import { minorUnits, money } from '../kernel/money.ts'
import type { PaymentId } from '../kernel/ids.ts'
import { limits } from '../kernel/limits.ts'
import { fail, ok, type Result } from '../kernel/result.ts'
import { undue } from '../ledger/index.ts'
import { apply, emptyEvent, withPayment } from './change.ts'
import type { Core } from './core.ts'
import { isApproval } from './decline.ts'
import type { ChangeRefusal, RefundRequest } from './face.ts'
import type { Advice, IssuerReply } from './issuer-port.ts'
import { refundMessage, refundReversalMessage } from './messages.ts'
import type { Numbers } from './numbers.ts'
import type { Payment } from './payment.ts'
import type { StoredEvent } from './payment-event.ts'
import type { Fact } from './tranlog.ts'

type Refunded = Result<Payment, ChangeRefusal>

/** A refund that is durable as sent: what its outcome, or its recovery, needs. */
type SentRefund = {
  readonly name: string | null
  readonly amountMinor: bigint
  readonly numbers: Numbers
  readonly at: Date
  readonly part: number
}

/**
 * Money back to the card, asked of its bank online. The amount is reserved within the captured
 * sum before the message leaves, so that refunds never add up to more, whoever races.
 */
export async function refund(core: Core, id: PaymentId, request: RefundRequest): Promise<Refunded> {
  return await withPayment(core, id, async (payment) => {
    const events = await core.tranlog.events(payment.sent.key)
    const named = events.filter(({ name }) => name === request.name)
    if (named.some(({ kind }) => kind === 'refunded')) return ok(payment)
    if (named.some(({ kind }) => kind === 'refund_declined')) return fail('declined')
    const { status, sent } = payment
    if (status.state !== 'captured' || sent.issuer === null) return fail('wrong_state')
    const left = status.captured - status.refunded - status.refundPending
    const amount = request.amount ?? money(left, sent.amount.currency)
    if (amount.currency !== sent.amount.currency) return fail('wrong_currency')
    if (left === 0n) return fail('wrong_state')
    if (amount.minor > left) return fail('amount_too_large')
    // Before the refund is durable as sent: from then on nothing but its bank may fail.
    const pan = await core.vault.reveal(sent.card.token)
    if (pan === undefined) throw new Error('invariant broken: a payment without its card')
    const at = core.clock.now()
    const numbers = await core.numbers.take(at)
    const part = events.filter(({ kind }) => kind === 'refund_sent').length + 1
    const asked: SentRefund = { name: request.name, amountMinor: amount.minor, numbers, at, part }
    const pending = await recordSent(core, payment, asked)
    if (pending === undefined) return fail('wrong_state')
    const message = refundMessage(core.directory, sent, { amount, numbers, at })
    const options = { deadlineMs: limits.issuerAnswerDeadlineMs, repeat: false }
    const reply = await core.issuers.send(sent.issuer, message, { pan }, options)
    return await recordOutcome(core, pending, asked, reply)
  })
}

async function recordSent(
  core: Core,
  payment: Payment,
  refund: SentRefund,
): Promise<Payment | undefined> {
  const amount = minorUnits(refund.amountMinor)
  const pending = apply(payment, { kind: 'refund_sent', amount })
  if (pending === undefined) return undefined
  await core.tranlog.record({ change: eventOf(core, pending, 'refund_sent', refund, null) })
  return pending
}

/** The bank's answer to a refund. Also what recovery gives to one whose answer was lost. */
async function recordOutcome(
  core: Core,
  pending: Payment,
  refund: SentRefund,
  reply: IssuerReply,
): Promise<Refunded> {
  const { sent } = pending
  const amount = minorUnits(refund.amountMinor)
  const code = reply.kind === 'answered' ? reply.responseCode : null
  const accepted = code !== null && isApproval(code)
  const kind = accepted ? 'refunded' : 'refund_declined'
  const changed = apply(pending, { kind, amount })
  if (changed === undefined || sent.issuer === null) return fail('wrong_state')
  const change = eventOf(core, changed, kind, refund, code)
  const { businessDate, recordedAt } = change.event
  const advices =
    reply.kind === 'no_answer' ? [await reversalOf(core, pending, refund, businessDate)] : []
  const moved = {
    payment: sent.key,
    businessDate,
    part: refund.part,
    amount: money(amount, sent.amount.currency),
    issuer: sent.issuer,
    merchant: sent.merchant,
    recordedAt,
  }
  const transfers = accepted ? [undue(core.chart, 'refund', moved)] : []
  const tasks = core.tasks.following(changed, change.event)
  await core.tranlog.record({ change, advices, transfers, tasks })
  for (const advice of advices) core.storeAndForward.enqueue(advice)
  core.tasks.schedule(tasks, changed)
  return accepted ? ok(changed) : fail('declined')
}

async function reversalOf(
  core: Core,
  { sent }: Payment,
  refund: SentRefund,
  businessDate: StoredEvent['businessDate'],
): Promise<Advice> {
  if (sent.issuer === null) throw new Error('invariant broken: a refund without a bank')
  const at = core.clock.now()
  const numbers = await core.numbers.take(at)
  const message = refundReversalMessage(core.directory, sent, { sent: refund, numbers, at })
  const { key, issuer } = sent
  const { part } = refund
  return { payment: key, businessDate, kind: 'refund_reversal', part, issuer, message }
}

function eventOf(
  core: Core,
  payment: Payment,
  kind: 'refund_sent' | 'refunded' | 'refund_declined',
  refund: SentRefund,
  responseCode: string | null,
): NonNullable<Fact['change']> {
  // "Sent" carries the stamp of the message itself: a reversal must quote it (DE90).
  const recordedAt = kind === 'refund_sent' ? refund.at : core.clock.now()
  const businessDate = core.businessDay.current()
  const { name, amountMinor, numbers } = refund
  const event = { ...emptyEvent, kind, name, amountMinor, responseCode, ...numbers }
  return { payment, event: { ...event, businessDate, recordedAt } }
}

/** After a crash: a refund whose answer was lost is declined here and reversed at the bank. */
export async function recoverRefunds(core: Core, found: Payment): Promise<void> {
  await core.locks.hold(found.sent.key, async () => {
    const events = await core.tranlog.events(found.sent.key)
    const ended = new Set(
      events
        .filter(({ kind }) => kind === 'refunded' || kind === 'refund_declined')
        .map(({ stan, rrn }) => `${stan}/${rrn}`),
    )
    let part = 0
    for (const event of events) {
      if (event.kind !== 'refund_sent') continue
      part += 1
      const { stan, rrn, amountMinor } = event
      if (stan === null || rrn === null || amountMinor === null) continue
      if (ended.has(`${stan}/${rrn}`)) continue
      const payment = await core.tranlog.find(found.sent.key)
      if (payment === undefined) return
      const numbers = { stan, rrn } as Numbers
      const sent = { name: event.name, amountMinor, numbers, at: event.recordedAt, part }
      await recordOutcome(core, payment, sent, { kind: 'no_answer' })
    }
  })
}
