/**
 * The lake's disk fills up, the database's does not: at whatever file it happens the error says so,
 * no day is there by half, payments go on, and with room again the same command does all of it.
 */
import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import type { BusinessDate } from '../kernel/business-date.ts'
import { runCommandIn } from '../../test/support/command-line.ts'
import { date as day, deliveryOf, statisticsIn } from '../../test/support/lake.ts'
import { openRecorded, recordStory, sentOn, type Recorded } from '../../test/support/recorded.ts'
import { until } from '../../test/support/launched.ts'
import { mountSmallDisk, type SmallDisk } from '../../test/support/small-disk.ts'
import { LakeError, readPseudonymKey, type Statistics } from '../statistics/index.ts'

const mounted = mountSmallDisk(400)
const skip = typeof mounted === 'string' ? mounted : false
if (typeof mounted === 'string') console.log(`skipped: ${mounted}`)

const closed = '2013-09-16' as BusinessDate
const open = '2013-09-17' as BusinessDate
const captured = (on: BusinessDate) => ({ kind: 'captured', on, amountMinor: 6_000n }) as const
const whole = { from: closed, to: closed, by: [] }

let recorded: Recorded

before(async () => {
  recorded = await openRecorded()
  await recorded.owner.query(
    `INSERT INTO business_day (business_date, opened_at, turned_at, closed_at)
     VALUES ($1, $1::date, $2::date, $2::date), ($2, $2::date, NULL, NULL)`,
    [closed, open],
  )
  for (let i = 0; i < 200; i++) await pay(closed)
})

afterEach(() => {
  if (typeof mounted !== 'string') mounted.release()
})

after(() => {
  if (typeof mounted !== 'string') mounted.unmount()
})

const pay = async (on: BusinessDate): Promise<unknown> =>
  await recordStory(recorded, sentOn(recorded.directory, { date: on }), [captured(on)])

const statisticsOn = (folder: string): Statistics =>
  statisticsIn(folder, {
    tranlog: {
      database: recorded.app,
      calendar: recorded.directory.calendar,
      pseudonymKey: () => ({ method: 'aes-256', key: Buffer.alloc(32, 7) }),
    },
  })

/** With a little more room each time, until it is enough; says how often it was not. */
async function withLittleRoom(
  disk: SmallDisk,
  act: () => Promise<unknown>,
  afterFailure: () => Promise<void>,
): Promise<number> {
  for (let failures = 0; ; failures++) {
    disk.fill(failures)
    try {
      await act()
      return failures
    } catch (thrown) {
      assert.ok(thrown instanceof LakeError, String(thrown))
      assert.match(thrown.message, /: the disk is full; nothing was changed \(.*(ENOSPC|No space)/)
      await afterFailure()
    } finally {
      disk.release()
    }
  }
}

const filesIn = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort() : []

test('a closed day that meets a full disk is published once there is room', { skip }, async () => {
  if (typeof mounted === 'string') return
  const folder = join(mounted.folder, 'published')
  const statistics = statisticsOn(folder)
  const failures = await withLittleRoom(
    mounted,
    () => statistics.publishDay(closed),
    async () => {
      await pay(open)
      assert.deepEqual((await statistics.catalogue()).parts, [])
      assert.deepEqual(await statistics.unpublished(), [closed])
      const left = filesIn(folder).filter((name) => /csv|drafts|lock/.test(name))
      assert.deepEqual(left, [], 'no text with tokens, and nobody holds the lake')
    },
  )
  assert.ok(failures > 5, `only ${failures} places were met`)
  console.log(`${failures} times without room`)
  const { total } = await statistics.cut({ ...whole, fromOperations: true })
  assert.deepEqual([total.count, total.amountMinor], [200, 1_200_000n])
  const { parts, faults } = await statistics.verify()
  assert.deepEqual([parts, faults], [1, []])
  const named = (await statistics.catalogue()).parts.map(({ file }) => file)
  const there = filesIn(join(folder, 'operations')).filter((name) => name.endsWith('.parquet'))
  assert.deepEqual(
    there.map((name) => `operations/${name}`),
    named,
    'and no other file is left',
  )
})

test('a delivery that meets a full disk is adopted once there is room', { skip }, async () => {
  if (typeof mounted === 'string') return
  const statistics = statisticsIn(join(mounted.folder, 'adopted'))
  const rows = Array.from({ length: 500 }, (_, i) => ({
    ...{ business_date: `2013-0${1 + (i % 3)}-01`, merchant: `m-${i}`, card: i * 7_919 },
  }))
  const delivery = await deliveryOf(rows)
  const nothing = async () => assert.deepEqual((await statistics.catalogue()).parts, [])
  // On another disk it cannot be shared: it is copied, and the copy needs the room.
  const adopt = () => statistics.adopt(delivery, { share: true })
  assert.ok((await withLittleRoom(mounted, adopt, nothing)) > 5)
  const period = { from: day('2013-01-01'), to: day('2013-03-31'), by: [] }
  const { total } = await statistics.cut({ ...period, fromOperations: true })
  assert.deepEqual([total.count, total.amountMinor], [500, 5_000_000n])
  assert.deepEqual((await statistics.verify()).faults, [])
})

const fill = ['nation', 'fill', '--scale', '0.02', '--from', '2012-01']

const history = {
  ...{ separator: ';', decimal: ',' },
  columns: {
    business_date: { column: 'DATE', format: '%Y-%m-%d' },
    ...{ amount_minor: 'AMOUNT', card: 'CARD' },
    ...{ merchant: { constant: 'm-1' }, sector: { constant: 'retail' } },
  },
}

test('the commands say that the disk is full, and do their work afterwards', { skip }, async () => {
  if (typeof mounted === 'string') return
  const dataDir = join(mounted.folder, 'commands')
  const place = { env: { MONETIQUE_DATA_DIR: dataDir } }
  mkdirSync(join(dataDir, 'keys'), { recursive: true })
  mkdirSync(join(dataDir, 'run'))
  const makeWith = (bytes: number): Buffer => Buffer.alloc(bytes, 7)
  readPseudonymKey(join(dataDir, 'keys'), makeWith)
  writeFileSync(join(dataDir, 'run', 'app-database-url'), recorded.url)
  const lake = join(dataDir, 'lake')
  const { part } = await statisticsOn(lake).publishDay(closed)
  truncateSync(join(lake, part.file), 100)
  const catalogue = readFileSync(join(lake, 'catalogue.json'), 'utf8')
  const csv = join(dataDir, 'history.csv')
  const mapping = join(dataDir, 'mapping.json')
  writeFileSync(csv, 'DATE;AMOUNT;CARD\n2011-03-04;12,50;c1\n2011-03-05;7,50;c2\n')
  writeFileSync(mapping, JSON.stringify(history))
  const commands = [
    ['lake', 'rebuild'],
    ['import', csv, '--mapping', mapping],
    [...fill, '--to', '2012-01'],
  ]
  mounted.fill(2)
  for (const words of commands) {
    const { status, out, err } = await runCommandIn(place, words)
    assert.deepEqual([status, out], [1, ''], words.join(' '))
    assert.match(err, /the disk (of .* )?is full/)
    assert.doesNotMatch(err, /\n {4}at /, 'a sentence, not a stack')
    assert.equal(readFileSync(join(lake, 'catalogue.json'), 'utf8'), catalogue)
  }
  mounted.release()
  for (const words of commands) {
    const { status, err } = await runCommandIn(place, words)
    assert.equal(status, 0, err)
  }
  const statistics = statisticsIn(lake)
  assert.deepEqual((await statistics.verify()).faults, [])
  const months = (await statistics.catalogue()).rollups.map(({ month }) => month)
  assert.deepEqual(months, ['2011-03', '2012-01', '2013-09'])
  rmSync(dataDir, { recursive: true })
})

test('a nation whose disk fills up goes on from there, on the disk once', { skip }, async () => {
  if (typeof mounted === 'string') return
  const dataDir = join(mounted.folder, 'nation')
  const place = { env: { MONETIQUE_DATA_DIR: dataDir } }
  const words = [...fill, '--to', '2012-12', '--json']
  const made = join(dataDir, 'nation', 'seed-1')
  const underWay = runCommandIn(place, words)
  await until('a month is made', () => Promise.resolve(existsSync(join(made, '2012-02.parquet'))))
  mounted.fill()
  const { status, err } = await underWay
  assert.equal(status, 1)
  assert.match(
    err,
    /the disk of .* is full: [0-9]+ of 12 months are made; the same command goes on/,
  )
  assert.ok(!existsSync(join(dataDir, 'lake', 'catalogue.json')))
  mounted.release()
  const again = await runCommandIn(place, words)
  assert.equal(again.status, 0, again.err)
  const told = JSON.parse(again.out) as { readonly made: number; readonly months: number }
  assert.ok(told.made < told.months, `${told.made} of ${told.months} were made again`)
  const statistics = statisticsIn(join(dataDir, 'lake'))
  const { parts } = await statistics.catalogue()
  for (const { file } of parts) assert.equal(statSync(join(dataDir, 'lake', file)).nlink, 2, file)
  rmSync(join(dataDir, 'nation'), { recursive: true })
  assert.deepEqual((await statistics.verify()).faults, [])
})
