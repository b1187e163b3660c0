import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'

/** What a statement is given, by position; a bigint is a BIGINT, a date its text `YYYY-MM-DD`. */
export type Parameter = string | number | bigint | boolean | null

/** BIGINT, UBIGINT and sums are bigint; DATE and TIMESTAMP are a Date at UTC; DECIMAL a number. */
export type Row = Readonly<Record<string, unknown>>

/** An engine of columns in this process's memory: it reads and writes files, and keeps nothing. */
export type Duckdb = {
  /** The rows of the last of these statements. Rejects with the engine's own error. */
  query<R extends Row>(sql: string, parameters?: readonly Parameter[]): Promise<R[]>
  /** From 0 to 100 of the statement under way; undefined where the engine does not know. */
  progress(): number | undefined
  /** Ends the statement under way: it rejects. */
  interrupt(): void
  close(): void
}

export type DuckdbOptions = {
  readonly threads: number
  readonly memoryMb: number
  /** Where what does not fit the memory goes. */
  readonly temporaryFolder: string
}

/** Loaded when first asked for: it takes 70 MB, and whoever counts nothing needs none of it. */
export async function openDuckdb(options: DuckdbOptions): Promise<Duckdb> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads),
    memory_limit: `${options.memoryMb}MB`,
    temp_directory: options.temporaryFolder,
    // Nothing is fetched: what is not built in does not exist.
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  // One after the other: a statement that waited inside the engine would hold one of the few
  // threads on which this process also reads files.
  let last: Promise<unknown> = Promise.resolve()
  return {
    query: <R extends Row>(sql: string, parameters: readonly Parameter[] = []) => {
      const answer = last.then(() => rowsOf<R>(connection, sql, parameters))
      last = answer.catch(() => undefined)
      return answer
    },
    progress: () => {
      const { percentage } = connection.progress
      return percentage < 0 ? undefined : percentage
    },
    interrupt: () => {
      connection.interrupt()
    },
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

async function rowsOf<R extends Row>(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly Parameter[],
): Promise<R[]> {
  const values: DuckDBValue[] = [...parameters]
  const reader = await connection.runAndReadAll(sql, values.length === 0 ? undefined : values)
  return reader.getRowObjectsJS() as readonly Row[] as R[]
}

/** A literal of SQL, for the places where a statement takes no parameter (COPY, read_parquet). */
export const sqlText = (value: string): string => `'${value.replaceAll("'", "''")}'`
