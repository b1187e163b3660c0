import { Type, type Static } from '@sinclair/typebox'
import {
  cardIdOf,
  customerIdOf,
  notChargeable,
  type CardOnFile,
} from '../../checkout/card-on-file.ts'
import * as shape from '../shapes.ts'
import type { CustomerRow } from './sql.ts'

export const customer = Type.Object(
  {
    id: shape.idOf('cus'),
    object: Type.Literal('customer'),
    reference: shape.nullable(Type.String()),
    name: shape.nullable(Type.String()),
    email: shape.nullable(Type.String()),
    createdAt: shape.instant,
    site: Type.String(),
  },
  { title: 'Customer' },
)

export const deletedCustomer = Type.Object({
  id: shape.idOf('cus'),
  object: Type.Literal('customer'),
  deleted: Type.Literal(true),
})

export const cardStatuses = ['active', 'expired', 'removed'] as const

export const card = Type.Object(
  {
    id: shape.idOf('card'),
    object: Type.Literal('card'),
    customerId: shape.idOf('cus'),
    status: shape.oneOf(cardStatuses, 'only an active card may be charged'),
    brand: Type.String(),
    masked: Type.String(),
    origin: shape.oneOf(['moroccan', 'foreign'], 'where the card is from'),
    expMonth: Type.Integer(),
    expYear: Type.Integer(),
    firstPayment: Type.String({
      description: 'the payment with which the customer agreed that the card is kept',
    }),
    createdAt: shape.instant,
  },
  { title: 'Card' },
)

export const customerBody = (row: CustomerRow): Static<typeof customer> => ({
  id: customerIdOf({
    shardKey: row.shard_key,
    businessDate: row.business_date,
    requestKey: row.customer_key,
  }),
  object: 'customer',
  reference: row.reference,
  name: row.name,
  email: row.email,
  createdAt: row.created_at.toISOString(),
  site: row.site_id,
})

/** `today`: the business date against which a card expires. */
export const cardBody = (kept: CardOnFile, today: string): Static<typeof card> => ({
  id: cardIdOf(kept.place),
  object: 'card',
  customerId: customerIdOf(kept.customer),
  status: notChargeable(kept, today) ?? 'active',
  brand: kept.brand,
  masked: kept.masked,
  origin: kept.origin,
  expMonth: Number(kept.expiry.slice(2, 4)),
  expYear: 2000 + Number(kept.expiry.slice(0, 2)),
  firstPayment: kept.firstPayment,
  createdAt: kept.createdAt.toISOString(),
})

export const customerExample = {
  id: 'cus_4z00w3s7m8q0c6v1d5k9r2t8x4b7n3hj',
  object: 'customer',
  reference: 'ABONNE-7',
  name: 'Éloïse Amrani',
  email: 'eloise@example.com',
  createdAt: '2013-09-15T14:30:25.000Z',
  site: '600000001',
} as const

export const cardExample = {
  id: 'card_4z00w3s7m8q0c6v1d5k9r2t8x4b7n3hj',
  object: 'card',
  customerId: customerExample.id,
  status: 'active',
  brand: 'visa',
  masked: '400000***0010',
  origin: 'moroccan',
  expMonth: 12,
  expYear: 2039,
  firstPayment: 'pay_4z00w3s7m8q0c6v1d5k9r2t8x4b7n3hj',
  createdAt: '2013-09-15T14:30:25.000Z',
} as const
