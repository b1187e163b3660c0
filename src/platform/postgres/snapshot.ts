import { Socket } from 'node:net'
import pg, { type Client, type PoolClient } from 'pg'
import { assert } from '../../kernel/assert.ts'
import { LendingSocket } from './lending-socket.ts'
import { types } from './value-types.ts'

/** Connections that see the database as it was at one instant, and change nothing in it. */
export type Snapshot = {
  /** Each runs one statement at a time, with times and dates at UTC. */
  readonly clients: readonly [Client, ...Client[]]
  /** Lets the instant go; the connections are kept for the next one. */
  release(): Promise<void>
  /** Ends the connections, if they were not released: what is still under way rejects. */
  abandon(): void
}

export type Snapshots = {
  /** Rejects with the driver's error where a connection cannot be had. */
  take(): Promise<Snapshot>
  close(): Promise<void>
}

/** To connect takes longer than a small reading; whoever watches an open day reads every few seconds. */
const keptMs = 60_000

/** Far more than are ever taken at once. */
const snapshotsMax = 8

/** `workMemMb` is for each sort or hash of each of a snapshot's connections. */
export function openSnapshots(
  url: string,
  options: {
    readonly connections: number
    readonly applicationName: string
    readonly statementTimeoutMs: number
    readonly workMemMb: number
  },
): Snapshots {
  const { connections, workMemMb } = options
  const pool = new pg.Pool({
    connectionString: url,
    types,
    max: connections * snapshotsMax,
    application_name: options.applicationName,
    statement_timeout: options.statementTimeoutMs,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: keptMs,
    allowExitOnIdle: true,
    keepAlive: true,
    stream: socketFor as () => Socket,
  })
  // A connection that is lost while nothing uses it is nobody's failure: the next one is made anew.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return {
    take: async () => {
      const clients = await connectAll(pool, connections)
      let isLet = false
      const abandon = (): void => {
        if (isLet) return
        isLet = true
        for (const client of clients) client.release(true)
      }
      try {
        await beginAll(clients, workMemMb)
      } catch (thrown) {
        abandon()
        throw thrown
      }
      const release = async (): Promise<void> => {
        isLet = true
        await Promise.all(clients.map(endOne))
      }
      return { clients, release, abandon }
    },
    close: () => pool.end(),
  }
}

/** The driver tells what it will make of it: with TLS another socket reads from this one. */
const socketFor = ({ ssl }: pg.ClientConfig): Socket =>
  ssl === undefined || ssl === false ? new LendingSocket() : new Socket()

type Clients = readonly [PoolClient, ...PoolClient[]]

async function connectAll(pool: pg.Pool, count: number): Promise<Clients> {
  const asked = Array.from({ length: count }, () => pool.connect())
  const answers = await Promise.allSettled(asked)
  const clients = answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  const refused = answers.find((each) => each.status === 'rejected')
  if (refused !== undefined) {
    for (const client of clients) client.release()
    throw refused.reason
  }
  const [first, ...others] = clients
  assert(first !== undefined, 'a snapshot has a connection')
  return [first, ...others]
}

async function beginAll([first, ...others]: Clients, workMemMb: number): Promise<void> {
  await begin(first, { workMemMb })
  const { rows } = await first.query<{ id: string }>('SELECT pg_export_snapshot() AS id')
  await Promise.all(others.map((client) => begin(client, { workMemMb, snapshot: rows[0]?.id })))
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

async function endOne(client: PoolClient): Promise<void> {
  try {
    await client.query('ROLLBACK')
    client.release()
  } catch {
    client.release(true)
  }
}
