import { money, type Money } from '../kernel/money.ts'
import { parsePaymentId, type PaymentId } from '../kernel/ids.ts'
import { fail, ok, type Result } from '../kernel/result.ts'
import { due, undue, type Transfer } from '../ledger/index.ts'
import { reversalAdvice } from './authorize.ts'
import type { Core } from './core.ts'
import type { CaptureRequest, ChangeRefusal, VoidRequest } from './face.ts'
import { captureMessage, reversalReason } from './messages.ts'
import type { Payment } from './payment.ts'
import { next, type Change } from './state.ts'
import { isCapture, type PaymentEvent } from './payment-event.ts'
import type { Fact } from './tranlog.ts'

type Changed = Result<Payment, ChangeRefusal>

/** Loads a payment under its lock, with the work counted on the current business date. */
export async function withPayment(
  core: Core,
  id: PaymentId,
  act: (payment: Payment) => Promise<Changed>,
): Promise<Changed> {
  const key = parsePaymentId(id)
  if (key === undefined) return fail('unknown_payment')
  return await core.locks.hold(key, async () => {
    const end = core.inFlight.begin(core.businessDay.current(), core.clock.now())
    try {
      const payment = await core.tranlog.find(key)
      return payment === undefined ? fail('unknown_payment') : await act(payment)
    } finally {
      end()
    }
  })
}

export async function capture(
  core: Core,
  id: PaymentId,
  request: CaptureRequest,
): Promise<Changed> {
  return await withPayment(core, id, async (payment) => {
    const { sent, status } = payment
    const events = await core.tranlog.events(sent.key)
    if (events.some((event) => isCapture(event) && event.name === request.name)) return ok(payment)
    // The bank has released the rest of the hold: it would refuse what is captured of it now.
    if (events.some(({ kind }) => kind === 'captured_last')) return fail('wrong_state')
    if (sent.kind === 'purchase') return fail('wrong_state')
    if (status.state !== 'approved' && status.state !== 'captured') return fail('wrong_state')
    const taken = status.state === 'captured' ? status.captured : 0n
    const left = money(status.authorized - taken, sent.amount.currency)
    const amount = request.amount ?? left
    if (amount.currency !== left.currency) return fail('wrong_currency')
    if (left.minor === 0n) return fail('wrong_state')
    if (amount.minor > left.minor) return fail('amount_too_large')
    const last = request.final === true || amount.minor === left.minor
    return await captureNow(core, payment, { amount, name: request.name, last })
  })
}

async function captureNow(
  core: Core,
  payment: Payment,
  { amount, name, last }: { amount: Money; name: string; last: boolean },
): Promise<Changed> {
  const { sent } = payment
  const at = core.clock.now()
  const on = core.businessDay.current()
  const changed = apply(payment, { kind: 'captured', amount: amount.minor, on })
  if (changed?.status.state !== 'captured' || sent.issuer === null) return fail('wrong_state')
  const part = changed.status.parts
  const numbers = await core.numbers.take(at)
  const { issuer, merchant, key } = sent
  const moved = { payment: key, businessDate: on, part, amount, issuer, merchant, recordedAt: at }
  const capture = { amount, numbers, at, part, lastPart: last }
  const message = captureMessage(core.directory, changed, capture)
  const advice = { payment: key, businessDate: on, kind: 'capture' as const, part, issuer, message }
  const event = {
    ...emptyEvent,
    kind: last ? ('captured_last' as const) : ('captured' as const),
    name,
    amountMinor: amount.minor,
    ...numbers,
    businessDate: on,
    recordedAt: at,
  }
  const tasks = core.tasks.following(changed, event)
  await core.tranlog.record({
    change: { payment: changed, event },
    transfers: [due(core.chart, 'capture', moved)],
    advices: [advice],
    tasks,
  })
  core.storeAndForward.enqueue(advice)
  core.tasks.schedule(tasks, changed)
  return ok(changed)
}

export async function voidPayment(
  core: Core,
  id: PaymentId,
  request: VoidRequest,
): Promise<Changed> {
  return await withPayment(core, id, async (payment) => {
    const { sent, status } = payment
    if (status.state === 'reversing' || status.state === 'reversed') {
      return status.cause === request.cause ? ok(payment) : fail('wrong_state')
    }
    if (status.state !== 'approved' && status.state !== 'captured') return fail('wrong_state')
    const captured = status.state === 'captured'
    if (captured && request.cause === 'hold_expired') return fail('wrong_state')
    const at = core.clock.now()
    const on = core.businessDay.current()
    if (captured && !(await capturedOnlyOn(core, payment, on))) return fail('day_closed')
    const changed = apply(payment, { kind: 'reversing', cause: request.cause, on })
    if (changed === undefined) return fail('wrong_state')
    const numbers = await core.numbers.take(at)
    const { approvalCode } = status
    const reason = reversalReason.acceptor
    const advices = reversalAdvice(core, sent, { numbers, at, reason, on, approvalCode })
    const stamp = { ...numbers, businessDate: on, recordedAt: at }
    const event = { ...emptyEvent, kind: 'reversing' as const, ...stamp }
    const transfers = captured ? voidTransfers(core, changed, { on, at }) : []
    const tasks = core.tasks.following(changed, event)
    await core.tranlog.record({ change: { payment: changed, event }, transfers, advices, tasks })
    for (const advice of advices) core.storeAndForward.enqueue(advice)
    core.tasks.schedule(tasks, changed)
    return ok(changed)
  })
}

/** A void takes back what the open day counted; what a closed day counted takes a refund. */
async function capturedOnlyOn(
  core: Core,
  { sent, status }: Payment,
  on: PaymentEvent['businessDate'],
): Promise<boolean> {
  if (status.state !== 'captured' || status.dueOn !== on) return false
  const events = await core.tranlog.events(sent.key)
  return events.every((event) => !isCapture(event) || event.businessDate === on)
}

function voidTransfers(
  core: Core,
  { sent, status }: Payment,
  { on, at }: { on: PaymentEvent['businessDate']; at: Date },
): Transfer[] {
  const captured = status.state === 'reversing' ? status.capture?.captured : undefined
  if (captured === undefined || sent.issuer === null) return []
  const amount = money(captured, sent.amount.currency)
  const { issuer, merchant, key } = sent
  const moved = { payment: key, businessDate: on, part: 1, amount, issuer, merchant }
  return [undue(core.chart, 'void', { ...moved, recordedAt: at })]
}

export const emptyEvent = {
  name: null,
  amountMinor: null,
  responseCode: null,
  stan: null,
  rrn: null,
} as const satisfies Partial<PaymentEvent>

/** The payment's next version; undefined when its state does not allow the change. */
export function apply(payment: Payment, change: Change): Payment | undefined {
  const status = next(payment.status, change)
  return status && { ...payment, status, version: payment.version + 1 }
}

/** What an acknowledged advice means for its payment: a reversal ends in `reversed`. */
export function acknowledgement(
  payment: Payment | undefined,
  facts: { readonly code: string; readonly at: Date; readonly on: PaymentEvent['businessDate'] },
): Pick<Fact, 'change'> {
  const changed = payment && apply(payment, { kind: 'reversed' })
  if (changed === undefined) return {}
  const event = { ...emptyEvent, kind: 'reversed' as const, responseCode: facts.code }
  return {
    change: { payment: changed, event: { ...event, businessDate: facts.on, recordedAt: facts.at } },
  }
}
