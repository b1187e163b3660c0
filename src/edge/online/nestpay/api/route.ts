import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Site } from '../../../../directory/index.ts'
import { rawBody, type HttpServer } from '../../../../platform/http.ts'
import { encodeCc5 } from '../../../../wire/nestpay/index.ts'
import { refusedAnswer, type ApiAnswer } from './answer.ts'
import { authorizeCard } from './authorize.ts'
import type { Api, ApiCall } from './call.ts'
import { credit, postAuth, voidOrder } from './change.ts'
import { queryOrder } from './query.ts'
import { missing, unavailable, unknownType, unreadable, unsupported, wrongUser } from './refusal.ts'
import { readApiRequest, type ApiRequest } from './request.ts'
import { ApiUsers } from './users.ts'

/** `POST /fim/api`: a CC5Request in, a CC5Response out, whatever happens in between. */
export function registerNestpayApi(server: HttpServer, api: Api): void {
  const { random, sandbox } = api
  const { directory, clock } = api.checkout
  const users = new ApiUsers({ directory, clock, random, sandbox })
  server.route({
    method: ['GET', 'POST'],
    url: '/fim/api',
    errorHandler: (error, request, reply): void => {
      const status = error.statusCode ?? 500
      if (status < 500) {
        const rule = status === 413 ? 'too_large' : 'body'
        send(reply, refusedAnswer(unreadable(rule, 0), undefined, status))
        return
      }
      api.checkout.log.error({ requestId: request.id, reason: error.message }, 'the API failed')
      send(reply, refusedAnswer(unavailable))
    },
    handler: async (request, reply) => {
      if (request.method === 'GET') {
        const answer = refusedAnswer(missing('CC5Request'), undefined, 405)
        return send(reply.header('allow', 'POST'), answer)
      }
      return send(reply, await answerTo(api, users, request))
    },
  })
}

const send = (reply: FastifyReply, { status, elements }: ApiAnswer): FastifyReply =>
  reply
    .code(status)
    .type('text/xml; charset=ISO-8859-9')
    .header('cache-control', 'no-store')
    .send(encodeCc5(elements))

async function answerTo(api: Api, users: ApiUsers, request: FastifyRequest): Promise<ApiAnswer> {
  const read = readApiRequest(request.headers['content-type'] ?? '', rawBody(request))
  if (!read.ok) return refusedAnswer(read.error)
  const asked = read.value
  for (const name of ['Name', 'Password', 'ClientId']) {
    if (asked.text(name) === '') return refusedAnswer(missing(name))
  }
  const found = api.checkout.directory.site(asked.text('ClientId'))
  const site = found?.gateway === 'cmi' ? found : undefined
  const user = { name: asked.text('Name'), password: asked.text('Password') }
  const verified = await users.verify(site, user)
  if (verified === 'busy') return refusedAnswer(unavailable)
  if (site === undefined || verified === 'wrong') {
    record(api, { request, asked, site, user: 'unknown', outcome: 'wrong user' })
    return refusedAnswer(wrongUser)
  }
  const answer = await serve(api, { site, request: asked, clientIp: clientIpOf(asked, request) })
  // An empty type is a query: it changes nothing.
  if (asked.text('Type') !== '') {
    const said = answer.elements.find(([name]) => name === 'Response')?.[1]
    const outcome = typeof said === 'string' ? said : String(answer.status)
    record(api, { request, asked, site, user: `user ${user.name}`, outcome })
  }
  return answer
}

/** The names of known users only: what else is posted may be anything. */
function record(
  { checkout }: Api,
  used: {
    readonly request: FastifyRequest
    readonly asked: ApiRequest
    readonly site: Site | undefined
    readonly user: string
    readonly outcome: string
  },
): void {
  const type = used.asked.text('Type')
  checkout.audit?.({
    kind: 'cc5_request',
    actor: used.user,
    site: used.site?.id ?? null,
    outcome: used.outcome,
    address: used.request.ip,
    facts: {
      type: /^[A-Za-z]{0,10}$/.test(type) ? type : 'unknown',
      order: used.user === 'unknown' ? null : used.asked.text('OrderId'),
    },
    refused: used.user === 'unknown',
  })
}

/** The buyer's as the merchant says, where it is an address; else the merchant's own. */
function clientIpOf(asked: ApiRequest, request: FastifyRequest): string {
  const said = asked.text('IPAddress')
  return /^[0-9A-Fa-f.:]{2,39}$/.test(said) ? said : request.ip
}

async function serve(api: Api, call: ApiCall): Promise<ApiAnswer> {
  const { request } = call
  switch (request.text('Type')) {
    case 'Auth':
      return await authorizeCard(api, call, 'purchase')
    case 'PreAuth':
      return await authorizeCard(api, call, 'preauthorization')
    case 'PostAuth':
      return await postAuth(api, call)
    case 'Void':
      return await voidOrder(api, call)
    case 'Credit':
      return await credit(api, call)
    case '':
      return await queried(api, call)
    default:
      return refusedAnswer(unknownType, request)
  }
}

async function queried(api: Api, call: ApiCall): Promise<ApiAnswer> {
  const { request } = call
  const isAsked = (name: string): boolean => request.extra(name).toUpperCase() === 'QUERY'
  if (request.extra('RECURRINGID') + request.extra('RECURRINGOPERATION') !== '') {
    return refusedAnswer(unsupported('A recurring order'), request)
  }
  if (isAsked('ORDERSTATUS')) return await queryOrder(api, call, 'status')
  if (isAsked('ORDERHISTORY')) return await queryOrder(api, call, 'history')
  return refusedAnswer(unknownType, request)
}
