/** Casablanca's clock and dates, against the time zone database of the runtime itself. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { rootFolder } from '../platform/root.ts'
import { loadCalendar, loadDirectory } from './index.ts'
import type { BusinessDate } from '../kernel/business-date.ts'

const { calendar } = loadDirectory(join(rootFolder, 'sandbox', 'directory'), { issuersPort: 9001 })

const runtime = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Africa/Casablanca',
  ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
})

const runtimeTime = (instant: Date): string => runtime.format(instant).replace(', ', ' ')

test('local time is what the world’s time zone database says, from 2009 to this decade', () => {
  const years = { min: new Date('2009-01-01T00:00:00Z'), max: new Date('2023-12-31T23:59:59Z') }
  fc.assert(
    fc.property(fc.date({ ...years, noInvalidDate: true }), (instant) => {
      assert.equal(calendar.localTime(instant), runtimeTime(instant))
      assert.equal(calendar.dateOf(instant), runtimeTime(instant).slice(0, 10))
    }),
    { numRuns: 2_000 },
  )
})

test('the Ramadan clock moves midnight by an hour, on the instant', () => {
  const at = (text: string): string => calendar.localTime(new Date(text))
  assert.equal(at('2023-03-19T01:59:59Z'), '2023-03-19 02:59:59')
  assert.equal(at('2023-03-19T02:00:00Z'), '2023-03-19 02:00:00')
  assert.equal(calendar.dateOf(new Date('2023-03-18T23:00:00Z')), '2023-03-19')
  assert.equal(calendar.dateOf(new Date('2023-03-19T23:00:00Z')), '2023-03-19')
  assert.equal(calendar.dateOf(new Date('2023-03-20T00:00:00Z')), '2023-03-20')
})

test('every date has at least 23 hours and the dates follow each other', () => {
  const start = Date.parse('2008-01-01T00:00:00Z')
  let [date, hours] = [calendar.dateOf(new Date(start)), 0]
  for (let hour = 0; hour < 24 * 366 * 30; hour++) {
    const now = calendar.dateOf(new Date(start + hour * 3_600_000))
    if (now === date) hours += 1
    else {
      assert.ok(hour < 24 || (hours >= 23 && hours <= 25), `${date}: ${hours} hours`)
      assert.ok(now > date, `${now} after ${date}`)
      ;[date, hours] = [now, 1]
    }
  }
})

test('holidays are data', () => {
  assert.match(calendar.holiday('2013-07-30' as BusinessDate) ?? '', /\S/)
  assert.equal(calendar.holiday('2013-09-16' as BusinessDate), undefined)
})

test('feasts that move are data, which a country may not have', () => {
  const ramadan = calendar.feasts.find(({ from }) => from.startsWith('2013'))
  assert.deepEqual(ramadan, { name: 'ramadan', from: '2013-07-10', to: '2013-08-08' })
  const folder = mkdtempSync(join(tmpdir(), 'monetique-calendar-'))
  writeFileSync(join(folder, 'clock.csv'), 'from,offset_minutes\n1970-01-01T00:00:00Z,0\n')
  writeFileSync(join(folder, 'holidays.csv'), 'date,name\n2013-01-01,New Year\n')
  assert.deepEqual(loadCalendar(folder).feasts, [])
  writeFileSync(join(folder, 'feasts.csv'), 'name,from,to\nlent,2013-03-30,2013-02-13\n')
  assert.throws(() => loadCalendar(folder), /feasts.csv line 2, column to/)
  rmSync(folder, { recursive: true })
})
