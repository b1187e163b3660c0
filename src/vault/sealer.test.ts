import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { newKeyLine, parseKeyRing, type KeyRing } from './key-ring.ts'
import { KeyRingSealer } from './sealer.ts'

const lines = ['v1', 'v2'].map((id) => newKeyLine(id, randomBytes))

function ring(...which: readonly number[]): KeyRing {
  const parsed = parseKeyRing(which.map((i) => lines[i]).join(''))
  assert.ok(parsed.ok)
  return parsed.value
}

test('a secret opens under its own name only, whatever is in it', () => {
  const sealer = new KeyRingSealer(ring(0), randomBytes)
  const sealed = sealer.seal('endpoint/1', 'whsec_é漢')
  assert.equal(sealer.open('endpoint/1', sealed), 'whsec_é漢')
  assert.throws(() => sealer.open('endpoint/2', sealed))
  sealed[sealed.length - 20] = (sealed[sealed.length - 20] ?? 0) ^ 1
  assert.throws(() => sealer.open('endpoint/1', sealed))
})

test('after a rotation the older key opens, and is told from the current one', () => {
  const sealer = new KeyRingSealer(ring(0), randomBytes)
  const sealed = sealer.seal('a', 'secret')
  assert.ok(sealer.isCurrent(sealed))
  sealer.useKeys(ring(1, 0))
  assert.ok(!sealer.isCurrent(sealed))
  assert.equal(sealer.open('a', sealed), 'secret')
  sealer.useKeys(ring(1))
  assert.equal(sealer.open('a', sealed), undefined)
})
