import { parsePaymentId, paymentIdOf, type PaymentKey } from '../../../../kernel/ids.ts'
import { fail, ok, type Result } from '../../../../kernel/result.ts'
import type { Payment, StoredEvent } from '../../../../switch/index.ts'
import type { Caller } from '../access.ts'
import type { Refusal } from '../errors.ts'
import type { RefundBody } from '../shapes.ts'
import { findView, type PaymentSource } from './lookup.ts'
import { paidAttempt, viewId } from './shape.ts'
import type { PaymentView } from './view.ts'

/** `ref_`, where the refunded payment is, and which of its refunds it was: no table of their own. */
const refundId = (key: PaymentKey, part: number): string =>
  `ref_${paymentIdOf(key).slice(4)}_${part}`

const idShape = /^ref_([0-9a-hjkmnp-tv-z]{32})_([1-9][0-9]{0,5})$/

type Made = { readonly name: string | null; readonly body: RefundBody }

/** The refunds of a payment from its history, oldest first. */
function refundsOf(
  view: PaymentView,
  { sent }: Pick<Payment, 'sent'>,
  events: readonly StoredEvent[],
): readonly Made[] {
  const ends = new Map(
    events
      .filter(({ kind }) => kind === 'refunded' || kind === 'refund_declined')
      .map(({ stan, rrn, kind }) => [`${stan}/${rrn}`, kind]),
  )
  return events
    .filter(({ kind }) => kind === 'refund_sent')
    .map(({ name, amountMinor, stan, rrn, recordedAt, businessDate }, i) => {
      const end = ends.get(`${stan}/${rrn}`)
      const body: RefundBody = {
        id: refundId(sent.key, i + 1),
        object: 'refund',
        payment: viewId(view),
        status: end === undefined ? 'pending' : end === 'refunded' ? 'succeeded' : 'declined',
        amountMinor: String(amountMinor ?? 0n),
        currency: sent.amount.currency,
        createdAt: recordedAt.toISOString(),
        businessDate,
      }
      return { name, body }
    })
}

export const newestRefund = (
  view: PaymentView,
  payment: Payment,
  events: readonly StoredEvent[],
  name: string,
): RefundBody | undefined =>
  refundsOf(view, payment, events).findLast((made) => made.name === name)?.body

/** All refunds of one payment, newest first: there are never many. */
export async function listRefunds(
  source: PaymentSource,
  caller: Caller,
  id: string,
): Promise<Result<readonly RefundBody[], Refusal>> {
  const found = await findView(source, caller, id)
  if (!found.ok) return found
  const paid = paidAttempt(found.value)
  const key = paid === undefined ? undefined : parsePaymentId(paid)
  const payment = key === undefined ? undefined : await source.switch.find(key)
  if (payment === undefined) return ok([])
  const events = await source.switch.history(payment.sent.key)
  return ok(
    refundsOf(found.value, payment, events)
      .map(({ body }) => body)
      .reverse(),
  )
}

export async function findRefund(
  source: PaymentSource,
  caller: Caller,
  id: string,
): Promise<Result<RefundBody, Refusal>> {
  const [, place] = idShape.exec(id) ?? []
  if (place === undefined) return fail({ code: 'not_found' })
  const listed = await listRefunds(source, caller, `pay_${place}`)
  if (!listed.ok) return listed
  const found = listed.value.find((refund) => refund.id === id)
  return found === undefined ? fail({ code: 'not_found' }) : ok(found)
}
