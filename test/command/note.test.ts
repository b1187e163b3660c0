/** From days to a printed note: written, forecast and released from the command line, and audited. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { hasChromium } from '../support/browser.ts'
import { jsonOf, runCommandIn, type Ran } from '../support/command-line.ts'
import { deliveryOf, statisticsIn } from '../support/lake.ts'
import { launch, makePlace, type Place } from '../support/launched.ts'
import { twoYearsOf } from '../support/two-years.ts'

let place: Place

before(async () => {
  place = await makePlace()
  const statistics = statisticsIn(join(place.dataDir, 'lake'))
  await statistics.adopt(await deliveryOf(twoYearsOf('2013-09-30'), 'two years made for a test'))
})

after(() => place.remove())

const run = (...words: readonly string[]): Promise<Ran> => runCommandIn(place, words)

const month = ['--month', '2013-09'] as const

test('a note is written in three languages and three forms, and nothing has to run', async () => {
  const page = await run('note', ...month, '--lang', 'ar')
  assert.equal(page.status, 0, page.err)
  assert.match(page.out, /<html lang="ar" dir="rtl">/)
  const text = await run('note', ...month, '--lang', 'en', '--format', 'md')
  assert.match(text.out, /^# Online payments/)
  assert.match(text.out, /Draft, not published/)
  assert.match(text.out, /Only one sector falls: deals sites/)
  assert.match(text.out, /two years made for a test/)
  const file = join(place.dataDir, 'note.pdf')
  const printed = await run('note', ...month, '--format', 'pdf', '--out', file)
  if (hasChromium) {
    assert.equal(printed.status, 0, printed.err)
    assert.match(readFileSync(file, 'latin1'), /^%PDF-1\./)
  } else assert.match(printed.err, /apt-get install chromium/)
})

test('a forecast is rounded, and says how it did', async () => {
  const told = await jsonOf<{
    count: { months: { value: number; interval80: number[] }[]; backTest: { errorPct: number } }
  }>(place, ['forecast', ...month, '--months', '2'])
  assert.equal(told.count.months.length, 2)
  const [first] = told.count.months
  assert.match(String(first?.value), /^\d{1,3}0*$/)
  assert.ok(told.count.backTest.errorPct < 30)
  const short = await run('forecast', '--month', '2012-06')
  assert.equal(short.status, 1)
  assert.match(short.err, /not enough history: 6 whole months, 13 are needed/)
})

test('two people release it with the centre stopped; one more decision is audited once it runs', async () => {
  const first = await run('note', 'release', ...month, '--by', 'Amina Tazi')
  assert.match(first.out, /approved once[^]*kept in the lake only/)
  assert.equal((await run('note', 'release', ...month, '--by', 'AMINA TAZI')).status, 1)
  const second = await run('note', 'release', ...month, '--by', 'Youssef Idrissi')
  assert.match(second.out, /is released, by Amina Tazi and Youssef Idrissi/)
  assert.ok(existsSync(join(place.dataDir, 'lake', 'releases.json')))
  const text = await run('note', ...month, '--lang', 'en', '--format', 'md')
  assert.doesNotMatch(text.out, /Draft/)
  const launched = launch(place, { command: ['node', 'scripts/start.mjs'] })
  try {
    await launched.says('ready http')
    const reason = ['--reason', 'a bank sent its file twice']
    const gone = await run('note', 'withdraw', ...month, '--by', 'Amina Tazi', ...reason)
    assert.match(gone.out, /withdrawn\nit is in the audit trail/, gone.err)
    type Row = { readonly kind: string; readonly outcome: string; readonly facts: object }
    const rows = await jsonOf<readonly Row[]>(place, ['audit', 'list'])
    assert.deepEqual(
      rows.flatMap((row) => (row.kind === 'release' ? [[row.outcome, row.facts]] : [])),
      [['withdrawn', { month: '2013-09', by: 'Amina Tazi', about: 'a bank sent its file twice' }]],
    )
  } finally {
    launched.process.kill('SIGTERM')
    await launched.exited()
  }
  const [state] = await jsonOf<readonly { state: { kind: string } }[]>(place, ['note', 'releases'])
  assert.equal(state?.state.kind, 'withdrawn')
})
