import type { BusinessDate } from '../../kernel/business-date.ts'
import { sqlText, type Duckdb } from '../../platform/duckdb.ts'
import { rowKinds } from '../../wire/lake/index.ts'
import { approvedLetters, exportedColumns, kindLetters } from './export-sql.ts'
import { parquetOptions } from './sql.ts'

/** The text of a day as it came from the database: card tokens are in it, so it is never kept. */
export type Drafts = {
  /** One of each connection. */
  readonly rows: readonly string[]
  readonly merchants: string
  readonly sites: string
}

type Day = {
  readonly date: BusinessDate
  readonly drafts: Drafts
  /** Where the file is written. */
  readonly path: string
  /** Of the pseudonyms. */
  readonly key: string
}

/** Columns whose every word is known before the day is read, each with its type. */
type Words = Readonly<Record<'kind' | 'channel' | 'card_origin' | 'gateway' | 'sector', string>>

/**
 * Writes the Parquet file of a date. Columns of few words go through the engine as enumerations,
 * a byte a value instead of sixteen, and are text in the file like the others.
 */
export async function writeDay(engine: Duckdb, day: Day): Promise<void> {
  await engine.query(parquetSql(day, await wordsOf(engine, day.drafts)), [day.key])
}

async function wordsOf(engine: Duckdb, { merchants, sites }: Drafts): Promise<Words> {
  const found = await engine.query<{ readonly column: string; readonly word: string }>(
    `SELECT DISTINCT 'sector' AS column, sector AS word FROM ${merchantsOf(merchants)}
     UNION SELECT 'sector', sector FROM ${sitesOf(sites)}
     UNION SELECT 'gateway', gateway FROM ${sitesOf(sites)} ORDER BY ALL`,
  )
  const wordsIn = (column: string): string[] => [
    ...new Set(['none', ...found.filter((row) => row.column === column).map(({ word }) => word)]),
  ]
  return {
    kind: enumeration(rowKinds),
    // The tables allow no other.
    channel: enumeration(['internet', 'terminal']),
    card_origin: enumeration(['foreign', 'moroccan']),
    gateway: enumeration(wordsIn('gateway')),
    sector: enumeration(wordsIn('sector')),
  }
}

const enumeration = (words: readonly string[]): string => `ENUM(${words.map(sqlText).join(', ')})`

/**
 * Tokens become pseudonyms here: 64 bits of a keyed hash, which say nothing without the key and
 * cannot be compared with another centre's. Each row's is made anew: to find the distinct tokens of
 * a day first takes longer. The order leaves nothing to chance.
 */
function parquetSql({ date, drafts, path }: Day, words: Words): string {
  const kinds = Object.entries(kindLetters)
    .map(([letter, kind]) => `WHEN '${letter}' THEN '${kind}'`)
    .join(' ')
  const as = (column: keyof Words, value = `o.${column}`): string =>
    `CAST(${value} AS ${words[column]}) AS ${column}`
  return `COPY (
    SELECT DATE '${date}' AS business_date, o.hour, ${as('kind', `CASE o.kind ${kinds} END`)},
      (o.kind IN (${approvedLetters.map(sqlText).join(', ')}))::UTINYINT AS approved,
      o.amount_minor, o.currency, ${as('channel')},
      coalesce(s.gateway, CAST('none' AS ${words.gateway})) AS gateway, o.door,
      ${as('card_origin')}, o.brand, coalesce(s.sector, m.sector) AS sector, o.merchant,
      coalesce(o.site, 'none') AS site, coalesce(o.issuer, 'none') AS issuer,
      ('0x' || substr(sha256(? || o.token), 1, 16))::UBIGINT AS card, o.reason, o.reference
    FROM ${rowsOf(drafts.rows)} o
      LEFT JOIN (SELECT merchant, ${as('sector', 'sector')} FROM ${merchantsOf(drafts.merchants)}) m
        ON m.merchant = o.merchant
      LEFT JOIN (SELECT site, ${as('gateway', 'gateway')}, ${as('sector', 'sector')}
        FROM ${sitesOf(drafts.sites)}) s ON s.site = o.site
    ORDER BY o.merchant, o.site, o.reference, o.kind, o.amount_minor, o.hour, card
  ) TO ${sqlText(path)} ${parquetOptions}`
}

const texts = (...names: readonly string[]) => names.map((name) => [name, 'VARCHAR'] as const)

const rowsOf = (paths: readonly string[]): string => csv(paths, exportedColumns)

const merchantsOf = (path: string): string => csv([path], texts('merchant', 'sector'))

const sitesOf = (path: string): string => csv([path], texts('site', 'gateway', 'sector'))

const csv = (paths: readonly string[], columns: readonly (readonly [string, string])[]): string =>
  `read_csv([${paths.map(sqlText).join(', ')}], auto_detect = false, header = false, delim = ',',
    quote = '"', escape = '"', nullstr = '',
    columns = {${columns.map(([n, t]) => `${n}: '${t}'`).join(', ')}})`
