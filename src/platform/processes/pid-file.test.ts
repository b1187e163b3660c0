/** A file that names its owner is taken by one at a time, whoever has died. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { temporaryFolder } from '../../../test/support/lake.ts'
import { rootFolder } from '../root.ts'
import { claim, release } from './pid-file.ts'

const contender = join(rootFolder, 'test', 'support', 'contender.ts')

async function contend(folder: string, wanted: number): Promise<string> {
  const args = ['--import', 'tsx', contender, folder, String(wanted)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return said
}

test('of several processes one has it at a time, though every other owner seems to die', async () => {
  const folder = temporaryFolder()
  const said = await Promise.all([1, 2, 3, 4].map(() => contend(folder, 200)))
  assert.deepEqual(said, ['200', '200', '200', '200'])
})

test('whoever has it may take it again, and lets go of nobody else’s', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'lock')
  assert.ok(await claim(file, /node/))
  assert.ok(await claim(file, /node/))
  assert.equal(readFileSync(file, 'utf8'), `${process.pid}\n`)
  release(file, process.pid + 1)
  assert.deepEqual(readdirSync(folder), ['lock'])
  release(file, process.pid)
  assert.deepEqual(readdirSync(folder), [])
})

test('that a process died while it took the file keeps nobody from it', async () => {
  const folder = temporaryFolder()
  for (const left of ['lock', 'lock.taking']) writeFileSync(join(folder, left), '999999\n')
  assert.ok(await claim(join(folder, 'lock'), /node/))
  assert.deepEqual(readdirSync(folder), ['lock'])
})

test('a live process of ours keeps its file, one of another program does not', async () => {
  const file = join(temporaryFolder(), 'lock')
  writeFileSync(file, `${process.ppid}\n`)
  assert.equal(await claim(file, /node/), false)
  assert.ok(await claim(file, /no such program/))
})
