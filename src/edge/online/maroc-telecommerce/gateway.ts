import type { Directory, Site } from '../../../directory/index.ts'
import type { Log } from '../../../platform/log.ts'
import type { Payment, Switch } from '../../../switch/index.ts'
import { textOf, trimBytes } from '../../../wire/nestpay/index.ts'
import { callbackTask, type Callbacks } from '../checkout/callbacks.ts'
import type { Gateway, WayBack } from '../checkout/gateway.ts'
import { outcomeOf } from '../checkout/outcome.ts'
import { bytesOf, trimmedText } from '../checkout/posted-value.ts'
import type { WebSession } from '../checkout/session.ts'
import type { BookingAddresses } from './booking-address.ts'
import { updateFields } from './callback.ts'
import { storedForm, type StoredForm } from './protocol.ts'
import { signedReturn } from './returns.ts'

/** Time to read a receipt; the button is there for whoever is faster. */
const receiptSeconds = 5
const askAgainSeconds = 3

export type MtcGatewayOptions = {
  readonly callbacks: Callbacks
  readonly addresses: BookingAddresses
  readonly switch: Pick<Switch, 'find'>
  readonly directory: Pick<Directory, 'site'>
  readonly log: Log
}

/** Maroc Telecommerce's dialect of the checkout. */
export function mtcGateway(options: MtcGatewayOptions): Gateway {
  const { callbacks, directory } = options
  return {
    door: 'mtc',
    wayBack: (site, session, ended) => wayBack(site, session, ended),
    // The reason is to be read before the customer leaves.
    wayBackUndone: (site, session) => offer(site, storedForm(session), null),
    // The merchant's registered address: those of the form are anybody's, and want their checksum.
    shopUrl: (session) => directory.site(session.site)?.url ?? null,
    indicativeAmount,
    tasks: (_site, session, payment) =>
      outcomeOf(payment).outcome === 'approved' && isAsked(storedForm(session))
        ? [callbackTask(callbacks.topic, session, payment)]
        : [],
    firstAnswer: async (payment, session) => {
      await callbacks.firstAnswer(payment)
      // Booked or not: the customer is told what became of it.
      const now = (await options.switch.find(payment.sent.key)) ?? payment
      if (now.status.state === 'captured') await rememberBooking(options, session)
      return now
    },
  }
}

/** Where the merchant books: the bookURL, or without one what it is shown at. */
async function rememberBooking(
  { addresses, directory, log }: Pick<MtcGatewayOptions, 'addresses' | 'directory' | 'log'>,
  session: WebSession,
): Promise<void> {
  const { version, fields } = storedForm(session)
  const site = directory.site(session.site)
  const address = version.callbackTo(fields) || trimmedText(fields, version.names.update)
  try {
    if (site !== undefined) await addresses.remember(site, address)
  } catch (error) {
    // The payment stands all the same, and the next one remembers.
    const reason = error instanceof Error ? error.message : 'unknown'
    log.warn({ site: session.site, reason }, 'a booking address was not remembered')
  }
}

/** Shops fill these as they like: shown where they are an amount, and never charged. */
function indicativeAmount(session: WebSession): string | null {
  const { fields } = storedForm(session)
  const amount = trimmedText(fields, 'totalAmountCur')
  const symbol = trimmedText(fields, 'symbolCur')
  const shown =
    /^[0-9]{1,12}(?:[.,][0-9]{1,3})?$/.test(amount) && /^[\p{L}\p{Sc}]{1,5}$/u.test(symbol)
  return shown ? `${amount}\u00a0${symbol}` : null
}

const isAsked = ({ version, fields }: StoredForm): boolean => version.callbackTo(fields) !== ''

function wayBack(site: Site, session: WebSession, ended: Payment | 'cancelled'): WayBack {
  const form = storedForm(session)
  if (ended === 'cancelled') return offer(site, form, 0)
  if (outcomeOf(ended).outcome !== 'approved') return offer(site, form, receiptSeconds)
  // Paid, but perhaps not for long: as long as the shop has not booked, its word for "paid" is its
  // own to say.
  if (isAsked(form) && ended.status.state === 'approved') {
    return { method: 'WAIT', shopUrl: site.url, seconds: askAgainSeconds }
  }
  const { version, fields } = form
  if (version.number === '3') {
    const url = signedReturn(site, form, version.names.update)
    return { method: 'GET', url, afterSeconds: receiptSeconds }
  }
  // The module's page of thanks is the answer to the same post, by the browser this time.
  return {
    method: 'POST',
    url: version.callbackTo(fields),
    fields: updateFields(form, ended),
    afterSeconds: receiptSeconds,
  }
}

/** Back to the shop without having paid. */
function offer(site: Site, form: StoredForm, afterSeconds: number | null): WayBack {
  const { offer: name } = form.version.names
  const posted = textOf(trimBytes(bytesOf(form.fields, name)))
  if (posted === '') return { method: 'GET', url: site.url, afterSeconds }
  const url = form.offerSigned ? signedReturn(site, form, name) : posted
  return { method: 'GET', url, afterSeconds }
}
