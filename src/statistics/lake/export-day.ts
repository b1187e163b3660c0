import { join } from 'node:path'
import { rm } from 'node:fs/promises'
import type { Client } from 'pg'
import type { Calendar } from '../../directory/index.ts'
import type { BusinessDate } from '../../kernel/business-date.ts'
import { limits } from '../../kernel/limits.ts'
import { sqlText, type Duckdb } from '../../platform/duckdb.ts'
import { connectClient } from '../../platform/postgres/client.ts'
import { copyOut } from '../../platform/postgres/copy-out.ts'
import type { Database, Queryable } from '../../platform/postgres/database.ts'
import type { DayTotals } from '../../wire/lake/index.ts'
import { LakeError } from '../lake-error.ts'
import {
  exportedColumns,
  exportSql,
  kindLetters,
  merchantsSql,
  selectTotals,
  sitesSql,
  type LedgerTotals,
} from './export-sql.ts'
import { parquetOf, parquetOptions } from './sql.ts'

/** This centre's own record, from which its days are published. */
export type Tranlog = {
  readonly database: Database
  readonly calendar: Calendar
  /** Makes the pseudonyms of cards: hexadecimal, from a file of the data directory. */
  readonly pseudonymKey: () => string
}

/** A day of millions takes a while, and is nobody's payment. */
const exportTimeoutMs = 600_000

/**
 * Writes a date of the tranlog as a Parquet file of the lake's columns, and checks it against what
 * tranlog and ledger say of that date in the same snapshot. `draft` names files that are removed.
 */
export async function exportDay(
  { database, calendar, pseudonymKey }: Tranlog,
  engine: Duckdb,
  { date, path }: { readonly date: BusinessDate; readonly path: string },
): Promise<DayTotals> {
  const drafts = ['rows', 'merchants', 'sites'].map((name) => `${path}.${name}.csv`)
  const [rowsFile = '', merchantsFile = '', sitesFile = ''] = drafts
  // Before anything is under way: a key that cannot be read would leave a statement to nobody.
  const key = pseudonymKey()
  const client = await connectClient(database.url, {
    applicationName: 'monetique lake',
    statementTimeoutMs: exportTimeoutMs,
  })
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await client.query("SET LOCAL work_mem = '64MB'")
    const buckets = { from: 0, to: limits.bucketCount }
    const sent = await copyOut(client, exportSql(date, buckets, clockOf(calendar, date)), rowsFile)
    await copyOut(client, merchantsSql, merchantsFile)
    await copyOut(client, sitesSql, sitesFile)
    const sql = parquetSql(date, { rowsFile, merchantsFile, sitesFile, path })
    const [totals] = await Promise.all([
      selectTotals(queryableOf(client), date),
      engine.query(sql, [key]),
    ])
    const found = await totalsOf(engine, path)
    const difference = differenceFrom(totals, found, sent)
    if (difference !== undefined) {
      throw new LakeError(`${date} cannot be published: ${difference}`)
    }
    const { rows, operations, amountMinor } = found
    return { date, rows: Number(rows), operations: Number(operations), amountMinor }
  } finally {
    void client.end().catch(() => undefined)
    for (const draft of drafts) await rm(draft, { force: true })
  }
}

const queryableOf = (client: Client): Queryable => ({
  query: (text, values) => client.query(text, values),
})

/** The changes before the date's payments change nothing but the first offset: one is enough. */
function clockOf(calendar: Calendar, date: BusinessDate) {
  const end = Date.parse(`${date}T00:00:00Z`) + 2 * 86_400_000
  return calendar.changes.filter(({ fromMs }) => fromMs < end).slice(-changesKept)
}

/** Two years of Ramadan and summer clocks: a payment is refunded long after its own date. */
const changesKept = 10

/**
 * Tokens become pseudonyms here, each once: 64 bits of a keyed hash, which say nothing without the
 * key and cannot be compared with another centre's.
 */
function parquetSql(
  date: BusinessDate,
  files: Readonly<Record<'rowsFile' | 'merchantsFile' | 'sitesFile' | 'path', string>>,
): string {
  const rows = csv(files.rowsFile, exportedColumns)
  const text = (...names: readonly string[]) => names.map((name) => [name, 'VARCHAR'] as const)
  const kinds = Object.entries(kindLetters)
    .map(([letter, kind]) => `WHEN '${letter}' THEN '${kind}'`)
    .join(' ')
  return `COPY (
    WITH cards AS MATERIALIZED (
      SELECT token, ('0x' || substr(sha256(? || token), 1, 16))::UBIGINT AS card
      FROM (SELECT DISTINCT token FROM ${rows}))
    SELECT DATE '${date}' AS business_date, o.hour, CASE o.kind ${kinds} END AS kind, o.approved,
      o.amount_minor, o.currency, o.channel, coalesce(s.gateway, 'none') AS gateway, o.door,
      o.card_origin, o.brand, coalesce(s.sector, m.sector) AS sector, o.merchant,
      coalesce(o.site, 'none') AS site, coalesce(o.issuer, 'none') AS issuer, c.card, o.reason,
      o.reference
    FROM ${rows} o JOIN cards c ON c.token = o.token
      LEFT JOIN ${csv(files.merchantsFile, text('merchant', 'sector'))} m ON m.merchant = o.merchant
      LEFT JOIN ${csv(files.sitesFile, text('site', 'gateway', 'sector'))} s ON s.site = o.site
    ORDER BY o.merchant, o.site, o.reference
  ) TO ${sqlText(files.path)} ${parquetOptions}`
}

const csv = (path: string, columns: readonly (readonly [string, string])[]): string =>
  `read_csv(${sqlText(path)}, auto_detect = false, header = false, delim = ',', quote = '"',
    escape = '"', nullstr = '', columns = {${columns.map(([n, t]) => `${n}: '${t}'`).join(', ')}})`

type Exported = Readonly<
  Record<
    | 'rows'
    | 'operations'
    | 'amountMinor'
    | 'attempts'
    | 'reversals'
    | 'reversed'
    | 'refunds'
    | 'refunded',
    bigint
  >
>

async function totalsOf(engine: Duckdb, path: string): Promise<Exported> {
  const [found] = await engine.query<Exported>(
    `SELECT count(*) AS rows, count(*) FILTER (kind = 'operation') AS operations,
       coalesce(sum(amount_minor) FILTER (kind IN ('operation', 'capture')), 0)::BIGINT
         AS "amountMinor",
       (count(*) FILTER (approved = 1) + count(*) FILTER (kind = 'decline'))::BIGINT AS attempts,
       count(*) FILTER (kind = 'reversal') AS reversals,
       coalesce(sum(amount_minor) FILTER (kind = 'reversal'), 0)::BIGINT AS reversed,
       count(*) FILTER (kind = 'refund') AS refunds,
       coalesce(sum(amount_minor) FILTER (kind = 'refund'), 0)::BIGINT AS refunded
     FROM ${parquetOf([path])}`,
  )
  if (found === undefined) throw new LakeError(`${path} cannot be counted`)
  return found
}

/** A sentence about the first total on which the two ways of counting a date differ. */
function differenceFrom(ledger: LedgerTotals, file: Exported, sent: number): string | undefined {
  const undone = ledger.takenBack - file.reversals
  const pairs: readonly (readonly [string, bigint, bigint])[] = [
    ['rows', BigInt(sent), file.rows],
    ['attempts', ledger.attempts, file.attempts],
    ['operations', ledger.firstCaptures - undone, file.operations],
    ['amount due in minor units', ledger.dueMinor, file.amountMinor - file.reversed],
    ['refunds', ledger.refunds, file.refunds],
    ['amount refunded in minor units', ledger.refundedMinor, file.refunded],
  ]
  const wrong = pairs.find(([, expected, found]) => expected !== found)
  if (wrong === undefined) return undefined
  const [what, expected, found] = wrong
  return `tranlog and ledger say ${expected} for its ${what}, the file ${found}`
}

/** Where a date's file is drafted, among the drafts of whoever holds the lake's lock. */
export const draftOf = (folder: string, date: BusinessDate): string =>
  join(folder, `centre-${date}.parquet`)
