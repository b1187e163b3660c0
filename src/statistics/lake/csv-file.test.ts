/** What is written is what the engine reads. */
import assert from 'node:assert/strict'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openDuckdb } from '../../platform/duckdb.ts'
import { temporaryFolder } from '../../../test/support/lake.ts'
import { CsvFile } from './csv-file.ts'
import { csv } from './sql.ts'

const folder = temporaryFolder()
const engine = await openDuckdb({ threads: 1, memoryMb: 128, temporaryFolder: folder })
after(() => {
  engine.close()
})

const columns = [
  ['number', 'UBIGINT'],
  ['card', 'UBIGINT'],
  ['text', 'VARCHAR'],
] as const

async function readBack(
  name: string,
  lines: readonly (readonly [number, string, string | null])[],
) {
  const file = new CsvFile(join(folder, name))
  for (const [number, digits, text] of lines) {
    file.number(number)
    file.hexadecimal(digits, 16)
    const bytes = Buffer.from(text ?? '')
    if (text === null) file.null()
    else file.text(bytes, 0, bytes.length)
    await file.endLine()
  }
  await file.end()
  const rows = await engine.query<{ number: bigint; card: bigint; text: string | null }>(
    `SELECT * FROM ${csv([file.path], columns)}`,
  )
  assert.deepEqual(
    rows.map(({ number, card, text }) => [Number(number), card, text]),
    lines.map(([number, digits, text]) => [number, BigInt(`0x${digits.slice(0, 16)}`), text]),
  )
  return file.path
}

test('numbers, pseudonyms and texts of any characters are read back as they were', async () => {
  const digits = 'fedcba9876543210and more'
  const texts = ['plain', 'a,b', '"', 'a"b""', 'l1\nl2', '\r', '\r\n', ' x ', '#!', 'é€😀', 'null']
  const numbers = [0, 9, 10, 99, 100, 4_294_967_296, Number.MAX_SAFE_INTEGER]
  const path = await readBack('any.csv', [
    ...texts.map((text, index) => [index, digits, text] as const),
    ...numbers.map((number) => [number, '0000000000000001', null] as const),
  ])
  assert.equal(statSync(path).mode & 0o777, 0o600)
})

test('a value longer than what is written at once, and many lines', async () => {
  await readBack('long.csv', [[1, '0'.repeat(16), `${'a"'.repeat(400_000)},`]])
  const many = Array.from({ length: 60_000 }, (_, index) => index)
  await readBack(
    'many.csv',
    many.map((index) => [index, index.toString(16).padStart(16, '0'), `text ${index}`] as const),
  )
})

test('a file that cannot be made is told by whoever writes or ends, and can be removed', async () => {
  const file = new CsvFile(join(folder, 'no such folder', 'any.csv'))
  const text = Buffer.alloc(1 << 20, 'x')
  const write = async (): Promise<void> => {
    for (let line = 0; line < 4; line++) {
      file.text(text, 0, text.length)
      await file.endLine()
    }
  }
  await assert.rejects(write(), /ENOENT/)
  await assert.rejects(file.end(), /ENOENT/)
  await file.remove()
})

test('what is under way is removed at once', async () => {
  const file = new CsvFile(join(folder, 'under-way.csv'))
  file.number(1)
  void file.endLine()
  await file.remove()
  assert.ok(!existsSync(file.path))
})
