import type { FastifyReply } from 'fastify'
import type { RandomBytes } from '../../../kernel/clock.ts'
import { rawBody, type HttpServer } from '../../../platform/http.ts'
import { parseForm } from '../../../wire/nestpay/index.ts'
import { openSession } from '../checkout/open-session.ts'
import type { Checkout } from '../checkout/pay.ts'
import { languageOf, trimmedText } from '../checkout/posted-value.ts'
import type { Language } from '../checkout/session.ts'
import { sendPage } from '../page/layout.ts'
import { refusedPage } from '../page/message-page.ts'
import { readPaymentForm } from './payment-form.ts'
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
    const clientId = trimmedText(fields, 'clientid')
    const language = languageOf(trimmedText(fields, 'lang'))
    if (clientId === '') return refuse(reply, missing('clientid'), language)
    const site = checkout.directory.site(clientId)
    if (site?.gateway !== 'cmi') return refuse(reply, unknownSite, language)
    const version = signedVersion(fields, site, checkout.clock.now())
    if (version === undefined) return refuse(reply, wrongHash, language)
    const distrusted = version === 'ver3' ? undefined : wrongUnsigned(fields, site, version)
    if (distrusted !== undefined) return refuse(reply, distrusted, language)
    const form = readPaymentForm(fields, site)
    if (!form.ok) return refuse(reply, form.error, language)
    const { path, closed } = await openSession(checkout, random, {
      ...form.value,
      gateway: 'nestpay',
      site,
      clientIp: request.ip,
      fields,
    })
    return closed === null ? reply.redirect(path, 303) : sendPage(reply, closed, random)
  })
}
