import { sqlText } from '../../platform/duckdb.ts'
import { lakeColumns, rowKinds, type LakeColumn } from '../../wire/lake/index.ts'
import type { From, Mapping } from './mapping.ts'

const name = (column: string): string => `"${column.replaceAll('"', '""')}"`

/** Every value as text and the record's number; what is no record at all goes to `rejected`. */
function readerOf(file: string, { separator }: Mapping): string {
  if (/\.parquet$/i.test(file)) {
    return `SELECT COLUMNS(*)::VARCHAR, file_row_number + 1 AS record_number
      FROM read_parquet(${sqlText(file)}, file_row_number = true)`
  }
  // One thread and order kept: the record's number is its place in the file.
  return `SELECT *, row_number() OVER () AS record_number FROM read_csv(${sqlText(file)},
    delim = ${sqlText(separator)}, header = true, all_varchar = true, quote = '"', escape = '"',
    auto_detect = true, sample_size = 1000, ignore_errors = true, store_rejects = true,
    rejects_table = 'rejected', rejects_scan = 'rejected_scans', rejects_limit = 0)`
}

const text = (from: From): string => {
  if (from.column === undefined) return sqlText(from.constant ?? '')
  const given = `trim(${name(from.column)})`
  if (from.values === undefined) {
    return from.otherwise === undefined
      ? given
      : `coalesce(nullif(${given}, ''), ${sqlText(from.otherwise)})`
  }
  const cases = [...from.values].map(
    ([theirs, ours]) => `WHEN ${sqlText(theirs)} THEN ${sqlText(ours)}`,
  )
  const otherwise = from.otherwise === undefined ? 'NULL' : sqlText(from.otherwise)
  return `CASE ${given} ${cases.join(' ')} ELSE ${otherwise} END`
}

/** Minor units, to the last digit: nothing is rounded, and more digits than there are is wrong. */
function amount(from: From, { decimal, decimals }: Mapping): string {
  const given = `replace(replace(replace(${text(from)}, ' ', ''), chr(160), ''), chr(8239), '')`
  if (decimals === 0)
    return `TRY_CAST(CASE WHEN regexp_full_match(${given}, '[0-9]{1,15}') THEN ${given} END AS BIGINT)`
  const pattern = `[0-9]{1,15}([${decimal}][0-9]{0,${decimals}})?`
  const plain = `replace(${given}, ${sqlText(decimal)}, '.')`
  return `(TRY_CAST(CASE WHEN regexp_full_match(${given}, ${sqlText(pattern)}) THEN ${plain} END
    AS DECIMAL(20, ${decimals})) * ${10 ** decimals})::BIGINT`
}

/** Their columns and ours may have the same names: ours are told apart until the end. */
const ours = (column: LakeColumn): string => `ours_${column}`

function expressionOf(column: LakeColumn, mapping: Mapping, cardKey: string): string {
  const from = mapping.columns.get(column)
  if (from === undefined) return 'NULL::VARCHAR'
  if (column === 'business_date') {
    return `try_strptime(${text(from)}, ${sqlText(from.format ?? '%Y-%m-%d')})::DATE`
  }
  if (column === 'hour') {
    if (from.format === undefined) return `TRY_CAST(${text(from)} AS UTINYINT)`
    return `hour(try_strptime(${text(from)}, ${sqlText(from.format)}))::UTINYINT`
  }
  if (column === 'amount_minor') return amount(from, mapping)
  if (column === 'card') {
    const given = `nullif(${text(from)}, '')`
    return `('0x' || substr(sha256(${sqlText(cardKey)} || ${given}), 1, 16))::UBIGINT`
  }
  return `nullif(${text(from)}, '')`
}

const words: Readonly<Partial<Record<LakeColumn, readonly string[]>>> = {
  kind: rowKinds,
  channel: ['internet', 'terminal'],
  card_origin: ['moroccan', 'foreign'],
}
const mayBeNull: ReadonlySet<LakeColumn> = new Set(['reason', 'reference', 'approved'])

/** The first column of a row that is wrong, and what stood there; a card is never shown. */
function wrongOf(mapping: Mapping): string {
  const cases = lakeColumns.flatMap(([column]) => {
    const from = mapping.columns.get(column)
    if (from === undefined || mayBeNull.has(column)) return []
    const allowed = words[column]?.map(sqlText).join(', ')
    const wrong = [
      `${ours(column)} IS NULL`,
      ...(allowed === undefined ? [] : [`${ours(column)} NOT IN (${allowed})`]),
      ...(column === 'hour' ? [`${ours(column)} > 23`] : []),
      ...(column === 'currency' ? [`NOT regexp_full_match(${ours(column)}, '[A-Z]{3}')`] : []),
    ].join(' OR ')
    const about = from.column === undefined ? column : `${column} from ${from.column}`
    const isShown = column !== 'card' && from.column !== undefined
    const shown = isShown ? ` || ': "' || left(coalesce(${name(from.column)}, ''), 40) || '"'` : ''
    return [`WHEN ${wrong} THEN ${sqlText(`${about} cannot be read`)}${shown}`]
  })
  return `CASE ${cases.join(' ')} END`
}

/** Rows in the lake's columns, with the record's number and what is wrong with it. */
export function importedFrom(file: string, mapping: Mapping, cardKey: string): string {
  const made = lakeColumns
    .filter(([column]) => column !== 'approved')
    .map(([column]) => `${expressionOf(column, mapping, cardKey)} AS ${ours(column)}`)
  const columns = lakeColumns.map(([column]) =>
    column === 'approved'
      ? `(${ours('kind')} IN ('operation', 'approval'))::UTINYINT AS approved`
      : `${ours(column)} AS ${column}`,
  )
  return `SELECT ${columns.join(', ')}, record_number, ${wrongOf(mapping)} AS wrong
    FROM (SELECT *, ${made.join(', ')} FROM (${readerOf(file, mapping)}))`
}
