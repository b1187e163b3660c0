/** Two people release a month's figures, neither can alone, and changed figures are not released. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  deliveryOf,
  statisticsIn,
  temporaryFolder,
  type LakeRow,
} from '../../../test/support/lake.ts'
import { systemTimers } from '../../platform/clock.ts'
import type { Statistics } from '../index.ts'
import { openReleases, type Releases } from './index.ts'

const clock = { now: () => new Date('2013-10-02T09:00:00Z'), monotonicMs: () => 0 }

const september: readonly LakeRow[] = ['2013-09-01', '2013-09-30'].map((business_date) => ({
  business_date,
}))

type Opened = {
  readonly folder: string
  readonly statistics: Statistics
  readonly releases: Releases
}

async function opened(rows = september): Promise<Opened> {
  const folder = temporaryFolder()
  const statistics = statisticsIn(folder)
  await statistics.adopt(await deliveryOf(rows))
  return { folder, statistics, releases: reopened(folder, statistics) }
}

const reopened = (folder: string, statistics: Statistics): Releases =>
  openReleases({ folder, clock, timers: systemTimers, statistics })

test('one name approves, another releases', async () => {
  const { folder, statistics, releases } = await opened()
  assert.equal(await releases.isReleased('2013-09'), false)
  const first = await releases.approve('2013-09', '  Amina   Tazi ')
  assert.equal(first.state.kind, 'approved')
  assert.deepEqual(await releases.releasedMonths(), [])
  for (const same of ['Amina Tazi', 'AMINA TAZI', 'amina tazi']) {
    await assert.rejects(releases.approve('2013-09', same), /a second person must/)
  }
  const second = await releases.approve('2013-09', 'Youssef Idrissi')
  assert.deepEqual([second.state.kind, second.voided], ['released', null])
  assert.equal(await releases.isReleased('2013-09'), true)
  assert.deepEqual(await reopened(folder, statistics).releasedMonths(), ['2013-09'], 'durable')
  await assert.rejects(releases.approve('2013-09', 'Third Person'), /released already, by Amina/)
})

test('the newest released month is the first', async () => {
  const days = ['2013-08-01', '2013-08-31', '2013-09-01', '2013-09-30']
  const { releases } = await opened(days.map((business_date) => ({ business_date })))
  for (const month of ['2013-08', '2013-09'] as const) {
    for (const by of ['Amina', 'Youssef']) await releases.approve(month, by)
  }
  assert.deepEqual(await releases.releasedMonths(), ['2013-09', '2013-08'])
})

test('figures that changed in between void the first approval, and what was released', async () => {
  const { statistics, releases } = await opened()
  await releases.approve('2013-09', 'Amina')
  await statistics.adopt(await deliveryOf([{ business_date: '2013-08-02' }], 'August'))
  const voided = await releases.approve('2013-09', 'Youssef')
  assert.deepEqual([voided.state.kind, voided.voided?.by], ['approved', 'Amina'])
  await releases.approve('2013-09', 'Amina')
  assert.equal(await releases.isReleased('2013-09'), true)
  await statistics.adopt(await deliveryOf([{ business_date: '2012-09-02' }], 'a year before'))
  assert.equal(await releases.isReleased('2013-09'), false, 'growth is another now')
  assert.deepEqual(
    (await releases.list()).map(({ month, state, current }) => [month, state.kind, current]),
    [['2013-09', 'released', false]],
  )
  assert.equal((await releases.approve('2013-09', 'Amina')).voided?.by, 'Amina')
})

test('a month is withdrawn with a reason, and released again by two', async () => {
  const { releases } = await opened()
  await assert.rejects(releases.withdraw('2013-09', 'Amina', 'wrong'), /nothing to withdraw/)
  await releases.approve('2013-09', 'Amina')
  await releases.approve('2013-09', 'Youssef')
  await assert.rejects(releases.withdraw('2013-09', 'Amina', ' '), /a reason has/)
  await releases.withdraw('2013-09', 'Amina', 'a bank sent its file twice')
  assert.equal(await releases.isReleased('2013-09'), false)
  const [withdrawn] = await releases.list()
  assert.equal(withdrawn?.state.kind, 'withdrawn')
  await releases.approve('2013-09', 'Youssef')
  assert.equal(await releases.isReleased('2013-09'), false, 'the old approvals are gone')
  await releases.approve('2013-09', 'Amina')
  assert.equal(await releases.isReleased('2013-09'), true)
})

test('provisional figures are nobody’s to release', async () => {
  const { releases } = await opened([{ business_date: '2013-09-01' }])
  await assert.rejects(releases.approve('2013-09', 'Amina'), /are provisional/)
  await assert.rejects(releases.approve('2014-01', 'Amina'), /are provisional/)
})

test('a name is a name', async () => {
  const { releases } = await opened()
  for (const wrong of ['', ' ', 'A', '\u202eevil', 'x'.repeat(81), '<b>', '-'.repeat(5)]) {
    await assert.rejects(releases.approve('2013-09', wrong), /is not a name/)
  }
  await releases.approve('2013-09', 'أمينة التازي')
})

test('a file that was changed by hand is refused', async () => {
  const { folder, releases } = await opened()
  await releases.approve('2013-09', 'Amina')
  await releases.approve('2013-09', 'Youssef')
  const file = join(folder, 'releases.json')
  const text = readFileSync(file, 'utf8')
  const refusal = async (changed: string): Promise<void> => {
    writeFileSync(file, changed)
    await assert.rejects(
      releases.isReleased('2013-09'),
      /the releases .*the file (was changed|has|is)/,
    )
  }
  await refusal(text.replace('Amina', 'Karima'))
  await refusal(text.replace('"approved"', '"agreed"'))
  await refusal('{')
  const { format, entries } = JSON.parse(text) as { format: number; entries: object[] }
  await refusal(JSON.stringify({ format, entries: entries.slice(1) }))
  await refusal(JSON.stringify({ format: 2, entries }))
  writeFileSync(file, text)
  assert.equal(await releases.isReleased('2013-09'), true)
})

test('of two that approve at once, both count', async () => {
  const { folder, statistics, releases } = await opened()
  const other = reopened(folder, statistics)
  await Promise.all([releases.approve('2013-09', 'Amina'), other.approve('2013-09', 'Youssef')])
  assert.equal(await releases.isReleased('2013-09'), true)
})
