import { assert } from '../../kernel/assert.ts'
import { limits } from '../../kernel/limits.ts'
import type { BusinessDate } from '../../kernel/business-date.ts'
import type { Queryable } from '../../platform/postgres/database.ts'
import type { RowKind } from '../../wire/lake/index.ts'

/** What many rows of a day have in common, in the order in which a row of the export begins. */
export const sharedColumns = [
  'kind',
  'currency',
  'channel',
  'door',
  'card_origin',
  'brand',
  'merchant',
  'site',
  'issuer',
  'reason',
] as const

/** What a row is, by its letter: `p` is the operation of an attempt that an earlier date approved. */
export const kindOfLetter: ReadonlyMap<
  string,
  { readonly kind: RowKind; readonly approved: 0 | 1 }
> = new Map([
  ['o', { kind: 'operation', approved: 1 }],
  ['p', { kind: 'operation', approved: 0 }],
  ['c', { kind: 'capture', approved: 0 }],
  ['f', { kind: 'refund', approved: 0 }],
  ['v', { kind: 'reversal', approved: 0 }],
  ['a', { kind: 'approval', approved: 1 }],
  ['d', { kind: 'decline', approved: 0 }],
])

/** One of several shares of the buckets. */
export type Share = {
  /** From 0, below `of`. */
  readonly index: number
  readonly of: number
}

/**
 * What a business date adds to the lake, of a share of the buckets: a row for each payment attempted
 * on it, with its first capture if that is of the date too, and a row for each further movement of
 * money on that date. The primary keys begin with the bucket: each is looked up in turn, so that a
 * day costs a day, whatever else the month holds. After the shared columns come the card's token,
 * when it was sent, the amount, and the reference.
 */
export function exportSql(date: BusinessDate, share: Share): string {
  const list = `ANY (${bucketsOf(share)})`
  const columns = (kind: string, amount: string): string => `
    ${kind}, p.currency, p.channel, p.door, p.card_origin, p.card_brand, p.merchant_id, p.site_id,
    p.issuer_id, CASE WHEN ${approved} THEN NULL ELSE coalesce(p.decline_reason, 'other') END,
    p.card_token, p.sent_at, ${amount}, p.rrn`
  // OFFSET 0 has each row looked up: left to guess, the server reads every one there is.
  return `/* scatter: the export of a day */
    SELECT ${columns(attemptKind(date), attemptAmount(date))} FROM payment p
    WHERE p.business_date = '${date}' AND p.shard_key = ${list} AND NOT (${undone(date)} AND NOT ${approved})
    UNION ALL
    SELECT ${columns(furtherKind, 't.amount_minor')} FROM transfer t CROSS JOIN LATERAL
      (SELECT * FROM payment WHERE shard_key = t.shard_key AND business_date = t.payment_date
         AND request_key = t.request_key OFFSET 0) p
    WHERE t.business_date = '${date}' AND t.shard_key = ${list} AND ${further}
      AND (t.cause = 'refund' OR NOT ${undone(date)})`
}

const approved = '(p.decline_reason IS NULL AND p.authorized_minor IS NOT NULL)'

/** Taken back on the date of its own capture: it is as if neither had been. */
const undone = (date: BusinessDate): string =>
  `(p.reversed_on IS NOT DISTINCT FROM '${date}' AND p.due_on IS NOT DISTINCT FROM '${date}')`

/**
 * All transfers but the first capture of a payment on the payment's own date, which the payment says
 * itself. In the words of the index `transfer_further`, by which these few are found.
 */
const further = `NOT (t.part = 1 AND t.cause IN ('purchase', 'capture')
  AND t.payment_date = t.business_date)`

/** Of an attempt of the date: an operation, if it was captured on it and not undone. */
const attemptKind = (date: BusinessDate): string => `
  CASE WHEN p.due_on IS DISTINCT FROM '${date}' OR ${undone(date)} THEN
      CASE WHEN ${approved} THEN 'a' ELSE 'd' END
    WHEN ${approved} THEN 'o' ELSE 'p' END`

/**
 * Of money what moved; of an attempt what was asked for. Where the ledger lacks the first of several
 * captures, the totals will not agree, and the day is not published.
 */
const attemptAmount = (date: BusinessDate): string => `
  CASE WHEN p.due_on IS DISTINCT FROM '${date}' OR ${undone(date)} THEN p.amount_minor
    WHEN p.capture_parts = 1 THEN p.captured_minor
    ELSE coalesce((SELECT f.amount_minor FROM transfer f WHERE f.shard_key = p.shard_key
      AND f.business_date = '${date}' AND f.request_key = p.request_key
      AND f.cause IN ('purchase', 'capture') AND f.part = 1), p.captured_minor) END`

/** Of a transfer beyond that: of a payment of an earlier date, or one more of the same date. */
const furtherKind = `
  CASE WHEN t.cause = 'refund' THEN 'f' WHEN t.cause IN ('void', 'reversal') THEN 'v'
    WHEN t.part = 1 THEN 'p' ELSE 'c' END`

/**
 * Every so many: a giant's buckets are neighbours, and so are shared out too. Made by the server: a
 * list of some thousand constants is weighed one by one before anything is read.
 */
function bucketsOf({ index, of }: Share): string {
  assert(index >= 0 && index < of && of <= limits.bucketCount, 'a share of the buckets')
  return `ARRAY(SELECT generate_series(${index}, ${limits.bucketCount - 1}, ${of}))`
}

/** Says nothing but where the primary key begins: without it the whole month is read. */
export const anyBucket = `shard_key = ANY (${bucketsOf({ index: 0, of: 1 })})`

export type Affiliation = { readonly gateway: string; readonly sector: string }

/** What the directory says of whom a day's payments name. */
export type Directory = {
  readonly sectorOf: ReadonlyMap<string, string>
  readonly affiliationOf: ReadonlyMap<string, Affiliation>
}

export async function selectDirectory(database: Queryable): Promise<Directory> {
  const merchants = await database.query<{ id: string; sector: string }>(
    'SELECT merchant_id AS id, sector FROM merchant',
  )
  const sites = await database.query<Affiliation & { id: string }>(
    'SELECT site_id AS id, gateway, sector FROM site',
  )
  return {
    sectorOf: new Map(merchants.rows.map(({ id, sector }) => [id, sector])),
    affiliationOf: new Map(sites.rows.map(({ id, gateway, sector }) => [id, { gateway, sector }])),
  }
}

/** A date counted another way than by its export. */
export type LedgerTotals = {
  /** In the tranlog, approved or declined. */
  readonly attempts: bigint
  /** First captures in the ledger, those that were taken back on the same date among them. */
  readonly firstCaptures: bigint
  readonly takenBack: bigint
  /** What became due less what was taken back, in minor units. */
  readonly dueMinor: bigint
  readonly refunds: bigint
  readonly refundedMinor: bigint
}

/**
 * All transfers of the date are counted and added up, the further ones by their cause: what is left
 * are the first captures. What was taken back on its own date stands on both sides of the ledger,
 * and so disappears.
 */
export async function selectTotals(database: Queryable, date: BusinessDate): Promise<LedgerTotals> {
  const [due, back] = ["cause IN ('purchase', 'capture')", "cause IN ('void', 'reversal')"]
  const count = (which: string): string => `coalesce(sum(n) FILTER (WHERE ${which}), 0)::bigint`
  const sum = (which: string): string => `coalesce(sum(minor) FILTER (WHERE ${which}), 0)::bigint`
  const transfers = `FROM transfer t WHERE business_date = $1 AND ${anyBucket}`
  const { rows } = await database.query<LedgerTotals>(
    `/* scatter: the control totals of a day */
     WITH whole AS (SELECT count(*) AS transfers, coalesce(sum(amount_minor), 0) AS moved ${transfers}),
       further AS (SELECT cause, part = 1 AS first, count(*) AS n, sum(amount_minor) AS minor
         ${transfers} AND ${further} GROUP BY 1, 2)
     SELECT (SELECT count(*) FROM payment WHERE business_date = $1 AND ${anyBucket}) AS attempts,
       transfers - ${count('true')} + ${count(`${due} AND first`)} AS "firstCaptures",
       ${count(back)} AS "takenBack",
       (moved - ${sum('true')} + ${sum(due)} - ${sum(back)})::bigint AS "dueMinor",
       ${count("cause = 'refund'")} AS refunds, ${sum("cause = 'refund'")} AS "refundedMinor"
     FROM whole LEFT JOIN further ON true GROUP BY transfers, moved`,
    [date],
  )
  const [totals] = rows
  assert(totals !== undefined, 'an aggregate has one row')
  return totals
}

export type DayRow = { readonly date: BusinessDate; readonly closed: boolean }

/** The days that this centre lived, of a period, oldest first. */
export async function selectDays(
  database: Queryable,
  from: BusinessDate,
  to: BusinessDate,
): Promise<readonly DayRow[]> {
  const { rows } = await database.query<DayRow>(
    `SELECT business_date AS date, closed_at IS NOT NULL AS closed FROM business_day
     WHERE business_date BETWEEN $1 AND $2 ORDER BY business_date`,
    [from, to],
  )
  return rows
}

export async function selectLatestDay(database: Queryable): Promise<BusinessDate | undefined> {
  const { rows } = await database.query<{ latest: BusinessDate | null }>(
    'SELECT max(business_date) AS latest FROM business_day',
  )
  return rows[0]?.latest ?? undefined
}

export async function selectClosedDays(database: Queryable): Promise<readonly BusinessDate[]> {
  const { rows } = await database.query<Pick<DayRow, 'date'>>(
    `SELECT business_date AS date FROM business_day
     WHERE closed_at IS NOT NULL ORDER BY business_date`,
  )
  return rows.map(({ date }) => date)
}
