import pg from 'pg'
import type { Log } from '../log.ts'
import { isCertainRollback, UnknownOutcome } from './errors.ts'
import { types } from './value-types.ts'

export type DatabaseOptions = {
  readonly log: Log
  /** Shown by the server in pg_stat_activity. */
  readonly applicationName: string
  readonly connectionsMax: number
  readonly statementTimeoutMs: number
  /** Test mode: throws on a statement that breaks the rules of sharding. */
  readonly guard?: ((sql: string) => void) | undefined
}

/**
 * What runs SQL: a pool or the client of one dbTransaction. A statement of every payment is tagged
 * `/* kept plan *\/`, as reading and planning it costs more than its run: it is planned once for each
 * connection, whatever its values. Not for those whose best plan depends on them.
 */
export type Queryable = {
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    text: string,
    values?: unknown[],
  ): Promise<pg.QueryResult<Row>>
}

export type Database = Queryable & {
  readonly url: string
  /** A client of one's own, for COPY and pipelines; an error passed to `release` closes it. */
  connect(): Promise<pg.PoolClient>
  withTransaction<T>(act: (client: pg.PoolClient) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** How long one waits for a free connection before the failure is told. */
const connectTimeoutMs = 10_000

/**
 * A pool whose values are exact (int8 as bigint, numeric and date as text) and on which every
 * statement has a time limit on both sides. No listener missing: a lost connection is a failure of
 * the statement that was using it, never of the process.
 */
export function openDatabase(url: string, options: DatabaseOptions): Database {
  const pool = openPool(url, options)
  // [PostgreSQL plan_cache_mode] Left to itself the server plans look-ups in a partitioned table anew
  // each time, as it takes the parts that are pruned at run time for work.
  const keptPlans = openPool(url, options, '-c plan_cache_mode=force_generic_plan')
  return {
    url,
    query: (text, values) => {
      const name = keptNameOf(text)
      return name === undefined
        ? queryOnce(pool, { text, values })
        : queryOnce(keptPlans, { name, text, values })
    },
    connect: () => pool.connect(),
    withTransaction: (act) => withTransaction(pool, act),
    close: async () => {
      await Promise.all([pool.end(), keptPlans.end()])
    },
  }
}

/** Its connections are made when they are first wanted. */
function openPool(url: string, options: DatabaseOptions, serverOptions?: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    types,
    options: serverOptions,
    max: options.connectionsMax,
    application_name: options.applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    idle_in_transaction_session_timeout: options.statementTimeoutMs * 2,
    // The server ends a statement first; this catches a server that says nothing any more.
    query_timeout: options.statementTimeoutMs + 2_000,
    keepAlive: true,
  })
  pool.on('error', (error) => {
    options.log.warn({ reason: error.message }, 'an idle database connection was lost')
  })
  const guard = options.guard
  pool.on('connect', (client) => {
    // A client that is checked out has no listener of the pool's: without this one a lost
    // connection would end the process.
    client.on('error', () => undefined)
    if (guard !== undefined) guardClient(client, guard)
  })
  return pool
}

const keptPlanTag = '/* kept plan */'

/** Names of prepared statements by their text: the texts are few, as they are all our own. */
const namesByText = new Map<string, string>()

function keptNameOf(text: string): string | undefined {
  const known = namesByText.get(text)
  if (known !== undefined) return known
  if (!text.includes(keptPlanTag)) return undefined
  const name = `kept_${namesByText.size + 1}`
  namesByText.set(text, name)
  return name
}

async function queryOnce<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  statement: {
    readonly name?: string
    readonly text: string
    readonly values: unknown[] | undefined
  },
): Promise<pg.QueryResult<Row>> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    return await client.query<Row>({ ...statement, values: statement.values ?? [] })
  } catch (error) {
    failure = fatalToConnection(error)
    throw error
  } finally {
    client.release(failure)
  }
}

/**
 * BEGIN, the act, COMMIT. The act's failure rolls back and is thrown as it is. A failure of COMMIT
 * that the server did not itself decide is an `UnknownOutcome`.
 */
async function withTransaction<T>(
  pool: pg.Pool,
  act: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await act(client)
    await commit(client)
    return result
  } catch (error) {
    failure = fatalToConnection(error) ?? (await rollback(client))
    throw error
  } finally {
    client.release(failure)
  }
}

/** Undefined once the connection is clean again; else why it must be thrown away. */
async function rollback(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK')
    return undefined
  } catch (error) {
    return error instanceof Error ? error : new Error('ROLLBACK failed')
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  let tag: string
  try {
    tag = (await client.query('COMMIT')).command
  } catch (error) {
    throw isCertainRollback(error) ? error : new UnknownOutcome(error)
  }
  // [PostgreSQL COMMIT] In a failed dbTransaction COMMIT succeeds and answers ROLLBACK.
  if (tag !== 'COMMIT') throw new Error('a statement of this dbTransaction had failed: rolled back')
}

/**
 * An error that the server reported leaves the connection usable; any other (lost, timed out on
 * our side with an answer still to come) does not, and neither does a session the server ended.
 */
function fatalToConnection(error: unknown): Error | undefined {
  if (error instanceof pg.DatabaseError) {
    const state = error.code ?? ''
    return state.startsWith('57P') || state.startsWith('08') || state === '25P03'
      ? error
      : undefined
  }
  return error instanceof Error && isDriverError(error) ? error : undefined
}

const isDriverError = (error: Error): boolean =>
  error instanceof UnknownOutcome ||
  'errno' in error ||
  /^(Connection terminated|Query read timeout|Client (has encountered|was closed))/.test(
    error.message,
  )

/** Puts the guard before every way of sending SQL: text, `{ text }`, and streams such as COPY. */
function guardClient(client: pg.PoolClient, guard: (sql: string) => void): void {
  const send = client.query.bind(client) as (...args: readonly unknown[]) => unknown
  const guarded = (...args: readonly unknown[]): unknown => {
    const text = textOf(args[0])
    if (text !== undefined) guard(text)
    return send(...args)
  }
  Object.assign(client, { query: guarded })
}

function textOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query
  if (typeof query !== 'object' || query === null || !('text' in query)) return undefined
  return typeof query.text === 'string' ? query.text : undefined
}
