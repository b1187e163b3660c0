import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLines } from './log-lines.ts'

const refusal = (code: string): Error => Object.assign(new Error(code), { code })

test('a full disk costs lines and nothing else; how many is said once there is room', () => {
  let room = 6
  let written = ''
  const lines = openLines(undefined, (_fd, bytes) => {
    if (room === 0) throw refusal('ENOSPC')
    const part = bytes.subarray(0, room)
    room -= part.length
    written += part.toString()
    return part.length
  })
  lines.write('one\n')
  lines.write('two\n')
  lines.write('three\n')
  room = 10_000
  lines.write('four\n')
  lines.write('five\n')
  const [one, torn, said, four, five] = written.split('\n')
  assert.deepEqual([one, torn, four, five], ['one', 'tw', 'four', 'five'])
  assert.match(said ?? '', /"lost":2,"msg":"log lines could not be written"/)
})

test('a reader that is behind is waited for, one that is gone is not', () => {
  let busy = 3
  let written = ''
  const lines = openLines(undefined, (_fd, bytes) => {
    if (busy > 0) {
      busy -= 1
      throw refusal('EAGAIN')
    }
    written += bytes.toString()
    return bytes.length
  })
  lines.write('one\n')
  assert.equal(written, 'one\n')
  const gone = openLines(undefined, () => {
    throw refusal('EPIPE')
  })
  gone.write('nobody reads this\n')
})
