import { paymentIdOf } from '../../../../kernel/ids.ts'
import type { Money } from '../../../../kernel/money.ts'
import { fail, ok, type Result } from '../../../../kernel/result.ts'
import { isCapture, type Payment, type StoredEvent } from '../../../../switch/index.ts'
import { messageOf } from '../result-fields.ts'
import { transIdOf } from '../trans-id.ts'
import { doneAnswer, refusedAnswer, type ApiAnswer } from './answer.ts'
import { readTotal } from './authorize.ts'
import type { Api, ApiCall } from './call.ts'
import { approvalOf } from './entries.ts'
import { namedPayment } from './order.ts'
import {
  amountTooLarge,
  notSettled,
  otherRequest,
  refusalOf,
  wrongState,
  type ApiRefusal,
} from './refusal.ts'

/** PostAuth: each call is one capture. */
export async function postAuth(api: Api, call: ApiCall): Promise<ApiAnswer> {
  const { request } = call
  const asked = await changeAsked(api, call, 'capture')
  if (!asked.ok) return refusedAnswer(asked.error, request)
  const { payment, events, total, repeated } = asked.value
  if (repeated !== undefined) return eventAnswer(api, call, payment, repeated, events)
  const captures = events.filter(isCapture)
  const last = captures.at(-1)
  const { status, sent } = payment
  // All is captured, perhaps by the word of the merchant's own callback: said again, taken once.
  if (status.state === 'captured' && status.captured === status.authorized && last !== undefined) {
    if (total === undefined || total.minor === last.amountMinor) {
      return eventAnswer(api, call, payment, last, events)
    }
    return refusedAnswer(amountTooLarge, request)
  }
  if (sent.kind === 'purchase') {
    return refusedAnswer(wrongState('The order is a sale: it is captured already'), request)
  }
  const name = asked.value.name ?? (total === undefined ? 'postauth' : freshName(api))
  const captured = await api.checkout.switch.capture(paymentIdOf(sent.key), {
    name,
    ...(total === undefined ? {} : { amount: total }),
  })
  if (!captured.ok) {
    const refusal = captured.error === 'declined' ? 'wrong_state' : captured.error
    return refusedAnswer(refusalOf(refusal), request)
  }
  return await namedAnswer(api, call, captured.value, name)
}

/** Void: undoes the whole payment, captured or not, until the business day of its capture closes. */
export async function voidOrder(api: Api, call: ApiCall): Promise<ApiAnswer> {
  const { request, site } = call
  const named = await namedPayment(api.checkout, site, request)
  if (!named.ok) return refusedAnswer(named.error, request)
  const { payment, version } = named.value
  const events = await api.checkout.switch.history(payment.sent.key)
  if (version !== null) {
    const refusal = wrongPart(events, version)
    if (refusal !== undefined) return refusedAnswer(refusal, request)
  }
  if (payment.status.state === 'captured') {
    const { refunded, refundPending } = payment.status
    if (refunded + refundPending > 0n) {
      return refusedAnswer(wrongState('The order was refunded: it cannot be voided'), request)
    }
  }
  const id = paymentIdOf(payment.sent.key)
  const voided = await api.checkout.switch.void(id, { cause: 'void' })
  if (!voided.ok) {
    const refusal = voided.error === 'declined' ? 'wrong_state' : voided.error
    return refusedAnswer(refusalOf(refusal), request)
  }
  const after = await api.checkout.switch.history(payment.sent.key)
  const event = after.find(({ kind }) => kind === 'reversing')
  return event === undefined
    ? refusedAnswer(refusalOf('wrong_state'), request)
    : eventAnswer(api, call, voided.value, event, after)
}

/** A part cannot be undone alone: of several captures that would undo the others too. */
function wrongPart(events: readonly StoredEvent[], version: number): ApiRefusal | undefined {
  const event = events.find((one) => one.version === version)
  if (event === undefined) return wrongState('The TransId names nothing of this order')
  if (!isCapture(event)) return wrongState('A refund cannot be voided')
  if (events.filter(isCapture).length === 1) return undefined
  return wrongState('One of several captures cannot be voided alone: void by OrderId')
}

/** Credit: money back of what was captured on business days that have closed. */
export async function credit(api: Api, call: ApiCall): Promise<ApiAnswer> {
  const { request } = call
  const asked = await changeAsked(api, call, 'refund_sent')
  if (!asked.ok) return refusedAnswer(asked.error, request)
  const { payment, events, total, repeated } = asked.value
  if (repeated !== undefined) return eventAnswer(api, call, payment, repeated, events)
  const left = refundable(api, payment, events)
  if (left === undefined) return refusedAnswer(wrongState('Nothing was captured'), request)
  const amount = total?.minor ?? left.settled
  if (amount > left.settled || amount === 0n) {
    const reference = payment.sent.order?.reference ?? ''
    const open = left.settled < left.captured && amount <= left.captured
    return refusedAnswer(open ? notSettled(reference) : amountTooLarge, request)
  }
  const name = asked.value.name ?? freshName(api)
  const refunded = await api.checkout.switch.refund(paymentIdOf(payment.sent.key), {
    name,
    amount: { ...payment.sent.amount, minor: amount as Money['minor'] },
  })
  if (!refunded.ok && refunded.error !== 'declined') {
    return refusedAnswer(refusalOf(refunded.error), request)
  }
  return await namedAnswer(api, call, refunded.ok ? refunded.value : payment, name)
}

/** What may still go back: of all that was captured, and of what a closed day holds of it. */
function refundable(
  { businessDay }: Api,
  { sent, status }: Payment,
  events: readonly StoredEvent[],
): { readonly captured: bigint; readonly settled: bigint } | undefined {
  if (status.state !== 'captured') return undefined
  const today = businessDay.current()
  const back = status.refunded + status.refundPending
  const settled =
    sent.kind === 'purchase'
      ? status.dueOn < today
        ? status.captured
        : 0n
      : events
          .filter((event) => isCapture(event) && event.businessDate < today)
          .reduce((sum, { amountMinor }) => sum + (amountMinor ?? 0n), 0n)
  return { captured: status.captured - back, settled: settled > back ? settled - back : 0n }
}

type Asked = {
  readonly payment: Payment
  readonly events: readonly StoredEvent[]
  readonly total: Money | undefined
  /** Of the change, where the merchant names it by GroupId; then a repeat is known as one. */
  readonly name: string | undefined
  readonly repeated: StoredEvent | undefined
}

async function changeAsked(
  api: Api,
  { request, site }: ApiCall,
  kind: 'capture' | 'refund_sent',
): Promise<Result<Asked, ApiRefusal>> {
  const total = readTotal(request, site, 'optional')
  if (!total.ok) return total
  const named = await namedPayment(api.checkout, site, request)
  if (!named.ok) return named
  const { payment } = named.value
  const events = await api.checkout.switch.history(payment.sent.key)
  const group = request.text('GroupId')
  const name = group === '' ? undefined : `${kind}/${group}`
  const repeated = events.find((event) => name !== undefined && event.name === name)
  if (repeated === undefined || total.value === undefined) {
    return ok({ payment, events, total: total.value, name, repeated: outcome(events, repeated) })
  }
  if (repeated.amountMinor !== total.value.minor) return fail(otherRequest)
  return ok({ payment, events, total: total.value, name, repeated: outcome(events, repeated) })
}

/** Of a refund, the event that ended it. */
const outcome = (
  events: readonly StoredEvent[],
  event: StoredEvent | undefined,
): StoredEvent | undefined => event && events.findLast(({ name }) => name === event.name)

const freshName = ({ random }: Api): string => `api/${random(12).toString('hex')}`

async function namedAnswer(
  api: Api,
  call: ApiCall,
  payment: Payment,
  name: string,
): Promise<ApiAnswer> {
  const events = await api.checkout.switch.history(payment.sent.key)
  const event = events.findLast((one) => one.name === name)
  if (event === undefined) throw new Error('invariant broken: a change leaves its event')
  return eventAnswer(api, call, payment, event, events)
}

/** A change as it was recorded, however long ago: a repeat gets the same answer. */
function eventAnswer(
  { calendar }: Api,
  { request }: ApiCall,
  payment: Payment,
  event: StoredEvent,
  events: readonly StoredEvent[],
): ApiAnswer {
  const declined = event.kind === 'refund_declined'
  const code = declined ? (event.responseCode ?? '91') : '00'
  // A refund is named by the event that sent it, whose number its end carries too.
  const first = events.find(({ name }) => name !== null && name === event.name) ?? event
  return doneAnswer(calendar, request, {
    response: declined ? 'Declined' : 'Approved',
    code,
    message: declined ? messageOf(code) : '',
    payment,
    transId: transIdOf(payment.sent.key, event.kind === 'reversing' ? undefined : first.version),
    approvalCode: event.kind === 'refunded' || declined ? '' : approvalOf(payment),
    rrn: event.rrn ?? '',
    stan: event.stan ?? '',
    at: event.recordedAt,
    countsOn: event.businessDate,
  })
}
