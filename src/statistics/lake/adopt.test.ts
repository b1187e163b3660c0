/** A delivery is in the lake whole, as its note says and once, or not at all. */
import assert from 'node:assert/strict'
import {
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDuckdb, sqlText } from '../../platform/duckdb.ts'
import { deliveryFileName } from '../../wire/lake/index.ts'
import { date, deliveryOf, statisticsIn, temporaryFolder } from '../../../test/support/lake.ts'
import { printOf } from './files.ts'

const rows = [
  { business_date: '2013-08-31', amount_minor: 1 },
  { business_date: '2013-09-01', amount_minor: 2 },
  { business_date: '2013-09-02', kind: 'decline', approved: 0, reason: 'expired_card' },
]

const period = { from: date('2013-08-01'), to: date('2013-09-30'), by: [] }

/** The note of a delivery with one thing changed. */
function change(folder: string, pattern: string | RegExp, by: string): void {
  const path = join(folder, deliveryFileName)
  writeFileSync(path, readFileSync(path, 'utf8').replace(pattern, by))
}

test('a delivery is adopted once, whoever brings it again, at the same time too', async () => {
  const lake = temporaryFolder()
  const [one, other] = [statisticsIn(lake), statisticsIn(lake)]
  const folder = await deliveryOf(rows)
  const both = await Promise.all([one.adopt(folder), other.adopt(folder)])
  // Either may be the first.
  assert.deepEqual(
    both.map(({ days, already }) => [days, already]).sort(([a = 0], [b = 0]) => b - a),
    [
      [3, 0],
      [0, 2],
    ],
  )
  const { total, sources, dates } = await one.cut(period)
  assert.deepEqual([total.count, total.amountMinor, total.declined, dates], [2, 3n, 1, 3])
  assert.deepEqual(sources, ['made for a test'])
  assert.ok(existsSync(join(folder, '2013-09.parquet')), 'copied')
})

test('files made here are shared: on the disk once, and neither name hangs on the other', async () => {
  const lake = temporaryFolder()
  const statistics = statisticsIn(lake)
  const folder = await deliveryOf(rows)
  await statistics.adopt(folder, { share: true })
  const { parts } = await statistics.catalogue()
  const kept = parts.map(({ file }) => join(lake, file))
  const made = ['2013-08', '2013-09'].map((month) => join(folder, `${month}.parquet`))
  assert.deepEqual(
    kept.map((path) => [statSync(path).ino, statSync(path).mode & 0o777]),
    made.map((path) => [statSync(path).ino, 0o444]),
    'nobody writes into either name',
  )
  // As the one who made it replaces a file: beside it, then under its name.
  writeFileSync(join(folder, 'draft'), 'another')
  renameSync(join(folder, 'draft'), made[0] ?? '')
  assert.deepEqual((await statistics.verify()).faults, [])
  assert.equal((await statistics.adopt(folder, { share: true })).already, 2)
  rmSync(folder, { recursive: true })
  assert.deepEqual((await statistics.verify()).faults, [])
  const again = await deliveryOf([{ business_date: '2013-10-01' }])
  await statistics.adopt(again, { share: true })
  const october = (await statistics.catalogue()).parts.at(-1)?.file ?? ''
  await statistics.forget(october)
  await statistics.adopt(await deliveryOf([{ business_date: '2013-11-01' }]))
  assert.ok(!existsSync(join(lake, october)), 'a name that is forgotten is removed')
  assert.ok(existsSync(join(again, '2013-10.parquet')), 'and the delivery keeps its own')
})

test('what cannot be shared is copied: a link to elsewhere, another disk', async () => {
  const statistics = statisticsIn(temporaryFolder())
  const folder = await deliveryOf(rows)
  const [august, elsewhere] = [join(folder, '2013-08.parquet'), join(temporaryFolder(), 'august')]
  renameSync(august, elsewhere)
  symlinkSync(elsewhere, august)
  await statistics.adopt(folder, { share: true })
  rmSync(elsewhere)
  assert.deepEqual((await statistics.verify()).faults, [])
})

test('what is not as its note says is refused with its name, and nothing of it is taken', async () => {
  const lake = temporaryFolder()
  const statistics = statisticsIn(lake)
  const refused = async (spoil: (folder: string) => void, reason: RegExp): Promise<void> => {
    const folder = await deliveryOf(rows)
    spoil(folder)
    await assert.rejects(statistics.adopt(folder), reason)
    assert.equal((await statistics.catalogue()).parts.length, 0)
    assert.ok(!existsSync(join(lake, 'drafts')))
  }
  const file = (folder: string): string => join(folder, '2013-09.parquet')
  await refused((folder) => unlinkSync(join(folder, deliveryFileName)), /has no delivery\.json/)
  await refused((folder) => unlinkSync(file(folder)), /2013-09\.parquet is not there/)
  await refused((folder) => truncateSync(file(folder), 100), /is not the file of its note/)
  await refused(
    (folder) => change(folder, /("2013-09-01",\s*"rows": )1/, '$12'),
    /holds 1 rows on 2013-09-01, not 2/,
  )
  await refused(
    (folder) => change(folder, '"amountMinor": "2"', '"amountMinor": "3"'),
    /holds 2 of amount in minor units on 2013-09-01, not 3/,
  )
  await refused((folder) => change(folder, '"format": 1', '"format": 9'), /format/)
  await refused((folder) => rmSync(folder, { recursive: true }), /is not a delivery/)
})

test('a file of other columns, of rows that break their rules, or of no Parquet is refused', async () => {
  const statistics = statisticsIn(temporaryFolder())
  const engine = await openDuckdb({ threads: 1, memoryMb: 128, temporaryFolder: temporaryFolder() })
  const rewritten = async (select: string, reason: RegExp): Promise<void> => {
    const folder = await deliveryOf([{ business_date: '2013-09-01' }])
    const path = join(folder, '2013-09.parquet')
    const { sha256 } = await printOf(path)
    const other = join(folder, 'other.parquet')
    await engine.query(
      `COPY (SELECT ${select} FROM read_parquet(${sqlText(path)})) TO ${sqlText(other)} (FORMAT parquet)`,
    )
    writeFileSync(path, readFileSync(other))
    change(folder, sha256, (await printOf(path)).sha256)
    await assert.rejects(statistics.adopt(folder), reason)
  }
  await rewritten('* EXCLUDE (card)', /has reason in the place of card/)
  await rewritten('* EXCLUDE (reference)', /has no column reference/)
  await rewritten('*, 1 AS more', /a column more that is not the lake’s/)
  await rewritten('* REPLACE (amount_minor::DOUBLE AS amount_minor)', /amount_minor as DOUBLE/)
  await rewritten("* REPLACE ('sale' AS kind)", /holds 0 operations on 2013-09-01, not 1/)
  await rewritten(
    '* REPLACE (24::UTINYINT AS hour)',
    /1 rows on 2013-09-01 that are not the lake’s/,
  )
  await rewritten('* REPLACE (NULL::VARCHAR AS sector)', /not the lake’s/)
  await rewritten("* REPLACE (DATE '2013-09-07' AS business_date)", /holds 0 rows on 2013-09-01/)
  engine.close()
  const folder = await deliveryOf([{ business_date: '2013-09-01' }])
  const path = join(folder, '2013-09.parquet')
  const { sha256 } = await printOf(path)
  writeFileSync(path, 'no Parquet')
  change(folder, sha256, (await printOf(path)).sha256)
  await assert.rejects(statistics.adopt(folder), /cannot be read as Parquet/)
})

test('a date that is there is refused, also by a file that brings others with it', async () => {
  const statistics = statisticsIn(temporaryFolder())
  await statistics.adopt(await deliveryOf([{ business_date: '2013-09-02' }], 'first'))
  const second = await deliveryOf(rows, 'second')
  await assert.rejects(statistics.adopt(second), /the lake holds 2013-09-02 already, from first/)
  assert.equal((await statistics.cut(period)).total.count, 1, 'nor is August taken')
})

test('a catalogue that cannot be read is an error, and not an empty lake', async () => {
  const folder = temporaryFolder()
  const statistics = statisticsIn(folder)
  await statistics.adopt(await deliveryOf(rows))
  truncateSync(join(folder, 'catalogue.json'), 200)
  await assert.rejects(statistics.cut(period), /catalogue .* is not JSON/)
  await assert.rejects(statistics.adopt(await deliveryOf(rows)), /is not JSON/)
  assert.ok(readdirSync(join(folder, 'operations', '2013-09')).length > 0, 'nothing was cleaned')
})
