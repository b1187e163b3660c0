/** A closed day of the tranlog in the lake: what it counts, once, and never again differently. */
import assert from 'node:assert/strict'
import { createCipheriv } from 'node:crypto'
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { addDays, type BusinessDate } from '../kernel/business-date.ts'
import type { MerchantId, Rrn } from '../kernel/ids.ts'
import { openDuckdb } from '../platform/duckdb.ts'
import { deliveryOf, statisticsIn, temporaryFolder } from '../../test/support/lake.ts'
import {
  approvedState,
  EUR,
  declinedState,
  openRecorded,
  record,
  recordStory,
  sentOn,
  type Asked,
  type Recorded,
} from '../../test/support/recorded.ts'
import {
  LakeError,
  parseMonth,
  type PseudonymKey,
  type Question,
  type Statistics,
} from './index.ts'

const monday = '2013-09-16' as BusinessDate
const [tuesday, wednesday, thursday] = [1, 2, 3].map((days) => addDays(monday, days))
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

const captured = (on: BusinessDate, amountMinor: bigint) =>
  ({ kind: 'captured', on, amountMinor }) as const

before(async () => {
  recorded = await openRecorded()
  folder = temporaryFolder()
  statistics = statisticsHere(folder)
  await recorded.owner.query(
    `INSERT INTO business_day (business_date, opened_at, turned_at, closed_at) VALUES
       ($1, $1::date, $2::date, $2::date), ($2, $2::date, $2::date, $2::date),
       ($3, $3::date, NULL, NULL)`,
    [monday, tuesday, wednesday],
  )
  const held = sent()
  await record(recorded, held, approvedState(held))
  const declined = sent()
  await record(recorded, declined, declinedState(declined))
  await recordStory(recorded, sent(), [
    captured(monday, 6_000n),
    captured(tuesday ?? monday, 4_000n),
    { kind: 'refunded', on: wednesday ?? monday, amountMinor: 1_500n },
  ])
  await recordStory(recorded, sent({ site: '600000002' }), [
    captured(monday, 10_000n),
    { kind: 'reversing', on: monday, amountMinor: 10_000n },
  ])
  await recordStory(
    recorded,
    sent({ site: '600000003', origin: 'foreign', issuer: 'visa-world' }),
    [captured(monday, 700n), { kind: 'reversing', on: tuesday ?? monday, amountMinor: 700n }],
  )
  await recordStory(recorded, sent(), [captured(tuesday ?? monday, 100n)])
  await recordStory(recorded, sent({ site: '401121' }), [captured(tuesday ?? monday, 50n)])
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
  const next = (await cut(tuesday ?? monday, tuesday ?? monday)).total
  assert.deepEqual(
    [next.count, next.amountMinor, next.lateReversalCount, next.lateReversalAmountMinor],
    [2, 4_150n, 1, 700n],
  )
  const open = await cut(wednesday ?? monday, wednesday ?? monday)
  assert.deepEqual(
    [open.total.count, open.total.refundCount, open.total.refundAmountMinor, open.provisional],
    [0, 1, 1_500n, true],
  )
}

test('days that are not published are read live', async () => {
  await assertFigures()
  assert.equal((await cut(monday, tuesday ?? monday)).provisional, false)
  assert.equal((await cut(thursday ?? monday, thursday ?? monday)).provisional, true, 'to come')
})

test('an open day is read again when what was read is two seconds old', async () => {
  await recordStory(recorded, sent({ date: wednesday ?? monday }), [
    captured(wednesday ?? monday, 11n),
  ])
  const count = async () => (await cut(wednesday ?? monday, wednesday ?? monday)).total.count
  assert.equal(await count(), 0)
  nowMs += 2_000
  assert.deepEqual(await Promise.all([count(), count(), count()]), [1, 1, 1])
})

test('an open day and one that never was cannot be published', async () => {
  await assert.rejects(statistics.publishDay(wednesday ?? monday), /is still open/)
  await assert.rejects(statistics.publishDay('2013-01-01' as BusinessDate), /no business day/)
})

test('a closed day is published once, with the figures it had, and the hour of Casablanca', async () => {
  assert.deepEqual(await statistics.unpublished(), [monday, tuesday])
  const { part, already } = await statistics.publishDay(monday)
  assert.equal(already, false)
  assert.deepEqual(part.days, [{ date: monday, rows: 7, operations: 2, amountMinor: 6_700n }])
  const again = await statistics.publishDay(monday)
  assert.deepEqual(again, { part, already: true })
  await statistics.publishDay(tuesday ?? monday)
  assert.deepEqual(await statistics.unpublished(), [])
  const { rows } = await cut(monday, monday, { by: ['hour'] })
  assert.deepEqual(
    rows.map(({ key }) => key.hour),
    ['13'],
    'noon in Greenwich, in the summer of 2013',
  )
  nowMs += 2_000
  await recordStory(recorded, sent({ date: wednesday ?? monday }), [])
  assert.equal((await statistics.verify()).faults.length, 0)
  assert.ok(!existsSync(join(folder, 'drafts')))
})

test('a late reversal after the close changes no closed figure', async () => {
  const late = sent()
  await recordStory(recorded, late, [
    captured(tuesday ?? monday, 900n),
    { kind: 'reversing', on: wednesday ?? monday, amountMinor: 900n },
  ])
  // The tranlog has moved since, as it never does on a closed date: the lake has not.
  const { total } = await cut(tuesday ?? monday, tuesday ?? monday)
  assert.deepEqual([total.count, total.amountMinor], [2, 4_150n])
  nowMs += 2_000
  const open = (await cut(wednesday ?? monday, wednesday ?? monday)).total
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
  truncateSync(await partPath(tuesday ?? monday), 10)
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
  await other.publishDay(tuesday ?? monday)
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
  await other.publishDay(tuesday ?? monday).catch(() => undefined)
  await assert.rejects(
    statistics.adopt(await deliveryOf([{ business_date: monday }])),
    (error) =>
      error instanceof LakeError &&
      /the lake holds 2013-09-16 already, from centre/.test(error.message),
  )
})

/** A lake that holds nothing yet, of a day that closed. */
async function anotherLake(date: BusinessDate): Promise<{ at: string; other: Statistics }> {
  await recorded.owner.query(
    `INSERT INTO business_day (business_date, opened_at, turned_at, closed_at)
     VALUES ($1, $1::date, $1::date, $1::date)`,
    [date],
  )
  const at = temporaryFolder()
  return { at, other: statisticsHere(at) }
}

test('money that a payment’s row does not say alone is read from the ledger', async () => {
  const friday = addDays(monday, 4)
  const { other } = await anotherLake(friday)
  const onFriday = () => sent({ date: friday })
  await recordStory(recorded, onFriday(), [
    captured(friday, 6_000n),
    captured(friday, 3_000n),
    { kind: 'refunded', on: friday, amountMinor: 1_500n },
  ])
  await recordStory(recorded, onFriday(), [captured(friday, 700n)])
  await recordStory(recorded, onFriday(), [
    captured(friday, 80n),
    { kind: 'refunded', on: addDays(friday, 1), amountMinor: 80n },
  ])
  await recordStory(recorded, sent({ date: thursday ?? monday }), [captured(friday, 40n)])
  await recordStory(recorded, onFriday(), [captured(addDays(friday, 1), 5n)])
  const { part } = await other.publishDay(friday)
  assert.deepEqual(part.days, [{ date: friday, rows: 7, operations: 4, amountMinor: 9_820n }])
  const { total } = await other.cut({ from: friday, to: friday, by: [], fromOperations: true })
  assert.deepEqual([total.refundCount, total.refundAmountMinor], [1, 1_500n])
  assert.deepEqual([total.approved, total.declined], [4, 0])
})

test('payments in another currency are figures of their own, before and after the day is published', async () => {
  const day = addDays(monday, 9)
  const { at, other } = await anotherLake(day)
  const inEuros = sent({ date: day, currency: EUR, site: '600000002' })
  await recordStory(recorded, inEuros, [
    captured(day, 5_000n),
    { kind: 'refunded', on: day, amountMinor: 500n },
  ])
  await recordStory(recorded, sent({ date: day }), [captured(day, 700n)])
  const declined = sent({ date: day, currency: EUR })
  await record(recorded, declined, declinedState(declined))
  const figuresIn = async (more: Partial<Question>) => {
    const by = ['site'] as const
    const cut = await other.cut({ from: day, to: day, by, extras: ['cards', 'reasons'], ...more })
    const { currency, currencies, total, rows } = cut
    assert.deepEqual(currencies, ['EUR', 'MAD'])
    return [
      ...[currency, total.count, total.amountMinor, total.activeSites, total.activeCards],
      ...[total.refundAmountMinor, total.declined, rows.map(({ key }) => key.site)],
    ]
  }
  const check = async (more: Partial<Question> = {}): Promise<void> => {
    assert.deepEqual(await figuresIn(more), ['MAD', 1, 700n, 1, 1, 0n, 0, ['600000001']])
    const euros = ['EUR', 1, 5_000n, 1, 1, 500n, 1, ['600000001', '600000002']]
    assert.deepEqual(await figuresIn({ ...more, currency: 'EUR' }), euros)
  }
  await check()
  const { part } = await other.publishDay(day)
  assert.deepEqual(part.currencies, ['EUR', 'MAD'])
  await check()
  await check({ fromOperations: true })
  const fromElsewhere = await statisticsHere(at).catalogue()
  assert.deepEqual(fromElsewhere.parts[0]?.currencies, ['EUR', 'MAD'])
  // A part of an earlier release says nothing of them, nor does one that is all in dirhams hide them.
  const catalogue = join(at, 'catalogue.json')
  const text = readFileSync(catalogue, 'utf8')
  writeFileSync(catalogue, text.replace(/"currencies": \[[^\]]*\],/, ''))
  assert.equal((await statisticsHere(at).catalogue()).parts[0]?.currencies, undefined)
  const before = await statisticsHere(at).cut({ from: day, to: day, by: [], fromOperations: true })
  assert.equal(before.total.amountMinor, 700n)
  writeFileSync(catalogue, text)
  const month = parseMonth('2013-09')
  assert.ok(month !== undefined)
  const table = await other.publishedTable(month)
  assert.deepEqual(table.currencies, ['EUR', 'MAD'])
  assert.deepEqual(table.rows, (await other.publishedTable(month, { fromOperations: true })).rows)
})

test('a day of which the ledger lacks a capture is not published, and says what differs', async () => {
  const sunday = addDays(monday, 13)
  const { other } = await anotherLake(sunday)
  await recordStory(recorded, sent({ date: sunday }), [
    captured(sunday, 6_000n),
    captured(sunday, 3_000n),
  ])
  await recorded.owner.query(
    `/* scatter: the day's one payment */ DELETE FROM transfer WHERE business_date = $1 AND part = 1`,
    [sunday],
  )
  await assert.rejects(
    other.publishDay(sunday),
    /tranlog and ledger say 0 for its operations, the file 1/,
  )
})

test('a day with a payment of a merchant that nobody knows is not published, and says so', async () => {
  const saturday = addDays(monday, 5)
  const { at, other } = await anotherLake(saturday)
  const known = sent({ date: saturday })
  await record(recorded, known, approvedState(known))
  const stranger = { ...sent({ date: saturday }), merchant: 'nobody-99' as MerchantId }
  await record(recorded, stranger, approvedState(stranger))
  await assert.rejects(
    other.publishDay(saturday),
    (error) =>
      error instanceof LakeError && /a payment of nobody-99, who is no/.test(error.message),
  )
  assert.deepEqual(
    readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.includes('parquet'),
    ),
    [],
    'nothing is left of it',
  )
})

test('a row has its reference, whatever the characters, and its card’s pseudonym', async () => {
  const later = addDays(monday, 7)
  const { at, other } = await anotherLake(later)
  const facts = { ...sent({ date: later }), rrn: '\r,"é' as Rrn }
  await recordStory(recorded, facts, [captured(later, 700n)])
  const { part } = await other.publishDay(later)
  const engine = await openDuckdb({ threads: 1, memoryMb: 128, temporaryFolder: at })
  const rows = await engine.query(
    `SELECT reference, card, site, gateway, sector, reason FROM '${join(at, part.file)}'`,
  )
  engine.close()
  const block = createCipheriv('aes-256-ecb', pseudonymKey().key, null)
  const encrypted = block.update(Buffer.from(facts.card.token.slice('card_'.length), 'hex'))
  assert.deepEqual(rows, [
    {
      reference: '\r,"é',
      card: encrypted.readBigUInt64BE(),
      ...{ site: '600000001', gateway: 'cmi', sector: 'billers', reason: null },
    },
  ])
})

test('no token of a card is in the lake', () => {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  assert.ok(names.some((name) => name.endsWith('.parquet')))
  assert.deepEqual(
    names.filter((name) => name.endsWith('.csv')),
    [],
  )
})
