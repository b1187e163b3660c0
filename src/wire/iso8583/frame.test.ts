/**
 * Goal: frames come out whole and in order however the stream is cut, within the bound. Method:
 * generated frames joined, then cut at random places.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { limits } from '../../kernel/limits.ts'
import { frame, FrameSplitter, joinFrames } from './frame.ts'

const bodies = fc.array(
  fc
    .oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: limits.frameBytesMax }))
    .map((length) => Buffer.alloc(length, length & 0xff)),
  { maxLength: 12 },
)

test('any cutting of a stream gives the same frames', () => {
  fc.assert(
    fc.property(bodies, fc.array(fc.integer({ min: 1, max: 700 })), (messages, sizes) => {
      const stream = joinFrames(messages)
      const splitter = new FrameSplitter()
      const received: Buffer[] = []
      for (let at = 0, i = 0; at < stream.length; i++) {
        const size = sizes[i % Math.max(1, sizes.length)] ?? stream.length
        const { frames, error } = splitter.push(stream.subarray(at, at + size))
        assert.equal(error, undefined)
        received.push(...frames)
        at += size
      }
      assert.deepEqual(received, messages)
      assert.ok(splitter.atBoundary)
    }),
  )
})

test('a frame of no bytes ends the stream, after the frames before it', () => {
  const good = frame(Buffer.from('one'))
  const splitter = new FrameSplitter()
  const read = splitter.push(Buffer.concat([good, Buffer.from([0, 0]), good]))
  assert.deepEqual(read.frames, [Buffer.from('one')])
  assert.equal(read.error?.rule, 'frame_empty')
  const later = splitter.push(good)
  assert.deepEqual(later.frames, [])
  assert.equal(later.error?.rule, 'frame_empty')
})

test('a frame above the bound is refused at its length, before it is held', () => {
  const splitter = new FrameSplitter()
  assert.equal(splitter.push(Buffer.from([0x10])).error, undefined)
  assert.equal(splitter.push(Buffer.from([0x01])).error?.rule, 'frame_too_long')
})

test('a half received frame is not a boundary', () => {
  const splitter = new FrameSplitter()
  assert.ok(splitter.atBoundary)
  splitter.push(Buffer.from([0x00]))
  assert.ok(!splitter.atBoundary)
  splitter.push(Buffer.from([0x02, 0x41]))
  assert.ok(!splitter.atBoundary)
  assert.deepEqual(splitter.push(Buffer.from([0x42])).frames, [Buffer.from('AB')])
  assert.ok(splitter.atBoundary)
})

test('a stream in single bytes costs no more than in one piece', () => {
  const stream = joinFrames(Array.from({ length: 50 }, () => Buffer.alloc(4000, 7)))
  const splitter = new FrameSplitter()
  let count = 0
  for (let at = 0; at < stream.length; at++) {
    count += splitter.push(stream.subarray(at, at + 1)).frames.length
  }
  assert.equal(count, 50)
})
