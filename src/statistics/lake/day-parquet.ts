import type { BusinessDate } from '../../kernel/business-date.ts'
import { sqlText, type Duckdb } from '../../platform/duckdb.ts'
import type { DayRows } from './day-rows.ts'
import { profileColumns, type ProfileColumn, type Profiles } from './profiles.ts'
import { parquetOf, parquetOptions } from './sql.ts'

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
  const words = profileColumns.map((column) => wordOf(rows.profiles, column)).join(', ')
  await engine.query(
    `COPY (
      SELECT DATE '${date}' AS business_date, hour::UTINYINT AS hour, kind, approved, amount_minor,
        currency, channel, gateway, door, card_origin, brand, sector, merchant, site, issuer, card,
        nullif(reason, '') AS reason, reference
      FROM ${parquetOf(rows.paths)} r
      JOIN (SELECT number, approved::UTINYINT AS approved, ${words}
        FROM ${parquetOf([rows.profiles.file.path])}) p ON p.number = r.profile
      ORDER BY merchant, site, reference, kind, amount_minor, hour, card
    ) TO ${sqlText(path)} ${parquetOptions}`,
  )
}

function wordOf(profiles: Profiles, column: ProfileColumn): string {
  const words = profiles.wordsOf(column)
  const isFew = words.length > 0 && words.length <= wordsMax
  return isFew ? `${column}::ENUM(${words.map(sqlText).join(', ')}) AS ${column}` : column
}
