import type { AuditTrail } from '../audit/index.ts'
import type { BusinessDays } from '../clearing/index.ts'
import type { Directory } from '../directory/index.ts'
import { registerOnline, type Online } from '../edge/online/index.ts'
import { centreRoutes, registerRest } from '../edge/online/rest/index.ts'
import type { Clock } from '../kernel/clock.ts'
import { randomBytes, systemClock, systemTimers } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import { closeHttp, openHttp, type HttpServer } from '../platform/http.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { selectToday, type Statistics } from '../statistics/index.ts'
import { openFiguresPage } from './figures-page.ts'
import { registerHealth } from './health.ts'
import type { Measures } from './measures.ts'
import type { Payments } from './payments.ts'
import type { Register } from './register.ts'
import type { Store } from './store.ts'

export type DoorsOptions = {
  readonly config: Config
  readonly directory: Directory
  readonly store: Store
  readonly days: BusinessDays
  readonly payments: Payments
  readonly register: Register
  readonly statistics: Statistics
  readonly audit: AuditTrail
  readonly metrics: Metrics
  readonly measures: Measures
  readonly stopping: () => boolean
  readonly clock: Clock
  readonly log: Log
}

/** Everything that listens for HTTP. */
export type Doors = Pick<Online, 'settleOrders'> & {
  listen(): Promise<void>
  close(): Promise<void>
}

export function openDoors(options: DoorsOptions): Doors {
  const { config, directory, store, days, payments, register, clock, log } = options
  const timers = systemTimers
  const server = openHttp({ log, random: randomBytes, onAnswered: options.measures.answered })
  const online = registerOnline(server, {
    switch: payments.switch,
    tasks: payments.switch.tasks,
    directory,
    database: store.database,
    businessDay: days,
    sealer: payments.sealer,
    vault: payments.vault,
    clock,
    realTime: systemClock,
    timers,
    random: randomBytes,
    log,
    sandbox: config.sandbox,
    shopUrl: config.sandbox ? shopUrl(config) : null,
    todaysFigures: () => selectToday(store.database, days.current()),
    onPageReport: options.measures.pageReported,
    onDelivery: ({ outcome }) => {
      options.measures.calledBack(outcome)
    },
    onWebhook: options.measures.webhookTried,
    audit: options.audit.record,
    addresses: addressesOf(config),
  })
  registerRest(server, {
    routes: [
      ...online.routes,
      ...centreRoutes({
        books: store.books,
        days,
        figures: options.statistics,
        directory,
        ...register,
        database: store.database,
        audit: options.audit.record,
      }),
    ],
    directory,
    sandbox: config.sandbox,
    keys: register.keys,
    audit: options.audit.record,
    database: store.database,
    sealer: payments.sealer,
    clock,
    timers,
    random: randomBytes,
    log,
  })
  openFiguresPage(server, { ...options, keys: register.keys })
  registerHealth(server, {
    database: store.database,
    banks: () => payments.issuers.states(),
    stopping: options.stopping,
    timers,
  })
  registerMetrics(server, options.metrics)
  return {
    settleOrders: online.settleOrders,
    listen: async () => {
      await server.listen({ host: config.host, port: config.httpPort })
    },
    close: () => closeHttp(server, timers),
  }
}

function registerMetrics(server: HttpServer, metrics: Metrics): void {
  server.get('/metrics', async (_request, reply) => {
    const { body, contentType } = await metrics.expose()
    return reply.type(contentType).send(body)
  })
}

/** An IPv6 address stands in brackets in a URL [RFC3986 3.2.2]. */
const originOf = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`

const shopUrl = ({ host, shopPort }: Config): string => `${originOf(host, shopPort)}/`

const addressesOf = ({ host, httpPort, publicUrl }: Config) => ({
  publicUrl: publicUrl ?? null,
  ownUrls: [...new Set([host, '127.0.0.1', 'localhost'])].map((name) => originOf(name, httpPort)),
})
