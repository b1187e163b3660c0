import type { Client } from 'pg'
import { assert } from '../../kernel/assert.ts'
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
  const opened = await Promise.allSettled(
    Array.from({ length: options.connections }, () => connectClient(url, options)),
  )
  const clients = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  const close = (): void => {
    for (const client of clients) void client.end().catch(() => undefined)
  }
  try {
    for (const each of opened) if (each.status === 'rejected') throw each.reason
    const [first, ...others] = clients
    assert(first !== undefined, 'a snapshot has a connection')
    await begin(first, options)
    const { rows } = await first.query<{ id: string }>('SELECT pg_export_snapshot() AS id')
    await Promise.all(others.map((client) => begin(client, { ...options, snapshot: rows[0]?.id })))
    return { clients: [first, ...others], close }
  } catch (thrown) {
    close()
    throw thrown
  }
}

/** The work is shared out by its caller: helpers of the server's own would only take turns with it. */
async function begin(
  client: Client,
  { snapshot, workMemMb }: { readonly snapshot?: string | undefined; readonly workMemMb: number },
): Promise<void> {
  const shared = snapshot === undefined ? '' : `SET TRANSACTION SNAPSHOT '${snapshot}';`
  await client.query(
    `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ${shared}
     SET LOCAL work_mem = '${workMemMb}MB'; SET LOCAL TimeZone = 'UTC';
     SET LOCAL max_parallel_workers_per_gather = 0`,
  )
}
