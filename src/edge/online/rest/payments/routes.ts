import { Type } from '@sinclair/typebox'
import { bucketsOf } from '../../../../kernel/bucket.ts'
import { parseBusinessDate } from '../../../../kernel/business-date.ts'
import { limits } from '../../../../kernel/limits.ts'
import { fail, ok, type Result } from '../../../../kernel/result.ts'
import type { Site } from '../../../../directory/index.ts'
import { cardIdOf } from '../../checkout/card-on-file.ts'
import type { WebSession } from '../../checkout/session.ts'
import type { Caller } from '../access.ts'
import type { ErrorCode, Refusal } from '../errors.ts'
import { fromBuckets, pageOf, readPage, type Cursor } from '../page-of.ts'
import { route, type Call, type Route } from '../route.ts'
import * as shape from '../shapes.ts'
import { capture, captureBody, noBody, refund, refundBody, voidPayment } from './changes.ts'
import {
  confirm,
  confirmBody,
  confirmErrors,
  payByMerchant,
  payByToken,
  type Confirmer,
} from './confirm.ts'
import { createBody, openPage, readAmount, type PageOpener } from './create.ts'
import { paymentExamples, refundExample } from './examples.ts'
import { findView, viewOfOrder, type PaymentSource } from './lookup.ts'
import { onFileErrors, readPaidBy, type OnFileSource, type PaidBy } from './on-file.ts'
import { findRefund, listRefunds } from './refunds.ts'
import { shown } from './shape.ts'
import { selectViews, type PaymentView } from './view.ts'

export type PaymentRoutesOptions = PaymentSource &
  PageOpener &
  Confirmer &
  Pick<OnFileSource, 'cards'>

const tag = 'Payments'

const changeErrors: readonly ErrorCode[] = ['not_found', 'wrong_state', 'unavailable']

export const paymentRoutes = (options: PaymentRoutesOptions): readonly Route[] => [
  create(options),
  list(options),
  retrieve(options),
  ...changes(options),
  ...refunds(options),
]

const create = (options: PaymentRoutesOptions): Route =>
  route({
    method: 'POST',
    path: '/v1/payments',
    operationId: 'createPayment',
    tag,
    summary: 'Create a payment, and the page where the customer pays it',
    description:
      'A payment is an order of the site. Creating it again while it is open opens another page ' +
      'for the same payment; with another amount or capture, the pages opened before are over. ' +
      'With a token as `source` its card is asked at once, and `returnUrl` may be left out; so it is ' +
      'with a card on file when the `initiator` is the merchant.',
    access: 'site',
    body: createBody,
    status: 201,
    answer: shape.payment,
    errors: [
      'amount_too_small',
      'amount_too_large',
      'currency_not_allowed',
      ...onFileErrors,
      ...confirmErrors,
    ],
    example: paymentExamples.create,
    handle: async (call) => {
      if (call.caller.kind !== 'site') return fail({ code: 'forbidden' })
      const { site } = call.caller
      const { body } = call
      const amount = readAmount(body, site)
      if (!amount.ok) return amount
      const by = await readPaidBy(options, site.id, body)
      if (!by.ok) return by
      const wrong = wrongReturn(body.returnUrl, by.value)
      if (wrong !== undefined) return fail(wrong)
      const { customerId, keep, confirmed } = by.value
      const reference = body.order ?? `R${call.seed.slice(0, 20)}`
      const opened = await openPage(options, {
        site,
        gateway: 'rest',
        reference,
        amount: amount.value,
        kind: body.capture === 'manual' ? 'preauthorization' : 'purchase',
        returnUrl: body.returnUrl ?? null,
        language: body.language ?? 'fr',
        clientIp: call.clientIp,
        expiresInSeconds: body.expiresInSeconds ?? limits.sessionSecondsDefault,
        description: body.description ?? null,
        customer: body.customer ?? null,
        metadata: body.metadata ?? null,
        customerId,
        keep,
        confirms: confirmed === null ? null : cardIdOf(confirmed.place),
        linkKey: null,
      })
      if (!opened.ok) {
        const own = body.order === undefined && opened.error.code === 'order_already_paid'
        return own ? await answerAgain(options, call, site, reference) : opened
      }
      const { fresh, order, session } = opened.value
      const paid = await payAtOnce(options, session, by.value)
      if (paid !== undefined) return paid.ok ? await answerFor(options, call, order.id) : paid
      if (fresh === null) return await answerFor(options, call, order.id)
      return ok(shown(fresh, { ...options, ...call }))
    },
  })

const wrongAddress = 'returnUrl: an absolute http or https address without user or password'

/** Undefined where the customer pays on the page. */
async function payAtOnce(
  options: PaymentRoutesOptions,
  session: WebSession,
  { token, charged }: PaidBy,
): Promise<Result<'decided', Refusal> | undefined> {
  if (token !== null) return await payByToken(options, session, token)
  if (charged !== null) return await payByMerchant(options.checkout, session, charged)
  return undefined
}

/** Where a page is to be shown there must be a way back from it. */
function wrongReturn(
  returnUrl: string | undefined,
  { token, charged }: PaidBy,
): Refusal | undefined {
  if (returnUrl === undefined) {
    if (token !== null || charged !== null) return undefined
    return { code: 'missing_field', field: 'returnUrl', message: 'returnUrl is required' }
  }
  return isAddress(returnUrl)
    ? undefined
    : { code: 'invalid_field', field: 'returnUrl', message: wrongAddress }
}

export const isAddress = (text: string): boolean => {
  if (!URL.canParse(text)) return false
  const { username, password } = new URL(text)
  return username === '' && password === ''
}

async function answerFor(
  options: PaymentSource,
  call: Call<unknown, unknown>,
  id: string,
): Promise<Result<unknown, Refusal>> {
  const view = await findView(options, call.caller, id)
  return view.ok ? ok(shown(view.value, { ...options, ...call })) : view
}

/** An order named after this very request: it was paid by a run that a crash ended, unanswered. */
async function answerAgain(
  options: PaymentSource,
  call: Call<unknown, unknown>,
  site: Site,
  reference: string,
): Promise<Result<unknown, Refusal>> {
  const view = await viewOfOrder(options, site, reference)
  return view === undefined
    ? fail({ code: 'unavailable' })
    : ok(shown(view, { ...options, ...call }))
}

const retrieve = (options: PaymentRoutesOptions): Route =>
  route({
    method: 'GET',
    path: '/v1/payments/{id}',
    operationId: 'retrievePayment',
    tag,
    summary: 'Retrieve a payment',
    description: 'By the id that creation gave, or by the id of any attempt at it.',
    access: 'both',
    status: 200,
    answer: shape.payment,
    errors: ['not_found'],
    example: paymentExamples.retrieve,
    handle: (call) => answerFor(options, call, call.id),
  })

const listQuery = Type.Object(
  {
    ...shape.pageQuery,
    status: Type.Optional(shape.oneOf(shape.paymentStatuses, 'a status of payments')),
    order: Type.Optional(shape.line(64)),
    from: Type.Optional(shape.businessDate),
    to: Type.Optional(shape.businessDate),
    site: Type.Optional(shape.line(31)),
  },
  shape.closed,
)

const list = (options: PaymentRoutesOptions): Route =>
  route({
    method: 'GET',
    path: '/v1/payments',
    operationId: 'listPayments',
    tag,
    summary: 'List payments, newest first',
    description:
      '`from` and `to` are business dates of creation, both included. The operator names a `site`.',
    access: 'both',
    query: listQuery,
    status: 200,
    answer: shape.listOf(shape.payment),
    errors: ['invalid_cursor', 'invalid_date', 'invalid_period'],
    example: paymentExamples.list,
    handle: async (call) => {
      const { query } = call
      const site = siteAsked(options, call.caller, query.site)
      if (!site.ok) return site
      const page = readPage(query)
      if (!page.ok) return page
      const wrong = wrongPeriod(query)
      if (wrong !== undefined) return fail(wrong)
      const { merchant, id } = site.value
      const { fanOut } = options.directory.merchant(merchant)
      const filter = {
        site: id,
        status: query.status ?? null,
        order: query.order ?? null,
        from: query.from ?? null,
        to: query.to ?? null,
        after: page.value.after,
        limit: page.value.limit + 1,
      }
      const cursor = (row: PaymentView): Cursor => ({ at: row.created_at, key: row.order_key })
      const now = options.clock.now()
      const buckets = bucketsOf({ merchant, fanOut })
      const rows = await fromBuckets(buckets, filter.limit, cursor, (bucket) =>
        selectViews(options.database, { ...filter, bucket }, now),
      )
      return ok(
        pageOf(rows, page.value, {
          shown: (row) => shown(row, { ...options, ...call }),
          cursor,
        }),
      )
    },
  })

/** A site lists its own; the operator must say whose, as no list looks into every bucket. */
export function siteAsked(
  { directory }: Pick<PaymentSource, 'directory'>,
  caller: Caller,
  asked: string | undefined,
): Result<Site, Refusal> {
  if (caller.kind === 'site') {
    const own = asked === undefined || asked === caller.site.id
    return own ? ok(caller.site) : fail({ code: 'forbidden', field: 'site' })
  }
  if (asked === undefined) {
    return fail({ code: 'missing_field', field: 'site', message: 'site is required' })
  }
  const site = directory.site(asked)
  return site === undefined
    ? fail({ code: 'invalid_field', field: 'site', message: 'site: the id of a known site' })
    : ok(site)
}

function wrongPeriod(query: { readonly from?: string; readonly to?: string }): Refusal | undefined {
  for (const field of ['from', 'to'] as const) {
    const text = query[field]
    if (text !== undefined && parseBusinessDate(text) === undefined) {
      return { code: 'invalid_date', field, message: `${field} must be a date YYYY-MM-DD` }
    }
  }
  const { from, to } = query
  if (from !== undefined && to !== undefined && to < from) {
    return { code: 'invalid_period', field: 'to' }
  }
  return undefined
}

const changes = (options: PaymentRoutesOptions): readonly Route[] => [
  route({
    method: 'POST',
    path: '/v1/payments/{id}/confirm',
    operationId: 'confirmPayment',
    tag,
    summary: 'Pay with a card that was typed into the frame of /elements.js',
    description:
      'One attempt at the payment, as if the card were typed on its page. Declined, it is ' +
      '`requires_action` again and `decline` says why: ask for a new token.',
    access: 'site',
    body: confirmBody,
    status: 200,
    answer: shape.payment,
    errors: ['not_found', 'wrong_state', ...confirmErrors],
    example: paymentExamples.confirm,
    handle: async (call) => {
      const asked = { id: call.id, token: call.body.source }
      const paid = await confirm(options, call.caller, asked)
      return paid.ok ? await answerFor(options, call, call.id) : paid
    },
  }),
  route({
    method: 'POST',
    path: '/v1/payments/{id}/capture',
    operationId: 'capturePayment',
    tag,
    summary: 'Capture an authorized payment, whole or in part',
    description:
      'Without an amount, all that is left. Captures never add up to more than was authorized.',
    access: 'both',
    body: captureBody,
    status: 200,
    answer: shape.payment,
    errors: [...changeErrors, 'amount_too_small', 'amount_too_large'],
    example: paymentExamples.capture,
    handle: (call) => capture(options, call),
  }),
  route({
    method: 'POST',
    path: '/v1/payments/{id}/void',
    operationId: 'voidPayment',
    tag,
    summary: 'Undo a payment on the day it was captured, or an authorization',
    access: 'both',
    body: noBody,
    status: 200,
    answer: shape.payment,
    errors: [...changeErrors, 'day_closed'],
    example: paymentExamples.void,
    handle: (call) => voidPayment(options, call),
  }),
  route({
    method: 'POST',
    path: '/v1/payments/{id}/refunds',
    operationId: 'createRefund',
    tag: 'Refunds',
    summary: 'Refund a captured payment, whole or in part',
    description: 'Asked of the card’s bank at once. Without an amount, all that is left.',
    access: 'both',
    body: refundBody,
    status: 201,
    answer: shape.refund,
    errors: [...changeErrors, 'amount_too_small', 'amount_too_large', 'refund_declined'],
    example: { body: { amountMinor: '4990' }, answer: refundExample },
    handle: (call) => refund(options, call),
  }),
]

const refunds = (options: PaymentRoutesOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/payments/{id}/refunds',
    operationId: 'listRefunds',
    tag: 'Refunds',
    summary: 'List the refunds of a payment, newest first',
    access: 'both',
    status: 200,
    answer: shape.listOf(shape.refund),
    errors: ['not_found'],
    example: { answer: { object: 'list', data: [refundExample], next: null } },
    handle: async (call) => {
      const listed = await listRefunds(options, call.caller, call.id)
      return listed.ok ? ok({ object: 'list', data: listed.value, next: null }) : listed
    },
  }),
  route({
    method: 'GET',
    path: '/v1/refunds/{id}',
    operationId: 'retrieveRefund',
    tag: 'Refunds',
    summary: 'Retrieve a refund',
    access: 'both',
    status: 200,
    answer: shape.refund,
    errors: ['not_found'],
    example: { answer: refundExample },
    handle: (call) => findRefund(options, call.caller, call.id),
  }),
]
