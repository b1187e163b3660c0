import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { sqlText, type Duckdb } from '../../platform/duckdb.ts'
import {
  deliveryFileName,
  deliveryToJson,
  lakeColumns,
  type DeliveredFile,
} from '../../wire/lake/index.ts'
import { diskFailure, LakeError } from '../lake-error.ts'
import { printOf } from '../lake/files.ts'
import { countDays, parquetOptions } from '../lake/sql.ts'
import { importedFrom } from './import-sql.ts'
import { mappingFromJson, type Mapping } from './mapping.ts'

export type ImportOptions = {
  readonly engine: Duckdb
  /** CSV with a header, or Parquet. */
  readonly files: readonly string[]
  readonly mappingFile: string
  /** Where deliveries of imports are made: one folder for the same files and mapping. */
  readonly folder: string
  readonly source: string
  /** Secret of this centre: a card's pseudonym says nothing to who has not got it. */
  readonly cardKey: string
}

export type Imported = {
  /** With `delivery.json`, to be adopted. */
  readonly folder: string
  readonly rows: number
  readonly setAside: number
  /** Of what was set aside: file, line and reason; undefined where nothing was. */
  readonly setAsideFile: string | undefined
}

/** Makes a delivery of somebody else's files; rows that cannot be read are set aside, and named. */
export async function importFiles(options: ImportOptions): Promise<Imported> {
  try {
    return await makeDelivery(options)
  } catch (thrown) {
    throw diskFailure(`importing ${options.source}`, thrown)
  }
}

async function makeDelivery(options: ImportOptions): Promise<Imported> {
  const { engine, files, mappingFile, source } = options
  const text = await readFile(mappingFile, 'utf8').catch(() => undefined)
  if (text === undefined) throw new LakeError(`--mapping ${mappingFile} cannot be read`)
  const mapping = mappingFromJson(text)
  if (!mapping.ok) throw new LakeError(`--mapping ${mappingFile} ${mapping.error}`)
  const prints = await Promise.all(files.map(printOfFile))
  const identity = createHash('sha256').update(JSON.stringify([source, text, prints]))
  const folder = join(options.folder, `import-${identity.digest('hex').slice(0, 16)}`)
  await mkdir(folder, { recursive: true })
  await rm(join(folder, deliveryFileName), { force: true })
  await readAll({ ...options, mapping: mapping.value })
  const [counted] = await engine.query<{ rows: bigint; aside: bigint }>(
    `SELECT (SELECT count(*) FROM imported) AS rows, (SELECT count(*) FROM set_aside) AS aside`,
  )
  const [rows, setAside] = [Number(counted?.rows ?? 0n), Number(counted?.aside ?? 0n)]
  const setAsideFile = join(folder, 'set-aside.csv')
  await rm(setAsideFile, { force: true })
  if (setAside > 0) {
    await engine.query(
      `COPY (SELECT * FROM set_aside ORDER BY file, line) TO ${sqlText(setAsideFile)} (FORMAT csv, HEADER)`,
    )
  }
  if (rows === 0) throw new LakeError(`no row could be read: see ${setAsideFile}`)
  const delivered = await writeMonths(engine, folder)
  const draft = join(folder, `.${deliveryFileName}`)
  await writeFile(draft, deliveryToJson({ source, files: delivered }))
  await rename(draft, join(folder, deliveryFileName))
  return { folder, rows, setAside, setAsideFile: setAside > 0 ? setAsideFile : undefined }
}

async function printOfFile(file: string): Promise<string> {
  const print = await printOf(file).catch(() => undefined)
  if (print === undefined) throw new LakeError(`${file} cannot be read`)
  return print.sha256
}

/** Everything into one table; an engine's temporary files hold pseudonyms, never a card. */
async function readAll(reading: ImportOptions & { readonly mapping: Mapping }): Promise<void> {
  const { engine, files, mapping, cardKey } = reading
  await engine.query(
    `SET preserve_insertion_order = true; DROP TABLE IF EXISTS set_aside;
     CREATE TEMP TABLE set_aside (file VARCHAR, line BIGINT, reason VARCHAR)`,
  )
  for (const [index, file] of files.entries()) {
    await engine.query('DROP TABLE IF EXISTS rejected; DROP TABLE IF EXISTS rejected_scans')
    const rows = importedFrom(file, mapping, cardKey)
    await engine.query(`CREATE OR REPLACE TEMP TABLE read_rows AS ${rows}`).catch(explain(file))
    await engine.query(
      index === 0
        ? `CREATE OR REPLACE TEMP TABLE imported AS ${good}`
        : `INSERT INTO imported ${good}`,
    )
    await setAsideFrom(engine, file)
  }
}

const good = `SELECT ${lakeColumns.map(([column]) => column).join(', ')} FROM read_rows
  WHERE wrong IS NULL`

/** A header is a line, and so is each record that was none: lines are those of the file itself. */
async function setAsideFrom(engine: Duckdb, file: string): Promise<void> {
  const isCsv = !/\.parquet$/i.test(file)
  const named = sqlText(basename(file))
  const broken = isCsv
    ? `SELECT DISTINCT line::BIGINT AS line, 'is not a record of this file: ' || error_type AS reason
       FROM rejected`
    : `SELECT NULL::BIGINT AS line, NULL AS reason WHERE false`
  await engine.query(
    `INSERT INTO set_aside
     WITH broken AS (
       SELECT line, min(reason) AS reason, row_number() OVER (ORDER BY line) AS nth
       FROM (${broken}) GROUP BY line
     ), wrong AS (
       SELECT record_number AS number, wrong AS reason FROM read_rows WHERE wrong IS NOT NULL
     )
     SELECT ${named}, line, reason FROM broken
     UNION ALL
     SELECT ${named}, number + ${isCsv ? 1 : 0} +
       (SELECT count(*) FROM broken b WHERE b.line - b.nth < number + ${isCsv ? 1 : 0}), reason
     FROM wrong`,
  )
}

const explain =
  (file: string) =>
  (error: unknown): never => {
    const text = error instanceof Error ? error.message : String(error)
    const column = /Referenced column "([^"]+)" (?:not found|was not found)/.exec(text)?.[1]
    if (column !== undefined) throw new LakeError(`${file} has no column ${column}`)
    throw new LakeError(`${file} cannot be read: ${text.split('\n')[0] ?? ''}`)
  }

/** Total, so that the same rows are the same file: that is how an import is recognised. */
const order = ['business_date', 'merchant', ...lakeColumns.map(([column]) => column)].join(', ')

async function writeMonths(engine: Duckdb, folder: string): Promise<readonly DeliveredFile[]> {
  const months = await engine.query<{ month: string }>(
    `SELECT DISTINCT strftime(business_date, '%Y-%m') AS month FROM imported ORDER BY 1`,
  )
  const delivered: DeliveredFile[] = []
  for (const { month } of months) {
    const file = `${month}.parquet`
    const draft = join(folder, `.${file}`)
    await engine.query(
      `COPY (SELECT * FROM imported WHERE strftime(business_date, '%Y-%m') = '${month}'
         ORDER BY ${order}) TO ${sqlText(draft)} ${parquetOptions}`,
    )
    await rename(draft, join(folder, file))
    const days = (await countDays(engine, [join(folder, file)])).map(
      ({ date, rows, operations, amountMinor }) => ({ date, rows, operations, amountMinor }),
    )
    const { sha256 } = await printOf(join(folder, file))
    delivered.push({ file, sha256, days })
  }
  return delivered
}
