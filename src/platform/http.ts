import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { RandomBytes, Timers } from '../kernel/clock.ts'
import { limits } from '../kernel/limits.ts'
import type { Log } from './log.ts'

export type HttpServer = FastifyInstance

/** One request answered: the route's pattern, never its URL, which holds a session. */
export type AnsweredRequest = {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly durationMs: number
}

export type HttpOptions = {
  readonly log: Log
  readonly random: RandomBytes
  readonly onAnswered?: (request: AnsweredRequest) => void
}

const headersTimeoutMs = 10_000
const idleSocketTimeoutMs = 60_000
const headerBytesMax = 16 * 1024

/**
 * The HTTP door, bounded against whatever comes: a body over the bound is 413, a client that is
 * slow with its headers or body is cut. Forms and unknown types reach the route as raw bytes.
 */
export function openHttp({ log, random, onAnswered }: HttpOptions): HttpServer {
  const server = fastify({
    logger: false,
    trustProxy: false,
    bodyLimit: limits.formBytesMax,
    requestTimeout: limits.requestTimeoutMs,
    connectionTimeout: idleSocketTimeoutMs,
    keepAliveTimeout: idleSocketTimeoutMs,
    forceCloseConnections: 'idle',
    requestIdHeader: false,
    genReqId: () => `req_${random(12).toString('hex')}`,
    routerOptions: { maxParamLength: 200 },
    http: {
      headersTimeout: headersTimeoutMs,
      maxHeaderSize: headerBytesMax,
      connectionsCheckingInterval: 1_000,
    },
    // An address that cannot be decoded reaches no route, and no handler of its errors.
    frameworkErrors: (_error, request, reply) => {
      const unread = request as FastifyRequest
      const said = failure(unread, 400)
      void (reply as FastifyReply).code(400).type(typeFor(unread)).send(said)
    },
    // A malformed request line or header never reaches a route: said once, and the socket closed.
    clientErrorHandler: (error, socket) => {
      const status =
        error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request'
      if (socket.writable)
        socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      else socket.destroy()
    },
  })
  server.removeContentTypeParser('text/plain')
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body)
  })
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) {
      // The message of an unexpected failure is for the log; a database's may quote a value.
      log.error(
        { requestId: request.id, route: routeOf(request), reason: error.message },
        'a request failed',
      )
    }
    return reply.code(status).type(typeFor(request)).send(failure(request, status))
  })
  server.setNotFoundHandler((request, reply) =>
    reply.code(404).type(typeFor(request)).send(failure(request, 404)),
  )
  if (onAnswered !== undefined) {
    server.addHook('onResponse', (request, reply, done) => {
      onAnswered({
        method: request.method,
        route: routeOf(request),
        status: reply.statusCode,
        durationMs: reply.elapsedTime,
      })
      done()
    })
  }
  return server
}

/** Takes no new connection, lets what is in flight end, and after the grace cuts what remains. */
export async function closeHttp(server: HttpServer, timers: Timers): Promise<void> {
  const cancel = timers.after(limits.stopGraceMs, () => {
    server.server.closeAllConnections()
  })
  await server.close()
  cancel()
}

/** The body of a route that takes raw bytes: empty when there was none or it was parsed as JSON. */
export const rawBody = (request: FastifyRequest): Buffer =>
  Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)

const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? 'unknown'

const isApi = (request: FastifyRequest): boolean => request.url.startsWith('/v1/')

const typeFor = (request: FastifyRequest): string =>
  isApi(request) ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8'

type Failure = { readonly code: string; readonly fr: string; readonly en: string }

/** What the door itself says; the routes have their own errors. */
const failures: ReadonlyMap<number, Failure> = new Map([
  [400, { code: 'bad_request', fr: 'Requête mal formée', en: 'Malformed request' }],
  [404, { code: 'not_found', fr: 'Rien à cette adresse', en: 'Nothing at this address' }],
  [413, { code: 'body_too_large', fr: 'Requête trop grande', en: 'The request is too large' }],
  [415, { code: 'unsupported_media_type', fr: 'Format non accepté', en: 'Unsupported media type' }],
  [503, { code: 'stopping', fr: 'Service en cours d’arrêt', en: 'The service is stopping' }],
])

const unexpected: Failure = {
  code: 'internal_error',
  fr: 'Une erreur est survenue de notre côté. Rechargez la page pour connaître l’état de votre paiement.',
  en: 'Something failed on our side. Reload the page to see where your payment stands.',
}

function failure(request: FastifyRequest, status: number): string {
  const known = failures.get(status)
  const { code, fr, en } =
    known ?? (status < 500 ? { ...unexpected, code: 'bad_request' } : unexpected)
  if (isApi(request)) {
    return JSON.stringify({ error: { code, message: en, field: null, requestId: request.id } })
  }
  return `<!doctype html><html lang="fr"><meta charset="utf-8"><title>${String(status)}</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<h1>${fr}</h1><p lang="en">${en}</p><p><small>${request.id}</small></p></html>`
}
