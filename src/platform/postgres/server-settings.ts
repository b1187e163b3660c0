import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { totalmem } from 'node:os'
import { join } from 'node:path'

/** [POSIX sockaddr_un] A socket's path is bounded; past that, TCP on the loopback alone. */
export function socketDirectory(clusterDir: string, port: number): string {
  const bytesMax = process.platform === 'linux' ? 107 : 103
  const path = join(clusterDir, `.s.PGSQL.${port}`)
  return Buffer.byteLength(path) > bytesMax ? '' : `"${clusterDir.replaceAll('"', '""')}"`
}

/** Durability (fsync, synchronous_commit, full_page_writes) stays at the server's defaults: all on. */
export function serverSettings(options: {
  readonly sharedBuffersMb?: number | undefined
}): readonly string[] {
  const constrained = process.constrainedMemory()
  const memory = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
  const quarterMb = Math.floor(memory / 4 / 1024 / 1024)
  const sharedMb = options.sharedBuffersMb ?? Math.max(32, Math.min(2048, quarterMb))
  return [
    'listen_addresses=127.0.0.1',
    `shared_buffers=${sharedMb}MB`,
    'max_connections=100',
    'max_wal_size=4GB',
    'checkpoint_timeout=15min',
    // A new table has no statistics, and without any the planner may take an index for another.
    'autovacuum_naptime=5s',
    // From then on twice as many rows are worth a new look, at a quarter of the usual sample: else a
    // core is busy with it for a third of a second, every few seconds of a young table that grows.
    'autovacuum_analyze_scale_factor=1',
    'autovacuum_vacuum_insert_scale_factor=1',
    'default_statistics_target=25',
    'jit=off',
    'timezone=UTC',
    'log_timezone=UTC',
    'log_line_prefix=%m [%p] ',
    'password_encryption=scram-sha-256',
  ]
}

/**
 * Below the ports that systems give to outgoing connections (from 32,768 on): one of those could be
 * anybody's by the time the server starts, now or again after a crash.
 */
const [portMin, portsAbove] = [26_000, 6_000]
const triesMax = 200

export async function freePort(): Promise<number> {
  for (let tries = 0; tries < triesMax; tries++) {
    const port = portMin + randomInt(portsAbove)
    if (await isFree(port)) return port
  }
  throw new Error('no free TCP port')
}

export async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const free = await new Promise<boolean>((done) => {
    server.once('error', () => {
      done(false)
    })
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      done(true)
    })
  })
  if (free) await new Promise((done) => server.close(done))
  return free
}
