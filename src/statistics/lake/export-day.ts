import { join } from 'node:path'
import type { Client } from 'pg'
import type { Calendar, OffsetChange } from '../../directory/index.ts'
import type { BusinessDate } from '../../kernel/business-date.ts'
import type { Duckdb } from '../../platform/duckdb.ts'
import { copyOut } from '../../platform/postgres/copy-out.ts'
import type { Database, Queryable } from '../../platform/postgres/database.ts'
import { openSnapshots, type Snapshot, type Snapshots } from '../../platform/postgres/snapshot.ts'
import type { DayTotals } from '../../wire/lake/index.ts'
import { LakeError } from '../lake-error.ts'
import { writeDay } from './day-parquet.ts'
import { DayRows } from './day-rows.ts'
import { exportSql, selectDirectory, selectTotals, type LedgerTotals } from './export-sql.ts'
import type { PseudonymKey } from './pseudonym.ts'
import { parquetOf } from './sql.ts'
import type { Engine } from './lake.ts'

/** This centre's own record, from which its days are published. */
export type Tranlog = {
  readonly database: Database
  readonly calendar: Calendar
  /** Makes the pseudonyms of cards: from a file of the data directory. */
  readonly pseudonymKey: () => PseudonymKey
}

/** With the connections over which it is read. */
export type OwnRecord = Tranlog & { readonly snapshots: Snapshots }

/** A day of millions takes a while, and is nobody's payment. */
const exportTimeoutMs = 600_000

/** The rows of a day come over so many connections: each is read as fast as one core does. */
const connections = 2

/** Enough to remember the pages of a day of millions. */
const workMemMb = 32

export const openRecord = (tranlog: Tranlog): OwnRecord => ({
  ...tranlog,
  snapshots: openSnapshots(tranlog.database.url, {
    ...{ applicationName: 'monetique lake', statementTimeoutMs: exportTimeoutMs },
    ...{ connections, workMemMb },
  }),
})

export type ExportedDay = {
  readonly totals: DayTotals
  /** Of its rows, in order. */
  readonly currencies: readonly string[]
}

/**
 * Writes a date of the tranlog as a Parquet file of the lake's columns, and checks it against what
 * tranlog and ledger say of that date in the same snapshot. `draft` names files that are removed.
 */
export async function exportDay(
  record: OwnRecord,
  engine: Engine,
  { date, path }: { readonly date: BusinessDate; readonly path: string },
): Promise<ExportedDay> {
  // It is loaded while the first rows come; whoever waits for it later is told if it failed.
  const opening = engine()
  opening.catch(() => undefined)
  const { rows, totals, sent } = await readDay(record, date, path)
  try {
    const opened = await opening
    await writeDay(opened, { date, path, rows })
    const found = await totalsOf(opened, path)
    const difference = differenceFrom(totals, found, sent)
    if (difference !== undefined) {
      throw new LakeError(`${date} cannot be published: ${difference}`)
    }
    const { operations, amountMinor } = found
    const counts = { rows: Number(found.rows), operations: Number(operations) }
    return {
      totals: { date, ...counts, amountMinor },
      currencies: rows.profiles.wordsOf('currency'),
    }
  } finally {
    await rows.remove()
  }
}

type Read = {
  readonly rows: DayRows
  readonly totals: LedgerTotals
  /** Rows that the server sent. */
  readonly sent: number
}

/** Nothing of it is left if it rejects. */
async function readDay(
  { snapshots, calendar, pseudonymKey }: OwnRecord,
  date: BusinessDate,
  path: string,
): Promise<Read> {
  // Before anything is under way: a key that cannot be read would leave a statement to nobody.
  const key = pseudonymKey()
  const snapshot = await snapshots.take()
  let rows: DayRows | undefined
  try {
    const directory = await selectDirectory(queryableOf(snapshot.clients[0]))
    const changes = changesBy(calendar, date)
    rows = new DayRows(path, { connections, directory, changes, key })
    const read = { rows, ...(await readRows(snapshot, date, rows)) }
    await snapshot.release()
    return read
  } catch (thrown) {
    snapshot.abandon()
    await rows?.remove()
    throw thrown
  }
}

/** Resolves once no more rows come; rejects likewise. */
async function readRows(
  { clients, abandon }: Snapshot,
  date: BusinessDate,
  rows: DayRows,
): Promise<Omit<Read, 'rows'>> {
  const [first] = clients
  const counting = selectTotals(queryableOf(first), date)
  const copies = rows.shares.map(async (share, index) => {
    const client = clients[index] ?? first
    // While it counts, the others have the more of the machine.
    if (client === first) await counting
    const sql = exportSql(date, { index, of: rows.shares.length })
    return await copyOut(client, sql, (tuple) => share.add(tuple))
  })
  try {
    const [totals, ...sent] = await Promise.all([counting, ...copies])
    await rows.end()
    return { totals, sent: sent.reduce((sum, count) => sum + count, 0) }
  } catch (thrown) {
    abandon()
    await Promise.allSettled([counting, ...copies])
    throw thrown
  }
}

const queryableOf = (client: Client): Queryable => ({
  query: (text, values) => client.query(text, values),
})

/** The changes before the date's payments change nothing but the first offset: one is enough. */
function changesBy(calendar: Calendar, date: BusinessDate): readonly OffsetChange[] {
  const end = Date.parse(`${date}T00:00:00Z`) + 2 * 86_400_000
  return calendar.changes.filter(({ fromMs }) => fromMs < end).slice(-changesKept)
}

/** Two years of Ramadan and summer clocks: a payment is refunded long after its own date. */
const changesKept = 10

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
