import type { BusinessDate } from '../../../../kernel/business-date.ts'
import { parseCurrency } from '../../../../kernel/currency.ts'
import { parseDecimalAmount, type Money } from '../../../../kernel/money.ts'
import { Pan } from '../../../../kernel/pan.ts'
import { fail, ok, type Result } from '../../../../kernel/result.ts'
import type { Site } from '../../../../directory/index.ts'
import type { Payment, PresentedCard } from '../../../../switch/index.ts'
import { encodeForm, field } from '../../../../wire/nestpay/index.ts'
import { readExpiry } from '../../checkout/card-form.ts'
import { orderState } from '../../checkout/order-state.ts'
import { pay, type PayResult } from '../../checkout/pay.ts'
import { newSessionToken, placeOf, type WebSession } from '../../checkout/session.ts'
import { resultOf } from '../result-fields.ts'
import { transIdOf } from '../trans-id.ts'
import { doneAnswer, refusedAnswer, type ApiAnswer } from './answer.ts'
import type { Api, ApiCall } from './call.ts'
import { approvalOf } from './entries.ts'
import { orderNameOf } from './order.ts'
import {
  alreadyApproved,
  attemptsUsed,
  invalid,
  missing,
  tooMany,
  unavailable,
  underWay,
  unsupported,
  wrongCurrency,
  type ApiRefusal,
} from './refusal.ts'
import type { ApiRequest } from './request.ts'

const sessionMs = 60_000

/**
 * Auth and PreAuth with a card: an attempt at the order, as one on the payment page is, so that an
 * order is paid once whichever way. The card is in memory until the bank has it, and nowhere else.
 */
export async function authorizeCard(
  api: Api,
  call: ApiCall,
  kind: WebSession['kind'],
): Promise<ApiAnswer> {
  const { request, site } = call
  const refuse = (refusal: ApiRefusal): ApiAnswer => refusedAnswer(refusal, request)
  const amount = readTotal(request, site, 'required')
  if (!amount.ok) return refuse(amount.error)
  const card = readCard(request, api.calendar.dateOf(api.checkout.clock.now()))
  if (!card.ok) return refuse(card.error)
  const session = openedSession(api, call, { kind, amount: amount.value })
  const state = await orderState(api.checkout, await api.checkout.store.open(session))
  if (state.at === 'paid' || state.at === 'undone') return refuse(alreadyApproved)
  if (state.at === 'exhausted') return refuse(attemptsUsed)
  if (state.at === 'pending') return refuse(underWay)
  const post = { attempt: state.attempt, card: card.value }
  return answerTo(api, call, post.card, await pay(api.checkout, session, post))
}

function answerTo(
  { calendar }: Api,
  { request }: ApiCall,
  card: PresentedCard,
  result: PayResult,
): ApiAnswer {
  if (result.kind === 'unavailable') return refusedAnswer(unavailable, request)
  if (result.kind === 'too_many') return refusedAnswer(tooMany, request)
  if (result.kind === 'elsewhere') {
    const paid = result.state.at === 'paid' || result.state.at === 'undone'
    return refusedAnswer(paid ? alreadyApproved : underWay, request)
  }
  const { payment } = result
  // Two requests at once are one attempt: of the other card nothing was taken.
  if (payment.sent.card.masked !== card.pan.masked()) return refusedAnswer(underWay, request)
  return authorizedAnswer(calendar, request, payment)
}

function authorizedAnswer(
  calendar: Api['calendar'],
  request: ApiRequest,
  payment: Payment,
): ApiAnswer {
  return doneAnswer(calendar, request, {
    ...resultOf(payment),
    payment,
    transId: transIdOf(payment.sent.key),
    approvalCode: approvalOf(payment),
    rrn: payment.sent.rrn,
    stan: payment.sent.stan,
    at: payment.status.answeredAt,
    countsOn: payment.sent.key.businessDate,
  })
}

/** A session that no page has: its token is told to nobody. */
function openedSession(
  { checkout, random }: Api,
  { site, request, clientIp }: ApiCall,
  { kind, amount }: Pick<WebSession, 'kind' | 'amount'>,
): WebSession {
  const posted = request.text('OrderId')
  const reference = posted === '' ? `M${random(8).toString('hex')}` : posted
  const { shardKey } = orderNameOf(checkout, site, reference)
  const place = placeOf(newSessionToken(shardKey, random))
  if (place === undefined) throw new Error('invariant broken: a new token has its place')
  const now = checkout.clock.now()
  const form = [field('clientid', site.id), field('oid', reference), field('hashAlgorithm', 'ver3')]
  return {
    ...place,
    gateway: 'nestpay',
    site: site.id,
    reference,
    kind,
    amount,
    language: 'fr',
    clientIp,
    form: Buffer.from(encodeForm(form), 'latin1'),
    createdAt: now,
    expiresAt: new Date(now.getTime() + sessionMs),
  }
}

/** `Total` and `Currency`; undefined where both may be absent and Total is. */
export function readTotal(
  request: ApiRequest,
  site: Site,
  presence: 'required',
): Result<Money, ApiRefusal>
export function readTotal(
  request: ApiRequest,
  site: Site,
  presence: 'optional',
): Result<Money | undefined, ApiRefusal>
export function readTotal(
  request: ApiRequest,
  site: Site,
  presence: 'required' | 'optional',
): Result<Money | undefined, ApiRefusal> {
  const currency = request.text('Currency')
  if (currency === '' && presence === 'required') return fail(missing('Currency'))
  if (currency !== '' && parseCurrency(currency) !== site.currency) return fail(wrongCurrency)
  const total = request.text('Total')
  if (total === '') return presence === 'required' ? fail(missing('Total')) : ok(undefined)
  const amount = parseDecimalAmount(total, site.currency)
  return amount.ok ? amount : fail(invalid('Total', amount.error))
}

function readCard(request: ApiRequest, today: BusinessDate): Result<PresentedCard, ApiRefusal> {
  const instalments = request.text('Instalment') + request.text('Taksit')
  if (!['', '0', '1'].includes(instalments)) return fail(unsupported('Instalment'))
  if (request.has('PbOrder')) return fail(unsupported('PbOrder'))
  const number = request.text('Number')
  if (number === '') return fail(missing('Number'))
  if (/^[0-9]{6}:[0-9A-Fa-f]+:/.test(number)) return fail(unsupported('md in Number'))
  const pan = Pan.parse(number)
  if (!pan.ok) return fail(invalid('Number', pan.error))
  if (request.text('Expires') === '') return fail(missing('Expires'))
  const expiry = readExpiry(request.text('Expires'), today)
  if (!expiry.ok) return fail(invalid('Expires', expiry.error))
  const cvc = request.text('Cvv2Val')
  if (!/^(?:[0-9]{3,4})?$/.test(cvc)) return fail(invalid('Cvv2Val', '3 or 4 digits'))
  const card = { pan: pan.value, expiry: expiry.value }
  return ok(cvc === '' ? card : { ...card, cvc: () => cvc })
}
