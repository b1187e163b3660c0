import { Type } from '@sinclair/typebox'
import { bucketsOf, shardKeyFor } from '../../../../kernel/bucket.ts'
import type { BusinessDate } from '../../../../kernel/business-date.ts'
import type { RequestKey } from '../../../../kernel/ids.ts'
import { fail, ok, type Result } from '../../../../kernel/result.ts'
import {
  parseCardId,
  parseCustomerId,
  type CardOnFile,
  type CardsOnFile,
} from '../../checkout/card-on-file.ts'
import type { Refusal } from '../errors.ts'
import { fromBuckets, pageOf, readPage, type Cursor } from '../page-of.ts'
import { maySee, type PaymentSource } from '../payments/lookup.ts'
import { siteAsked } from '../payments/routes.ts'
import { route, type Call, type Route } from '../route.ts'
import * as shape from '../shapes.ts'
import {
  card,
  cardBody,
  cardExample,
  customer,
  customerBody,
  customerExample,
  deletedCustomer,
} from './shape.ts'
import {
  deleteCustomer,
  insertCustomer,
  removeCard,
  selectCardPage,
  selectCustomer,
  selectCustomerPage,
  type CustomerRow,
} from './sql.ts'

export type CustomerRoutesOptions = Pick<PaymentSource, 'database' | 'directory' | 'clock'> & {
  readonly cards: Pick<CardsOnFile, 'find'>
  readonly businessDay: { current(): BusinessDate }
}

const tag = 'Customers'

export const customerRoutes = (options: CustomerRoutesOptions): readonly Route[] => [
  create(options),
  list(options),
  ...single(options),
  ...cards(options),
]

const newCustomer = Type.Object(
  {
    reference: Type.Optional(shape.line(64)),
    name: Type.Optional(shape.line(100)),
    email: Type.Optional(shape.email),
  },
  shape.closed,
)

const create = (options: CustomerRoutesOptions): Route =>
  route({
    method: 'POST',
    path: '/v1/customers',
    operationId: 'createCustomer',
    tag,
    summary: 'Create a customer, for whom cards may be kept',
    description:
      'Their payments name them in `customerId`; one with `saveCard` keeps its card. `reference` is ' +
      'your own name for them; two customers may have the same.',
    access: 'site',
    body: newCustomer,
    status: 201,
    answer: customer,
    errors: [],
    example: {
      body: { reference: 'ABONNE-7', name: 'Éloïse Amrani', email: 'eloise@example.com' },
      answer: customerExample,
    },
    handle: async ({ caller, body, seed }) => {
      if (caller.kind !== 'site') return fail({ code: 'forbidden' })
      const { id, merchant } = caller.site
      const { fanOut } = options.directory.merchant(merchant)
      const row: CustomerRow = {
        shard_key: shardKeyFor({ merchant, fanOut, routingKey: seed }),
        customer_key: seed as RequestKey,
        business_date: options.businessDay.current(),
        site_id: id,
        reference: body.reference ?? null,
        name: body.name ?? null,
        email: body.email ?? null,
        created_at: options.clock.now(),
      }
      await insertCustomer(options.database, row)
      return ok(customerBody(row))
    },
  })

const listQuery = Type.Object(
  {
    ...shape.pageQuery,
    reference: Type.Optional(shape.line(64)),
    site: Type.Optional(shape.line(31)),
  },
  shape.closed,
)

const list = (options: CustomerRoutesOptions): Route =>
  route({
    method: 'GET',
    path: '/v1/customers',
    operationId: 'listCustomers',
    tag,
    summary: 'List customers, newest first',
    description: 'The operator names a `site`.',
    access: 'both',
    query: listQuery,
    status: 200,
    answer: shape.listOf(customer),
    errors: ['invalid_cursor'],
    example: {
      query: { limit: '20' },
      answer: { object: 'list', data: [customerExample], next: null },
    },
    handle: async ({ caller, query }) => {
      const site = siteAsked(options, caller, query.site)
      if (!site.ok) return site
      const page = readPage(query)
      if (!page.ok) return page
      const { merchant, id } = site.value
      const asked = {
        site: id,
        reference: query.reference ?? null,
        after: page.value.after,
        limit: page.value.limit + 1,
      }
      const buckets = bucketsOf({ merchant, fanOut: options.directory.merchant(merchant).fanOut })
      const cursor = (row: CustomerRow): Cursor => ({ at: row.created_at, key: row.customer_key })
      const rows = await fromBuckets(buckets, asked.limit, cursor, (bucket) =>
        selectCustomerPage(options.database, { ...asked, bucket }),
      )
      return ok(pageOf(rows, page.value, { shown: customerBody, cursor }))
    },
  })

const single = (options: CustomerRoutesOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/customers/{id}',
    operationId: 'retrieveCustomer',
    tag,
    summary: 'Retrieve a customer',
    access: 'both',
    status: 200,
    answer: customer,
    errors: ['not_found'],
    example: { answer: customerExample },
    handle: async (call) => {
      const found = await findCustomer(options, call)
      return found.ok ? ok(customerBody(found.value)) : found
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/customers/{id}',
    operationId: 'deleteCustomer',
    tag,
    summary: 'Delete a customer and remove their cards',
    description: 'Nothing of them is kept; their payments stay what they are.',
    access: 'site',
    status: 200,
    answer: deletedCustomer,
    errors: ['not_found'],
    example: { answer: { id: customerExample.id, object: 'customer', deleted: true } },
    handle: async (call) => {
      const found = await findCustomer(options, call)
      if (!found.ok) return found
      await deleteCustomer(options.database, found.value, options.clock.now())
      return ok({ id: call.id, object: 'customer', deleted: true })
    },
  }),
]

const cards = (options: CustomerRoutesOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/customers/{id}/cards',
    operationId: 'listCards',
    tag,
    summary: 'List the cards that are kept for a customer, newest first',
    access: 'both',
    query: Type.Object(shape.pageQuery, shape.closed),
    status: 200,
    answer: shape.listOf(card),
    errors: ['not_found', 'invalid_cursor'],
    example: { answer: { object: 'list', data: [cardExample], next: null } },
    handle: async (call) => {
      const found = await findCustomer(options, call)
      if (!found.ok) return found
      const page = readPage(call.query)
      if (!page.ok) return page
      const { after, limit } = page.value
      const asked = { customer: found.value, after, limit: limit + 1 }
      const rows = await selectCardPage(options.database, asked)
      return ok(
        pageOf(rows, page.value, {
          shown: (kept) => cardBody(kept, todayOf(options)),
          cursor: ({ createdAt, place }) => ({ at: createdAt, key: place.requestKey }),
        }),
      )
    },
  }),
  route({
    method: 'GET',
    path: '/v1/cards/{id}',
    operationId: 'retrieveCard',
    tag,
    summary: 'Retrieve a card that is, or was, kept for a customer',
    access: 'both',
    status: 200,
    answer: card,
    errors: ['not_found'],
    example: { answer: cardExample },
    handle: async (call) => {
      const found = await findCard(options, call)
      return found.ok ? ok(cardBody(found.value, todayOf(options))) : found
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/cards/{id}',
    operationId: 'removeCard',
    tag,
    summary: 'Remove a card: it is never charged again',
    description: 'A payment that was made with it can still be captured, voided and refunded.',
    access: 'site',
    status: 200,
    answer: card,
    errors: ['not_found'],
    example: { answer: { ...cardExample, status: 'removed' } },
    handle: async (call) => {
      const found = await findCard(options, call)
      if (!found.ok) return found
      await removeCard(options.database, found.value.place, options.clock.now())
      return ok(cardBody({ ...found.value, token: null }, todayOf(options)))
    },
  }),
]

/** By which a card expires. */
const todayOf = ({ directory, clock }: CustomerRoutesOptions): BusinessDate =>
  directory.calendar.dateOf(clock.now())

async function findCustomer(
  { database }: CustomerRoutesOptions,
  { caller, id }: Call<unknown, unknown>,
): Promise<Result<CustomerRow, Refusal>> {
  const place = parseCustomerId(id)
  const row = place === undefined ? undefined : await selectCustomer(database, place)
  if (row === undefined || !maySee(caller, row.site_id)) return fail({ code: 'not_found' })
  return ok(row)
}

async function findCard(
  options: CustomerRoutesOptions,
  { caller, id }: Call<unknown, unknown>,
): Promise<Result<CardOnFile, Refusal>> {
  const place = parseCardId(id)
  const kept = place === undefined ? undefined : await options.cards.find(place)
  if (kept === undefined || !maySee(caller, kept.site)) return fail({ code: 'not_found' })
  return ok(kept)
}
