/** What could not be published is tried again, alone and in order, until it is. */
import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { test } from 'node:test'
import type { BusinessDate } from '../kernel/business-date.ts'
import { silentLog } from '../platform/log.ts'
import { openPublishing, type PublishingOptions } from './publishing.ts'

type Waiting = { readonly delayMs: number; readonly act: () => void }

function open(failures: number) {
  const waiting: Waiting[] = []
  const left = ['2013-09-14', '2013-09-15', '2013-09-16'].map((date) => date as BusinessDate)
  const tried: string[] = []
  let [running, toFail] = [0, failures]
  const statistics: PublishingOptions['statistics'] = {
    unpublished: () => Promise.resolve([...left]),
    publishDay: async (date) => {
      running += 1
      assert.equal(running, 1, 'one at a time')
      await setImmediate()
      running -= 1
      tried.push(date)
      if (toFail > 0) {
        toFail -= 1
        throw new Error('the disk is full')
      }
      left.splice(left.indexOf(date), 1)
      const days = [{ date, rows: 1, operations: 1, amountMinor: 1n }]
      const print = { file: 'f', sha256: 's', bytes: 1 }
      const part = { ...print, source: 'centre', imported: false, publishedAt: '', days }
      return { part, already: false }
    },
  }
  const publishing = openPublishing({
    statistics,
    log: silentLog,
    timers: {
      after: (delayMs, act) => {
        const one = { delayMs, act }
        waiting.push(one)
        return () => waiting.splice(waiting.indexOf(one), 1)
      },
    },
  })
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 50; i++) await setImmediate()
  }
  return { publishing, waiting, left, tried, settle }
}

test('days are published oldest first, however often they are announced', async () => {
  const { publishing, left, tried, settle } = open(0)
  for (let i = 0; i < 3; i++) publishing.begin()
  await settle()
  assert.deepEqual(tried, ['2013-09-14', '2013-09-15', '2013-09-16'])
  assert.equal(left.length, 0)
})

test('a failure is tried again, each time later, and then it is as if it had not been', async () => {
  const { publishing, waiting, left, settle } = open(3)
  publishing.begin()
  const delays: number[] = []
  for (await settle(); waiting.length > 0; await settle()) {
    const [next] = waiting.splice(0, 1)
    delays.push(next?.delayMs ?? 0)
    next?.act()
  }
  assert.deepEqual(delays, [5_000, 10_000, 20_000])
  assert.equal(left.length, 0)
})

test('a stop ends after the day under way, and nothing begins after it', async () => {
  const { publishing, waiting, left, tried, settle } = open(0)
  publishing.begin()
  await publishing.stop()
  publishing.begin()
  await settle()
  assert.ok(tried.length <= 1)
  assert.ok(left.length >= 2)
  assert.equal(waiting.length, 0)
})
