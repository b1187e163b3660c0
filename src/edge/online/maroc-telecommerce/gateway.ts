import type { Directory, Site } from '../../../directory/index.ts'
import type { Payment, Switch } from '../../../switch/index.ts'
import { textOf, trimBytes } from '../../../wire/nestpay/index.ts'
import { callbackTask, type Callbacks } from '../checkout/callbacks.ts'
import type { Gateway, WayBack } from '../checkout/gateway.ts'
import { outcomeOf } from '../checkout/outcome.ts'
import { bytesOf } from '../checkout/posted-value.ts'
import type { WebSession } from '../checkout/session.ts'
import { updateFields } from './callback.ts'
import { storedForm, type StoredForm } from './protocol.ts'
import { signedReturn } from './returns.ts'

/** Time to read a receipt; the button is there for whoever is faster. */
const receiptSeconds = 5
const askAgainSeconds = 3

/** Maroc Telecommerce's dialect of the checkout. */
export function mtcGateway(options: {
  readonly callbacks: Callbacks
  readonly switch: Pick<Switch, 'find'>
  readonly directory: Pick<Directory, 'site'>
}): Gateway {
  const { callbacks, directory } = options
  return {
    door: 'mtc',
    wayBack: (site, session, ended) => wayBack(site, session, ended),
    // The reason is to be read before the customer leaves.
    wayBackUndone: (site, session) => offer(site, storedForm(session), null),
    // The merchant's registered address: those of the form are anybody's, and want their checksum.
    shopUrl: (session) => directory.site(session.site)?.url ?? null,
    tasks: (_site, session, payment) =>
      outcomeOf(payment).outcome === 'approved' && isAsked(storedForm(session))
        ? [callbackTask(callbacks.topic, session, payment)]
        : [],
    firstAnswer: async (payment) => {
      await callbacks.firstAnswer(payment)
      // Booked or not: the customer is told what became of it.
      return (await options.switch.find(payment.sent.key)) ?? payment
    },
  }
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

/** Back to the shop without having paid. Version 1.9 signs nothing that it sends. */
function offer(site: Site, form: StoredForm, afterSeconds: number | null): WayBack {
  const { offer: name } = form.version.names
  const posted = textOf(trimBytes(bytesOf(form.fields, name)))
  if (posted === '') return { method: 'GET', url: site.url, afterSeconds }
  const url = form.version.number === '3' ? signedReturn(site, form, name) : posted
  return { method: 'GET', url, afterSeconds }
}
