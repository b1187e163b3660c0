import type { RecordAudit } from '../../audit/index.ts'
import type { Directory } from '../../directory/index.ts'
import type { Clock, RandomBytes, Timers } from '../../kernel/clock.ts'
import type { HttpServer } from '../../platform/http.ts'
import type { Log } from '../../platform/log.ts'
import type { Queryable } from '../../platform/postgres/database.ts'
import type { BusinessDay, PurgePage, Switch, Tasks } from '../../switch/index.ts'
import type { Sealer, Vault } from '../../vault/index.ts'
import { CardTokens } from './checkout/card-tokens.ts'
import { Callbacks, type CallbackDialect } from './checkout/callbacks.ts'
import { handleHoldExpiry } from './checkout/hold-expiry.ts'
import { handleKeepCard } from './checkout/keep-card.ts'
import { merchantCaller } from './checkout/merchant-call.ts'
import type { Checkout } from './checkout/pay.ts'
import { followRecovered } from './checkout/recovered.ts'
import { registerCheckout } from './checkout/routes.ts'
import { settleOrders } from './checkout/settle-orders.ts'
import { Velocity } from './checkout/velocity.ts'
import { sqlCardsOnFile } from './checkout/sql-cards-on-file.ts'
import { sqlCheckoutStore } from './checkout/sql.ts'
import type { Delivery } from './checkout/store.ts'
import { registerNestpayApi } from './nestpay/api/route.ts'
import { nestpayCallback } from './nestpay/callback.ts'
import { registerEst3dGate } from './nestpay/est3dgate.ts'
import { nestpayGateway } from './nestpay/gateway.ts'
import type { Addresses } from './maroc-telecommerce/aliases.ts'
import { sqlBookingAddresses } from './maroc-telecommerce/booking-address.ts'
import { mtcCallback } from './maroc-telecommerce/callback.ts'
import { mtcGateway } from './maroc-telecommerce/gateway.ts'
import { registerPayAsp } from './maroc-telecommerce/pay-asp.ts'
import { apiGateway } from './rest/gateway.ts'
import type { Route } from './rest/index.ts'
import { customerRoutes } from './rest/customers/routes.ts'
import { eventRoutes } from './rest/events/routes.ts'
import { tellEvents } from './rest/events/tell.ts'
import { linkRoutes } from './rest/links/routes.ts'
import { registerLinkVisits } from './rest/links/visit.ts'
import { paymentRoutes } from './rest/payments/routes.ts'
import { tokenRoutes } from './rest/tokens/routes.ts'
import { webhookRoutes } from './rest/webhooks/routes.ts'
import { Webhooks, type Backoff, type WebhookResult } from './rest/webhooks/send.ts'
import { registerElements } from './elements/routes.ts'
import { registerPageReports } from './page/reports.ts'
import { registerStartPage, type TodaysFigures } from './start-page.ts'

export { resealWebhookSecrets } from './rest/webhooks/endpoint.ts'

export type OnlineOptions = {
  readonly switch: Switch
  readonly tasks: Tasks
  readonly directory: Directory
  readonly database: Queryable
  readonly businessDay: BusinessDay
  readonly sealer: Sealer
  /** Numbers of cards that merchants keep. */
  readonly vault: Pick<Vault, 'reveal'>
  readonly clock: Clock
  /** The world's own time, wherever the business clock stands. */
  readonly realTime: Clock
  readonly timers: Timers
  readonly random: RandomBytes
  readonly log: Log
  readonly sandbox: boolean
  /** The demo shop; null without the sandbox. */
  readonly shopUrl: string | null
  readonly todaysFigures: TodaysFigures
  /** Where merchants find the centre. */
  readonly addresses: Addresses
  /** Each try at telling a merchant's server an outcome. */
  readonly webhookBackoff?: Backoff
  readonly onDelivery?: (delivery: Delivery) => void
  /** Each try at telling an event to a webhook endpoint. */
  readonly onWebhook?: (result: WebhookResult) => void
  /** What a browser kept a payment page from doing, by the directive of its policy. */
  readonly onPageReport?: (directive: string) => void
  readonly audit?: RecordAudit | undefined
}

export type Online = {
  /** What merchants' servers may ask over the API. */
  readonly routes: readonly Route[]
  /** Orders remember the outcome of their old attempts: to be called before these are purged. */
  settleOrders(page: PurgePage): Promise<void>
}

/** Merchants' sites: the gateways, the payment page, callbacks, and the start page. */
export function registerOnline(server: HttpServer, options: OnlineOptions): Online {
  const { directory, clock, timers, log, random, sandbox, tasks } = options
  const store = sqlCheckoutStore(options.database, options.businessDay)
  const call = merchantCaller({ timers, sandbox })
  const told = (dialect: CallbackDialect): Callbacks =>
    new Callbacks({
      dialect,
      switch: options.switch,
      directory,
      store,
      call,
      clock,
      timers,
      log,
      observe: options.onDelivery,
    })
  const nestpay = told(nestpayCallback(directory.calendar))
  const mtc = told(mtcCallback(directory))
  const cards = sqlCardsOnFile(options.database)
  const booking = sqlBookingAddresses(options.database, directory, clock)
  const checkout: Checkout = {
    switch: options.switch,
    directory,
    store,
    gateways: {
      nestpay: nestpayGateway(directory.calendar, nestpay),
      mtc: mtcGateway({
        callbacks: mtc,
        addresses: booking,
        switch: options.switch,
        directory,
        log,
      }),
      rest: apiGateway('rest', cards),
      link: apiGateway('link', cards),
    },
    cards,
    vault: options.vault,
    velocity: new Velocity({ clock, random, sandbox }),
    clock,
    log,
    audit: options.audit,
  }
  followOutcomes(options, checkout, [nestpay, mtc])
  registerPages(server, options, checkout)
  registerPayAsp(server, { checkout, random, addresses: options.addresses, booking })
  const tokens = heldCards(server, options)
  const webhooks = new Webhooks({
    ...options,
    call,
    backoff: options.webhookBackoff,
    observe: options.onWebhook,
  })
  webhooks.register(tasks)
  tellEvents({ ...options, sendings: (event) => webhooks.sendings(event) })
  return {
    routes: [
      ...paymentRoutes({ ...options, checkout, tokens, cards }),
      ...customerRoutes({ ...options, cards }),
      ...tokenRoutes({ ...options, tokens }),
      ...linkRoutes(options),
      ...eventRoutes({ ...options, webhooks }),
      ...webhookRoutes(options),
    ],
    settleOrders: (page) => settleOrders(checkout, page),
  }
}

/** The work that is durable with an outcome, and who does it. */
function followOutcomes(
  { switch: theSwitch, tasks, log }: OnlineOptions,
  checkout: Checkout,
  told: readonly Callbacks[],
): void {
  for (const callbacks of told) {
    tasks.handle(callbacks.topic, (...task) => callbacks.deliver(...task))
  }
  handleHoldExpiry(tasks, { switch: theSwitch, log })
  handleKeepCard(tasks, { cards: checkout.cards, switch: theSwitch, log })
  followRecovered(tasks, checkout, { switch: theSwitch, log })
}

/** What browsers and the forms of the CMI gateway ask for. */
function registerPages(server: HttpServer, options: OnlineOptions, checkout: Checkout): void {
  const { clock, log, random, sandbox, businessDay } = options
  const { calendar } = options.directory
  registerEst3dGate(server, checkout, random)
  registerNestpayApi(server, { checkout, calendar, businessDay, random, sandbox })
  registerCheckout(server, checkout, random)
  registerElements(server, options)
  registerPageReports(server, { clock, log, observe: options.onPageReport })
  registerLinkVisits(server, { ...options, checkout })
  registerStartPage(server, options)
}

/** Forgotten at the latest when the door closes. */
function heldCards(server: HttpServer, options: OnlineOptions): CardTokens {
  const tokens = new CardTokens(options)
  server.addHook('onClose', (_server, done) => {
    tokens.clear()
    done()
  })
  return tokens
}
