import { Type, type Static } from '@sinclair/typebox'
import { bucketsOf, type ShardKey } from '../../../../kernel/bucket.ts'
import { parsePaymentId, paymentIdOf, type PaymentKey } from '../../../../kernel/ids.ts'
import type { Directory } from '../../../../directory/index.ts'
import * as shape from '../shapes.ts'
import type { LinkRow } from './sql.ts'

export const linkStatuses = ['active', 'completed', 'expired', 'inactive'] as const

export const link = Type.Object(
  {
    id: shape.idOf('link'),
    object: Type.Literal('payment_link'),
    status: shape.oneOf(linkStatuses, 'whether a visit opens a page'),
    url: Type.String({ description: 'what the merchant sends to customers' }),
    amountMinor: shape.minorAmount,
    currency: shape.currencyCode,
    capture: shape.oneOf(['automatic', 'manual'] as const, 'as of payments'),
    order: Type.String({ description: 'the order, or what its orders begin with' }),
    description: shape.nullable(Type.String()),
    maxPayments: Type.Integer(),
    paidCount: Type.Integer(),
    expiresAt: shape.nullable(shape.instant),
    createdAt: shape.instant,
    site: Type.String(),
  },
  { title: 'PaymentLink' },
)

/** `link_` and, like a payment's id, its bucket, its date and its key. */
const keyOf = (row: LinkRow): PaymentKey => ({
  shardKey: row.shard_key,
  businessDate: row.business_date,
  requestKey: row.link_key,
})

const wordOf = (row: LinkRow): string => paymentIdOf(keyOf(row)).slice('pay_'.length)

/** The last part of a link's address: 128 of its bits are random. */
export const parseLinkWord = (word: string): PaymentKey | undefined => parsePaymentId(`pay_${word}`)

export const parseLinkId = (id: string): PaymentKey | undefined =>
  id.startsWith('link_') ? parseLinkWord(id.slice('link_'.length)) : undefined

export const linkUrl = (row: LinkRow, baseUrl: string): string => `${baseUrl}/pay/l/${wordOf(row)}`

export function statusOf(row: LinkRow, paid: number, now: Date): Static<typeof link>['status'] {
  if (row.deactivated_at !== null) return 'inactive'
  if (paid >= row.max_payments) return 'completed'
  return row.expires_at !== null && row.expires_at <= now ? 'expired' : 'active'
}

export const linkBody = (
  row: LinkRow,
  at: { readonly baseUrl: string; readonly paid: number; readonly now: Date },
): Static<typeof link> => ({
  id: `link_${wordOf(row)}`,
  object: 'payment_link',
  status: statusOf(row, at.paid, at.now),
  url: linkUrl(row, at.baseUrl),
  amountMinor: row.amount_minor.toString(),
  currency: row.currency,
  capture: row.kind === 'preauthorization' ? 'manual' : 'automatic',
  order: row.reference,
  description: row.description,
  maxPayments: row.max_payments,
  paidCount: at.paid,
  expiresAt: row.expires_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
  site: row.site_id,
})

/** Its orders are spread over the buckets of its merchant. */
export function linkBuckets(
  directory: Pick<Directory, 'site' | 'merchant'>,
  { site_id, shard_key }: LinkRow,
): readonly ShardKey[] {
  const site = directory.site(site_id)
  if (site === undefined) return [shard_key]
  const { merchant } = site
  return bucketsOf({ merchant, fanOut: directory.merchant(merchant).fanOut })
}

export const linkExample = {
  id: 'link_4z00w3s7m8q0c6v1d5k9r2t8x4b7n3hj',
  object: 'payment_link',
  status: 'active',
  url: 'http://127.0.0.1:8080/pay/l/4z00w3s7m8q0c6v1d5k9r2t8x4b7n3hj',
  amountMinor: '24990',
  currency: 'MAD',
  capture: 'automatic',
  order: 'FACTURE-7',
  description: 'Facture 7',
  maxPayments: 1,
  paidCount: 0,
  expiresAt: '2013-10-15T00:00:00Z',
  createdAt: '2013-09-15T14:30:25.000Z',
  site: '600000001',
} as const
