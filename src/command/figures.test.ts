/** The published table and the lake's files, from the command line, on two years of a small country. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openDuckdb, sqlText } from '../platform/duckdb.ts'
import { rootFolder } from '../platform/root.ts'
import { catalogueFromJson } from '../statistics/lake/catalogue.ts'
import { deliveryOf, statisticsIn, temporaryFolder } from '../../test/support/lake.ts'
import { twoYearsOf } from '../../test/support/two-years.ts'
import { runCommand } from './run.ts'

const dataDir = temporaryFolder()
const lake = join(dataDir, 'lake')
let delivery: string

before(async () => {
  process.env['MONETIQUE_DATA_DIR'] = dataDir
  delivery = await deliveryOf(twoYearsOf('2013-09-30'), 'two years made for a test')
  const statistics = statisticsIn(lake)
  await statistics.adopt(delivery)
})

after(() => {
  delete process.env['MONETIQUE_DATA_DIR']
})

async function run(...words: readonly string[]) {
  const out: string[] = []
  const err: string[] = []
  const terminal = { out: (line: string) => out.push(line), err: (line: string) => err.push(line) }
  const status = await runCommand(words, terminal)
  return { status, out: out.join('\n'), err: err.join('\n') }
}

type Figures = {
  readonly month: string
  readonly provisional: boolean
  readonly verified?: boolean
  readonly different?: readonly object[]
  readonly rows: readonly {
    readonly id: string
    readonly value: number | string | null
    readonly previous: number | string | null
    readonly growthPct: number | null
    readonly sharePct: number | null
  }[]
}

async function figures(month: string, ...more: readonly string[]): Promise<Figures> {
  const { status, out, err } = await run('figures', '--month', month, '--json', ...more)
  assert.equal(status, 0, err)
  return JSON.parse(out) as Figures
}

test('every printed id is in the table, each amount in dirhams of two decimals', async () => {
  const { rows, provisional } = await figures('2013-09')
  assert.equal(provisional, false)
  const found = new Map(rows.map((row) => [row.id, row]))
  assert.equal(found.size, rows.length)
  const path = join(rootFolder, 'test', 'fixtures', 'figures', 'national-2013.json')
  const national = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly rows: readonly { readonly id: string; readonly measure: string }[]
  }
  for (const { id, measure } of national.rows) {
    const row = found.get(id)
    assert.ok(row !== undefined, id)
    for (const value of [row.value, row.previous]) {
      if (measure === 'amount') assert.match(String(value), /^[0-9]+\.[0-9]{2}$/, id)
      else assert.ok(Number.isInteger(value), id)
    }
    assert.equal(typeof row.growthPct, 'number', id)
  }
  assert.equal(typeof found.get('ytd.moroccanCards.countShare')?.sharePct, 'number')
})

test('counted again from every operation it is the same, until a rollup lies', async () => {
  assert.equal((await figures('2013-09', '--verify')).verified, true)
  const person = await run('figures', '--month', '2013-09', '--verify')
  assert.equal(person.status, 0, person.err)
  assert.match(person.out, /final[^]*verified: counted again from every operation/)
  const path = join(lake, 'catalogue.json')
  const text = readFileSync(path, 'utf8')
  const catalogue = catalogueFromJson(text)
  assert.ok(catalogue.ok)
  const months = catalogue.value.rollups.find(({ month }) => month === '2013-09')?.months
  assert.ok(months !== undefined)
  const [file, kept] = [join(lake, months.file), join(dataDir, 'months.parquet')]
  renameSync(file, kept)
  const engine = await openDuckdb({ threads: 1, memoryMb: 256, temporaryFolder: dataDir })
  await engine.query(
    `COPY (SELECT * REPLACE (operations + 1 AS operations) FROM read_parquet(${sqlText(kept)}))
     TO ${sqlText(file)} (FORMAT parquet, COMPRESSION zstd)`,
  )
  engine.close()
  const size = String(readFileSync(file).length)
  // Another rollup may be as long.
  const told = new RegExp(`("${months.sha256}",\\s+"bytes": )${months.bytes}\\b`)
  assert.match(text, told)
  writeFileSync(
    path,
    text.replace(told, (_, head: string) => `${head}${size}`),
  )
  const lied = await run('figures', '--month', '2013-09', '--verify')
  assert.equal(lied.status, 1)
  assert.match(
    lied.err,
    /figures are not what their operations say[^]*month\.all\.count +[0-9,]+ +/,
  )
  const checked = await run('lake', 'verify')
  assert.equal(checked.status, 1)
  assert.match(checked.err, /rollups\/2013-09\/months-.* was altered: its sha256 is another/)
  const rebuilt = await run('lake', 'rebuild')
  assert.equal(rebuilt.status, 0, rebuilt.err)
  assert.equal((await figures('2013-09', '--verify')).verified, true)
  assert.equal((await run('lake', 'verify')).status, 0)
})

test('months without a date, and years before that nobody knows, are not zeros', async () => {
  const none = await run('figures', '--month', '2014-02', '--json')
  assert.deepEqual([none.status, none.out], [1, ''])
  assert.match(none.err, /no date of 2014-02: they hold 2012-01-01 to 2013-09-30/)
  const { rows } = await figures('2012-05', '--verify')
  assert.ok(rows.every(({ previous, growthPct }) => previous === null && growthPct === null))
})

test('a file of printed figures is held against the table', async () => {
  const { rows } = await figures('2013-09')
  const value = rows.find(({ id }) => id === 'month.internet.count')?.value
  const file = join(dataDir, 'printed.json')
  const printed = (more: object): void => {
    const row = { id: 'month.internet.count', value, tolerance: 0, ...more }
    const periods = { month: ['2013-09-01', '2013-09-30'] }
    writeFileSync(file, JSON.stringify({ periods, rows: [row] }))
  }
  printed({})
  const held = await run('figures', 'check', file)
  assert.deepEqual([held.status, held.err], [0, ''])
  assert.match(held.out, /month\.internet\.count +value .* ok\n2013-09: all 1 printed/)
  printed({ value: Number(value) - 7 })
  const off = await run('figures', 'check', file)
  assert.equal(off.status, 1)
  assert.match(off.out, /OFF by 7$/m)
  const json = await run('figures', 'check', file, '--json')
  const told = JSON.parse(json.out) as { ok: boolean; checks: readonly { off: number }[] }
  assert.deepEqual([json.status, told.ok, told.checks[0]?.off], [1, false, 7])
  writeFileSync(file, '{"rows": 1}')
  assert.match((await run('figures', 'check', file)).err, /printed\.json has no periods/)
  assert.match((await run('figures', 'check', '/no/such')).err, /cannot be read/)
})

test('a cut file is named, left to whoever delivered it, and adopted again once forgotten', async () => {
  const all = JSON.parse((await run('lake', 'list', '--json')).out) as {
    readonly file: string
    readonly dates: number
    readonly operations: number
  }[]
  assert.deepEqual([all.length, all[0]?.dates], [21, 31])
  assert.match((await run('lake', 'list')).out, /^file[^]*2012-01-01 +2012-01-31 +31/)
  const file = all[3]?.file ?? ''
  truncateSync(join(lake, file), 100)
  const verified = await run('lake', 'verify', '--json')
  assert.equal(verified.status, 1)
  const told = JSON.parse(verified.out) as { ok: boolean; faults: readonly { file: string }[] }
  assert.deepEqual([told.ok, told.faults.map((fault) => fault.file)], [false, [file]])
  const rebuilt = await run('lake', 'rebuild')
  assert.equal(rebuilt.status, 1)
  assert.match(rebuilt.err, /is cut: 100 of .*lake forget it, then adopt its delivery again/)
  assert.equal((await run('lake', 'forget', 'operations/none')).status, 1)
  assert.match((await run('lake', 'forget', file)).out, /2012-04-01 to 2012-04-30/)
  assert.ok(!existsSync(join(lake, file)) || (await run('lake', 'verify')).status === 0)
  const statistics = statisticsIn(lake)
  await statistics.adopt(delivery)
  assert.match((await run('lake', 'verify')).out, /21 files, 639 dates.*all as they were published/)
  assert.equal((await figures('2013-09', '--verify')).verified, true)
})
