import { Type } from '@sinclair/typebox'
import type { RecordAudit } from '../../../../audit/index.ts'
import {
  readSiteDraft,
  type ApiKeys,
  type Directory,
  type SiteRegister,
} from '../../../../directory/index.ts'
import type { SiteId } from '../../../../kernel/ids.ts'
import { limits } from '../../../../kernel/limits.ts'
import { fail, ok } from '../../../../kernel/result.ts'
import type { Refusal } from '../errors.ts'
import { pageOf, readPage, type Cursor } from '../page-of.ts'
import { route, type Route } from '../route.ts'
import * as shape from '../shapes.ts'
import {
  keysExample,
  rotateBody,
  rotatedKey,
  site,
  siteBody,
  siteExample,
  siteShown,
  siteWithKeys,
} from './site-shape.ts'

export type SiteRoutesOptions = {
  readonly directory: Pick<Directory, 'site' | 'sites' | 'merchant' | 'acquirers'>
  readonly sites: Pick<SiteRegister, 'create' | 'rotateStoreKey' | 'rotateApiPassword' | 'list'>
  readonly keys: Pick<ApiKeys, 'rotate'>
  /** What was just made is in force when it resolves. */
  readonly refresh: () => Promise<void>
  readonly audit?: RecordAudit | undefined
}

const tag = 'Sites'

/** Merchants' sites: a new one with its keys, those that there are, another key. */
export const siteRoutes = (options: SiteRoutesOptions): readonly Route[] => [
  create(options),
  list(options),
  retrieve(options),
  rotate(options),
]

const create = (options: SiteRoutesOptions): Route =>
  route({
    method: 'POST',
    path: '/v1/sites',
    operationId: 'createSite',
    tag,
    summary: 'Add a merchant’s site, with its keys',
    description:
      'It takes payments at once. The store key, the API key and the password of the CC5 user ' +
      '(CMI gateway only) are in this answer and never again.',
    access: 'operator',
    body: siteBody,
    status: 201,
    answer: siteWithKeys,
    errors: [],
    example: {
      body: { name: siteExample.name, sector: 'retail', city: 'RABAT', url: siteExample.url },
      answer: keysExample,
    },
    handle: async ({ body, seed, baseUrl, caller, clientIp }) => {
      const { directory, sites, keys, refresh } = options
      const draft = readSiteDraft(
        body,
        directory.acquirers().map(({ id }) => id),
      )
      if (!draft.ok) {
        const { field, rule } = draft.error
        return fail({ code: 'invalid_field', field, message: `${field}: ${rule}` })
      }
      const taken = directory.sites().map(({ id }) => id)
      const made = await sites.create(draft.value, taken, seed)
      // A key that an earlier run of this request made was shown to nobody.
      const { key: apiKey } = await keys.rotate(made.site.id, 0)
      keysChanged(options, { actor: caller.key, address: clientIp, site: made.site.id }, 'made')
      await refresh()
      const joined = directory.site(made.site.id)
      if (joined === undefined) return fail({ code: 'internal_error' })
      const shown = siteShown(joined, { directory, baseUrl, createdAt: made.site.createdAt })
      return ok({ ...shown, storeKey: made.storeKey, apiKey, apiUser: made.apiUser })
    },
  })

const list = ({ directory, sites }: SiteRoutesOptions): Route =>
  route({
    method: 'GET',
    path: '/v1/sites',
    operationId: 'listSites',
    tag,
    summary: 'List the sites, newest first, then those of the directory’s files',
    access: 'operator',
    query: Type.Object(shape.pageQuery, shape.closed),
    status: 200,
    answer: shape.listOf(site),
    errors: ['invalid_cursor'],
    example: { answer: { object: 'list', data: [siteExample], next: null } },
    handle: async ({ query, baseUrl }) => {
      const page = readPage(query)
      if (!page.ok) return page
      const made = new Map((await sites.list()).map(({ id, createdAt }) => [id, createdAt]))
      const cursor = ({ id }: { readonly id: SiteId }): Cursor => ({
        at: made.get(id) ?? new Date(0),
        // Cursors carry 32 hexadecimal digits; no id of a site is longer than 16 characters.
        key: Buffer.from(id.padStart(16)).toString('hex').slice(-32),
      })
      const { after, limit } = page.value
      const rows = directory
        .sites()
        .filter((one) => after === null || isAfter(cursor(one), after))
        .sort((a, b) => (isAfter(cursor(b), cursor(a)) ? -1 : 1))
        .slice(0, limit + 1)
      const shown = (one: (typeof rows)[number]) =>
        siteShown(one, { directory, baseUrl, createdAt: made.get(one.id) ?? null })
      return ok(pageOf(rows, page.value, { shown, cursor }))
    },
  })

const isAfter = (a: Cursor, b: Cursor): boolean =>
  a.at.getTime() === b.at.getTime() ? a.key < b.key : a.at < b.at

const retrieve = ({ directory, sites }: SiteRoutesOptions): Route =>
  route({
    method: 'GET',
    path: '/v1/sites/{id}',
    operationId: 'retrieveSite',
    tag,
    summary: 'Retrieve a site; a site’s own key finds itself only',
    access: 'both',
    status: 200,
    answer: site,
    errors: ['not_found'],
    example: { answer: siteExample },
    handle: async ({ caller, id, baseUrl }) => {
      const found = directory.site(id)
      const hidden = caller.kind === 'site' && caller.site.id !== id
      if (found === undefined || hidden) return fail({ code: 'not_found' })
      const made = (await sites.list()).find((one) => one.id === id)
      return ok(siteShown(found, { directory, baseUrl, createdAt: made?.createdAt ?? null }))
    },
  })

const rotate = (options: SiteRoutesOptions): Route =>
  route({
    method: 'POST',
    path: '/v1/sites/{id}/rotate-key',
    operationId: 'rotateSiteKey',
    tag,
    summary: 'Give a site a new store key, API key, or password of its user of /fim/api',
    description:
      'The new key is in force at once; the one before is accepted beside it until the overlap ' +
      'ends. A store key or a password of the directory’s files is changed there.',
    access: 'operator',
    body: rotateBody,
    status: 200,
    answer: rotatedKey,
    errors: ['not_found', 'key_in_data_files'],
    example: {
      body: { key: 'store', overlapSeconds: 86_400 },
      answer: {
        object: 'site_key',
        site: siteExample.id,
        key: 'store',
        value: 'c3WvKp8sZr5TnXq2LmEy7HbJ',
        previousUntil: '2013-09-16T09:00:00.000Z',
      },
    },
    handle: async ({ id, body, seed, caller, clientIp }) => {
      const { directory, sites, keys, refresh } = options
      const known = directory.site(id)
      if (known === undefined) return fail({ code: 'not_found' })
      const overlapMs =
        body.overlapSeconds === undefined ? limits.keyOverlapMs : body.overlapSeconds * 1_000
      const by = { actor: caller.key, address: clientIp, site: known.id }
      const shown = { object: 'site_key', site: id, key: body.key }
      if (body.key === 'api') {
        const { key, until } = await keys.rotate(known.id, overlapMs)
        keysChanged(options, by, 'rotated', body.key)
        await refresh()
        return ok({ ...shown, value: key, previousUntil: until.toISOString() })
      }
      if (body.key === 'api_password') {
        const changed = await sites.rotateApiPassword(known.id, overlapMs, seed)
        if (!changed.ok) return fail(changed.error === 'no_user' ? noUser : inFiles)
        keysChanged(options, by, 'rotated', body.key)
        await refresh()
        const { password, until } = changed.value
        return ok({ ...shown, value: password, previousUntil: until.toISOString() })
      }
      const rotated = await sites.rotateStoreKey(known.id, overlapMs, seed)
      if (!rotated.ok) return fail(inFiles)
      keysChanged(options, by, 'rotated', body.key)
      await refresh()
      const { storeKey, until } = rotated.value
      return ok({ ...shown, value: storeKey, previousUntil: until.toISOString() })
    },
  })

const inFiles: Refusal = { code: 'key_in_data_files' }

const noUser: Refusal = {
  code: 'invalid_field',
  field: 'key',
  message: 'key: the site has no user of /fim/api, which the CMI gateway alone has',
}

function keysChanged(
  { audit }: SiteRoutesOptions,
  by: { readonly actor: string; readonly address: string; readonly site: SiteId },
  outcome: 'made' | 'rotated',
  key = 'all',
): void {
  audit?.({ kind: 'key', ...by, outcome, facts: { key } })
}
