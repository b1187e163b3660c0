import type { Calendar, Site } from '../../../directory/index.ts'
import type { Payment } from '../../../switch/index.ts'
import { findField, textOf } from '../../../wire/nestpay/index.ts'
import { outcomeOf } from '../checkout/outcome.ts'
import type { WebSession } from '../checkout/session.ts'
import type { Gateway, WayBack } from '../checkout/gateway.ts'
import { callbackTask, type Callbacks } from '../checkout/callbacks.ts'
import { formOf } from './callback.ts'
import { isCallbackWanted } from './payment-form.ts'
import { cancelledFields, resultFields } from './result-fields.ts'

const defaultRefreshSeconds = 5

/** The CMI gateway's dialect of the checkout. */
export function nestpayGateway(calendar: Calendar, callbacks: Callbacks): Gateway {
  return {
    door: 'nestpay',
    wayBack: (site, session, ended) => wayBack(calendar, site, session, ended),
    shopUrl: (session) => valueOf(session, 'shopurl'),
    indicativeAmount,
    tasks: (_site, session, payment) =>
      isCallbackWanted(formOf(session)) ? [callbackTask(callbacks.topic, session, payment)] : [],
    firstAnswer: async (payment) => {
      await callbacks.firstAnswer(payment)
      return payment
    },
  }
}

function valueOf(session: WebSession, name: string): string | null {
  const text = textOf(findField(formOf(session), name)?.value ?? Buffer.alloc(0)).trim()
  return text === '' ? null : text
}

/** `amountCur` and `symbolCur`, which shops fill as they like: shown where they are an amount. */
function indicativeAmount(session: WebSession): string | null {
  const amount = valueOf(session, 'amountCur') ?? ''
  const symbol = valueOf(session, 'symbolCur') ?? ''
  const shown =
    /^[0-9]{1,12}(?:[.,][0-9]{1,3})?$/.test(amount) && /^[\p{L}\p{Sc}]{1,5}$/u.test(symbol)
  return shown ? `${amount}\u00a0${symbol}` : null
}

function wayBack(
  calendar: Calendar,
  site: Site,
  session: WebSession,
  ended: Payment | 'cancelled',
): WayBack {
  const form = formOf(session)
  const { clientIp, createdAt: openedAt } = session
  const facts = { site, calendar, clientIp, form, openedAt }
  if (ended === 'cancelled') {
    const shop = valueOf(session, 'shopurl')
    if (shop !== null) return { method: 'GET', url: shop }
    const fields = cancelledFields({ ...facts, reference: session.reference })
    return { method: 'POST', url: valueOf(session, 'failUrl') ?? '', fields, afterSeconds: null }
  }
  const approved = outcomeOf(ended).outcome === 'approved'
  const url = valueOf(session, approved ? 'okUrl' : 'failUrl')
  // An attempt by API has no page of the shop to come back to: its front door then.
  if (url === null) return { method: 'GET', url: site.url }
  return {
    method: 'POST',
    url,
    fields: resultFields(ended, facts),
    afterSeconds: secondsFor(session),
  }
}

/** At once with AutoRedirect, else after `refreshtime` on the receipt. */
function secondsFor(session: WebSession): number {
  const auto = valueOf(session, 'AutoRedirect')?.toLowerCase()
  if (auto === 'true' || auto === '1' || auto === 'on') return 0
  const seconds = /^[0-9]{1,3}$/.exec(valueOf(session, 'refreshtime') ?? '')?.[0]
  return seconds === undefined ? defaultRefreshSeconds : Number(seconds)
}
