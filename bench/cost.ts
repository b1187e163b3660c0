/** What a piece of work cost: processor time by process, pages and write-ahead log of the database. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import pg from 'pg'
import type { Laboratory, MeasuredCentre } from './laboratory.ts'

/** From /proc, in hundredths of a second. */
function ticksOf(pid: number): number {
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

type Ticks = {
  readonly centre: number
  readonly bank: number
  readonly postgres: Map<number, number>
}

function ticksNow(postgresPid: number, bankPid: number): Ticks {
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(postgresPid)]).toString()
  const backends = children.trim().split(/\s+/).map(Number)
  return {
    centre: ticksOf(process.pid),
    bank: ticksOf(bankPid),
    postgres: new Map(backends.map((pid) => [pid, ticksOf(pid)])),
  }
}

type Counters = { readonly walBytes: number; readonly fullPages: number; readonly pages: number }

async function countersNow(client: pg.Client): Promise<Counters> {
  // The server's counts of pages are told by each backend once a second.
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  const { rows } = await client.query<{ wal: string; fpi: string; pages: string }>(
    `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text AS wal,
       (SELECT wal_fpi::text FROM pg_stat_wal) AS fpi,
       (SELECT sum(blks_hit + blks_read)::text FROM pg_stat_database) AS pages`,
  )
  const [row] = rows
  return { walBytes: Number(row?.wal), fullPages: Number(row?.fpi), pages: Number(row?.pages) }
}

export type Cost = {
  readonly cpuMicros: { readonly centre: number; readonly bank: number; readonly postgres: number }
  readonly walBytes: number
  readonly fullPageImages: number
  readonly pagesTouched: number
}

/** Runs the work and divides what it cost by how many authorizations it made. */
export async function costOf(
  laboratory: Laboratory,
  centre: MeasuredCentre,
  work: () => Promise<{ readonly count: number }>,
): Promise<Cost> {
  const client = new pg.Client(laboratory.urls.superuser)
  await client.connect()
  const before = await countersNow(client)
  const ticksBefore = ticksNow(laboratory.postgresPid, centre.bankPid)
  const { count } = await work()
  const ticks = ticksNow(laboratory.postgresPid, centre.bankPid)
  const after = await countersNow(client)
  await client.end()
  const micros = (more: number): number => Math.round((more * 1e5) / count) / 10
  let postgres = 0
  for (const [pid, now] of ticks.postgres) postgres += now - (ticksBefore.postgres.get(pid) ?? 0)
  const each = (key: keyof Counters): number =>
    Math.round(((after[key] - before[key]) * 100) / count) / 100
  return {
    cpuMicros: {
      centre: micros(ticks.centre - ticksBefore.centre),
      bank: micros(ticks.bank - ticksBefore.bank),
      postgres: micros(postgres),
    },
    walBytes: Math.round(each('walBytes')),
    fullPageImages: each('fullPages'),
    pagesTouched: each('pages'),
  }
}
