import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { RandomBytes } from '../../../kernel/clock.ts'
import type { HttpServer } from '../../../platform/http.ts'
import type { Log } from '../../../platform/log.ts'
import { isRetryable } from '../../../platform/postgres/errors.ts'
import type { Access, Caller } from './access.ts'
import { apiErrors, errorBody, type Refusal } from './errors.ts'
import type { RecordAudit } from '../../../audit/index.ts'
import { RequestAudit } from './audited.ts'
import { openApiDocument } from './openapi/document.ts'
import type { Idempotency, StoredAnswer } from './idempotency.ts'
import { rateNameOf, type RateLimiter } from './rate-limit.ts'
import { OtherBody, type Route } from './route.ts'
import { checkOf, type Check } from './validate.ts'
import { currentVersion, knownVersions } from './version.ts'

export type ServeOptions = {
  readonly routes: readonly Route[]
  readonly access: Access
  /** Of publishable keys, for routes of our own frames. */
  readonly publishable: Access
  readonly idempotency: Pick<Idempotency, 'run'>
  readonly rate: RateLimiter
  readonly random: RandomBytes
  readonly log: Log
  readonly audit?: RecordAudit | undefined
}

type Params = { Params: { id?: string } }

/** `/v1`: each route behind the same steps, in the same order, whatever it does. */
export function serve(server: HttpServer, options: ServeOptions): void {
  const audited = new RequestAudit(options.audit)
  const scope = (api: HttpServer): void => {
    // Our own reader: a POST that needs no fields may come without a body, whatever its type says.
    api.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
      const read = readJson(String(text))
      if (read === undefined) done(Object.assign(new Error('not JSON'), { statusCode: 400 }))
      else done(null, read.value)
    })
    api.addHook('onRequest', (request, reply, done) => {
      reply.headers({
        'x-request-id': request.id,
        'monetique-version': currentVersion,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      })
      done()
    })
    api.addHook('onResponse', (request, reply, done) => {
      audited.answered(request, reply)
      done()
    })
    api.setErrorHandler((error: FastifyError, request, reply) =>
      refuse(request, reply, refusalOfError(error, request, options.log)),
    )
    api.setNotFoundHandler((request, reply) => {
      const allowed = methodsAt(options.routes, request.url)
      if (allowed.length === 0) return refuse(request, reply, { code: 'not_found' })
      return refuse(request, reply.header('allow', allowed.join(', ')), {
        code: 'method_not_allowed',
      })
    })
    for (const route of options.routes) addRoute(api, route, { ...options, audited })
    api.get('/openapi.json', (request, reply) =>
      reply.type(json).send(openApiDocument(options.routes, baseUrlOf(request))),
    )
  }
  void server.register(
    (api, _options, done) => {
      scope(api)
      done()
    },
    { prefix: '/v1' },
  )
}

type Serving = ServeOptions & { readonly audited: RequestAudit }

function addRoute(api: HttpServer, route: Route, options: Serving): void {
  const checkQuery = route.query === undefined ? noQuery : checkOf(route.query)
  const checkBody = route.body === undefined ? undefined : checkOf(route.body)
  api.route<Params>({
    method: route.method,
    url: route.path.replace(/^\/v1/, '').replace('{id}', ':id'),
    handler: async (request, reply) => {
      const admitted = admit(request, reply, route, options)
      if ('code' in admitted) return refuse(request, reply, admitted)
      const body = request.body ?? {}
      if (Buffer.isBuffer(body)) {
        return refuse(request, reply, { code: 'unsupported_media_type' })
      }
      const wrong = checkQuery(request.query) ?? checkBody?.(body)
      if (wrong !== undefined) return refuse(request, reply, wrong)
      let other: OtherBody | undefined
      const act = async (seed: string): Promise<StoredAnswer> => {
        const given = await answer(route, { request, caller: admitted.caller, body, seed })
        other = given.other
        return given
      }
      // A card leaves no trace: not even a digest of the request that brought it.
      const answered =
        route.access === 'frame'
          ? await act(options.random(16).toString('hex'))
          : await runOnce(request, { ...options, ...admitted, body }, act)
      if ('code' in answered) return refuse(request, reply, answered)
      if (other !== undefined) {
        const name = `attachment; filename="${other.fileName}"`
        return reply.header('content-disposition', name).type(other.type).send(other.body)
      }
      return reply
        .code(answered.status)
        .type(answered.status < 300 ? (route.type ?? json) : json)
        .send(answered.body)
    },
  })
}

export const baseUrlOf = ({ protocol, host }: FastifyRequest): string => `${protocol}://${host}`

const json = 'application/json; charset=utf-8'

const noQuery: Check = (query) => {
  const [name] = Object.keys(query as object)
  return name === undefined
    ? undefined
    : { code: 'unknown_field', field: name, message: `there is no parameter ${name}` }
}

/** Version, rate, key and right, in this order: a stranger learns nothing but that. */
function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  route: Route,
  { access, publishable, rate, audited }: Serving,
): { readonly caller: Caller } | Refusal {
  const version = request.headers['monetique-version']
  if (version !== undefined && !knownVersions.some((known) => known === version)) {
    const message = `the versions of the API are ${knownVersions.join(', ')}`
    return { code: 'unknown_version', field: 'Monetique-Version', message }
  }
  const isFrame = route.access === 'frame'
  const caller = (isFrame ? publishable : access)(request.headers.authorization)
  if (caller !== undefined) audited.known(request, caller)
  const allowance = rate.take(rateNameOf(caller, { isFrame, address: request.ip }))
  reply.headers({
    'ratelimit-limit': String(allowance.limit),
    'ratelimit-remaining': String(allowance.remaining),
    'ratelimit-reset': String(allowance.resetSeconds),
  })
  if (!allowance.allowed) {
    reply.header('retry-after', String(allowance.retrySeconds))
    return { code: 'rate_limited' }
  }
  if (caller === undefined) {
    reply.header('www-authenticate', 'Bearer realm="Monetique"')
    return { code: 'unauthorized' }
  }
  const allowed = isFrame
    ? isOwnPage(request)
    : route.access === 'both' || route.access === caller.kind
  return allowed ? { caller } : { code: 'forbidden' }
}

/** Said by browsers alone, of a page that came from here. */
function isOwnPage({ headers, host }: FastifyRequest): boolean {
  const { origin } = headers
  const from = headers['sec-fetch-site']
  if (origin === undefined || !URL.canParse(origin)) return false
  return new URL(origin).host === host && (from === undefined || from === 'same-origin')
}

/** Under its Idempotency-Key where there is one; what reads only needs none. */
async function runOnce(
  request: FastifyRequest,
  { idempotency, random, caller, body }: ServeOptions & { caller: Caller; body: unknown },
  act: (seed: string) => Promise<StoredAnswer>,
): Promise<StoredAnswer | Refusal> {
  const key = request.headers['idempotency-key']
  if (key === undefined || request.method === 'GET' || request.method === 'HEAD') {
    return await act(random(16).toString('hex'))
  }
  if (typeof key !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(key) || key.trim() === '') {
    return { code: 'invalid_idempotency_key', field: 'Idempotency-Key' }
  }
  const { method, url } = request
  const ran = await idempotency.run({ caller, key, method, url, body }, act)
  return ran.ok ? ran.value : ran.error
}

async function answer(
  route: Route,
  called: {
    readonly request: FastifyRequest<Params>
    readonly caller: Caller
    readonly body: unknown
    readonly seed: string
  },
): Promise<StoredAnswer & { readonly other?: OtherBody }> {
  const { request, caller, body, seed } = called
  const result = await route.handle({
    caller,
    id: request.params.id ?? '',
    query: request.query,
    body,
    baseUrl: baseUrlOf(request),
    clientIp: request.ip,
    accept: request.headers.accept ?? '',
    seed,
  })
  if (!result.ok) {
    const { status } = apiErrors[result.error.code]
    return { status, body: JSON.stringify(errorBody(result.error, request.id)) }
  }
  // Of a route that only reads: nothing of it is stored under an Idempotency-Key.
  if (result.value instanceof OtherBody) {
    return { status: route.status, body: '', other: result.value }
  }
  const text = route.type === undefined ? JSON.stringify(result.value) : String(result.value)
  return { status: route.status, body: text }
}

const refuse = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal): FastifyReply =>
  reply
    .code(apiErrors[refusal.code].status)
    .type(json)
    .send(JSON.stringify(errorBody(refusal, request.id)))

function refusalOfError(error: FastifyError, request: FastifyRequest, log: Log): Refusal {
  const status = error.statusCode ?? 500
  if (status === 413) return { code: 'body_too_large' }
  if (status === 415) return { code: 'unsupported_media_type' }
  if (status < 500) return { code: 'invalid_json' }
  // The message of an unexpected failure is for the log; a database's may quote a value.
  const facts = { requestId: request.id, route: request.routeOptions.url ?? 'unknown' }
  log.error({ ...facts, reason: error.message }, 'a request failed')
  return { code: isRetryable(error) ? 'unavailable' : 'internal_error' }
}

function readJson(text: string): { readonly value: unknown } | undefined {
  if (text.trim() === '') return { value: undefined }
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

function methodsAt(routes: readonly Route[], url: string): string[] {
  const path = url.replace(/[?#].*$/, '')
  const isHere = (route: Route): boolean =>
    new RegExp(`^${route.path.replaceAll('.', '\\.').replace('{id}', '[^/]+')}$`).test(path)
  return [...new Set(routes.filter(isHere).map(({ method }) => method))]
}
