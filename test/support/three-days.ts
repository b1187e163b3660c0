/** Three business dates with a payment of each kind: two of the dates are closed, the last is open. */
import { addDays, type BusinessDate } from '../../src/kernel/business-date.ts'
import {
  approvedState,
  declinedState,
  record,
  recordStory,
  sentOn,
  type Asked,
  type Recorded,
} from './recorded.ts'

export const monday = '2013-09-16' as BusinessDate
export const tuesday = addDays(monday, 1)
export const wednesday = addDays(monday, 2)

export const captured = (on: BusinessDate, amountMinor: bigint) =>
  ({ kind: 'captured', on, amountMinor }) as const

export async function recordThreeDays(recorded: Recorded): Promise<void> {
  await recorded.owner.query(
    `INSERT INTO business_day (business_date, opened_at, turned_at, closed_at) VALUES
       ($1, $1::date, $2::date, $2::date), ($2, $2::date, $2::date, $2::date),
       ($3, $3::date, NULL, NULL)`,
    [monday, tuesday, wednesday],
  )
  const sent = (asked: Omit<Asked, 'date'> = {}) =>
    sentOn(recorded.directory, { date: monday, ...asked })
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
}
