/** What the same machine and the same server do without us, measured in the same run. */
import { execFileSync } from 'node:child_process'
import pg from 'pg'
import { withDatabase } from '../src/platform/postgres/roles.ts'

const pgbenchUrl = (url: string): string => withDatabase(url, 'postgres')

export function preparePgbench(superuserUrl: string): void {
  const args = ['-i', '-q', '-s', '20', pgbenchUrl(superuserUrl)]
  execFileSync('pgbench', args, { stdio: 'ignore' })
}

/** Transactions per second of `pgbench -N -M prepared -c 64`. */
export function runPgbench(superuserUrl: string, forSeconds: number): number {
  const args = ['-N', '-M', 'prepared', '-c', '64', '-j', '2', '-T', String(forSeconds)]
  const out = execFileSync('pgbench', [...args, pgbenchUrl(superuserUrl)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString()
  return Math.round(Number(/tps = ([0-9.]+)/.exec(out)?.[1] ?? 0))
}

/** What a plain service does: BEGIN, INSERT, UPDATE, COMMIT, a connection for each of 64. */
export async function runPool(superuserUrl: string, forSeconds: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: superuserUrl, max: 64 })
  await pool.query('CREATE TABLE IF NOT EXISTS plain (id bigint PRIMARY KEY, body text)')
  await pool.query('CREATE TABLE IF NOT EXISTS plain_account (id int PRIMARY KEY, balance bigint)')
  await pool.query(
    'INSERT INTO plain_account SELECT i, 0 FROM generate_series(0, 9999) i ON CONFLICT DO NOTHING',
  )
  let count = 0
  const startMs = performance.now()
  const base = BigInt(Date.now()) * 1_000_000n
  const worker = async (): Promise<void> => {
    while (performance.now() - startMs < forSeconds * 1000) {
      const client = await pool.connect()
      const id = base + BigInt(count++)
      await client.query('BEGIN')
      await client.query('INSERT INTO plain VALUES ($1, $2)', [id, 'x'.repeat(280)])
      await client.query('UPDATE plain_account SET balance = balance + 1 WHERE id = $1', [
        Number(id % 10_000n),
      ])
      await client.query('COMMIT')
      client.release()
    }
  }
  await Promise.all(Array.from({ length: 64 }, worker))
  const perSecond = (count * 1000) / (performance.now() - startMs)
  await pool.end()
  return Math.round(perSecond)
}
