import { isIP } from 'node:net'
import { Type } from '@sinclair/typebox'
import { bucketsOf } from '../../../../kernel/bucket.ts'
import type { RandomBytes } from '../../../../kernel/clock.ts'
import { limits } from '../../../../kernel/limits.ts'
import { fail, ok, type Result } from '../../../../kernel/result.ts'
import { isCallable } from '../../checkout/merchant-address.ts'
import type { Caller } from '../access.ts'
import type { Refusal } from '../errors.ts'
import { fromBuckets, pageOf, readPage, type Cursor } from '../page-of.ts'
import { maySee, type PaymentSource } from '../payments/lookup.ts'
import { isAddress, siteAsked } from '../payments/routes.ts'
import { route, type Route } from '../route.ts'
import * as shape from '../shapes.ts'
import { selectDeliveryPage, type WebhookDelivery } from './deliveries.ts'
import {
  deleteEndpoint,
  insertEndpoint,
  rotateSecret,
  secretName,
  selectEndpoint,
  selectEndpoints,
  updateEndpoint,
  type Endpoint,
} from './endpoint.ts'
import {
  delivery,
  endpoint,
  endpointBody,
  endpointExample,
  endpointWithSecret,
  eventNames,
  deliveryExample,
  secretExample,
  shownDelivery,
} from './shape.ts'
import { newSecret } from './signature.ts'

export type WebhookRoutesOptions = PaymentSource & {
  readonly random: RandomBytes
  readonly sandbox: boolean
}

const tag = 'Webhooks'

export const webhookRoutes = (options: WebhookRoutesOptions): readonly Route[] => [
  create(options),
  ...reading(options),
  ...changing(options),
  rotate(options),
  deliveries(options),
]

const create = (options: WebhookRoutesOptions): Route =>
  route({
    method: 'POST',
    path: '/v1/webhook-endpoints',
    operationId: 'createWebhookEndpoint',
    tag,
    summary: 'Have events sent to an address',
    description:
      'Signed as Standard Webhooks says, with the secret of this answer. A message that is not ' +
      'answered 2xx within 15 seconds is sent again, for three days; redirects are not followed.',
    access: 'site',
    body: Type.Object(
      {
        url: shape.webAddress,
        events: eventNames,
        description: Type.Optional(shape.line(200)),
      },
      shape.closed,
    ),
    status: 201,
    answer: endpointWithSecret,
    errors: ['too_many_endpoints'],
    example: {
      body: { url: endpointExample.url, events: endpointExample.events },
      answer: secretExample,
    },
    handle: async ({ caller, body, seed }) => {
      if (caller.kind !== 'site') return fail({ code: 'forbidden' })
      const wrong = wrongUrl(body.url, options.sandbox)
      if (wrong !== undefined) return fail(wrong)
      const id = `we_${seed}`
      const others = await selectEndpoints(options.database, caller.site.id)
      const known = others.some(({ endpoint_id }) => endpoint_id === id)
      if (!known && others.length >= limits.webhookEndpointsPerSiteMax) {
        return fail({ code: 'too_many_endpoints' })
      }
      const secret = newSecret(options.random)
      const made = await insertEndpoint(options.database, {
        endpoint_id: id,
        site_id: caller.site.id,
        url: body.url,
        events: body.events,
        description: body.description ?? null,
        secret_sealed: options.sealer.seal(secretName(id), secret),
        created_at: options.clock.now(),
      })
      return ok({ ...endpointBody(made), secret })
    },
  })

/** An address that can never be called is refused at once; a name is judged at each call. */
function wrongUrl(text: string, sandbox: boolean): Refusal | undefined {
  if (!isAddress(text)) {
    const message = 'url: an absolute http or https address without user or password'
    return { code: 'invalid_field', field: 'url', message }
  }
  const host = new URL(text).hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) === 0 || isCallable(host, sandbox)) return undefined
  const message = 'url: an address on the public Internet'
  return { code: 'invalid_field', field: 'url', message }
}

const reading = (options: WebhookRoutesOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/webhook-endpoints',
    operationId: 'listWebhookEndpoints',
    tag,
    summary: 'List the endpoints of a site, oldest first',
    description: 'The operator names a `site`.',
    access: 'both',
    query: Type.Object({ site: Type.Optional(shape.line(31)) }, shape.closed),
    status: 200,
    answer: shape.listOf(endpoint),
    errors: [],
    example: { answer: { object: 'list', data: [endpointExample], next: null } },
    handle: async ({ caller, query }) => {
      const site = siteAsked(options, caller, query.site)
      if (!site.ok) return site
      const rows = await selectEndpoints(options.database, site.value.id)
      return ok({ object: 'list', data: rows.map(endpointBody), next: null })
    },
  }),
  route({
    method: 'GET',
    path: '/v1/webhook-endpoints/{id}',
    operationId: 'retrieveWebhookEndpoint',
    tag,
    summary: 'Retrieve an endpoint',
    access: 'both',
    status: 200,
    answer: endpoint,
    errors: ['not_found'],
    example: { answer: endpointExample },
    handle: async ({ caller, id }) => {
      const found = await findEndpoint(options, caller, id)
      return found.ok ? ok(endpointBody(found.value)) : found
    },
  }),
]

const changing = (options: WebhookRoutesOptions): readonly Route[] => [
  route({
    method: 'PATCH',
    path: '/v1/webhook-endpoints/{id}',
    operationId: 'updateWebhookEndpoint',
    tag,
    summary: 'Change an endpoint, or switch it off and on',
    access: 'both',
    body: Type.Object(
      {
        url: Type.Optional(shape.webAddress),
        events: Type.Optional(eventNames),
        status: Type.Optional(endpoint.properties.status),
        description: Type.Optional(shape.nullable(shape.line(200))),
      },
      shape.closed,
    ),
    status: 200,
    answer: endpoint,
    errors: ['not_found'],
    example: { body: { status: 'disabled' }, answer: { ...endpointExample, status: 'disabled' } },
    handle: async ({ caller, id, body }) => {
      const found = await findEndpoint(options, caller, id)
      if (!found.ok) return found
      const wrong = body.url === undefined ? undefined : wrongUrl(body.url, options.sandbox)
      if (wrong !== undefined) return fail(wrong)
      const changed = { ...found.value, ...body }
      await updateEndpoint(options.database, id, { ...changed, at: options.clock.now() })
      return ok(endpointBody(changed))
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/webhook-endpoints/{id}',
    operationId: 'deleteWebhookEndpoint',
    tag,
    summary: 'Delete an endpoint: nothing more is sent to it',
    access: 'both',
    status: 200,
    answer: Type.Object({
      id: shape.idOf('we'),
      object: Type.Literal('webhook_endpoint'),
      deleted: Type.Literal(true),
    }),
    errors: ['not_found'],
    example: {
      answer: { id: endpointExample.id, object: 'webhook_endpoint', deleted: true },
    },
    handle: async ({ caller, id }) => {
      const found = await findEndpoint(options, caller, id)
      if (!found.ok) return found
      await deleteEndpoint(options.database, id)
      return ok({ id, object: 'webhook_endpoint', deleted: true })
    },
  }),
]

const overlapMaxSeconds = limits.webhookSecretOverlapMaxMs / 1_000

const rotate = (options: WebhookRoutesOptions): Route =>
  route({
    method: 'POST',
    path: '/v1/webhook-endpoints/{id}/rotate-secret',
    operationId: 'rotateWebhookSecret',
    tag,
    summary: 'Give an endpoint a new secret',
    description: 'Until the overlap ends each message carries the signatures of both secrets.',
    access: 'both',
    body: Type.Object(
      {
        overlapSeconds: Type.Optional(
          Type.Integer({
            minimum: 0,
            maximum: overlapMaxSeconds,
            description: `a whole number from 0 to ${overlapMaxSeconds}; a day unless said`,
          }),
        ),
      },
      shape.closed,
    ),
    status: 200,
    answer: endpointWithSecret,
    errors: ['not_found'],
    example: { body: { overlapSeconds: 86_400 }, answer: secretExample },
    handle: async ({ caller, id, body, seed }) => {
      const found = await findEndpoint(options, caller, id)
      if (!found.ok) return found
      const secret = newSecret(options.random)
      const at = options.clock.now()
      const overlapMs =
        body.overlapSeconds === undefined
          ? limits.webhookSecretOverlapDefaultMs
          : body.overlapSeconds * 1_000
      await rotateSecret(options.database, id, {
        sealed: options.sealer.seal(secretName(id), secret),
        previousUntil: new Date(at.getTime() + overlapMs),
        seed,
        at,
      })
      return ok({ ...endpointBody(found.value), secret })
    },
  })

const deliveries = (options: WebhookRoutesOptions): Route =>
  route({
    method: 'GET',
    path: '/v1/webhook-endpoints/{id}/deliveries',
    operationId: 'listWebhookDeliveries',
    tag,
    summary: 'List what was sent to an endpoint and what it answered, newest first',
    access: 'both',
    query: Type.Object(shape.pageQuery, shape.closed),
    status: 200,
    answer: shape.listOf(delivery),
    errors: ['not_found', 'invalid_cursor'],
    example: {
      answer: {
        object: 'list',
        data: [deliveryExample],
        next: null,
      },
    },
    handle: async ({ caller, id, query }) => {
      const found = await findEndpoint(options, caller, id)
      if (!found.ok) return found
      const page = readPage(query)
      if (!page.ok) return page
      const site = options.directory.site(found.value.site_id)
      if (site === undefined) return fail({ code: 'not_found' })
      const { merchant } = site
      const { fanOut } = options.directory.merchant(merchant)
      const { after, limit } = page.value
      const asked = { endpointId: id, after, limit: limit + 1 }
      const cursor = (row: WebhookDelivery): Cursor => ({
        at: row.sent_at,
        key: `${row.event_key}/${row.try_number}`,
      })
      const buckets = bucketsOf({ merchant, fanOut })
      const rows = await fromBuckets(buckets, asked.limit, cursor, (bucket) =>
        selectDeliveryPage(options.database, { ...asked, bucket }),
      )
      return ok(pageOf(rows, page.value, { shown: shownDelivery, cursor }))
    },
  })

async function findEndpoint(
  { database }: WebhookRoutesOptions,
  caller: Caller,
  id: string,
): Promise<Result<Endpoint, Refusal>> {
  const found = /^we_[0-9a-f]{32}$/.test(id) ? await selectEndpoint(database, id) : undefined
  if (found === undefined || !maySee(caller, found.site_id)) return fail({ code: 'not_found' })
  return ok(found)
}
