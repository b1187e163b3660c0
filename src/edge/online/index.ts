import type { Directory } from '../../directory/index.ts'
import type { BusinessDate } from '../../kernel/business-date.ts'
import type { Clock, RandomBytes, Timers } from '../../kernel/clock.ts'
import type { HttpServer } from '../../platform/http.ts'
import type { Log } from '../../platform/log.ts'
import type { Database } from '../../platform/postgres/database.ts'
import type { PurgePage, Switch, Tasks } from '../../switch/index.ts'
import { Callbacks, type CallbackDialect } from './checkout/callbacks.ts'
import { handleHoldExpiry } from './checkout/hold-expiry.ts'
import { merchantCaller } from './checkout/merchant-call.ts'
import type { Checkout } from './checkout/pay.ts'
import { registerCheckout } from './checkout/routes.ts'
import { settleOrders } from './checkout/settle-orders.ts'
import { Velocity } from './checkout/velocity.ts'
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
import { registerStartPage, type TodaysFigures } from './start-page.ts'

export type OnlineOptions = {
  readonly switch: Switch
  readonly tasks: Tasks
  readonly directory: Directory
  readonly database: Pick<Database, 'query'>
  readonly clock: Clock
  readonly timers: Timers
  /** Which date is open; what was captured on an earlier one is settled for merchants. */
  readonly businessDay: { current(): BusinessDate }
  readonly random: RandomBytes
  readonly log: Log
  readonly sandbox: boolean
  /** The demo shop; null without the sandbox. */
  readonly shopUrl: string | null
  readonly todaysFigures: TodaysFigures
  /** Where merchants find the centre. */
  readonly addresses: Addresses
  /** Each try at telling a merchant's server an outcome. */
  readonly onDelivery?: (delivery: Delivery) => void
}

export type Online = {
  /** Orders remember the outcome of their old attempts: to be called before these are purged. */
  settleOrders(page: PurgePage): Promise<void>
}

/** Merchants' sites: the gateways, the payment page, callbacks, and the start page. */
export function registerOnline(server: HttpServer, options: OnlineOptions): Online {
  const { directory, clock, timers, log, random, sandbox, tasks } = options
  const store = sqlCheckoutStore(options.database)
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
    },
    velocity: new Velocity({ clock, random, sandbox }),
    clock,
    log,
  }
  for (const callbacks of [nestpay, mtc]) {
    tasks.handle(callbacks.topic, (task, key, tries) => callbacks.deliver(task, key, tries))
  }
  handleHoldExpiry(tasks, { switch: options.switch, log })
  registerEst3dGate(server, checkout, random)
  const { calendar } = directory
  registerNestpayApi(server, { checkout, calendar, businessDay: options.businessDay, random })
  registerPayAsp(server, { checkout, random, addresses: options.addresses, booking })
  registerCheckout(server, checkout, random)
  registerStartPage(server, options)
  return { settleOrders: (page) => settleOrders(checkout, page) }
}
