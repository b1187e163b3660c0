/** The day turns at midnight in Casablanca, waits for what is under way, and closes once, in order. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { beforeEach, test } from 'node:test'
import { withTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { loadDirectory } from '../directory/index.ts'
import type { BusinessDate } from '../kernel/business-date.ts'
import type { Clock } from '../kernel/clock.ts'
import { PostgresBooks, type Books } from '../ledger/index.ts'
import { rootFolder } from '../platform/root.ts'
import { BusinessDays, type ClosingPorts } from './business-days.ts'

const { calendar } = loadDirectory(join(rootFolder, 'sandbox', 'directory'), { issuersPort: 9001 })

/** Time and its timers, moved by hand. */
function handClock(start: string) {
  let now = new Date(start)
  let monotonicMs = 0
  const waiting = new Set<{ readonly atMs: number; readonly act: () => void }>()
  const clock: Clock = { now: () => now, monotonicMs: () => monotonicMs }
  return {
    clock,
    timers: {
      after: (delayMs: number, act: () => void) => {
        const timer = { atMs: monotonicMs + delayMs, act }
        waiting.add(timer)
        return () => void waiting.delete(timer)
      },
    },
    moveTo: (instant: string) => (now = new Date(instant)),
    pass: (ms: number) => {
      monotonicMs += ms
      for (const timer of [...waiting]) {
        if (timer.atMs > monotonicMs) continue
        waiting.delete(timer)
        timer.act()
      }
    },
  }
}

let database: TestDatabase

beforeEach(async () => {
  database = await withTestDatabase()
})

type Opened = Awaited<ReturnType<typeof open>>

async function open(start: string, more: { books?: Books; ports?: Partial<ClosingPorts> } = {}) {
  const time = handClock(start)
  const errors: string[] = []
  const closed: BusinessDate[] = []
  const prepared: BusinessDate[] = []
  const days = await BusinessDays.open({
    database: database.app,
    books: more.books ?? new PostgresBooks(database.app, time.clock),
    calendar,
    clock: time.clock,
    timers: time.timers,
    prepare: (date) => Promise.resolve(void prepared.push(date)),
    onError: (error) => errors.push(error.message),
  })
  days.start({
    drained: () => Promise.resolve(),
    closed: (date) => closed.push(date),
    ...more.ports,
  })
  return { ...time, days, errors, closed, prepared }
}

async function states({ days }: Opened): Promise<readonly string[]> {
  return (await days.days(9))
    .map(({ business_date: date, turned_at: turned, closed_at: closed }) => {
      const state = closed !== null ? 'closed' : turned !== null ? 'turned' : 'open'
      return `${date} ${state}`
    })
    .reverse()
}

async function eventually(opened: Opened, expected: readonly string[]): Promise<void> {
  for (let waits = 0; waits < 100; waits++) {
    if (JSON.stringify(await states(opened)) === JSON.stringify(expected)) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  assert.deepEqual(await states(opened), expected)
}

test('the day turns at 00:00 in Casablanca, by the clock of the season', async () => {
  for (const [lastInstant, firstInstant, date, next] of [
    ['2013-09-15T22:59:59.999Z', '2013-09-15T23:00:00Z', '2013-09-15', '2013-09-16'],
    ['2013-08-09T23:59:59.999Z', '2013-08-10T00:00:00Z', '2013-08-09', '2013-08-10'],
    ['2013-10-27T22:59:59.999Z', '2013-10-28T00:00:00Z', '2013-10-27', '2013-10-28'],
    ['2013-10-26T22:59:59.999Z', '2013-10-26T23:00:00Z', '2013-10-26', '2013-10-27'],
  ] as const) {
    await database.owner.query('DELETE FROM business_day')
    const opened = await open(lastInstant)
    assert.equal(opened.days.current(), date)
    opened.moveTo(firstInstant)
    assert.equal(opened.days.current(), next, 'the new date counts at once')
    await eventually(opened, [`${date} closed`, `${next} open`])
    // The row is closed a moment before whoever waits for it is told.
    await opened.days.stop()
    assert.deepEqual([opened.closed, opened.prepared], [[date], [date, next]])
  }
})

test('nobody need ask: the day turns by itself', async () => {
  const opened = await open('2013-09-15T22:59:59Z')
  opened.moveTo('2013-09-15T23:00:01Z')
  opened.pass(1_000)
  await eventually(opened, ['2013-09-15 closed', '2013-09-16 open'])
  await opened.days.stop()
})

test('a day waits for what is in flight on it, and the next day does not wait', async () => {
  let release = (): void => undefined
  const inFlight = new Promise<void>((resolve) => (release = resolve))
  const opened = await open('2013-09-15T22:59:59Z', { ports: { drained: () => inFlight } })
  opened.moveTo('2013-09-15T23:00:00Z')
  assert.equal(opened.days.current(), '2013-09-16')
  await eventually(opened, ['2013-09-15 turned', '2013-09-16 open'])
  assert.deepEqual(opened.closed, [])
  release()
  await eventually(opened, ['2013-09-15 closed', '2013-09-16 open'])
  await opened.days.stop()
  assert.deepEqual(opened.closed, ['2013-09-15'])
})

test('an operator closes before midnight; the new day goes on through it', async () => {
  const opened = await open('2013-09-15T18:00:00Z')
  assert.equal(await opened.days.close(), '2013-09-15')
  assert.deepEqual(await states(opened), ['2013-09-15 closed', '2013-09-16 open'])
  opened.moveTo('2013-09-15T23:30:00Z')
  assert.equal(opened.days.current(), '2013-09-16')
  await opened.days.stop()
  const again = await open('2013-09-15T19:00:00Z')
  assert.equal(again.days.current(), '2013-09-16', 'a restart does not go back')
  await again.days.stop()
})

test('a close that was interrupted is taken up by the next start, in order', async () => {
  await database.owner.query(
    `INSERT INTO business_day (business_date, opened_at, turned_at) VALUES
       ('2013-09-13', '2013-09-12T23:00Z', '2013-09-13T23:00Z'),
       ('2013-09-14', '2013-09-13T23:00Z', NULL)`,
  )
  const opened = await open('2013-09-17T12:00:00Z')
  await eventually(opened, ['2013-09-13 closed', '2013-09-14 closed', '2013-09-17 open'])
  await opened.days.stop()
  assert.deepEqual(opened.closed, ['2013-09-13', '2013-09-14'])
})

test('a day that could not be closed is not called closed, and is closed when it can be', async () => {
  let broken = true
  const clock: Clock = { now: () => new Date('2013-09-15T18:00:00Z'), monotonicMs: () => 0 }
  const working = new PostgresBooks(database.app, clock)
  const books: Books = {
    balances: (date) => working.balances(date),
    close: (date) => (broken ? Promise.reject(new Error('disk full')) : working.close(date)),
  }
  const opened = await open('2013-09-15T18:00:00Z', { books })
  await assert.rejects(opened.days.close(), /disk full/)
  assert.deepEqual(await states(opened), ['2013-09-15 turned', '2013-09-16 open'])
  assert.deepEqual([opened.errors, opened.closed], [['disk full'], []])
  broken = false
  for (let second = 0; second < 15; second++) opened.pass(1_000)
  await eventually(opened, ['2013-09-15 closed', '2013-09-16 open'])
  await opened.days.stop()
  assert.deepEqual(opened.closed, ['2013-09-15'])
})

test('a stop ends the checks', async () => {
  const opened = await open('2013-09-15T22:59:59Z')
  await opened.days.stop()
  opened.moveTo('2013-09-16T12:00:00Z')
  opened.pass(60_000)
  assert.deepEqual(await states(opened), ['2013-09-15 open'])
})
