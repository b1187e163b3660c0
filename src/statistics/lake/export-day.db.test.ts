/** What an exported day's file holds, checked against what tranlog and ledger say of the day. */
import assert from 'node:assert/strict'
import { createCipheriv } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { addDays, type BusinessDate } from '../../kernel/business-date.ts'
import type { MerchantId, Rrn } from '../../kernel/ids.ts'
import { openDuckdb } from '../../platform/duckdb.ts'
import { statisticsIn, temporaryFolder } from '../../../test/support/lake.ts'
import {
  approvedState,
  declinedState,
  EUR,
  openRecorded,
  record,
  recordStory,
  sentOn,
  type Asked,
  type Recorded,
} from '../../../test/support/recorded.ts'
import { captured, monday, recordThreeDays } from '../../../test/support/three-days.ts'
import {
  LakeError,
  parseMonth,
  type PseudonymKey,
  type Question,
  type Statistics,
} from '../index.ts'

const pseudonymKey = (): PseudonymKey => ({ method: 'aes-256', key: Buffer.alloc(32, 0x42) })

let recorded: Recorded

const statisticsHere = (at: string): Statistics =>
  statisticsIn(at, {
    clock: { now: () => new Date('2013-09-18T12:00:00Z'), monotonicMs: () => 0 },
    tranlog: { database: recorded.app, calendar: recorded.directory.calendar, pseudonymKey },
  })

const sent = (asked: Asked) => sentOn(recorded.directory, asked)

before(async () => {
  recorded = await openRecorded()
  await recordThreeDays(recorded)
})

/** A lake that holds nothing yet, of a day that closed. */
async function anotherLake(date: BusinessDate): Promise<{ at: string; other: Statistics }> {
  await recorded.owner.query(
    `INSERT INTO business_day (business_date, opened_at, turned_at, closed_at)
     VALUES ($1, $1::date, $1::date, $1::date)`,
    [date],
  )
  const at = temporaryFolder()
  return { at, other: statisticsHere(at) }
}

test('money that a payment’s row does not say alone is read from the ledger', async () => {
  const friday = addDays(monday, 4)
  const { other } = await anotherLake(friday)
  const onFriday = () => sent({ date: friday })
  await recordStory(recorded, onFriday(), [
    captured(friday, 6_000n),
    captured(friday, 3_000n),
    { kind: 'refunded', on: friday, amountMinor: 1_500n },
  ])
  await recordStory(recorded, onFriday(), [captured(friday, 700n)])
  await recordStory(recorded, onFriday(), [
    captured(friday, 80n),
    { kind: 'refunded', on: addDays(friday, 1), amountMinor: 80n },
  ])
  await recordStory(recorded, sent({ date: addDays(monday, 3) }), [captured(friday, 40n)])
  await recordStory(recorded, onFriday(), [captured(addDays(friday, 1), 5n)])
  const { part } = await other.publishDay(friday)
  assert.deepEqual(part.days, [{ date: friday, rows: 7, operations: 4, amountMinor: 9_820n }])
  const { total } = await other.cut({ from: friday, to: friday, by: [], fromOperations: true })
  assert.deepEqual([total.refundCount, total.refundAmountMinor], [1, 1_500n])
  assert.deepEqual([total.approved, total.declined], [4, 0])
})

test('payments in another currency are figures of their own, before and after the day is published', async () => {
  const day = addDays(monday, 9)
  const { at, other } = await anotherLake(day)
  const inEuros = sent({ date: day, currency: EUR, site: '600000002' })
  await recordStory(recorded, inEuros, [
    captured(day, 5_000n),
    { kind: 'refunded', on: day, amountMinor: 500n },
  ])
  await recordStory(recorded, sent({ date: day }), [captured(day, 700n)])
  const declined = sent({ date: day, currency: EUR })
  await record(recorded, declined, declinedState(declined))
  const figuresIn = async (more: Partial<Question>) => {
    const by = ['site'] as const
    const cut = await other.cut({ from: day, to: day, by, extras: ['cards', 'reasons'], ...more })
    const { currency, currencies, total, rows } = cut
    assert.deepEqual(currencies, ['EUR', 'MAD'])
    return [
      ...[currency, total.count, total.amountMinor, total.activeSites, total.activeCards],
      ...[total.refundAmountMinor, total.declined, rows.map(({ key }) => key.site)],
    ]
  }
  const check = async (more: Partial<Question> = {}): Promise<void> => {
    assert.deepEqual(await figuresIn(more), ['MAD', 1, 700n, 1, 1, 0n, 0, ['600000001']])
    const euros = ['EUR', 1, 5_000n, 1, 1, 500n, 1, ['600000001', '600000002']]
    assert.deepEqual(await figuresIn({ ...more, currency: 'EUR' }), euros)
  }
  await check()
  const { part } = await other.publishDay(day)
  assert.deepEqual(part.currencies, ['EUR', 'MAD'])
  await check()
  await check({ fromOperations: true })
  const fromElsewhere = await statisticsHere(at).catalogue()
  assert.deepEqual(fromElsewhere.parts[0]?.currencies, ['EUR', 'MAD'])
  // A part of an earlier release says nothing of them, nor does one that is all in dirhams hide them.
  const catalogue = join(at, 'catalogue.json')
  const text = readFileSync(catalogue, 'utf8')
  writeFileSync(catalogue, text.replace(/"currencies": \[[^\]]*\],/, ''))
  assert.equal((await statisticsHere(at).catalogue()).parts[0]?.currencies, undefined)
  const before = await statisticsHere(at).cut({ from: day, to: day, by: [], fromOperations: true })
  assert.equal(before.total.amountMinor, 700n)
  writeFileSync(catalogue, text)
  const month = parseMonth('2013-09')
  assert.ok(month !== undefined)
  const table = await other.publishedTable(month)
  assert.deepEqual(table.currencies, ['EUR', 'MAD'])
  assert.deepEqual(table.rows, (await other.publishedTable(month, { fromOperations: true })).rows)
})

test('a day of which the ledger lacks a capture is not published, and says what differs', async () => {
  const sunday = addDays(monday, 13)
  const { other } = await anotherLake(sunday)
  await recordStory(recorded, sent({ date: sunday }), [
    captured(sunday, 6_000n),
    captured(sunday, 3_000n),
  ])
  await recorded.owner.query(
    `/* scatter: the day's one payment */ DELETE FROM transfer WHERE business_date = $1 AND part = 1`,
    [sunday],
  )
  await assert.rejects(
    other.publishDay(sunday),
    /tranlog and ledger say 0 for its operations, the file 1/,
  )
})

test('a day with a payment of a merchant that nobody knows is not published, and says so', async () => {
  const saturday = addDays(monday, 5)
  const { at, other } = await anotherLake(saturday)
  const known = sent({ date: saturday })
  await record(recorded, known, approvedState(known))
  const stranger = { ...sent({ date: saturday }), merchant: 'nobody-99' as MerchantId }
  await record(recorded, stranger, approvedState(stranger))
  await assert.rejects(
    other.publishDay(saturday),
    (error) =>
      error instanceof LakeError && /a payment of nobody-99, who is no/.test(error.message),
  )
  assert.deepEqual(
    readdirSync(at, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.includes('parquet'),
    ),
    [],
    'nothing is left of it',
  )
})

test('a row has its reference, whatever the characters, and its card’s pseudonym', async () => {
  const later = addDays(monday, 7)
  const { at, other } = await anotherLake(later)
  const facts = { ...sent({ date: later }), rrn: '\r,"é' as Rrn }
  await recordStory(recorded, facts, [captured(later, 700n)])
  const { part } = await other.publishDay(later)
  const engine = await openDuckdb({ threads: 1, memoryMb: 128, temporaryFolder: at })
  const rows = await engine.query(
    `SELECT reference, card, site, gateway, sector, reason FROM '${join(at, part.file)}'`,
  )
  engine.close()
  const block = createCipheriv('aes-256-ecb', pseudonymKey().key, null)
  const encrypted = block.update(Buffer.from(facts.card.token.slice('card_'.length), 'hex'))
  assert.deepEqual(rows, [
    {
      reference: '\r,"é',
      card: encrypted.readBigUInt64BE(),
      ...{ site: '600000001', gateway: 'cmi', sector: 'billers', reason: null },
    },
  ])
})

test('no token of a card is in the lake', async () => {
  const folder = temporaryFolder()
  await statisticsHere(folder).publishDay(monday)
  const engine = await openDuckdb({ threads: 1, memoryMb: 128, temporaryFolder: folder })
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => name.endsWith('.parquet'))
  assert.equal(files.length, 5, 'the day and its rollups')
  for (const file of files) {
    const rows = await engine.query(
      `SELECT 1 FROM '${join(folder, file)}' AS row
       WHERE regexp_matches(row::VARCHAR, 'card_[0-9a-f]{32}')`,
    )
    assert.deepEqual(rows, [], file)
  }
  engine.close()
})
