import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RecordAudit } from '../../../audit/index.ts'
import type { Caller } from './access.ts'

const readsOnly = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Of a request that only reads: no key, not this key's, or nothing of this id for it. */
const refusals = new Set([401, 403, 404])

/** A row for each request that may change something, and for each that was refused its right. */
export class RequestAudit {
  readonly #record: RecordAudit | undefined
  readonly #callers = new WeakMap<object, Caller>()

  constructor(record: RecordAudit | undefined) {
    this.#record = record
  }

  known(request: FastifyRequest, caller: Caller): void {
    if (this.#record !== undefined) this.#callers.set(request, caller)
  }

  /** Once the answer is on its way: nobody waits for it. */
  answered(request: FastifyRequest, reply: FastifyReply): void {
    const record = this.#record
    const route = request.routeOptions.url
    if (record === undefined || route === undefined) return
    const refused = refusals.has(reply.statusCode)
    if (readsOnly.has(request.method) && !refused) return
    const caller = this.#callers.get(request)
    const { id } = request.params as { readonly id?: string }
    record({
      kind: 'api_request',
      actor: caller?.key ?? 'unknown',
      site: caller?.kind === 'site' ? caller.site.id : null,
      outcome: String(reply.statusCode),
      address: request.ip,
      facts: { method: request.method, route, id: id ?? null, requestId: request.id },
      // A publishable key is in every page of its shop: it is anybody's.
      refused: caller?.key.startsWith('pk_') ?? true,
    })
  }
}
