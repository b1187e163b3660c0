/** A closed day of the tranlog in the lake: what it counts, once, and never again differently. */
import assert from 'node:assert/strict'
import {
  existsSync,
  readFileSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { addDays, type BusinessDate } from '../kernel/business-date.ts'
import { deliveryOf, statisticsIn, temporaryFolder } from '../../test/support/lake.ts'
import {
  openRecorded,
  recordStory,
  sentOn,
  type Asked,
  type Recorded,
} from '../../test/support/recorded.ts'
import {
  captured,
  monday,
  recordThreeDays,
  tuesday,
  wednesday,
} from '../../test/support/three-days.ts'
import { LakeError, type PseudonymKey, type Question, type Statistics } from './index.ts'

const thursday = addDays(monday, 3)
const pseudonymKey = (): PseudonymKey => ({ method: 'aes-256', key: Buffer.alloc(32, 0x42) })

let recorded: Recorded
let folder: string
let statistics: Statistics
let nowMs = 0

const statisticsHere = (at: string): Statistics =>
  statisticsIn(at, {
    clock: { now: () => new Date('2013-09-18T12:00:00Z'), monotonicMs: () => nowMs },
    tranlog: { database: recorded.app, calendar: recorded.directory.calendar, pseudonymKey },
  })

const sent = (asked: Partial<Asked> = {}) => sentOn(recorded.directory, { date: monday, ...asked })

before(async () => {
  recorded = await openRecorded()
  folder = temporaryFolder()
  statistics = statisticsHere(folder)
  await recordThreeDays(recorded)
})

const cut = (from: BusinessDate, to: BusinessDate, more: Partial<Question> = {}) =>
  statistics.cut({ from, to, by: [], ...more })

/** The same figures before and after the days are published. */
async function assertFigures(): Promise<void> {
  const { total } = await cut(monday, monday, { extras: ['cards', 'reasons'] })
  assert.deepEqual(
    [total.count, total.amountMinor, total.activeSites, total.activeCards],
    [2, 6_700n, 2, 2],
  )
  assert.deepEqual([total.approved, total.declined], [6, 1])
  assert.deepEqual(total.declineReasons, { insufficient_funds: 1 })
  const next = (await cut(tuesday, tuesday)).total
  assert.deepEqual(
    [next.count, next.amountMinor, next.lateReversalCount, next.lateReversalAmountMinor],
    [2, 4_150n, 1, 700n],
  )
  const open = await cut(wednesday, wednesday)
  assert.deepEqual(
    [open.total.count, open.total.refundCount, open.total.refundAmountMinor, open.provisional],
    [0, 1, 1_500n, true],
  )
}

test('days that are not published are read live', async () => {
  await assertFigures()
  assert.equal((await cut(monday, tuesday)).provisional, false)
  assert.equal((await cut(thursday, thursday)).provisional, true, 'to come')
})

test('an open day is read again when what was read is two seconds old', async () => {
  await recordStory(recorded, sent({ date: wednesday }), [captured(wednesday, 11n)])
  const count = async () => (await cut(wednesday, wednesday)).total.count
  assert.equal(await count(), 0)
  nowMs += 2_000
  assert.deepEqual(await Promise.all([count(), count(), count()]), [1, 1, 1])
})

test('an open day and one that never was cannot be published', async () => {
  await assert.rejects(statistics.publishDay(wednesday), /is still open/)
  await assert.rejects(statistics.publishDay('2013-01-01' as BusinessDate), /no business day/)
})

test('a closed day is published once, with the figures it had, and the hour of Casablanca', async () => {
  assert.deepEqual(await statistics.unpublished(), [monday, tuesday])
  const { part, already } = await statistics.publishDay(monday)
  assert.equal(already, false)
  assert.deepEqual(part.days, [{ date: monday, rows: 7, operations: 2, amountMinor: 6_700n }])
  const again = await statistics.publishDay(monday)
  assert.deepEqual(again, { part, already: true })
  await statistics.publishDay(tuesday)
  assert.deepEqual(await statistics.unpublished(), [])
  const { rows } = await cut(monday, monday, { by: ['hour'] })
  assert.deepEqual(
    rows.map(({ key }) => key.hour),
    ['13'],
    'noon in Greenwich, in the summer of 2013',
  )
  nowMs += 2_000
  await recordStory(recorded, sent({ date: wednesday }), [])
  assert.equal((await statistics.verify()).faults.length, 0)
  assert.ok(!existsSync(join(folder, 'drafts')))
})

test('a late reversal after the close changes no closed figure', async () => {
  const late = sent()
  await recordStory(recorded, late, [
    captured(tuesday, 900n),
    { kind: 'reversing', on: wednesday, amountMinor: 900n },
  ])
  // The tranlog has moved since, as it never does on a closed date: the lake has not.
  const { total } = await cut(tuesday, tuesday)
  assert.deepEqual([total.count, total.amountMinor], [2, 4_150n])
  nowMs += 2_000
  const open = (await cut(wednesday, wednesday)).total
  assert.deepEqual([open.lateReversalCount, open.lateReversalAmountMinor], [1, 900n])
})

const partPath = async (of: BusinessDate): Promise<string> => {
  const { parts } = await statistics.catalogue()
  const part = parts.find(({ days }) => days[0]?.date === of)
  return join(folder, part?.file ?? '')
}

test('a file that is missing, cut or altered is named, and made again from the tranlog', async () => {
  for (const [damage, what] of [
    [
      (path: string) => {
        unlinkSync(path)
      },
      /^is missing$/,
    ],
    [
      (path: string) => {
        truncateSync(path, 100)
      },
      /^is cut: 100 of/,
    ],
    [
      (path: string) => {
        writeFileSync(path, Buffer.alloc(statSync(path).size, 7))
      },
      /altered/,
    ],
  ] as const) {
    const path = await partPath(monday)
    damage(path)
    const { faults } = await statistics.verify()
    assert.equal(faults.length, 1)
    assert.match(faults[0]?.what ?? '', what)
    assert.ok(path.endsWith(faults[0]?.file ?? 'no file'))
    const { made, left } = await statistics.rebuild()
    assert.deepEqual([made.length, left.length], [1, 0])
    assert.deepEqual((await statistics.verify()).faults, [])
    const { total } = await cut(monday, monday, { fromOperations: true })
    assert.deepEqual([total.count, total.amountMinor], [2, 6_700n])
  }
  // A day that the tranlog no longer holds as it was published is not replaced.
  truncateSync(await partPath(tuesday), 10)
  await assert.rejects(statistics.rebuild(), /published with 2 operations of 4150/)
})

test('a rollup that is missing is made again from its parts', async () => {
  const at = temporaryFolder()
  const other = statisticsHere(at)
  await other.publishDay(monday)
  const { rollups } = await other.catalogue()
  unlinkSync(join(at, rollups[0]?.cube.file ?? ''))
  assert.match((await other.verify()).faults[0]?.what ?? '', /missing/)
  assert.equal((await other.rebuild()).left.length, 0)
  assert.deepEqual((await other.verify()).faults, [])
  unlinkSync(join(at, (await other.catalogue()).rollups[0]?.sites.file ?? ''))
  const { total } = await other.cut({ from: monday, to: monday, by: [] })
  assert.equal(total.activeSites, 2, 'counted from the operations in the meantime')
})

test('a month without rollups is named, counted from its operations, and given them again', async () => {
  const at = temporaryFolder()
  const other = statisticsHere(at)
  await other.publishDay(monday)
  const path = join(at, 'catalogue.json')
  const catalogue = JSON.parse(readFileSync(path, 'utf8')) as { rollups: unknown[] }
  writeFileSync(path, JSON.stringify({ ...catalogue, rollups: [] }))
  const earlier = statisticsHere(at)
  const { faults } = await earlier.verify()
  assert.deepEqual(
    faults.map(({ file, what }) => [file, what]),
    [[`rollups/${monday.slice(0, 7)}`, 'is missing']],
  )
  const by = ['weekday', 'hour'] as const
  const asked = { from: monday, to: monday, by, where: { channel: ['internet'] } }
  const counted = await earlier.cut(asked)
  assert.equal((await earlier.rebuild()).left.length, 0)
  assert.deepEqual((await earlier.verify()).faults, [])
  const rolledUp = await earlier.cut(asked)
  assert.deepEqual([rolledUp.rows, rolledUp.total], [counted.rows, counted.total])
})

test('a month that was published day by day has the rollups that it has at once', async () => {
  const at = temporaryFolder()
  const other = statisticsHere(at)
  await other.publishDay(monday)
  await other.publishDay(tuesday)
  const { rollups } = await other.catalogue()
  unlinkSync(join(at, rollups[0]?.months.file ?? ''))
  assert.equal((await other.rebuild()).made.length, 1)
  assert.deepEqual((await other.catalogue()).rollups, rollups, 'byte for byte')
  const september = { from: '2013-09-01' as BusinessDate, to: '2013-09-30' as BusinessDate }
  const asked = { ...september, by: ['site', 'sector'] as const }
  const whole = await other.cut(asked)
  assert.equal(whole.total.activeSites, 3)
  assert.deepEqual(await other.cut({ ...asked, fromOperations: true }), whole, 'the open day too')
})

test('days that leave the database stay in the lake', async () => {
  const at = temporaryFolder()
  const other = statisticsHere(at)
  await other.publishDay(monday)
  const alone = statisticsIn(at)
  const { total, provisional } = await alone.cut({ from: monday, to: monday, by: [] })
  assert.deepEqual([total.count, total.amountMinor, provisional], [2, 6_700n, false])
})

test('a day that was adopted is not published over, and the other way round', async () => {
  const at = temporaryFolder()
  const other = statisticsHere(at)
  await other.adopt(await deliveryOf([{ business_date: monday }], 'elsewhere'))
  await assert.rejects(other.publishDay(monday), /already, from elsewhere/)
  await other.publishDay(tuesday).catch(() => undefined)
  await assert.rejects(
    statistics.adopt(await deliveryOf([{ business_date: monday }])),
    (error) =>
      error instanceof LakeError &&
      /the lake holds 2013-09-16 already, from centre/.test(error.message),
  )
})
