import { createHash } from 'node:crypto'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { parseMonth, type Month } from '../period.ts'

/** What somebody decided about a month's figures. Appended, never changed. */
export type Entry = {
  readonly kind: 'approved' | 'withdrawn'
  readonly month: Month
  readonly by: string
  readonly at: string
  /** SHA-256 of the figures that were approved; null of a withdrawal. */
  readonly figures: string | null
  /** Of a withdrawal; null of an approval. */
  readonly reason: string | null
  /** Of the entry before: an entry that is changed or taken out later is found. */
  readonly previous: string
  readonly digest: string
}

export type Decision = Omit<Entry, 'previous' | 'digest'>

const noEntry = '0'.repeat(64)

export function appended(entries: readonly Entry[], decision: Decision): readonly Entry[] {
  const previous = entries.at(-1)?.digest ?? noEntry
  const linked = { ...decision, previous }
  return [...entries, { ...linked, digest: digestOf(linked) }]
}

function digestOf(entry: Omit<Entry, 'digest'>): string {
  const { previous, kind, month, by, at, figures, reason } = entry
  const covered = JSON.stringify([previous, kind, month, by, at, figures, reason])
  return createHash('sha256').update(covered).digest('hex')
}

export const entriesToJson = (entries: readonly Entry[]): string =>
  `${JSON.stringify({ format: 1, entries }, null, 1)}\n`

/** Fails with what is wrong, to stand after the file's name. */
export function entriesFromJson(text: string): Result<readonly Entry[], string> {
  let plain: unknown
  try {
    plain = JSON.parse(text)
  } catch {
    return fail('is not JSON')
  }
  if (!isObject(plain) || plain['format'] !== 1) return fail('has a format other than 1')
  const list: unknown = plain['entries']
  if (!Array.isArray(list)) return fail('has no list of entries')
  const entries: Entry[] = []
  for (const [index, one] of list.entries()) {
    const entry = readEntry(one)
    if (entry === undefined) return fail(`has an entry ${index + 1} that is not complete`)
    const { digest, ...rest } = entry
    const previous = entries.at(-1)?.digest ?? noEntry
    if (entry.previous !== previous || digestOf(rest) !== digest) {
      return fail(`was changed by hand at entry ${index + 1}: the digests do not follow each other`)
    }
    entries.push(entry)
  }
  return ok(entries)
}

function readEntry(plain: unknown): Entry | undefined {
  if (!isObject(plain) || Object.keys(plain).length !== 8) return undefined
  const { kind, by, at, figures, reason, previous, digest } = plain
  const month = typeof plain['month'] === 'string' ? parseMonth(plain['month']) : undefined
  if (kind !== 'approved' && kind !== 'withdrawn') return undefined
  if (month === undefined || typeof by !== 'string' || typeof at !== 'string') return undefined
  if (Number.isNaN(Date.parse(at)) || !isDigest(previous) || !isDigest(digest)) return undefined
  const approved = kind === 'approved' && isDigest(figures) && reason === null
  const withdrawn = kind === 'withdrawn' && figures === null && typeof reason === 'string'
  if (approved) return { kind, month, by, at, figures, reason, previous, digest }
  return withdrawn ? { kind, month, by, at, figures, reason, previous, digest } : undefined
}

const isDigest = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
