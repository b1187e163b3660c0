/**
 * Goal: what was acknowledged is never lost, and what is torn was never acknowledged. Method: a
 * journal is cut, or spoiled, at each byte of its end; what is read must be a prefix of what was
 * written, by whole batches.
 */
import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { BATCH_ENTRIES_MAX, encodeBatch, JournalCorrupt } from './journal-format.ts'
import { JournalFile } from './journal-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'bank-journal-'))
after(() => rmSync(folder, { recursive: true }))

const noFailure = (error: Error): void => assert.fail(error)

function read(path: string): { lines: string[]; journal: JournalFile } {
  const lines: string[] = []
  const journal = JournalFile.open({
    path,
    onEntry: (columns) => lines.push(columns.join('\t')),
    onFailure: noFailure,
  })
  return { lines, journal }
}

const lineOf = (index: number): string => `O\tkey ${index}\t${'x'.repeat(index % 40)}\t\tend`
const durable = (journal: JournalFile): Promise<void> =>
  new Promise((resolve) => journal.whenDurable(resolve))

test('what is durable is in the file, in order, in few batches', async () => {
  const path = join(folder, 'order.journal')
  const { journal } = read(path)
  const written: string[] = []
  const seen: number[] = []
  for (let i = 0; i < 500; i++) {
    written.push(lineOf(i))
    journal.append(lineOf(i))
    journal.whenDurable(() => {
      seen.push(i)
      assert.ok(readFileSync(path, 'latin1').includes(`${lineOf(i)}\n`))
    })
    if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await durable(journal)
  assert.deepEqual(seen, [...Array(500).keys()])
  await journal.close()
  const batches = readFileSync(path, 'latin1').match(/^#/gm)?.length ?? 0
  assert.ok(batches <= 11, `${batches} batches`)
  const again = read(path)
  assert.deepEqual(again.lines, written)
  await again.journal.close()
})

test('nothing pending is durable at once', async () => {
  const { journal } = read(join(folder, 'empty.journal'))
  let done = false
  journal.whenDurable(() => (done = true))
  assert.ok(done)
  await journal.close()
})

test('more than a batch holds is written in several, in order', async () => {
  const path = join(folder, 'many.journal')
  const { journal } = read(path)
  const count = 2 * BATCH_ENTRIES_MAX + 10
  for (let i = 0; i < count; i++) journal.append(`R\t${i}\ta\tb\tc`)
  await durable(journal)
  await journal.close()
  const again = read(path)
  assert.equal(again.lines.length, count)
  assert.equal(again.lines.at(-1), `R\t${count - 1}\ta\tb\tc`)
  await again.journal.close()
})

test('cut at each byte of its last batches, it holds the whole ones before', async () => {
  const path = join(folder, 'cut.journal')
  const batches = [[lineOf(1)], [lineOf(2), lineOf(3)], [lineOf(4), lineOf(5), lineOf(6)]]
  const encoded = batches.map((lines) => encodeBatch(lines))
  const whole = Buffer.concat(encoded)
  for (let length = 0; length <= whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length))
    let end = 0
    const expected: string[] = []
    for (const [index, bytes] of encoded.entries()) {
      if (end + bytes.length > length) break
      end += bytes.length
      expected.push(...(batches[index] ?? []))
    }
    const { lines, journal } = read(path)
    assert.deepEqual(lines, expected)
    assert.equal(statSync(path).size, end, 'the torn end is cut')
    journal.append(lineOf(9))
    await durable(journal)
    await journal.close()
    const again = read(path)
    assert.deepEqual(again.lines, [...expected, lineOf(9)])
    await again.journal.close()
  }
})

test('an end that was spoiled or filled with zeros is cut', async () => {
  const path = join(folder, 'spoiled.journal')
  const first = encodeBatch([lineOf(1)])
  const last = encodeBatch([lineOf(2), lineOf(3)])
  for (let at = 0; at < last.length; at++) {
    const spoiled = Buffer.from(last)
    spoiled[at] = (spoiled[at] ?? 0) ^ 0x01
    writeFileSync(path, Buffer.concat([first, spoiled]))
    const { lines, journal } = read(path)
    assert.deepEqual(lines, [lineOf(1)])
    await journal.close()
  }
  writeFileSync(path, first)
  appendFileSync(path, Buffer.alloc(4096))
  const { lines, journal } = read(path)
  assert.deepEqual(lines, [lineOf(1)])
  await journal.close()
})

test('a broken batch with a whole one after it is refused, and left as it is', () => {
  const path = join(folder, 'corrupt.journal')
  const batches = [encodeBatch([lineOf(1)]), encodeBatch([lineOf(2)]), encodeBatch([lineOf(3)])]
  const bytes = Buffer.concat(batches)
  const middle = (batches[0]?.length ?? 0) + 20
  bytes[middle] = (bytes[middle] ?? 0) ^ 0x01
  writeFileSync(path, bytes)
  assert.throws(() => read(path), JournalCorrupt)
  assert.equal(statSync(path).size, bytes.length)
})

test('a disk that refuses is told once, and nothing after it is called durable', async () => {
  const failures: Error[] = []
  const full = new Error('no space left')
  const journal = JournalFile.open({
    path: join(folder, 'refused.journal'),
    onEntry: () => undefined,
    onFailure: (error) => failures.push(error),
    write: (_fd, _bytes, done) => setImmediate(() => done(full, 0)),
  })
  let called = false
  journal.append(lineOf(1))
  journal.whenDurable(() => (called = true))
  await new Promise((resolve) => setTimeout(resolve, 20))
  journal.append(lineOf(2))
  journal.whenDurable(() => (called = true))
  await journal.close()
  assert.deepEqual(failures, [full])
  assert.equal(called, false)
})

test('a write that took only a part is gone on with', async () => {
  const path = join(folder, 'parts.journal')
  const journal = JournalFile.open({
    path,
    onEntry: () => undefined,
    onFailure: noFailure,
    write: (_fd, bytes, done) => {
      appendFileSync(path, bytes.subarray(0, 7))
      setImmediate(() => done(null, Math.min(7, bytes.length)))
    },
  })
  journal.append(lineOf(30))
  await durable(journal)
  await journal.close()
  const { lines, journal: again } = read(path)
  assert.deepEqual(lines, [lineOf(30)])
  await again.close()
})
