import { Type } from '@sinclair/typebox'
import { bucketsOf } from '../../../../kernel/bucket.ts'
import { fail, ok, type Result } from '../../../../kernel/result.ts'
import type { Tasks } from '../../../../switch/index.ts'
import type { Caller } from '../access.ts'
import type { Refusal } from '../errors.ts'
import { fromBuckets, pageOf, readPage, type Cursor } from '../page-of.ts'
import { paidExample } from '../payments/examples.ts'
import { maySee, type PaymentSource } from '../payments/lookup.ts'
import { siteAsked } from '../payments/routes.ts'
import { route, type Route } from '../route.ts'
import * as shape from '../shapes.ts'
import { selectEndpoints, wants } from '../webhooks/endpoint.ts'
import type { Webhooks } from '../webhooks/send.ts'
import { event, eventBody } from './body.ts'
import { eventTypes, parseEventId } from './event.ts'
import { selectEvent, selectEventPage, type EventRow } from './sql.ts'

export type EventRoutesOptions = PaymentSource & {
  readonly tasks: Tasks
  readonly webhooks: Webhooks
}

const tag = 'Events'

export const eventExample = {
  id: 'evt_4z00w3s7m8q0c6v1d5k9r2t8x4b7n3hj',
  object: 'event',
  type: 'payment.captured',
  timestamp: '2013-09-15T14:31:02.000Z',
  apiVersion: '2013-09-30',
  data: paidExample,
} as const

export const eventRoutes = (options: EventRoutesOptions): readonly Route[] => [
  listEvents(options),
  route({
    method: 'GET',
    path: '/v1/events/{id}',
    operationId: 'retrieveEvent',
    tag,
    summary: 'Retrieve an event',
    access: 'both',
    status: 200,
    answer: event,
    errors: ['not_found'],
    example: { answer: eventExample },
    handle: async ({ caller, id }) => {
      const found = await findEvent(options, caller, id)
      return found.ok ? ok(eventBody(found.value)) : found
    },
  }),
  replayEvent(options),
]

const listEvents = (options: EventRoutesOptions): Route =>
  route({
    method: 'GET',
    path: '/v1/events',
    operationId: 'listEvents',
    tag,
    summary: 'List events, newest first',
    description: 'Events are kept for 90 days. The operator names a `site`.',
    access: 'both',
    query: Type.Object(
      {
        ...shape.pageQuery,
        type: Type.Optional(shape.oneOf(eventTypes, 'a type of events')),
        site: Type.Optional(shape.line(31)),
      },
      shape.closed,
    ),
    status: 200,
    answer: shape.listOf(event),
    errors: ['invalid_cursor'],
    example: { answer: { object: 'list', data: [eventExample], next: null } },
    handle: async ({ caller, query }) => {
      const site = siteAsked(options, caller, query.site)
      if (!site.ok) return site
      const page = readPage(query)
      if (!page.ok) return page
      const { merchant, id } = site.value
      const { fanOut } = options.directory.merchant(merchant)
      const asked = {
        site: id,
        type: query.type ?? null,
        after: page.value.after,
        limit: page.value.limit + 1,
      }
      const cursor = (row: EventRow): Cursor => ({ at: row.created_at, key: row.event_key })
      const buckets = bucketsOf({ merchant, fanOut })
      const rows = await fromBuckets(buckets, asked.limit, cursor, (bucket) =>
        selectEventPage(options.database, { ...asked, bucket }),
      )
      return ok(pageOf(rows, page.value, { shown: eventBody, cursor }))
    },
  })

const replayEvent = (options: EventRoutesOptions): Route =>
  route({
    method: 'POST',
    path: '/v1/events/{id}/replay',
    operationId: 'replayEvent',
    tag,
    summary: 'Send an event again',
    description: 'To the endpoint named, or to every enabled endpoint that wants its type.',
    access: 'both',
    body: Type.Object({ endpoint: Type.Optional(shape.idOf('we')) }, shape.closed),
    status: 200,
    answer: Type.Object({
      object: Type.Literal('replay'),
      event: shape.idOf('evt'),
      endpoints: Type.Array(shape.idOf('we')),
    }),
    errors: ['not_found'],
    example: {
      body: {},
      answer: {
        object: 'replay',
        event: eventExample.id,
        endpoints: ['we_5f2c6a0e9b7d4c1a8e3f6b0d2a9c7e41'],
      },
    },
    handle: async ({ caller, id, body, seed }) => {
      const found = await findEvent(options, caller, id)
      if (!found.ok) return found
      const row = found.value
      const all = await selectEndpoints(options.database, row.site_id)
      const chosen = all.filter((endpoint) =>
        body.endpoint === undefined
          ? wants(endpoint, row.type)
          : endpoint.endpoint_id === body.endpoint && endpoint.status === 'enabled',
      )
      if (body.endpoint !== undefined && chosen.length === 0) {
        return fail({ code: 'not_found', field: 'endpoint' })
      }
      const tasks = await Promise.all(
        chosen.map((endpoint) => options.webhooks.replay(row, endpoint, seed)),
      )
      const { shard_key: shardKey, payment_date: businessDate, request_key: requestKey } = row
      if (tasks.length > 0) await options.tasks.add({ shardKey, businessDate, requestKey }, tasks)
      const endpoints = chosen.map(({ endpoint_id }) => endpoint_id)
      return ok({ object: 'replay', event: eventBody(row).id, endpoints })
    },
  })

async function findEvent(
  { database }: EventRoutesOptions,
  caller: Caller,
  id: string,
): Promise<Result<EventRow, Refusal>> {
  const key = parseEventId(id)
  const row =
    key === undefined ? undefined : await selectEvent(database, key.shardKey, key.requestKey)
  if (row === undefined || !maySee(caller, row.site_id)) return fail({ code: 'not_found' })
  return ok(row)
}
