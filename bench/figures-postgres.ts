/** The peer: one month of operations in a plain table of PostgreSQL, asked the same as the lake. */
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { sqlText, type Duckdb } from '../src/platform/duckdb.ts'
import { monthPeriod, type Month, type Statistics } from '../src/statistics/index.ts'
import { openLaboratory, print } from './laboratory.ts'
import { ratio } from './load.ts'

const columns = [
  ...['business_date date', 'kind text', 'approved smallint', 'amount_minor bigint'],
  ...['channel text', 'gateway text', 'card_origin text', 'sector text', 'site text'],
]

const question = `
  SELECT channel, gateway, card_origin, sector,
    count(*) FILTER (WHERE kind = 'operation') AS operations,
    sum(amount_minor) FILTER (WHERE kind IN ('operation', 'capture')) AS amount_minor,
    sum(approved) AS approved, count(*) FILTER (WHERE kind = 'decline') AS declined,
    count(DISTINCT site) FILTER (WHERE kind = 'operation' AND site <> 'none') AS active_sites
  FROM operations
  GROUP BY GROUPING SETS ((channel, gateway, card_origin, sector), ())`

export async function benchPostgres(asked: {
  readonly statistics: Statistics
  readonly engine: Duckdb
  readonly month: Month
  readonly files: readonly string[]
  readonly scratch: string
}): Promise<void> {
  const { statistics, engine, month, files, scratch } = asked
  const csv = join(scratch, 'month.csv')
  const names = columns.map((column) => column.split(' ')[0] ?? '').join(', ')
  const within = files.filter((file) => file.includes(`/${month}/`)).map(sqlText)
  await engine.query(
    `COPY (SELECT ${names} FROM read_parquet([${within.join(', ')}]))
     TO ${sqlText(csv)} (FORMAT csv, HEADER false)`,
  )
  const laboratory = await openLaboratory()
  const client = new pg.Client(laboratory.urls.superuser)
  try {
    await client.connect()
    await client.query(`CREATE TABLE operations (${columns.join(', ')})`)
    const copied = client.query(copyFrom('COPY operations FROM STDIN (FORMAT csv)'))
    await pipeline(createReadStream(csv), copied)
    await client.query('VACUUM (ANALYZE) operations')
    const ofLake = () =>
      statistics.cut({
        ...monthPeriod(month),
        by: ['channel', 'gateway', 'cardOrigin', 'sector'],
        fromOperations: true,
      })
    const ofPostgres = () => client.query<{ channel: string | null; operations: string }>(question)
    const total = (await ofPostgres()).rows.find(({ channel }) => channel === null)
    const { total: counted } = await ofLake()
    if (Number(total?.operations) !== counted.count) throw new Error('the two do not agree')
    const [lakeMs, postgresMs] = await medians(ofLake, ofPostgres)
    print({
      bench: 'one month’s cut from every operation',
      ...{ month, operations: counted.count },
      ...{ lakeMs: Math.round(lakeMs), postgresMs: Math.round(postgresMs) },
      postgresTimesLake: ratio(postgresMs, lakeMs),
    })
  } finally {
    await client.end()
    await laboratory.close()
  }
}

/** Of three runs of each, in turn. */
async function medians(
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<readonly [number, number]> {
  const times: [number[], number[]] = [[], []]
  for (let i = 0; i < 3; i++) {
    for (const [index, act] of [one, other].entries()) {
      const startMs = performance.now()
      await act()
      times[index]?.push(performance.now() - startMs)
    }
  }
  const [left, right] = times.map((all) => all.toSorted((a, b) => a - b)[1] ?? 0)
  return [left ?? 0, right ?? 0]
}
