import pg from 'pg'
import { types } from './value-types.ts'

/**
 * One connection outside the pool, for the writer's pipelines. The server ends a statement that
 * takes too long; a lost connection is an `error` event, which the caller must listen to.
 */
export async function connectClient(
  url: string,
  options: { readonly applicationName: string; readonly statementTimeoutMs: number },
): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    types,
    // Each of its statements is a look-up by key or an insert: one plan is the best for all values.
    options: '-c plan_cache_mode=force_generic_plan',
    application_name: options.applicationName,
    statement_timeout: options.statementTimeoutMs,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}
