/** What is written is what the engine reads. */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { array, asyncProperty, assert as check, maxSafeNat, nat, string, tuple } from 'fast-check'
import { openDuckdb } from '../duckdb.ts'
import { PlainParquet } from './plain-parquet.ts'

const folder = mkdtempSync(join(tmpdir(), 'monetique-parquet-'))
const engine = await openDuckdb({ threads: 1, memoryMb: 128, temporaryFolder: folder })
after(() => {
  engine.close()
  rmSync(folder, { recursive: true })
})

const columns = [
  ['number', 'UINTEGER'],
  ['card', 'UBIGINT'],
  ['amount', 'BIGINT'],
  ['name', 'VARCHAR'],
] as const

type Written = readonly [number: number, upper: number, amount: number, name: string]
type Found = { number: number; card: bigint; amount: bigint; name: string }

const open = (name: string): PlainParquet => new PlainParquet(join(folder, name), columns)

async function write(file: PlainParquet, rows: readonly Written[]): Promise<void> {
  for (const [number, upper, amount, name] of rows) {
    const bytes = Buffer.from(`<${name}>`, 'utf8')
    file.column('number').number(number)
    file.column('card').halves(upper, number)
    file.column('amount').bigint(amount)
    file.column('name').text(bytes, 1, bytes.length - 1)
    await file.endRow()
  }
  await file.end()
}

async function readBack(name: string, rows: readonly Written[]): Promise<void> {
  const file = open(name)
  await write(file, rows)
  const found = await engine.query<Found>(`FROM read_parquet('${file.path}')`)
  assert.deepEqual(
    found.map(({ number, card, amount, name: text }) => [number, card, amount, text]),
    rows.map(([number, upper, amount, text]) => [
      number,
      (BigInt(upper) << 32n) | BigInt(number),
      BigInt(amount),
      text,
    ]),
  )
  assert.equal(statSync(file.path).mode & 0o777, 0o600)
  await file.remove()
}

test('numbers and texts of any characters are read back as they were', async () => {
  const word = nat(0xffffffff)
  const row = tuple(word, word, maxSafeNat(), string({ unit: 'grapheme' }))
  let made = 0
  await check(
    asyncProperty(array(row, { maxLength: 40 }), (rows) =>
      readBack(`any-${(made += 1)}.parquet`, rows),
    ),
    { numRuns: 40 },
  )
})

test('a file without a row, a text longer than a page, more rows than a group has', async () => {
  await readBack('empty.parquet', [])
  await readBack('long.parquet', [[1, 2, 3, 'a"'.repeat(400_000)]])
  const many = Array.from({ length: 100_000 }, (_, at): Written => [at, 0, at * 7, `text ${at}`])
  await readBack('many.parquet', many)
})

test('more groups than fifteen, which are counted another way', async () => {
  const name = 'groups.parquet'
  const file = open(name)
  const rows = 32_768 * 16 + 1
  const text = Buffer.from('x')
  for (let at = 0; at < rows; at++) {
    file.column('number').number(at)
    file.column('card').halves(0, at)
    file.column('amount').bigint(1)
    file.column('name').text(text, 0, 1)
    await file.endRow()
  }
  await file.end()
  const [found] = await engine.query<{ rows: bigint; last: number; sum: bigint }>(
    `SELECT count(*) AS rows, max(number) AS last, sum(amount)::BIGINT AS sum
     FROM read_parquet('${file.path}')`,
  )
  assert.deepEqual(found, { rows: BigInt(rows), last: rows - 1, sum: BigInt(rows) })
})

test('a file that cannot be made is told by whoever writes or ends, and can be removed', async () => {
  const file = open(join('no such folder', 'any.parquet'))
  await assert.rejects(write(file, [[1, 2, 3, 'x']]), /ENOENT/)
  await assert.rejects(file.end(), /ENOENT/)
  await file.remove()
})

test('what is under way is removed at once', async () => {
  const file = open('under-way.parquet')
  await file.remove()
  assert.ok(!existsSync(file.path))
})
