import type { BusinessDate } from '../../kernel/business-date.ts'
import { sqlText, type Duckdb } from '../../platform/duckdb.ts'
import { rowColumns, type DayRows } from './day-rows.ts'
import { profileColumns, type ProfileColumn } from './profiles.ts'
import { csv, parquetOptions } from './sql.ts'

/** To name more words than these in a statement would cost more than it spares. */
const wordsMax = 5_000

/**
 * Writes the Parquet file of a date. Columns of few words go through the engine as enumerations,
 * a byte or two a value instead of sixteen, and are text in the file like the others. The order
 * leaves nothing to chance.
 */
export async function writeDay(
  engine: Duckdb,
  day: { readonly date: BusinessDate; readonly path: string; readonly rows: DayRows },
): Promise<void> {
  const { date, path, rows } = day
  const typeOf = (column: ProfileColumn): string => {
    const words = rows.profiles.wordsOf(column)
    const isFew = words.length > 0 && words.length <= wordsMax
    return isFew ? `ENUM(${words.map(sqlText).join(', ')})` : 'VARCHAR'
  }
  const lines = csv(
    rows.files.map((file) => file.path),
    rowColumns,
  )
  const profiles = csv(
    [rows.profiles.file.path],
    [
      ['number', 'UINTEGER'],
      ['approved', 'UTINYINT'],
      ...profileColumns.map((column) => [column, typeOf(column)] as const),
    ],
  )
  await engine.query(
    `COPY (
      SELECT DATE '${date}' AS business_date, r.hour, p.kind, p.approved, r.amount_minor,
        p.currency, p.channel, p.gateway, p.door, p.card_origin, p.brand, p.sector, p.merchant,
        p.site, p.issuer, r.card, p.reason, r.reference
      FROM ${lines} r JOIN ${profiles} p ON p.number = r.profile
      ORDER BY p.merchant, p.site, r.reference, p.kind, r.amount_minor, r.hour, r.card
    ) TO ${sqlText(path)} ${parquetOptions}`,
  )
}
