import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openSandboxClock, type SandboxClock } from './clock.ts'

const folder = mkdtempSync(join(tmpdir(), 'monetique-clock-'))
after(() => {
  rmSync(folder, { recursive: true, force: true })
})

const hourMs = 3_600_000
const start = new Date('2013-09-15T09:00:00Z')
let files = 0
const freshFile = (): string => join(folder, 'sandbox', `clock-${files++}.json`)

function open(file: string, startAt?: Date): SandboxClock {
  const clock = openSandboxClock({ file, startAt })
  after(() => {
    clock.close()
  })
  return clock
}

const near = (actual: Date, expected: Date, toleranceMs = 2_000): void => {
  const distanceMs = actual.getTime() - expected.getTime()
  assert.ok(distanceMs >= 0 && distanceMs < toleranceMs, `${actual.toISOString()}`)
}

test('starts at the instant asked for and runs at real speed', async () => {
  const clock = open(freshFile(), start)
  const before = clock.now()
  near(before, start)
  await sleep(30)
  assert.ok(clock.now().getTime() - before.getTime() >= 25)
})

test('a restart goes on where the clock would be, not at the instant again', () => {
  const file = freshFile()
  open(file, start).advance(hourMs)
  near(open(file, start).now(), new Date(start.getTime() + hourMs))
  near(open(file).now(), new Date(start.getTime() + hourMs))
})

test('moves forward when asked, every process of the sandbox with it, and never back', async () => {
  const file = freshFile()
  const [one, other] = [open(file, start), open(file, start)]
  one.advance(24 * hourMs)
  near(one.now(), new Date('2013-09-16T09:00:00Z'))
  await sleep(700)
  near(other.now(), new Date('2013-09-16T09:00:00Z'))
  assert.throws(() => one.advance(-1), /only moves forward/)
  assert.throws(() => open(file, new Date('2013-09-15T12:00:00Z')), /its clock never goes back/)
  near(open(file, new Date('2013-09-17T00:00:00Z')).now(), new Date('2013-09-17T00:00:00Z'))
})

test('a file that says nothing is a clear error', () => {
  const file = join(folder, 'broken.json')
  writeFileSync(file, '{}')
  assert.throws(() => open(file, start), /does not hold the sandbox's clock/)
})
