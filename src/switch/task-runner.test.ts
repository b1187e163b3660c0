import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Task } from './task.ts'
import type { TaskResult } from './face.ts'
import { aPaymentKey, aSwitch } from './testing.ts'

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const named = (topic: string, name: string): Task => ({ topic, name, body: {}, delayMs: 0 })

test('work that hangs holds up its own topic only, and what found no room is taken up again', async () => {
  const timers: (() => void)[] = []
  const after = (_delayMs: number, act: () => void): (() => void) => {
    timers.push(act)
    return () => undefined
  }
  const { switch: running } = aSwitch(() => ({ kind: 'not_sent' }), { timers: { after } })
  const waiting: ((result: TaskResult) => void)[] = []
  running.tasks.handle('hangs', () => new Promise((resolve) => waiting.push(resolve)))
  let done = 0
  running.tasks.handle('quick', () => {
    done += 1
    return Promise.resolve({ done: true })
  })
  const many = Array.from({ length: 300 }, (_, i) => named('hangs', String(i)))
  await running.tasks.add(aPaymentKey, many)
  await running.tasks.add(aPaymentKey, [named('quick', 'a')])
  await settled()
  assert.equal(done, 1)
  const begun = waiting.length
  assert.ok(begun < many.length, 'a topic has its bound')
  for (const end of waiting.splice(0)) end({ done: true })
  await settled()
  await running.start()
  await settled()
  for (const act of timers.splice(0)) act()
  await settled()
  assert.equal(begun + waiting.length, many.length)
})

test('what a task ends in is begun at once', async () => {
  const { switch: running } = aSwitch(() => ({ kind: 'not_sent' }))
  const seen: string[] = []
  running.tasks.handle('first', (task) => {
    seen.push(task.name)
    const followedBy = [named('second', 'b'), named('second', 'c')]
    return Promise.resolve({ done: true, followedBy })
  })
  running.tasks.handle('second', (task) => {
    seen.push(task.name)
    return Promise.resolve({ done: true })
  })
  await running.tasks.add(aPaymentKey, [named('first', 'a')])
  await settled()
  assert.deepEqual(seen, ['a', 'b', 'c'])
  assert.equal(running.tasks.running, 0)
})
