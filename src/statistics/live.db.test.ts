/** What is read live counts what the words say: once, on the right date, never again differently. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { addDays, type BusinessDate } from '../kernel/business-date.ts'
import { statisticsIn, temporaryFolder } from '../../test/support/lake.ts'
import {
  EUR,
  openRecorded,
  recordStory,
  sentOn,
  type Recorded,
} from '../../test/support/recorded.ts'
import {
  captured,
  monday,
  recordThreeDays,
  tuesday,
  wednesday,
} from '../../test/support/three-days.ts'
import { selectToday, type Cut, type Question, type Statistics } from './index.ts'

let recorded: Recorded
let statistics: Statistics

before(async () => {
  recorded = await openRecorded()
  const { app: database, directory } = recorded
  statistics = statisticsIn(temporaryFolder(), {
    clock: { now: () => new Date('2013-09-18T12:00:00Z'), monotonicMs: () => 0 },
    tranlog: {
      ...{ database, calendar: directory.calendar },
      pseudonymKey: () => ({ method: 'aes-256', key: Buffer.alloc(32, 1) }),
    },
  })
  await recordThreeDays(recorded)
  // In another currency, which is no figure in dirhams.
  const inEuros = sentOn(directory, { date: monday, currency: EUR })
  await recordStory(recorded, inEuros, [captured(monday, 9n)])
})

const cut = async (from: BusinessDate, to: BusinessDate, more: Partial<Question> = {}) =>
  await statistics.cut({ from, to, by: [], ...more })

const told = ({ total }: Cut) => ({
  ...{ count: total.count, amountMinor: total.amountMinor, activeSites: total.activeSites },
  ...{ refundCount: total.refundCount, refundAmountMinor: total.refundAmountMinor },
  lateReversalCount: total.lateReversalCount,
  lateReversalAmountMinor: total.lateReversalAmountMinor,
})

test('an operation counts once, at its first capture; a void of the same date removes it', async () => {
  assert.deepEqual(told(await cut(monday, monday)), {
    ...{ count: 2, amountMinor: 6700n, activeSites: 2 },
    ...{ refundCount: 0, refundAmountMinor: 0n },
    ...{ lateReversalCount: 0, lateReversalAmountMinor: 0n },
  })
})

test('a later capture adds amount only; a later reversal and a refund are measures of their own', async () => {
  assert.deepEqual(told(await cut(tuesday, tuesday)), {
    ...{ count: 2, amountMinor: 4150n, activeSites: 2 },
    ...{ refundCount: 0, refundAmountMinor: 0n },
    ...{ lateReversalCount: 1, lateReversalAmountMinor: 700n },
  })
  assert.deepEqual(told(await cut(wednesday, wednesday)), {
    ...{ count: 0, amountMinor: 0n, activeSites: 0 },
    ...{ refundCount: 1, refundAmountMinor: 1500n },
    ...{ lateReversalCount: 0, lateReversalAmountMinor: 0n },
  })
})

test('a date’s operations are counted from the ledger alone to the same', async () => {
  for (const date of [monday, tuesday, wednesday, addDays(monday, 30)]) {
    const { count, amountMinor } = (await cut(date, date)).total
    assert.deepEqual(await selectToday(recorded.app, date), { count, amountMinor })
  }
})

test('a site is active once in a period, and the dates of a period are both in it', async () => {
  const { total } = await cut(monday, tuesday)
  assert.deepEqual([total.count, total.amountMinor, total.activeSites], [4, 10_850n, 3])
})

test('the rows of any cut add up to the total', async () => {
  const { total } = await cut(monday, wednesday)
  for (const by of [
    ['businessDate'],
    ['gateway', 'cardOrigin'],
    ['channel', 'door', 'brand', 'sector', 'merchant', 'site', 'issuer'],
  ] as const) {
    const { rows } = await cut(monday, wednesday, { by })
    assert.equal(
      rows.reduce((sum, { count }) => sum + count, 0),
      total.count,
    )
    assert.equal(
      rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
      total.amountMinor,
    )
  }
  const { rows } = await cut(monday, tuesday, { by: ['gateway', 'cardOrigin'] })
  assert.deepEqual(
    rows.map(({ key, count }) => [key.gateway, key.cardOrigin, count]),
    [
      ['cmi', 'foreign', 1],
      ['cmi', 'moroccan', 2],
      ['maroc-telecommerce', 'moroccan', 1],
    ],
  )
})

test('a site sees its own figures only', async () => {
  const { total } = await cut(monday, wednesday, { where: { site: ['401121'] } })
  assert.deepEqual([total.count, total.amountMinor, total.activeSites], [1, 50n, 1])
  assert.equal((await cut(monday, wednesday, { where: { site: ['nobody'] } })).total.count, 0)
})

test('figures are final when every date of the period is closed, and not before', async () => {
  assert.equal((await cut(monday, monday)).provisional, false)
  assert.equal((await cut(monday, tuesday)).provisional, false)
  assert.equal((await cut(tuesday, wednesday)).provisional, true)
  assert.equal((await cut(wednesday, wednesday)).provisional, true)
  assert.equal((await cut(addDays(monday, 30), addDays(monday, 30))).provisional, true, 'to come')
  const before = addDays(monday, -30)
  assert.equal((await cut(before, before)).provisional, false, 'before the centre began')
})

test('the reporting view counts what the figures count', async () => {
  const { rows } = await recorded.owner.query<{ count: bigint; amount: bigint }>(
    `SELECT sum(operation_count)::bigint AS count, sum(amount_minor)::bigint AS amount
     FROM reporting.operations WHERE business_date BETWEEN $1 AND $2 AND currency = 'MAD'`,
    [monday, wednesday],
  )
  const { total } = await cut(monday, wednesday)
  assert.deepEqual(rows, [{ count: BigInt(total.count), amount: total.amountMinor }])
})
