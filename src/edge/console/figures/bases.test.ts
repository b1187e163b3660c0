/** What the pages of released months are made of is counted ahead, and again only if it is other. */
import assert from 'node:assert/strict'
import { before, beforeEach, test } from 'node:test'
import { deliveryOf, statisticsIn, temporaryFolder } from '../../../../test/support/lake.ts'
import type { Month, Plan, Statistics } from '../../../statistics/index.ts'
import { Bases, countAhead } from './bases.ts'

const months = ['2013-05', '2013-04', '2013-03', '2013-02', '2013-01'] as readonly Month[]

let statistics: Statistics
let counted: Month[] = []
const versions = new Map<Month, string>()
let bases: Bases

before(async () => {
  statistics = statisticsIn(temporaryFolder())
  const dates = [...months.map((month) => `${month}-10`), '2013-06-01']
  await statistics.adopt(await deliveryOf(dates.map((business_date) => ({ business_date }))))
})

beforeEach(() => {
  counted = []
  versions.clear()
  bases = new Bases({
    statistics: {
      cut: (question) => statistics.cut(question),
      publishedTable: (month) => {
        counted.push(month)
        return statistics.publishedTable(month)
      },
    },
    versionOf: (month) => Promise.resolve(versions.get(month) ?? 'first'),
  })
})

const ahead = async (): Promise<readonly Month[]> => {
  counted = []
  await countAhead(bases, () => Promise.resolve({} as Plan), months)
  return counted
}

test('some at once, the newest first, until all are known', async () => {
  assert.deepEqual(await ahead(), months.slice(0, 3))
  assert.deepEqual(await ahead(), months.slice(3))
  assert.deepEqual(await ahead(), [])
})

test('a month whose files are others is counted again, and no other', async () => {
  await ahead()
  await ahead()
  versions.set('2013-02', 'second')
  assert.equal(await bases.has('2013-02'), false)
  assert.deepEqual(await ahead(), ['2013-02'])
  versions.set('2013-02', 'first')
  assert.equal(await bases.has('2013-02'), false, 'what it was before is not kept')
})

test('figures that may still move are counted each time', async () => {
  const june = '2013-06' as Month
  await bases.of(june)
  await bases.of(june)
  assert.deepEqual(counted, [june, june])
})
