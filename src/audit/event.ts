import { createHash } from 'node:crypto'

export const auditKinds = [
  'chain',
  'api_request',
  'cc5_request',
  'key',
  'attempt',
  'business_day',
  'release',
] as const

export type AuditKind = (typeof auditKinds)[number]

/** What somebody did or tried. Never a card number, a password or a key. */
export type AuditEvent = {
  readonly kind: Exclude<AuditKind, 'chain'>
  /** The name of a key, a user, `cardholder`, `merchant` (its card on file), `command line`, `centre`, or `unknown`. */
  readonly actor: string
  readonly site: string | null
  readonly outcome: string
  /** Of the client; null where there is none. */
  readonly address: string | null
  readonly facts: Readonly<Record<string, string | number | null>>
  /** What anybody can cause without a key: so many a second are kept, and no more. */
  readonly refused?: boolean
}

export type RecordAudit = (event: AuditEvent) => void

/** A row of a chain, as it is stored and as its digest covers it. */
export type AuditRow = {
  /** 32 hexadecimal digits. */
  readonly writer: string
  readonly position: number
  readonly occurredAt: Date
  readonly kind: AuditKind
  readonly actor: string
  readonly site: string | null
  readonly outcome: string
  readonly address: string | null
  /** JSON. */
  readonly facts: string
  /** 64 hexadecimal digits each. */
  readonly previous: string
  readonly digest: string
}

/** Before the first row of a chain. */
export const noDigest = '0'.repeat(64)

export function digestOf(row: Omit<AuditRow, 'digest'>): string {
  const covered = [
    row.previous,
    row.writer,
    row.position,
    row.occurredAt.toISOString(),
    row.kind,
    row.actor,
    row.site,
    row.outcome,
    row.address,
    row.facts,
  ]
  return createHash('sha256').update(JSON.stringify(covered)).digest('hex')
}

/** Text that PostgreSQL stores as it is: no NUL, no half of a surrogate pair; and bounded. */
export const storable = (text: string): string => text.replace(/[\0\p{Cs}]/gu, '?').slice(0, 200)
