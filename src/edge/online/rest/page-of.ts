import type { ShardKey } from '../../../kernel/bucket.ts'
import { limits } from '../../../kernel/limits.ts'
import { fail, ok, type Result } from '../../../kernel/result.ts'
import type { Refusal } from './errors.ts'

/** The last row of a page: the next one begins behind it. */
export type Cursor = { readonly at: Date; readonly key: string }

export type PageAsked = { readonly limit: number; readonly after: Cursor | null }

/** What callers are given to come back with: nothing that they should read or build. */
export const cursorText = ({ at, key }: Cursor): string =>
  Buffer.from(`${at.getTime()} ${key}`).toString('base64url')

export function readPage(query: {
  readonly limit?: string
  readonly after?: string
}): Result<PageAsked, Refusal> {
  const limit = query.limit === undefined ? limits.apiPageDefault : Number(query.limit)
  if (query.after === undefined) return ok({ limit, after: null })
  const text = Buffer.from(query.after, 'base64url').toString('latin1')
  const [, at, key] = /^([0-9]{1,15}) ([0-9a-f]{32}(?:\/[0-9]{1,10})?)$/.exec(text) ?? []
  if (at === undefined || key === undefined) return fail({ code: 'invalid_cursor', field: 'after' })
  return ok({ limit, after: { at: new Date(Number(at)), key } })
}

/**
 * The first rows of all buckets together. Each is asked by itself, so that its index gives the rows
 * in their order: nearly every merchant has one bucket.
 */
export async function fromBuckets<Row>(
  buckets: readonly ShardKey[],
  limit: number,
  cursor: (row: Row) => Cursor,
  read: (bucket: ShardKey) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const found = await Promise.all(buckets.map(read))
  if (found.length === 1) return found[0] ?? []
  return found
    .flat()
    .sort((a, b) => newestFirst(cursor(a), cursor(b)))
    .slice(0, limit)
}

const newestFirst = (a: Cursor, b: Cursor): number =>
  b.at.getTime() - a.at.getTime() || (a.key < b.key ? 1 : -1)

/** One row more than the page tells whether there is a next one. */
export function pageOf<Row, Shown>(
  rows: readonly Row[],
  { limit }: PageAsked,
  shape: { readonly shown: (row: Row) => Shown; readonly cursor: (row: Row) => Cursor },
): { readonly object: 'list'; readonly data: readonly Shown[]; readonly next: string | null } {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  const next = rows.length > limit && last !== undefined ? cursorText(shape.cursor(last)) : null
  return { object: 'list', data: kept.map(shape.shown), next }
}
