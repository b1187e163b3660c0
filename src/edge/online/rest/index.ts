import type { RecordAudit } from '../../../audit/index.ts'
import type { ApiKeys, Directory } from '../../../directory/index.ts'
import type { Clock, RandomBytes, Timers } from '../../../kernel/clock.ts'
import { limits } from '../../../kernel/limits.ts'
import type { HttpServer } from '../../../platform/http.ts'
import type { Log } from '../../../platform/log.ts'
import type { Queryable } from '../../../platform/postgres/database.ts'
import type { Sealer } from '../../../vault/index.ts'
import { accessOf, publishableAccessOf } from './access.ts'
import { Idempotency } from './idempotency.ts'
import { purge } from './purge.ts'
import { RateLimiter, type Rate } from './rate-limit.ts'
import type { Route } from './route.ts'
import { docsPage } from './openapi/page.ts'
import { sendPage } from '../page/layout.ts'
import { baseUrlOf, serve } from './serve.ts'

export { accessOf } from './access.ts'
export { centreRoutes } from './centre/routes.ts'
export type { Route } from './route.ts'

export type RestOptions = {
  readonly routes: readonly Route[]
  readonly directory: Directory
  readonly sandbox: boolean
  readonly keys: Pick<ApiKeys, 'ownerOf'>
  readonly database: Queryable
  readonly sealer: Sealer
  readonly clock: Clock
  readonly timers: Timers
  readonly random: RandomBytes
  readonly log: Log
  readonly audit?: RecordAudit | undefined
  /** Of each key. */
  readonly rate?: Rate
}

const usualRate: Rate = { perSecond: limits.apiRequestsPerSecond, burst: limits.apiRequestsBurst }

/** `/v1`: every route that it is given, behind one key check, one error shape, one idempotency. */
export function registerRest(server: HttpServer, options: RestOptions): void {
  serve(server, {
    ...options,
    access: accessOf(options),
    publishable: publishableAccessOf(options),
    idempotency: new Idempotency(options),
    rate: new RateLimiter(options.rate ?? usualRate, options.clock),
  })
  server.get('/docs', (request, reply) =>
    sendPage(reply, docsPage(options.routes, baseUrlOf(request)), options.random),
  )
  server.addHook('onClose', purge(options))
}
