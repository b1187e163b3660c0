/**
 * Authorizations per second through the switch's face, with a real bank process over TCP and the
 * embedded PostgreSQL, every default of durability, with and without a message authentication code.
 * Baselines in the same run, in turn: pgbench, and a pool of 64 connections. Medians of three.
 */
import { preparePgbench, runPgbench, runPool } from './baselines.ts'
import { costOf } from './cost.ts'
import { openLaboratory, openMeasuredCentre, print } from './laboratory.ts'
import { closedLoop, median, openLoop, ratio } from './load.ts'

const forSeconds = Number(process.env['BENCH_SECONDS'] ?? 8)
const customers = 1_024
const laboratory = await openLaboratory()
const { superuser } = laboratory.urls
preparePgbench(superuser)

for (const mac of ['plain', 'mac'] as const) {
  const centre = await openMeasuredCentre(laboratory, mac)
  await closedLoop(centre, { customers: 256, forSeconds: 3 })
  const ours: number[] = []
  const pgbench: number[] = []
  const pool: number[] = []
  for (let i = 0; i < 3; i++) {
    pgbench.push(runPgbench(superuser, forSeconds))
    pool.push(await runPool(superuser, forSeconds))
    const { perSecond } = await closedLoop(centre, { customers, forSeconds })
    ours.push(Math.round(perSecond))
    print({ bench: 'authorizations', mac, pgbench: pgbench[i], pool: pool[i], perSecond: ours[i] })
  }
  const perSecond = median(ours)
  print({
    bench: 'authorizations median',
    mac,
    perSecond,
    timesPgbench: ratio(perSecond, median(pgbench)),
    timesPool: ratio(perSecond, median(pool)),
  })
  const cost = await costOf(laboratory, centre, () => closedLoop(centre, { customers, forSeconds }))
  print({ bench: 'cost of an authorization', mac, ...cost, rows: 2 })
  if (mac === 'plain') {
    const half = Math.round(perSecond / 2)
    const latency = await openLoop(centre, { perSecond: half, forSeconds })
    print({ bench: 'open loop at half', perSecond: half, ...latency })
  }
  await centre.stop()
}
await laboratory.close()
