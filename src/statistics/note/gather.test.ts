/** A note from two years of days: its facts are those of the published table, and hold their gaps. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { date, deliveryOf, statisticsIn, temporaryFolder } from '../../../test/support/lake.ts'
import { twoYearsOf } from '../../../test/support/two-years.ts'
import { noFeasts } from '../forecast/index.ts'
import type { Month, Statistics } from '../index.ts'
import { languages } from '../press/index.ts'
import { isWhole, type NoteFacts } from './facts.ts'
import { findingsOf } from './findings.ts'
import { gatherFacts, noteOf, noteToHtml, noteToMarkdown } from './index.ts'

let statistics: Statistics

before(async () => {
  statistics = statisticsIn(temporaryFolder())
  await statistics.adopt(await deliveryOf(twoYearsOf('2013-09-30')))
})

const gather = (month: Month, released = false): Promise<NoteFacts> =>
  gatherFacts(statistics, {
    ...{ month, released, feasts: noFeasts, dateOf: () => date('2013-10-01') },
  })

test('facts are the published table’s', async () => {
  const facts = await gather('2013-09')
  const { rows } = await statistics.publishedTable('2013-09')
  const value = (id: string): readonly (bigint | null | undefined)[] => {
    const row = rows.find((one) => one.id === id)
    return [row?.value, row?.previous]
  }
  const { month, ytd } = facts.periods
  for (const [name, period] of [
    ['month', month],
    ['ytd', ytd],
  ] as const) {
    assert.ok(isWhole(period.days) && isWhole(period.previous.days))
    const deals = period.online.sectors.find((line) => line.value === 'deals')
    for (const [scope, line] of [
      ['all', period.all],
      ['internet', period.internet],
      ['terminals', period.terminals],
      ['foreignCards', period.foreign],
      ['internet.deals', deals],
    ] as const) {
      const counts = [BigInt(line?.now.count ?? 0), BigInt(line?.before?.count ?? 0)]
      assert.deepEqual(value(`${name}.${scope}.count`), counts, scope)
      const amounts = [line?.now.amountMinor, line?.before?.amountMinor]
      assert.deepEqual(value(`${name}.${scope}.amount`), amounts, scope)
    }
  }
  const findings = findingsOf(facts)
  assert.deepEqual(
    findings.sectors.falling.map((line) => line.value),
    ['deals'],
  )
  assert.equal(findings.comparison, 'whole')
  assert.equal(facts.outlook.kind, 'forecast')
})

test('a first year has no year before it, and a year begun late is not compared', async () => {
  const first = await gather('2012-09')
  assert.equal(findingsOf(first).comparison, 'no-previous')
  assert.equal(first.periods.ytd.internet.growth, null)
  assert.deepEqual(first.outlook, {
    kind: 'none',
    refusal: { kind: 'short', months: 9, needed: 13 },
  })
  const late = statisticsIn(temporaryFolder())
  const rows = twoYearsOf('2013-09-30').filter((row) => String(row.business_date) >= '2012-06-01')
  await late.adopt(await deliveryOf(rows))
  const asked = { month: '2013-09', released: true, feasts: noFeasts } as const
  const facts = await gatherFacts(late, { ...asked, dateOf: () => date('2013-10-01') })
  assert.equal(findingsOf(facts).comparison, 'partial-previous')
  assert.equal(facts.periods.ytd.internet.growth, null)
  assert.ok(facts.periods.month.internet.growth !== null, 'September is whole in both years')
})

test('a month that is not whole is provisional, not compared and not foretold from', async () => {
  const open = statisticsIn(temporaryFolder())
  await open.adopt(await deliveryOf(twoYearsOf('2013-09-12')))
  const asked = { month: '2013-09', released: false, feasts: noFeasts } as const
  const facts = await gatherFacts(open, { ...asked, dateOf: () => date('2013-09-13') })
  assert.deepEqual([facts.provisional, findingsOf(facts).comparison], [true, 'partial'])
  assert.deepEqual(facts.periods.month.days, { held: 12, of: 30 })
  assert.equal(facts.periods.month.all.growth, null)
  assert.deepEqual(facts.outlook, {
    kind: 'none',
    refusal: { kind: 'open-month', month: '2013-09' },
  })
})

test('a month without any data is a note that says so, in every form', async () => {
  const facts = await gather('2015-03')
  assert.equal(findingsOf(facts).empty, true)
  for (const language of languages) {
    const note = noteOf(facts, language)
    assert.doesNotMatch(noteToHtml(note), /NaN|undefined|null/)
    assert.doesNotMatch(noteToMarkdown(note), /NaN|undefined|null/)
  }
})

test('the page needs nothing else, runs nothing, and escapes what it is given', async () => {
  const odd = statisticsIn(temporaryFolder())
  const rows = ['2013-01-01', '2013-01-31'].flatMap((business_date) => [
    { business_date, sector: '<script>alert(1)</script>' },
    { business_date, sector: 'a|b*c' },
  ])
  await odd.adopt(await deliveryOf(rows))
  const asked = { month: '2013-01', released: false, feasts: noFeasts } as const
  const facts = await gatherFacts(odd, { ...asked, dateOf: () => date('2013-02-01') })
  for (const language of languages) {
    const page = noteToHtml(noteOf(facts, language))
    assert.doesNotMatch(page, /<script|src=|href=|url\(|@import/)
    assert.match(page, /default-src 'none'/)
    assert.equal(page.includes('dir="rtl"><'), false)
    const text = noteToMarkdown(noteOf(facts, language))
    assert.doesNotMatch(text, /(?<!\\)<script|a\|b|b\*c/)
  }
})
