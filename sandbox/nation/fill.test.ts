/** A small nation from end to end: the files that are delivered, and fills that end half way. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openDuckdb, type Duckdb } from '../../src/platform/duckdb.ts'
import { rootFolder } from '../../src/platform/root.ts'
import { deliveryFromJson, lakeColumns, type Delivery } from '../../src/wire/lake/index.ts'
import { checkPublishedRows } from '../../test/support/published-rows.ts'
import { fill, planNation, targetsFromJson, type Plan } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'monetique-nation-'))
after(() => {
  rmSync(root, { recursive: true, force: true })
})

const targetsFile = join(rootFolder, 'sandbox', 'nation', 'targets-2013.json')

function plan(seed: number, scale: number): Plan {
  const targets = targetsFromJson(readFileSync(targetsFile, 'utf8'))
  assert.ok(targets.ok)
  const planned = planNation({ seed, scale, targets: targets.value })
  assert.ok(planned.ok)
  return planned.value
}

async function fillAt(
  name: string,
  options: { readonly seed: number; readonly workers: number; readonly from?: string },
): Promise<string> {
  const folder = join(root, name)
  await fill({
    ...{ seed: options.seed, plan: plan(options.seed, 0.01), folder, workers: options.workers },
    ...{ from: options.from ?? '2012-01', to: '2013-12', source: 'nation, test', memoryMb: 800 },
    onFound: () => undefined,
    onRows: () => undefined,
    signal: new AbortController().signal,
  })
  return folder
}

function deliveryIn(folder: string): Delivery {
  const delivery = deliveryFromJson(readFileSync(join(folder, 'delivery.json'), 'utf8'))
  assert.ok(delivery.ok)
  return delivery.value
}

const printsOf = (folder: string): readonly string[] =>
  deliveryIn(folder).files.map(({ file, sha256 }) => `${file} ${sha256}`)

let opened: Promise<Duckdb> | undefined
const engine = (): Promise<Duckdb> =>
  (opened ??= openDuckdb({ threads: 2, memoryMb: 800, temporaryFolder: join(root, 'spill') }))
after(async () => {
  ;(await opened)?.close()
})

const one = fillAt('one', { seed: 1, workers: 1 })

test('a file has the columns of the lake, is in order, and holds what its note says', async () => {
  const [folder, duckdb] = [await one, await engine()]
  const delivery = deliveryIn(folder)
  assert.equal(delivery.files.length, 24)
  for (const { file, days } of delivery.files) {
    const path = join(folder, file)
    const columns = await duckdb.query<{ column_name: string; column_type: string }>(
      `DESCRIBE SELECT * FROM '${path}'`,
    )
    assert.deepEqual(
      columns.map(({ column_name, column_type }) => [column_name, column_type]),
      lakeColumns.map(([name, type]) => [name, type]),
    )
    const found = await duckdb.query(
      `SELECT business_date::VARCHAR AS date, count(*)::INTEGER AS rows,
         count(*) FILTER (kind = 'operation')::INTEGER AS operations,
         sum(amount_minor) FILTER (kind IN ('operation', 'capture'))::BIGINT AS "amountMinor"
       FROM '${path}' GROUP BY 1 ORDER BY 1`,
    )
    assert.deepEqual(
      found.map((row) => ({ ...row })),
      [...days],
    )
    const [disorder] = await duckdb.query<{ rows: bigint }>(
      `SELECT count(*) AS rows FROM (
         SELECT business_date || merchant AS name, lag(business_date || merchant)
           OVER (ORDER BY file_row_number) AS earlier
         FROM read_parquet('${path}', file_row_number = true)) WHERE earlier > name`,
    )
    assert.equal(disorder?.rows, 0n, file)
  }
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('.')),
    [],
  )
})

test('the published rows hold, scaled', async () => {
  const files = join(await one, '*.parquet')
  const checked = await checkPublishedRows(await engine(), files, {
    rows: targetsFile,
    scale: 0.01,
  })
  assert.ok(checked.length > 30)
  assert.deepEqual(
    checked.filter(({ holds }) => !holds),
    [],
  )
})

test('rows tell one story', async () => {
  const files = `read_parquet('${join(await one, '*.parquet')}')`
  const ask = async (sql: string): Promise<Readonly<Record<string, unknown>>> => {
    const [row] = await (await engine()).query(sql)
    assert.ok(row !== undefined)
    return { ...row }
  }
  // Nothing is missing, and each kind has what it has.
  const wrong = await ask(`SELECT count(*) FILTER (amount_minor <= 0 OR hour > 23) AS amounts,
      count(*) FILTER ((kind = 'decline') <> (reason IS NOT NULL)) AS reasons,
      count(*) FILTER ((channel = 'terminal') <> (site = 'none')) AS sites,
      count(*) FILTER ((gateway = 'maroc-telecommerce') <> (door = 'mtc')) AS doors,
      count(*) FILTER (approved = 1 AND kind NOT IN ('operation', 'approval')) AS approved
    FROM ${files}`)
  assert.deepEqual(wrong, { amounts: 0n, reasons: 0n, sites: 0n, doors: 0n, approved: 0n })
  const kinds = await (
    await engine()
  ).query<{ kind: string }>(`SELECT DISTINCT kind FROM ${files} ORDER BY 1`)
  const all = ['approval', 'capture', 'decline', 'operation', 'refund', 'reversal']
  assert.deepEqual(
    kinds.map(({ kind }) => kind),
    all,
  )
  // Money goes back of an earlier operation of the same card there, and never more than it.
  const orphans = await ask(`SELECT count(*) AS rows FROM ${files} b
    WHERE b.kind IN ('refund', 'reversal') AND NOT EXISTS (
      SELECT 1 FROM ${files} o WHERE o.kind = 'operation' AND o.merchant = b.merchant
        AND o.card = b.card AND o.business_date < b.business_date
        AND o.amount_minor >= b.amount_minor)`)
  assert.deepEqual(orphans, { rows: 0n })
  const rates = await ask(`SELECT
      sum(approved) FILTER (channel = 'terminal') * 100 //
        count(*) FILTER (channel = 'terminal' AND (approved = 1 OR kind = 'decline')) AS terminal,
      sum(approved) FILTER (channel = 'internet') * 100 //
        count(*) FILTER (channel = 'internet' AND (approved = 1 OR kind = 'decline')) AS internet
    FROM ${files}`)
  assert.ok(Number(rates['terminal']) >= 90 && Number(rates['terminal']) <= 95)
  assert.ok(Number(rates['internet']) >= 70 && Number(rates['internet']) <= 80)
})

test('the same seed gives the same files on one thread and on two, whatever months are asked', async () => {
  const prints = printsOf(await one)
  const two = await fillAt('two', { seed: 1, workers: 2 })
  assert.deepEqual(printsOf(two), prints)
  const part = await fillAt('part', { seed: 1, workers: 2, from: '2013-05' })
  assert.deepEqual(printsOf(part), prints.slice(-8))
})

test('another seed gives other rows', async () => {
  const other = printsOf(await fillAt('other', { seed: 2, workers: 2 }))
  const prints = printsOf(await one)
  assert.ok(other.every((print, index) => print !== prints[index]))
})

test('a month that is damaged is made again, and the delivery is withdrawn until it is', async () => {
  const folder = await fillAt('damaged', { seed: 1, workers: 2, from: '2013-11' })
  const prints = printsOf(folder)
  writeFileSync(join(folder, '2013-12.parquet'), 'no longer')
  const before = readFileSync(join(folder, '2013-11.parquet'))
  await fillAt('damaged', { seed: 1, workers: 2, from: '2013-11' })
  assert.deepEqual(printsOf(folder), prints)
  assert.deepEqual(readFileSync(join(folder, '2013-11.parquet')), before)
})

type Run = { readonly child: ChildProcess; readonly ended: Promise<number | null>; said(): string }

function start(name: string, targets = targetsFile): Run {
  const script = join(rootFolder, 'sandbox', 'nation-main.ts')
  const words = [join(root, name), '1', '0.05', '2012-01', '2012-12', targets, 'nation, test']
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...words], { cwd: rootFolder })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, ended, said: () => said }
}

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; !what(); tries++) {
    assert.ok(tries < 1200, 'in a minute')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

test('a fill that is killed goes on; a second one beside it is refused; ctrl-C is told', async () => {
  const folder = join(root, 'killed', 'seed-1')
  const months = (): readonly string[] =>
    existsSync(folder) ? readdirSync(folder).filter((name) => /^\d{4}-\d{2}\.json$/.test(name)) : []
  const first = start('killed')
  await until(() => months().length > 0)
  const second = start('killed')
  assert.equal(await second.ended, 1)
  assert.match(second.said(), new RegExp(`filled by process ${first.child.pid}: wait until`))
  first.child.kill('SIGKILL')
  await first.ended
  assert.equal(existsSync(join(folder, 'delivery.json')), false)
  const kept = months()
  assert.ok(kept.length < 12)
  const note = readFileSync(join(folder, kept[0] ?? ''))
  const third = start('killed')
  await until(() => months().length > kept.length)
  third.child.kill('SIGINT')
  assert.equal(await third.ended, 1)
  assert.match(third.said(), /stopped: \d+ of \d+ months are made; the same command goes on/)
  assert.equal(existsSync(join(folder, 'delivery.json')), false)
  const last = start('killed')
  assert.equal(await last.ended, 0, last.said())
  assert.equal(deliveryIn(folder).files.length, 12)
  assert.deepEqual(readFileSync(join(folder, kept[0] ?? '')), note)
})

test('targets that cannot be are refused with a sentence, and nothing is made', async () => {
  const bad = join(root, 'bad.json')
  writeFileSync(bad, readFileSync(targetsFile, 'utf8').replace('270300000', '990300000'))
  const refused = start('refused', bad)
  assert.equal(await refused.ended, 1)
  assert.match(refused.said(), /^the nation cannot be: the rows .*billers.* contradict one another/)
  assert.equal(existsSync(join(root, 'refused', 'seed-1')), false)
})
