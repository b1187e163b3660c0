/**
 * Authorizations per second through the switch's face, with a real bank process over TCP and the
 * embedded PostgreSQL, every default of durability. Baselines in the same run, interleaved: pgbench
 * and a 64-connection pool of BEGIN, INSERT, UPDATE, COMMIT. Prints JSON lines.
 */
import { execFileSync, fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { BusinessDate } from '../src/kernel/business-date.ts'
import { MAD } from '../src/kernel/currency.ts'
import { money } from '../src/kernel/money.ts'
import { hasCheckDigit, Pan } from '../src/kernel/pan.ts'
import { silentLog } from '../src/platform/log.ts'
import { openDatabase } from '../src/platform/postgres/database.ts'
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded.ts'
import { migrate } from '../src/platform/postgres/migrate.ts'
import { ensurePartitions, partitionedTables } from '../src/platform/postgres/partitions.ts'
import { withDatabase } from '../src/platform/postgres/roles.ts'
import { freePort } from '../src/platform/postgres/server-settings.ts'
import { rootFolder } from '../src/platform/root.ts'
import type { AuthorizationRequest } from '../src/switch/index.ts'
import { openSwitch, type SwitchUnderTest } from '../test/support/switch.ts'

const seconds = Number(process.env['BENCH_SECONDS'] ?? 8)
const date = '2013-09-15' as BusinessDate
const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)

const folder = mkdtempSync(join(tmpdir(), 'monetique-bench-'))
const server = await startEmbeddedPostgres({ dataDir: folder, log: silentLog, pgBin: undefined })
const { urls, pid: postgresPid } = server
const owner = openDatabase(urls.owner, {
  log: silentLog,
  applicationName: 'bench',
  connectionsMax: 2,
  statementTimeoutMs: 600_000,
})
await migrate({ database: owner, folder: join(rootFolder, 'sql', 'migrations'), log: silentLog })
await ensurePartitions(owner, await partitionedTables(owner), {
  fromMonth: '2013-09',
  monthsAhead: 1,
})
preparePgbench()

/** Ten thousand cards of one bank's synthetic range. */
const cards = Array.from({ length: 10_000 }, (_, i) => `95041${String(i).padStart(10, '0')}`)
  .flatMap((body) => [...'0123456789'].map((digit) => body + digit).find(hasCheckDigit) ?? [])
  .flatMap((digits) => {
    const pan = Pan.parse(digits)
    return pan.ok ? pan.value : []
  })

let run = 0
for (const mac of ['plain', 'mac'] as const) {
  const banks = await startBanks(mac)
  const centre = await openSwitch({
    url: urls.app,
    issuersPort: banks.port,
    date,
    macKeys: mac === 'mac',
    onError: (error) => print({ error: error.message }),
  })
  await closedLoop(centre, { workers: 256, forSeconds: 3 })
  const rates: { switch: number; pgbench: number; pool: number }[] = []
  for (let i = 0; i < 3; i++) {
    const pgbench = runPgbench()
    const pool = await runPool()
    const before = cpuOf(banks.process.pid)
    const measured = await closedLoop(centre, { workers: 512, forSeconds: seconds })
    const after = cpuOf(banks.process.pid)
    const per = (key: 'centre' | 'bank' | 'postgres'): number =>
      Math.round(((after[key] - before[key]) * 1e6) / measured.count)
    print({
      bench: 'authorizations',
      mac,
      pgbench,
      pool,
      perSecond: Math.round(measured.perSecond),
      cpuMicros: { centre: per('centre'), bank: per('bank'), postgres: per('postgres') },
    })
    rates.push({ switch: measured.perSecond, pgbench, pool })
  }
  const median = (key: 'switch' | 'pgbench' | 'pool'): number =>
    rates.map((rate) => rate[key]).sort((a, b) => a - b)[1] ?? 0
  print({
    bench: 'authorizations median',
    mac,
    perSecond: Math.round(median('switch')),
    timesPgbench: ratio(median('switch'), median('pgbench')),
    timesPool: ratio(median('switch'), median('pool')),
  })
  if (mac === 'plain') await openLoop(centre, median('switch') / 2)
  await walPerAuthorization(centre)
  await centre.stop()
  banks.process.disconnect()
}
await owner.close()
await server.stop()
rmSync(folder, { recursive: true, force: true })

function ratio(a: number, b: number): number {
  return Math.round((a / b) * 100) / 100
}

async function startBanks(mac: string): Promise<{ port: number; process: ChildProcess }> {
  const port = await freePort()
  const args = [join(folder, `banks-${mac}`), String(port), mac]
  const child = fork(join(rootFolder, 'bench', 'banks.ts'), args, { execArgv: ['--import', 'tsx'] })
  await new Promise((resolve) => child.once('message', resolve))
  return { port, process: child }
}

function request(centre: SwitchUnderTest, number: number): AuthorizationRequest {
  const sites = centre.directory.sites()
  const site = sites[number % sites.length]
  if (site === undefined) throw new Error('no site')
  const order = `${run}-${number}`
  return {
    kind: 'preauthorization',
    channel: 'internet',
    door: 'nestpay',
    merchant: site.merchant,
    site: site.id,
    terminal: site.terminal,
    order: { reference: order, attempt: 1 },
    duplicateKey: ['bench', order],
    routingKey: order,
    amount: money(1_000n, MAD),
    card: { pan: cardOf(number), expiry: '9912', cvc: () => '000' },
    entryMode: '812',
    conditionCode: '59',
    eci: '07',
  }
}

function cardOf(number: number): Pan {
  const pan = cards[number % cards.length]
  if (pan === undefined) throw new Error('no card')
  return pan
}

/** Each worker sends its next when its last is answered. */
async function closedLoop(
  centre: SwitchUnderTest,
  { workers, forSeconds }: { workers: number; forSeconds: number },
): Promise<{ count: number; perSecond: number }> {
  run += 1
  let next = 0
  const startMs = performance.now()
  const endMs = startMs + forSeconds * 1000
  const worker = async (): Promise<void> => {
    while (performance.now() < endMs) {
      const decided = await centre.switch.authorize(request(centre, next++))
      if (!decided.ok) throw new Error(decided.error)
      if (decided.value.payment.status.state !== 'approved') throw new Error('not approved')
    }
  }
  await Promise.all(Array.from({ length: workers }, worker))
  return { count: next, perSecond: (next * 1000) / (performance.now() - startMs) }
}

/** Latency from the scheduled time, at a rate. */
async function openLoop(centre: SwitchUnderTest, perSecond: number): Promise<void> {
  run += 1
  const latencies: number[] = []
  const all: Promise<void>[] = []
  const startMs = performance.now()
  for (let sent = 0; ;) {
    const elapsedMs = performance.now() - startMs
    if (elapsedMs > seconds * 1000) break
    for (; sent < (elapsedMs * perSecond) / 1000; sent++) {
      const scheduledMs = startMs + (sent * 1000) / perSecond
      all.push(
        centre.switch.authorize(request(centre, sent)).then(() => {
          latencies.push(performance.now() - scheduledMs)
        }),
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(all)
  latencies.sort((a, b) => a - b)
  const at = (share: number): number =>
    Math.round((latencies[Math.floor(latencies.length * share)] ?? 0) * 10) / 10
  print({
    bench: 'open loop at half',
    perSecond: Math.round(perSecond),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  })
}

async function walPerAuthorization(centre: SwitchUnderTest): Promise<void> {
  const client = new pg.Client(urls.superuser)
  await client.connect()
  const position = async (): Promise<number> => {
    const { rows } = await client.query<{ bytes: string }>(
      "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text AS bytes",
    )
    return Number(rows[0]?.bytes)
  }
  const before = await position()
  const { count } = await closedLoop(centre, { workers: 256, forSeconds: 3 })
  const walBytes = Math.round(((await position()) - before) / count)
  print({ bench: 'wal', walBytesPerAuthorization: walBytes, rowsPerAuthorization: 2 })
  await client.end()
}

function preparePgbench(): void {
  const url = withDatabase(urls.superuser, 'postgres')
  execFileSync('pgbench', ['-i', '-q', '-s', '20', url], { stdio: 'ignore' })
}

function runPgbench(): number {
  const url = withDatabase(urls.superuser, 'postgres')
  const args = ['-N', '-M', 'prepared', '-c', '64', '-j', '2', '-T', String(seconds), url]
  const out = execFileSync('pgbench', args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
  return Math.round(Number(/tps = ([0-9.]+)/.exec(out)?.[1] ?? 0))
}

/** What a plain service does: one dbTransaction a payment, a connection each. */
async function runPool(): Promise<number> {
  const pool = new pg.Pool({ connectionString: urls.superuser, max: 64 })
  await pool.query('CREATE TABLE IF NOT EXISTS plain (id bigint PRIMARY KEY, body text)')
  await pool.query('CREATE TABLE IF NOT EXISTS plain_account (id int PRIMARY KEY, balance bigint)')
  await pool.query(
    'INSERT INTO plain_account SELECT i, 0 FROM generate_series(0, 9999) i ON CONFLICT DO NOTHING',
  )
  let count = 0
  const startMs = performance.now()
  const base = BigInt(Date.now()) * 1_000_000n
  const worker = async (): Promise<void> => {
    while (performance.now() - startMs < seconds * 1000) {
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

/** Seconds of processor time, from /proc: the centre is this process. */
function cpuOf(bankPid: number | undefined): { centre: number; bank: number; postgres: number } {
  const ticks = (pid: number): number => {
    let stat: string
    try {
      stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    } catch {
      // A backend that ended meanwhile.
      return 0
    }
    const fields = stat.split(') ')[1]?.split(' ') ?? []
    return Number(fields[11]) + Number(fields[12])
  }
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(postgresPid)]).toString()
  const backends = children.trim().split(/\s+/).map(Number)
  const sum = (pids: readonly number[]): number => pids.reduce((all, pid) => all + ticks(pid), 0)
  return {
    centre: ticks(process.pid) / 100,
    bank: bankPid === undefined ? 0 : ticks(bankPid) / 100,
    postgres: sum(backends) / 100,
  }
}
