import { Type, type Static } from '@sinclair/typebox'
import { eventId, eventTypes } from '../events/event.ts'
import * as shape from '../shapes.ts'
import type { WebhookDelivery } from './deliveries.ts'
import type { Endpoint } from './endpoint.ts'

export const eventNames = Type.Array(
  shape.oneOf([...eventTypes, '*'] as const, 'a type of events, or * alone for all'),
  { minItems: 1, maxItems: eventTypes.length, uniqueItems: true, description: 'types of events' },
)

export const endpoint = Type.Object(
  {
    id: shape.idOf('we'),
    object: Type.Literal('webhook_endpoint'),
    url: shape.webAddress,
    events: eventNames,
    status: shape.oneOf(['enabled', 'disabled'] as const, 'whether events are sent'),
    description: shape.nullable(Type.String()),
    createdAt: shape.instant,
  },
  { title: 'WebhookEndpoint' },
)

export const endpointWithSecret = Type.Object(
  {
    ...endpoint.properties,
    secret: Type.String({ description: 'what signs the events; shown this once only' }),
  },
  { title: 'WebhookEndpointWithSecret' },
)

export const endpointBody = (row: Endpoint): Static<typeof endpoint> => ({
  id: row.endpoint_id,
  object: 'webhook_endpoint',
  url: row.url,
  events: row.events as Static<typeof eventNames>,
  status: row.status,
  description: row.description,
  createdAt: row.created_at.toISOString(),
})

export const delivery = Type.Object(
  {
    object: Type.Literal('webhook_delivery'),
    event: shape.idOf('evt'),
    tryNumber: Type.Integer(),
    sentAt: shape.instant,
    durationMs: Type.Integer(),
    httpStatus: shape.nullable(Type.Integer()),
    result: shape.oneOf(
      [
        ...['delivered', 'http_status', 'redirect', 'too_large', 'timeout', 'connection'],
        'address_refused',
      ] as const,
      'what came of it; anything but delivered is tried again',
    ),
    excerpt: Type.String(),
  },
  { title: 'WebhookDelivery' },
)

export const shownDelivery = (row: WebhookDelivery): Static<typeof delivery> => ({
  object: 'webhook_delivery',
  event: eventId({
    shardKey: row.shard_key,
    businessDate: row.payment_date,
    requestKey: row.event_key,
  }),
  tryNumber: row.try_number,
  sentAt: row.sent_at.toISOString(),
  durationMs: row.duration_ms,
  httpStatus: row.http_status,
  result: row.result,
  excerpt: row.excerpt,
})

export const deliveryExample = {
  object: 'webhook_delivery',
  event: 'evt_4z00w3s7m8q0c6v1d5k9r2t8x4b7n3hj',
  tryNumber: 1,
  sentAt: '2013-09-15T14:31:02.100Z',
  durationMs: 84,
  httpStatus: 200,
  result: 'delivered',
  excerpt: 'ok',
} as const

export const endpointExample = {
  id: 'we_5f2c6a0e9b7d4c1a8e3f6b0d2a9c7e41',
  object: 'webhook_endpoint',
  url: 'https://shop.example/webhooks',
  events: ['payment.captured', 'payment.refunded'],
  status: 'enabled',
  description: null,
  createdAt: '2013-09-15T09:00:00.000Z',
} as const

export const secretExample = {
  ...endpointExample,
  secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
} as const
