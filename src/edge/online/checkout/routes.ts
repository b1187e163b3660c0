import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RandomBytes } from '../../../kernel/clock.ts'
import { rawBody, type HttpServer } from '../../../platform/http.ts'
import { parseForm, type Field } from '../../../wire/nestpay/index.ts'
import { cardPage, type CardPageContent, type OrderShown } from '../page/card-page.ts'
import { sendPage, type Page } from '../page/layout.ts'
import { closedPage, expiredPage, pendingPage, unknownPage } from '../page/message-page.ts'
import { cancelledPage, resultPage } from '../page/outcome-page.ts'
import type { Payment } from '../../../switch/index.ts'
import { readCardForm } from './card-form.ts'
import { cardToConfirm, isConfirmation, readConfirmation } from './confirmed-card.ts'
import type { WayBack } from './gateway.ts'
import { orderState, type OrderState } from './order-state.ts'
import { outcomeOf } from './outcome.ts'
import { orderOf, pay, sessionOfPayment, siteOf, type Checkout } from './pay.ts'
import { trimmedText } from './posted-value.ts'
import { isOver, placeOf, type Language, type WebSession } from './session.ts'

type Params = { Params: { session: string }; Querystring: Readonly<Record<string, unknown>> }

/** `/pay/SESSION`: the card form, its answer, and at any time the state of the order. */
export function registerCheckout(
  server: HttpServer,
  checkout: Checkout,
  random: RandomBytes,
): void {
  const answer =
    (act: (session: WebSession, request: FastifyRequest<Params>) => Promise<Page>) =>
    async (request: FastifyRequest<Params>, reply: FastifyReply): Promise<FastifyReply> => {
      const place = placeOf(request.params.session)
      const session = place === undefined ? undefined : await checkout.store.session(place)
      if (session === undefined) return sendPage(reply, unknownPage(), random)
      const languageAction = `${pathOf(request)}/language`
      return sendPage(reply, { ...(await act(session, request)), languageAction }, random)
    }
  server.get<Params>(
    '/pay/:session',
    answer((session, request) =>
      show(checkout, session, pathOf(request), { another: 'another' in request.query }),
    ),
  )
  server.post<Params>(
    '/pay/:session',
    answer((session, request) => {
      const form = parseForm(request.headers['content-type'] ?? '', rawBody(request))
      const fields = form.ok ? form.value : []
      return submit(checkout, session, { path: pathOf(request), address: request.ip, fields })
    }),
  )
  server.post<Params>(
    '/pay/:session/cancel',
    answer((session, request) => cancel(checkout, session, pathOf(request))),
  )
  server.post<Params>('/pay/:session/language', async (request, reply) => {
    const place = placeOf(request.params.session)
    const form = parseForm(request.headers['content-type'] ?? '', rawBody(request))
    const language = form.ok ? languageIn(form.value) : undefined
    if (place !== undefined && language !== undefined) await checkout.store.speak(place, language)
    return reply.redirect(pathOf(request), 303)
  })
}

function languageIn(fields: readonly Field[]): Language | undefined {
  const text = trimmedText(fields, 'lang')
  return text === 'fr' || text === 'ar' || text === 'en' ? text : undefined
}

const pathOf = (request: FastifyRequest<Params>): string => `/pay/${request.params.session}`

/** `another`: a card is to be typed though one is kept. */
async function show(
  checkout: Checkout,
  session: WebSession,
  path: string,
  { another = false }: { readonly another?: boolean } = {},
): Promise<Page> {
  const order = await orderOf(checkout, session)
  const state = await orderState(checkout, order)
  if (state.at === 'open' && isOver(session, order, checkout.clock.now())) {
    const shopUrl = checkout.gateways[session.gateway].shopUrl(session)
    return expiredPage({ ...shownOf(checkout, session), shopUrl })
  }
  return pageOf(checkout, session, path, state, another)
}

type Submitted = {
  readonly path: string
  /** Of whoever holds the card: the form may have come from the merchant's server. */
  readonly address: string
  readonly fields: readonly Field[]
}

async function submit(
  checkout: Checkout,
  session: WebSession,
  { path, address, fields }: Submitted,
): Promise<Page> {
  const order = await orderOf(checkout, session)
  if (isOver(session, order, checkout.clock.now())) return show(checkout, session, path)
  const kept = isConfirmation(fields) ? await cardToConfirm(checkout, session) : undefined
  const form =
    kept === undefined
      ? readCardForm(fields, checkout.directory.calendar.dateOf(checkout.clock.now()))
      : await readConfirmation(checkout, kept, fields)
  const another = !isConfirmation(fields)
  if (!form.ok) {
    const state = await orderState(checkout, order)
    if (state.at !== 'open') return pageOf(checkout, session, path, state)
    return formPage(checkout, session, path, state.attempt, { ...form.error, another })
  }
  const result = await pay(checkout, session, form.value, address, order)
  switch (result.kind) {
    case 'elsewhere':
      return pageOf(checkout, session, path, result.state)
    case 'unavailable':
      return formPage(checkout, session, path, form.value.attempt, {
        notice: 'unavailable',
        another,
      })
    case 'too_many':
      return formPage(checkout, session, path, form.value.attempt, {
        notice: 'too_many',
        another,
      })
    case 'decided':
      // The way back with an approval; after a decline the form again, with the reason.
      return outcomeOf(result.payment).outcome === 'approved'
        ? wayBackPage(checkout, result.session, result.payment)
        : show(checkout, session, path)
  }
}

/** Back to the shop at once: with the last refusal if there was one, else having given up. */
async function cancel(checkout: Checkout, session: WebSession, path: string): Promise<Page> {
  const state = await orderState(checkout, await orderOf(checkout, session))
  if (state.at !== 'open' && state.at !== 'exhausted') return pageOf(checkout, session, path, state)
  if (state.lastDecline !== null) {
    const winner = await sessionOfPayment(checkout, state.lastDecline, session)
    const back = atOnce(wayBackOf(checkout, winner, state.lastDecline))
    return resultPage(receiptOf(checkout, winner, state.lastDecline), state.lastDecline, back)
  }
  return cancelledPage(
    shownOf(checkout, session),
    atOnce(wayBackOf(checkout, session, 'cancelled')),
  )
}

const atOnce = (back: WayBack): WayBack =>
  back.method === 'WAIT' ? back : { ...back, afterSeconds: 0 }

async function pageOf(
  checkout: Checkout,
  session: WebSession,
  path: string,
  state: OrderState,
  another = false,
): Promise<Page> {
  const shown = shownOf(checkout, session)
  const shopUrl = checkout.gateways[session.gateway].shopUrl(session)
  switch (state.at) {
    case 'paid': {
      const winner = await sessionOfPayment(checkout, state.payment, session)
      if (winner.digest === session.digest) return wayBackPage(checkout, session, state.payment)
      return closedPage({ ...shown, amount: state.payment.sent.amount, shopUrl }, 'paid')
    }
    case 'undone': {
      const winner = await sessionOfPayment(checkout, state.payment, session)
      const back = wayBackUndone(checkout, winner, state.payment)
      if (back !== undefined && winner.digest === session.digest) {
        return resultPage(receiptOf(checkout, session, state.payment), state.payment, back)
      }
      return closedPage({ ...shown, amount: state.payment.sent.amount, shopUrl }, 'undone')
    }
    case 'pending':
      return pendingPage(shown)
    case 'exhausted': {
      const winner = await sessionOfPayment(checkout, state.lastDecline, session)
      return wayBackPage(checkout, winner, state.lastDecline)
    }
    case 'open':
      return formPage(checkout, session, path, state.attempt, {
        notice: noticeOf(state.lastDecline),
        another,
      })
  }
}

function noticeOf(lastDecline: Payment | null): CardPageContent['notice'] {
  if (lastDecline === null) return null
  const outcome = outcomeOf(lastDecline)
  return outcome.outcome === 'declined' ? { declined: outcome.reason } : null
}

const wayBackPage = (checkout: Checkout, session: WebSession, payment: Payment): Page =>
  resultPage(receiptOf(checkout, session, payment), payment, wayBackOf(checkout, session, payment))

const receiptOf = (
  checkout: Checkout,
  session: WebSession,
  { status }: Payment,
): OrderShown & { readonly answeredAt: string } => ({
  ...shownOf(checkout, session),
  answeredAt: checkout.directory.calendar.localTime(status.answeredAt),
})

const wayBackOf = (
  checkout: Checkout,
  session: WebSession,
  ended: Payment | 'cancelled',
): WayBack => checkout.gateways[session.gateway].wayBack(siteOf(checkout, session), session, ended)

const wayBackUndone = (
  checkout: Checkout,
  session: WebSession,
  payment: Payment,
): WayBack | undefined =>
  checkout.gateways[session.gateway].wayBackUndone?.(siteOf(checkout, session), session, payment)

async function formPage(
  checkout: Checkout,
  session: WebSession,
  path: string,
  attempt: number,
  {
    another = false,
    ...rest
  }: Partial<Pick<CardPageContent, 'problems' | 'name' | 'notice'>> & {
    readonly another?: boolean
  },
): Promise<Page> {
  const kept = another ? undefined : await cardToConfirm(checkout, session)
  return cardPage({
    ...shownOf(checkout, session),
    path,
    attempt,
    problems: {},
    name: '',
    notice: null,
    kept: kept ?? null,
    keeps: (checkout.gateways[session.gateway].onFile?.(session).keepFor ?? null) !== null,
    ...rest,
  })
}

const shownOf = (checkout: Checkout, session: WebSession): OrderShown => ({
  merchant: siteOf(checkout, session).name,
  reference: session.reference,
  amount: session.amount,
  indicative: checkout.gateways[session.gateway].indicativeAmount?.(session) ?? null,
  language: session.language,
})
