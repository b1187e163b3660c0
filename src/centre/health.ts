import type { Timers } from '../kernel/clock.ts'
import { limits } from '../kernel/limits.ts'
import type { HttpServer } from '../platform/http.ts'
import type { Queryable } from '../platform/postgres/database.ts'

export type HealthOptions = {
  readonly database: Queryable
  readonly banks: () => readonly { readonly issuer: string; readonly up: boolean }[]
  /** A centre that is stopping ends what it has and takes nothing more. */
  readonly stopping: () => boolean
  readonly timers: Timers
}

type Readiness = {
  readonly ready: boolean
  readonly stopping: boolean
  readonly database: boolean
  readonly banks: Readonly<Record<string, boolean>>
}

/**
 * Two questions that must not be mixed. Live: does this process answer? If not, start it again.
 * Ready: can a payment be taken? If not, send payments elsewhere and look at the database or the
 * links: starting again would mend neither.
 */
export function registerHealth(server: HttpServer, options: HealthOptions): void {
  server.get('/healthz/live', (_request, reply) => reply.send({ live: true }))
  server.get('/healthz/ready', async (_request, reply) => {
    const readiness = await readinessOf(options)
    return reply.code(readiness.ready ? 200 : 503).send(readiness)
  })
  server.get('/healthz', async (_request, reply) => {
    const readiness = await readinessOf(options)
    return reply.code(readiness.ready ? 200 : 503).send({ live: true, ...readiness })
  })
}

/** One bank that answers is enough: the cards of the others are declined, not the payment page. */
async function readinessOf(options: HealthOptions): Promise<Readiness> {
  const database = await answers(options)
  const stopping = options.stopping()
  const banks = Object.fromEntries(options.banks().map(({ issuer, up }) => [issuer, up]))
  const ready = !stopping && database && Object.values(banks).some((up) => up)
  return { ready, stopping, database, banks }
}

/** Who asks has a time limit of its own: a database that says nothing is one that is not there. */
function answers({ database, timers }: HealthOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = timers.after(limits.healthTimeoutMs, () => {
      resolve(false)
    })
    const settle = (up: boolean) => (): void => {
      cancel()
      resolve(up)
    }
    database.query('SELECT 1').then(settle(true), settle(false))
  })
}
