import { Type, type Static } from '@sinclair/typebox'
import { gateways, sectors, type Directory, type Site } from '../../../../directory/index.ts'
import { limits } from '../../../../kernel/limits.ts'
import * as shape from '../shapes.ts'

/** The rules themselves are the directory's, the command line's as well; these are its bounds. */
export const siteBody = Type.Object(
  {
    name: shape.line(80),
    sector: shape.oneOf(sectors, `one of ${sectors.join(', ')}`),
    gateway: Type.Optional(shape.oneOf(gateways, `${gateways.join(' or ')}; cmi unless said`)),
    city: Type.Optional(shape.line(13)),
    url: Type.Optional(shape.webAddress),
    mcc: Type.Optional(Type.String({ pattern: '^[0-9]{4}$', description: '4 digits [ISO 18245]' })),
    currency: Type.Optional(shape.currencyCode),
    acquirer: Type.Optional(shape.line(40)),
    holdHours: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: limits.holdHoursMax,
        description: `a number of hours, 1 to ${limits.holdHoursMax}; 168 unless said`,
      }),
    ),
  },
  shape.closed,
)

export const site = Type.Object(
  {
    id: Type.String({ description: 'the clientid or storeId of its forms' }),
    object: Type.Literal('site'),
    name: Type.String(),
    gateway: shape.oneOf(gateways, 'the gateway of its affiliation'),
    sector: shape.oneOf(sectors, 'its sector'),
    mcc: Type.String(),
    city: Type.String(),
    url: Type.String(),
    currency: shape.currencyCode,
    acquirer: Type.String(),
    holdHours: Type.Integer(),
    gatewayUrl: Type.String({ description: 'where its forms are posted' }),
    createdAt: shape.nullable(shape.instant),
  },
  { title: 'Site' },
)

const shownOnce = { description: 'shown this once only' }

export const siteWithKeys = Type.Object(
  {
    ...site.properties,
    storeKey: Type.String(shownOnce),
    apiKey: Type.String(shownOnce),
    apiUser: shape.nullable(
      Type.Object({
        name: Type.String({ description: 'Name of a CC5Request' }),
        password: Type.String(shownOnce),
      }),
    ),
  },
  { title: 'SiteWithKeys' },
)

const overlapMaxSeconds = limits.keyOverlapMaxMs / 1_000

const rotatable = ['store', 'api', 'api_password'] as const

export const rotateBody = Type.Object(
  {
    key: shape.oneOf(rotatable, `one of ${rotatable.join(', ')}`),
    overlapSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: overlapMaxSeconds,
        description: `a whole number from 0 to ${overlapMaxSeconds}; a day unless said`,
      }),
    ),
  },
  shape.closed,
)

export const rotatedKey = Type.Object(
  {
    object: Type.Literal('site_key'),
    site: Type.String(),
    key: shape.oneOf(rotatable, 'which key it is'),
    value: Type.String(shownOnce),
    previousUntil: shape.instant,
  },
  { title: 'SiteKey' },
)

/** `createdAt` is null for a site of the directory's files. */
export function siteShown(
  one: Site,
  by: {
    readonly directory: Pick<Directory, 'merchant'>
    readonly baseUrl: string
    readonly createdAt: Date | null
  },
): Static<typeof site> {
  const { city, acquirer } = by.directory.merchant(one.merchant)
  const door = one.gateway === 'cmi' ? '/fim/est3Dgate' : '/prod/gateway/pay.asp'
  return {
    id: one.id,
    object: 'site',
    name: one.name,
    gateway: one.gateway,
    sector: one.sector,
    mcc: one.mcc,
    city,
    url: one.url,
    currency: one.currency,
    acquirer,
    holdHours: Math.round(one.holdValidityMs / 3_600_000),
    gatewayUrl: by.baseUrl + door,
    createdAt: by.createdAt?.toISOString() ?? null,
  }
}

export const siteExample = {
  id: '600001000',
  object: 'site',
  name: 'Épicerie des Consuls',
  gateway: 'cmi',
  sector: 'retail',
  mcc: '5311',
  city: 'RABAT',
  url: 'https://epicerie.ma/',
  currency: 'MAD',
  acquirer: 'cmi',
  holdHours: 168,
  gatewayUrl: 'https://centre.example/fim/est3Dgate',
  createdAt: '2013-09-15T09:00:00.000Z',
} as const

export const keysExample = {
  ...siteExample,
  storeKey: 'u7Rk2mZQ9sXcVbN4tYpLwE3h',
  apiKey: 'sk_600001000_mB1x5Yv0sQe8Jr2TnKc7WfZ3aLh6Gd9U',
  apiUser: { name: 'api', password: 'Hq4vTz8nWcP2kMs7RbXe9JdY' },
} as const
