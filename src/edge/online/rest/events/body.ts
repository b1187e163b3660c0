import { Type, type Static } from '@sinclair/typebox'
import * as shape from '../shapes.ts'
import { currentVersion } from '../version.ts'
import { eventId, eventTypes } from './event.ts'
import type { EventRow } from './sql.ts'

/** An event as it is sent, listed and signed [STANDARD-WEBHOOKS]: type, timestamp, data. */
export const event = Type.Object(
  {
    id: shape.idOf('evt'),
    object: Type.Literal('event'),
    type: shape.oneOf(eventTypes, 'what happened'),
    timestamp: shape.instant,
    apiVersion: Type.String(),
    data: shape.payment,
  },
  { title: 'Event' },
)

export const eventBody = (row: EventRow): Static<typeof event> => ({
  id: eventId({
    shardKey: row.shard_key,
    businessDate: row.payment_date,
    requestKey: row.event_key,
  }),
  object: 'event',
  type: row.type,
  timestamp: row.occurred_at.toISOString(),
  apiVersion: currentVersion,
  data: row.data,
})
