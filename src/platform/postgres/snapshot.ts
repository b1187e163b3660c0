import type { Client } from 'pg'
import { connectClient } from './client.ts'

/** Connections that see the database as it was at one instant, and change nothing in it. */
export type Snapshot = {
  /** Each runs one statement at a time, with times and dates at UTC. */
  readonly clients: readonly [Client, ...Client[]]
  /** Ends what is still under way: it rejects. */
  close(): void
}

/** `workMemMb` is for each sort or hash of each connection. Rejects as `connectClient` does. */
export async function openSnapshot(
  url: string,
  options: {
    readonly connections: number
    readonly applicationName: string
    readonly statementTimeoutMs: number
    readonly workMemMb: number
  },
): Promise<Snapshot> {
  const first = await connectClient(url, options)
  const others: Client[] = []
  const close = (): void => {
    for (const client of [first, ...others]) void client.end().catch(() => undefined)
  }
  const begin = async (client: Client, snapshot?: string): Promise<void> => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    if (snapshot !== undefined) await client.query(`SET TRANSACTION SNAPSHOT '${snapshot}'`)
    // The work is shared out here: helpers of the server's own would only take turns with it.
    await client.query(
      `SET LOCAL work_mem = '${options.workMemMb}MB'; SET LOCAL TimeZone = 'UTC';
       SET LOCAL max_parallel_workers_per_gather = 0`,
    )
  }
  try {
    await begin(first)
    const { rows } = await first.query<{ id: string }>('SELECT pg_export_snapshot() AS id')
    for (let i = 1; i < options.connections; i++) {
      const client = await connectClient(url, options)
      others.push(client)
      await begin(client, rows[0]?.id)
    }
  } catch (thrown) {
    close()
    throw thrown
  }
  return { clients: [first, ...others], close }
}
