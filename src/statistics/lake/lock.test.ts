/** One at a time changes the lake: in this process, of all processes, and after a death. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { systemTimers } from '../../platform/clock.ts'
import { temporaryFolder } from '../../../test/support/lake.ts'
import { LakeLock } from './lock.ts'

test('those of one process take turns, also through two openings of the folder', async () => {
  const folder = temporaryFolder()
  const [one, other] = [new LakeLock(folder, systemTimers), new LakeLock(folder, systemTimers)]
  let inside = 0
  const act = async (): Promise<void> => {
    inside += 1
    assert.equal(inside, 1)
    await sleep(20)
    inside -= 1
  }
  const failing = one.hold(() => Promise.reject(new Error('no')))
  await Promise.all([assert.rejects(failing), one.hold(act), other.hold(act), one.hold(act)])
  assert.equal(existsSync(join(folder, 'lock')), false)
})

test('another process is waited for, and named when it does not end', async () => {
  const folder = temporaryFolder()
  const lock = new LakeLock(folder, systemTimers)
  const owner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(owner, 'spawn')
  // The command line of a child is its parent's until it has begun.
  await sleep(100)
  writeFileSync(join(folder, 'lock'), `${owner.pid ?? 0}\n`)
  await assert.rejects(
    lock.hold(() => Promise.resolve(), 200),
    new RegExp(`is being changed by process ${owner.pid ?? 0}: try again`),
  )
  const waiting = lock.hold(() => Promise.resolve('done'), 5_000)
  await sleep(50)
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  assert.equal(await waiting, 'done', 'a dead owner’s lock is taken over')
})

test('a lock of a process that is long gone, or of none, is taken over', async () => {
  const folder = temporaryFolder()
  const lock = new LakeLock(folder, systemTimers)
  for (const text of ['999999\n', '', 'half a']) {
    writeFileSync(join(folder, 'lock'), text)
    assert.equal(await lock.hold(() => Promise.resolve(text), 0), text)
  }
})
