/** The figures count what the words say: once, on the right date, and never again differently. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { addDays, type BusinessDate } from '../kernel/business-date.ts'
import type { Clock } from '../kernel/clock.ts'
import {
  approvedState,
  declinedState,
  openRecorded,
  record,
  recordStory,
  sentOn,
  type Asked,
  type Recorded,
} from '../../test/support/recorded.ts'
import { figures, type Figures } from './index.ts'

const monday = '2013-09-16' as BusinessDate
const tuesday = addDays(monday, 1)
const wednesday = addDays(monday, 2)
const clock: Clock = { now: () => new Date('2013-09-17T12:00:00Z'), monotonicMs: () => 0 }

let recorded: Recorded

before(async () => {
  recorded = await openRecorded()
  await recorded.owner.query(
    `INSERT INTO business_day (business_date, opened_at, turned_at, closed_at) VALUES
       ($1, $1::date, $2::date, $2::date), ($2, $2::date, NULL, NULL)`,
    [monday, tuesday],
  )
  const sent = (asked: Omit<Asked, 'date'> = {}) =>
    sentOn(recorded.directory, { date: monday, ...asked })
  const captured = (on: BusinessDate, amountMinor: bigint) =>
    ({ kind: 'captured', on, amountMinor }) as const
  // Approved and never captured, and declined: no operations.
  const held = sent()
  await record(recorded, held, approvedState(held))
  const declined = sent()
  await record(recorded, declined, declinedState(declined))
  // Two captures of one payment, on two dates; a refund on a third.
  await recordStory(recorded, sent(), [
    captured(monday, 6_000n),
    captured(tuesday, 4_000n),
    { kind: 'refunded', on: wednesday, amountMinor: 1_500n },
  ])
  // Captured and voided on one date.
  await recordStory(recorded, sent({ site: '600000002' }), [
    captured(monday, 10_000n),
    { kind: 'reversing', on: monday, amountMinor: 10_000n },
  ])
  // Undone on a later date than its own.
  await recordStory(
    recorded,
    sent({ site: '600000003', origin: 'foreign', issuer: 'visa-world' }),
    [captured(monday, 700n), { kind: 'reversing', on: tuesday, amountMinor: 700n }],
  )
  // The same site again, and a site of the other gateway.
  await recordStory(recorded, sent(), [captured(tuesday, 100n)])
  await recordStory(recorded, sent({ site: '401121' }), [captured(tuesday, 50n)])
})

const cut = (
  from: BusinessDate,
  to: BusinessDate,
  more: Partial<Parameters<typeof figures>[2]> = {},
): Promise<Figures> => figures(recorded.app, clock, { from, to, by: [], site: null, ...more })

test('an operation counts once, at its first capture; a void of the same date removes it', async () => {
  assert.deepEqual((await cut(monday, monday)).total, {
    ...{ count: 2, amountMinor: '6700', activeSites: 2 },
    ...{ refundCount: 0, refundAmountMinor: '0' },
    ...{ lateReversalCount: 0, lateReversalAmountMinor: '0' },
  })
})

test('a later capture adds amount only; a later reversal and a refund are measures of their own', async () => {
  assert.deepEqual((await cut(tuesday, tuesday)).total, {
    ...{ count: 2, amountMinor: '4150', activeSites: 2 },
    ...{ refundCount: 0, refundAmountMinor: '0' },
    ...{ lateReversalCount: 1, lateReversalAmountMinor: '700' },
  })
  assert.deepEqual((await cut(wednesday, wednesday)).total, {
    ...{ count: 0, amountMinor: '0', activeSites: 0 },
    ...{ refundCount: 1, refundAmountMinor: '1500' },
    ...{ lateReversalCount: 0, lateReversalAmountMinor: '0' },
  })
})

test('a site is active once in a period, and the dates of a period are both in it', async () => {
  const { total } = await cut(monday, tuesday)
  assert.deepEqual([total.count, total.amountMinor, total.activeSites], [4, '10850', 3])
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
      String(rows.reduce((sum, row) => sum + BigInt(row.amountMinor), 0n)),
      total.amountMinor,
    )
  }
  const { rows } = await cut(monday, tuesday, { by: ['gateway', 'cardOrigin'] })
  assert.deepEqual(
    rows.map(({ gateway, cardOrigin, count }) => [gateway, cardOrigin, count]),
    [
      ['cmi', 'foreign', 1],
      ['cmi', 'moroccan', 2],
      ['maroc-telecommerce', 'moroccan', 1],
    ],
  )
})

test('a site sees its own figures only', async () => {
  const { total } = await cut(monday, wednesday, { site: '401121' })
  assert.deepEqual([total.count, total.amountMinor, total.activeSites], [1, '50', 1])
  assert.equal((await cut(monday, wednesday, { site: 'nobody' })).total.count, 0)
})

test('figures are final when every date of the period is closed, and not before', async () => {
  assert.equal((await cut(monday, monday)).provisional, false)
  assert.equal((await cut(monday, tuesday)).provisional, true)
  assert.equal((await cut(tuesday, tuesday)).provisional, true)
  assert.equal((await cut(addDays(monday, 30), addDays(monday, 30))).provisional, true, 'to come')
  const before = addDays(monday, -30)
  assert.equal((await cut(before, before)).provisional, false, 'before the centre began')
})

test('the reporting view counts what the figures count', async () => {
  const { rows } = await recorded.owner.query<{ count: bigint; amount: bigint }>(
    `SELECT sum(operation_count)::bigint AS count, sum(amount_minor)::bigint AS amount
     FROM reporting.operations WHERE business_date BETWEEN $1 AND $2`,
    [monday, wednesday],
  )
  const { total } = await cut(monday, wednesday)
  assert.deepEqual(rows, [{ count: BigInt(total.count), amount: BigInt(total.amountMinor) }])
})
