import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Site } from '../../../directory/index.ts'
import { shardKeyFor } from '../../../kernel/bucket.ts'
import type { RandomBytes } from '../../../kernel/clock.ts'
import { rawBody, type HttpServer } from '../../../platform/http.ts'
import {
  encodeForm,
  findField,
  parseForm,
  textOf,
  type Field,
} from '../../../wire/nestpay/index.ts'
import { orderState } from '../checkout/order-state.ts'
import type { Checkout } from '../checkout/pay.ts'
import { newSessionToken, placeOf, type Language, type WebSession } from '../checkout/session.ts'
import { sendPage, type Page } from '../page/layout.ts'
import { closedPage, refusedPage } from '../page/message-page.ts'
import { languageOf, readPaymentForm, type PaymentForm } from './payment-form.ts'
import {
  missing,
  notPosted,
  unknownSite,
  unreadable,
  wrongHash,
  type FormRefusal,
} from './refusal.ts'
import { signedVersion, wrongUnsigned } from './signature.ts'

/** `POST /fim/est3Dgate`: a merchant's form in, the payment page's address out. */
export function registerEst3dGate(
  server: HttpServer,
  checkout: Checkout,
  random: RandomBytes,
): void {
  const refuse = (reply: FastifyReply, refusal: FormRefusal, language: Language = 'fr') =>
    sendPage(reply, refusedPage({ status: 400, language, ...refusal }), random)

  server.get('/fim/est3Dgate', (_request, reply) => {
    const page = refusedPage({ status: 405, language: 'fr', ...notPosted })
    return sendPage(reply.header('allow', 'POST'), page, random)
  })
  server.post('/fim/est3Dgate', async (request, reply) => {
    const parsed = parseForm(request.headers['content-type'] ?? '', rawBody(request))
    if (!parsed.ok) {
      const { field, rule, offset } = parsed.error
      return refuse(reply, unreadable(field, `${rule} (${offset})`))
    }
    const fields = parsed.value
    const clientId = valueOf(fields, 'clientid')
    const language = languageOf(valueOf(fields, 'lang'))
    if (clientId === '') return refuse(reply, missing('clientid'), language)
    const site = checkout.directory.site(clientId)
    if (site?.gateway !== 'cmi') return refuse(reply, unknownSite, language)
    const version = signedVersion(fields, site, checkout.clock.now())
    if (version === undefined) return refuse(reply, wrongHash, language)
    const distrusted = version === 'ver3' ? undefined : wrongUnsigned(fields, site, version)
    if (distrusted !== undefined) return refuse(reply, distrusted, language)
    const form = readPaymentForm(fields, site)
    if (!form.ok) return refuse(reply, form.error, language)
    return await openSession(checkout, { request, reply, random, site, fields, form: form.value })
  })
}

const valueOf = (fields: readonly Field[], name: string): string =>
  textOf(findField(fields, name)?.value ?? Buffer.alloc(0)).trim()

async function openSession(
  checkout: Checkout,
  opened: {
    readonly request: FastifyRequest
    readonly reply: FastifyReply
    readonly random: RandomBytes
    readonly site: Site
    readonly fields: readonly Field[]
    readonly form: PaymentForm
  },
): Promise<FastifyReply> {
  const { request, reply, random, site, form } = opened
  const reference = form.reference === '' ? `M${random(8).toString('hex')}` : form.reference
  const { fanOut } = checkout.directory.merchant(site.merchant)
  const shardKey = shardKeyFor({ merchant: site.merchant, fanOut, routingKey: reference })
  const token = newSessionToken(shardKey, random)
  const place = placeOf(token)
  if (place === undefined) throw new Error('invariant broken: a new token has its place')
  const now = checkout.clock.now()
  const session: WebSession = {
    ...place,
    gateway: 'nestpay',
    site: site.id,
    reference,
    kind: form.kind,
    amount: form.amount,
    language: form.language,
    clientIp: request.ip,
    form: Buffer.from(encodeForm(opened.fields), 'latin1'),
    createdAt: now,
    expiresAt: new Date(now.getTime() + form.sessionSeconds * 1_000),
  }
  const order = await checkout.store.open(session)
  const state = await orderState(checkout, order)
  if (state.at === 'paid' || state.at === 'undone') {
    const shown = { ...session, amount: state.payment.sent.amount }
    return sendPage(reply, finalPage(checkout, shown, site, state.at), random)
  }
  return reply.redirect(`/pay/${token}`, 303)
}

function finalPage(
  checkout: Checkout,
  session: WebSession,
  site: Site,
  state: 'paid' | 'undone',
): Page {
  const { amount, language, reference } = session
  const shopUrl = checkout.gateways[session.gateway].shopUrl(session)
  return closedPage({ merchant: site.name, reference, amount, language, shopUrl }, state)
}
