import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RandomBytes } from '../../../kernel/clock.ts'
import { limits } from '../../../kernel/limits.ts'
import { rawBody, type HttpServer } from '../../../platform/http.ts'
import { matchChecksum } from '../../../wire/maroc-telecommerce/index.ts'
import { parseForm, textOf, type Field } from '../../../wire/nestpay/index.ts'
import type { Site } from '../../../directory/index.ts'
import { openSession } from '../checkout/open-session.ts'
import type { Checkout } from '../checkout/pay.ts'
import { bytesOf, languageOf, trimmedText } from '../checkout/posted-value.ts'
import type { Language } from '../checkout/session.ts'
import { sendPage } from '../page/layout.ts'
import { refusedPage } from '../page/message-page.ts'
import { aliasesOf, isHost, type Addresses } from './aliases.ts'
import type { BookingAddresses } from './booking-address.ts'
import { readOfferForm } from './offer-form.ts'
import {
  signedValues,
  toStore,
  version19,
  version3,
  type Signed,
  type Version,
} from './protocol.ts'
import {
  missing,
  notPosted,
  unknownStore,
  unreadable,
  wrongChecksum,
  type FormRefusal,
} from './refusal.ts'

export type PayAspOptions = {
  readonly checkout: Checkout
  readonly random: RandomBytes
  readonly addresses: Addresses
  readonly booking: BookingAddresses
}

/** `pay.asp` and `paiement.asp`: a merchant's form in, the payment page's address out. */
export function registerPayAsp(server: HttpServer, options: PayAspOptions): void {
  for (const folder of ['/test/gateway', '/prod/gateway']) {
    registerDoor(server, options, `${folder}/pay.asp`, version3)
    registerDoor(server, options, `${folder}/paiement.asp`, version19)
  }
  // The oldest address that a module is known to come with.
  registerDoor(server, options, '/test/pay.cgi', version3)
}

function registerDoor(
  server: HttpServer,
  { checkout, random, addresses, booking }: PayAspOptions,
  path: string,
  version: Version,
): void {
  const refuse = (reply: FastifyReply, refusal: FormRefusal, language: Language = 'fr') =>
    sendPage(reply, refusedPage({ status: 400, language, ...refusal }), random)

  server.get(path, (_request, reply) => {
    const page = refusedPage({ status: 405, language: 'fr', ...notPosted })
    return sendPage(reply.header('allow', 'POST'), page, random)
  })
  server.post(path, async (request, reply) => {
    const parsed = parseForm(request.headers['content-type'] ?? '', rawBody(request))
    if (!parsed.ok) {
      const { field, rule, offset } = parsed.error
      return refuse(reply, unreadable(field, `${rule} (${offset})`))
    }
    const fields = parsed.value
    const { names } = version
    const language = languageOf(trimmedText(fields, names.language))
    const storeId = trimmedText(fields, names.store)
    if (storeId === '') return refuse(reply, missing(names.store), language)
    const site = checkout.directory.site(storeId)
    if (site?.gateway !== 'maroc-telecommerce') return refuse(reply, unknownStore, language)
    // Before any other field: whoever has not the secret learns nothing of the rules.
    const aliases = aliasesOf({ host: request.headers.host, url: request.url }, addresses)
    const signed = signedWith(fields, { version, site, aliases, at: checkout.clock.now() })
    if (signed === undefined) return refuse(reply, wrongChecksum, language)
    const form = readOfferForm(fields, site, version)
    if (!form.ok) return refuse(reply, form.error, language)
    // Version 1.9 signs nothing that it sends.
    const offered = trimmedText(fields, names.offer)
    const offerSigned =
      version.number === '3' && offered !== '' && !(await booking.isBooking(site, offered))
    const { path: page, closed } = await openSession(checkout, random, {
      ...form.value,
      gateway: 'mtc',
      site,
      sessionSeconds: limits.sessionSecondsDefault,
      clientIp: request.ip,
      fields: toStore(fields, { version, ...signed, offerSigned }),
    })
    // The merchant's server sends its customer to what we answer: a whole address, whose page says
    // by itself that an order is paid.
    if (version.number === '1.9')
      return reply.redirect(`${originOf(request, addresses)}${page}`, 302)
    return closed === null ? reply.redirect(page, 303) : sendPage(reply, closed, random)
  })
}

/** With the site's key, or at that time with the one before. */
function signedWith(
  fields: readonly Field[],
  by: {
    readonly version: Version
    readonly site: Site
    readonly aliases: readonly string[]
    readonly at: Date
  },
): Pick<Signed, 'tilde' | 'emailSigned' | 'alias'> | undefined {
  const posted = textOf(bytesOf(fields, 'checksum'))
  const previous = by.site.previousStoreKey(by.at)
  for (const secret of [by.site.storeKey(), ...(previous === null ? [] : [previous])]) {
    for (const emailSigned of [true, false]) {
      const values = signedValues(by.version, fields, emailSigned)
      const matched = matchChecksum(posted, by.aliases, { values, secret })
      if (matched !== undefined) {
        return { tilde: matched.tilde, emailSigned, alias: matched.prefix }
      }
    }
  }
  return undefined
}

function originOf(request: FastifyRequest, { publicUrl, ownUrls }: Addresses): string {
  const host = request.headers.host ?? ''
  return publicUrl ?? (isHost(host) ? `http://${host}` : (ownUrls[0] ?? ''))
}
