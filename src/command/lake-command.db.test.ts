/** A day of this centre that was lost from the lake is made again from the tranlog, where it runs. */
import assert from 'node:assert/strict'
import { mkdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { BusinessDate } from '../kernel/business-date.ts'
import { readPseudonymKey } from '../statistics/index.ts'
import { statisticsIn, temporaryFolder } from '../../test/support/lake.ts'
import { openRecorded, recordStory, sentOn } from '../../test/support/recorded.ts'
import { runCommand } from './run.ts'

const date = '2013-09-16' as BusinessDate
const dataDir = temporaryFolder()
const keys = join(dataDir, 'keys')
let url: string
let file: string

before(async () => {
  process.env['MONETIQUE_DATA_DIR'] = dataDir
  const recorded = await openRecorded()
  url = recorded.url
  await recorded.owner.query(
    'INSERT INTO business_day (business_date, opened_at, turned_at, closed_at) VALUES ($1, $1::date, $1::date, $1::date)',
    [date],
  )
  const captured = { kind: 'captured', on: date, amountMinor: 6_000n } as const
  await recordStory(recorded, sentOn(recorded.directory, { date }), [captured])
  const makeWith = (bytes: number): Buffer => Buffer.alloc(bytes, 7)
  const key = readPseudonymKey(keys, makeWith)
  const { database, calendar } = { database: recorded.app, calendar: recorded.directory.calendar }
  const statistics = statisticsIn(join(dataDir, 'lake'), {
    tranlog: { database, calendar, pseudonymKey: () => key },
  })
  const { part } = await statistics.publishDay(date)
  file = part.file
  await recorded.tranlog.stop()
})

after(() => {
  delete process.env['MONETIQUE_DATA_DIR']
})

async function run(...words: readonly string[]) {
  const out: string[] = []
  const err: string[] = []
  const terminal = { out: (line: string) => out.push(line), err: (line: string) => err.push(line) }
  const status = await runCommand(words, terminal)
  return { status, out: out.join('\n'), err: err.join('\n') }
}

test('without its database the day is left, with it the day is whole again, to the byte', async () => {
  unlinkSync(join(dataDir, 'lake', file))
  const left = await run('lake', 'rebuild')
  assert.deepEqual([left.status, left.out], [1, ''])
  assert.match(left.err, /is missing: the centre’s database is needed: npm start/)
  mkdirSync(join(dataDir, 'run'))
  writeFileSync(join(dataDir, 'run', 'app-database-url'), url)
  const forgotten = await run('lake', 'forget', file)
  assert.match(forgotten.err, /no adopted file/)
  const rebuilt = await run('lake', 'rebuild')
  assert.deepEqual([rebuilt.status, rebuilt.err], [0, ''])
  assert.match(rebuilt.out, /is whole again/)
  const verified = await run('lake', 'verify')
  assert.equal(verified.status, 0, verified.err)
  assert.ok(verified.out.includes(file), 'the same bytes have the same name')
})

test('with another key the same cards would be others: nothing is made', async () => {
  unlinkSync(join(dataDir, 'lake', file))
  rmSync(keys, { recursive: true })
  const refused = await run('lake', 'rebuild')
  assert.deepEqual([refused.status, refused.out], [78, ''])
  assert.match(refused.err, /pseudonym\.key does not exist/)
})
