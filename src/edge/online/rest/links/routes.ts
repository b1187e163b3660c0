import { Type } from '@sinclair/typebox'
import encodeQR from 'qr'
import { bucketsOf, shardKeyFor } from '../../../../kernel/bucket.ts'
import type { RequestKey } from '../../../../kernel/ids.ts'
import { fail, ok, type Result } from '../../../../kernel/result.ts'
import type { Refusal } from '../errors.ts'
import { fromBuckets, pageOf, readPage, type Cursor } from '../page-of.ts'
import { readAmount, type PageOpener } from '../payments/create.ts'
import { maySee, type PaymentSource } from '../payments/lookup.ts'
import { isAddress, siteAsked } from '../payments/routes.ts'
import { route, type Call, type Route } from '../route.ts'
import * as shape from '../shapes.ts'
import { link, linkBody, linkBuckets, linkExample, linkUrl, parseLinkId } from './link.ts'
import {
  countPaid,
  deactivateLink,
  insertLink,
  selectLink,
  selectLinkPage,
  type LinkRow,
} from './sql.ts'

export type LinkRoutesOptions = PaymentSource & Pick<PageOpener, 'businessDay'>

const tag = 'Payment links'

const maxPaymentsMax = 100_000

export const linkRoutes = (options: LinkRoutesOptions): readonly Route[] => [
  create(options),
  list(options),
  ...single(options),
]

const newLink = Type.Object(
  {
    amountMinor: shape.minorAmount,
    currency: shape.currencyCode,
    order: Type.Optional(shape.line(50)),
    capture: Type.Optional(
      shape.oneOf(['automatic', 'manual'] as const, '"automatic" or "manual"'),
    ),
    description: Type.Optional(shape.line(200)),
    returnUrl: Type.Optional(shape.webAddress),
    language: Type.Optional(shape.oneOf(['fr', 'ar', 'en'] as const, '"fr", "ar" or "en"')),
    expiresAt: Type.Optional(shape.instant),
    maxPayments: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: maxPaymentsMax,
        description: `a whole number from 1 to ${maxPaymentsMax}`,
      }),
    ),
  },
  shape.closed,
)

const create = (options: LinkRoutesOptions): Route =>
  route({
    method: 'POST',
    path: '/v1/payment-links',
    operationId: 'createPaymentLink',
    tag,
    summary: 'Create an address that opens a payment page at each visit',
    description:
      'Paid once unless `maxPayments` says more; then each visit is an order of its own, whose ' +
      'reference begins with `order`.',
    access: 'site',
    body: newLink,
    status: 201,
    answer: link,
    errors: ['amount_too_small', 'amount_too_large', 'currency_not_allowed'],
    example: {
      body: {
        amountMinor: '24990',
        currency: 'MAD',
        order: 'FACTURE-7',
        description: 'Facture 7',
        expiresAt: '2013-10-15T00:00:00Z',
      },
      answer: linkExample,
    },
    handle: async ({ caller, body, seed, baseUrl }) => {
      if (caller.kind !== 'site') return fail({ code: 'forbidden' })
      const { site } = caller
      const amount = readAmount(body, site)
      if (!amount.ok) return amount
      const now = options.clock.now()
      const wrong = wrongFields(body, now)
      if (wrong !== undefined) return fail(wrong)
      const { merchant } = site
      const { fanOut } = options.directory.merchant(merchant)
      const row: LinkRow = {
        shard_key: shardKeyFor({ merchant, fanOut, routingKey: seed }),
        link_key: seed as RequestKey,
        business_date: options.businessDay.current(),
        site_id: site.id,
        kind: body.capture === 'manual' ? 'preauthorization' : 'purchase',
        amount_minor: amount.value.minor,
        currency: amount.value.currency,
        reference: body.order ?? `L${seed.slice(0, 20)}`,
        description: body.description ?? null,
        return_url: body.returnUrl ?? null,
        language: body.language ?? 'fr',
        max_payments: body.maxPayments ?? 1,
        expires_at: body.expiresAt === undefined ? null : new Date(body.expiresAt),
        deactivated_at: null,
        created_at: now,
      }
      await insertLink(options.database, row)
      return ok(linkBody(row, { baseUrl, paid: 0, now }))
    },
  })

function wrongFields(
  body: { readonly returnUrl?: string; readonly expiresAt?: string },
  now: Date,
): Refusal | undefined {
  if (body.returnUrl !== undefined && !isAddress(body.returnUrl)) {
    const message = 'returnUrl: an absolute http or https address without user or password'
    return { code: 'invalid_field', field: 'returnUrl', message }
  }
  if (body.expiresAt === undefined || new Date(body.expiresAt) > now) return undefined
  return { code: 'invalid_field', field: 'expiresAt', message: 'expiresAt: an instant to come' }
}

const list = (options: LinkRoutesOptions): Route =>
  route({
    method: 'GET',
    path: '/v1/payment-links',
    operationId: 'listPaymentLinks',
    tag,
    summary: 'List payment links, newest first',
    description: 'The operator names a `site`.',
    access: 'both',
    query: Type.Object({ ...shape.pageQuery, site: Type.Optional(shape.line(31)) }, shape.closed),
    status: 200,
    answer: shape.listOf(link),
    errors: ['invalid_cursor'],
    example: { answer: { object: 'list', data: [linkExample], next: null } },
    handle: async ({ caller, query, baseUrl }) => {
      const site = siteAsked(options, caller, query.site)
      if (!site.ok) return site
      const page = readPage(query)
      if (!page.ok) return page
      const { merchant, id } = site.value
      const { database, clock } = options
      const buckets = bucketsOf({ merchant, fanOut: options.directory.merchant(merchant).fanOut })
      const { after, limit } = page.value
      const asked = { site: id, after, limit: limit + 1 }
      const cursor = (row: LinkRow): Cursor => ({ at: row.created_at, key: row.link_key })
      const rows = await fromBuckets(buckets, asked.limit, cursor, (bucket) =>
        selectLinkPage(database, { ...asked, bucket }),
      )
      const keys = rows.map(({ link_key }) => link_key)
      const paid = await countPaid(database, buckets, keys)
      const now = clock.now()
      return ok(
        pageOf(rows, page.value, {
          shown: (row) => linkBody(row, { baseUrl, paid: paid.get(row.link_key) ?? 0, now }),
          cursor,
        }),
      )
    },
  })

const single = (options: LinkRoutesOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/payment-links/{id}',
    operationId: 'retrievePaymentLink',
    tag,
    summary: 'Retrieve a payment link',
    access: 'both',
    status: 200,
    answer: link,
    errors: ['not_found'],
    example: { answer: linkExample },
    handle: async (call) => {
      const found = await findLink(options, call)
      return found.ok ? ok(await shownLink(options, call, found.value)) : found
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/payment-links/{id}',
    operationId: 'deactivatePaymentLink',
    tag,
    summary: 'Deactivate a payment link: no visit opens a page any more',
    description: 'Pages that are open already can be paid until they end.',
    access: 'both',
    status: 200,
    answer: link,
    errors: ['not_found'],
    example: { answer: { ...linkExample, status: 'inactive' } },
    handle: async (call) => {
      const found = await findLink(options, call)
      if (!found.ok) return found
      const at = options.clock.now()
      await deactivateLink(options.database, found.value, at)
      return ok(await shownLink(options, call, { ...found.value, deactivated_at: at }))
    },
  }),
  route({
    method: 'GET',
    path: '/v1/payment-links/{id}/qr.svg',
    operationId: 'paymentLinkQrCode',
    tag,
    summary: 'The address of a payment link as a QR code',
    access: 'both',
    status: 200,
    answer: Type.String(),
    type: 'image/svg+xml',
    errors: ['not_found'],
    example: { answer: '<svg xmlns="http://www.w3.org/2000/svg">…</svg>' },
    handle: async (call) => {
      const found = await findLink(options, call)
      if (!found.ok) return found
      const url = linkUrl(found.value, call.baseUrl)
      return ok(encodeQR(url, 'svg', { ecc: 'medium', border: 4 }))
    },
  }),
]

async function shownLink(
  { database, directory, clock }: LinkRoutesOptions,
  { baseUrl }: Call<unknown, unknown>,
  row: LinkRow,
) {
  const paid = await countPaid(database, linkBuckets(directory, row), [row.link_key])
  return linkBody(row, { baseUrl, paid: paid.get(row.link_key) ?? 0, now: clock.now() })
}

async function findLink(
  { database }: LinkRoutesOptions,
  { caller, id }: Call<unknown, unknown>,
): Promise<Result<LinkRow, Refusal>> {
  const key = parseLinkId(id)
  const row =
    key === undefined ? undefined : await selectLink(database, key.shardKey, key.requestKey)
  if (row === undefined || !maySee(caller, row.site_id)) return fail({ code: 'not_found' })
  return ok(row)
}
