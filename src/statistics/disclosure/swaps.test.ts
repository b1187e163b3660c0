/** Families of answers, and the changes of a row that they do not show. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnOf, families, familyOf, internetFamilies, isFiner, partOf } from './families.ts'
import { capacity, swapsOf } from './swaps.ts'

const parts = (['moroccan', 'foreign'] as const).flatMap((cardOrigin) =>
  ['cmi', 'maroc-telecommerce'].map((gateway) => ({ channel: 'internet', cardOrigin, gateway })),
)

test('each choice of filters is of one family', () => {
  const [channel, cardOrigin, gateway] = [['internet'], ['foreign'], ['cmi']]
  assert.equal(familyOf({}), 'all')
  assert.equal(familyOf({ channel }), 'channel')
  assert.equal(familyOf({ cardOrigin }), 'origin')
  assert.equal(familyOf({ channel, cardOrigin }), 'channelOrigin')
  assert.equal(familyOf({ gateway }), 'gateway')
  assert.equal(familyOf({ channel, gateway }), 'gateway')
  assert.equal(familyOf({ cardOrigin, gateway }), 'gatewayOrigin')
  assert.equal(familyOf({ channel, cardOrigin, gateway }), 'gatewayOrigin')
})

test('finer families come after coarser ones', () => {
  const finer = families.map((one) =>
    families
      .filter((than) => isFiner(one, than))
      .map(({ name }) => name)
      .join(' '),
  )
  assert.deepEqual(finer, [
    ...['', 'all', 'all', 'all channel origin', 'all channel'],
    'all channel origin channelOrigin gateway',
  ])
  for (const [i, one] of families.entries()) {
    for (const than of families.filter((each) => isFiner(one, each))) {
      assert.ok(families.indexOf(than) < i)
    }
  }
  assert.deepEqual(
    internetFamilies.map(({ name }) => name),
    ['origin', 'gateway', 'gatewayOrigin'],
  )
})

test('a cell’s part is what its key names, and its column what the family tells apart', () => {
  const [part] = parts
  assert.deepEqual(partOf({ ...part, sector: 'deals' } as never), part)
  assert.deepEqual(partOf({}), { channel: '', cardOrigin: '', gateway: '' })
  const columns = families.map((family) => part && columnOf(part, family))
  assert.deepEqual(columns, [
    ...['[]', '["internet"]', '["moroccan"]', '["internet","moroccan"]', '["internet","cmi"]'],
    '["internet","moroccan","cmi"]',
  ])
})

test('swaps are of one, two or four parts, each once, none with itself', () => {
  const swaps = swapsOf(parts, internetFamilies)
  const named = swaps.map(({ less, more }) => `${less.join()}>${more.join()}`)
  assert.equal(new Set(named).size, named.length)
  const sizes = swaps.map(({ less, more }) => less.length + more.length)
  const count = (size: number): number => sizes.filter((each) => each === size).length
  assert.deepEqual([count(1), count(2), count(4), swaps.length], [8, 12, 6, 26])
  for (const { less, more } of swaps) {
    assert.equal(new Set([...less, ...more]).size, less.length + more.length)
  }
  const seen = (name: string): number => swaps[named.indexOf(name)]?.seenIn ?? -1
  // Bits: by origin, by gateway, by both.
  assert.equal(seen('>0'), 0b111)
  assert.equal(seen('0>1'), 0b110, 'from one gateway to the other')
  assert.equal(seen('0>2'), 0b101, 'from one origin to the other')
  assert.equal(seen('0>3'), 0b111)
  assert.equal(seen('0,3>1,2'), 0b100, 'neither sum moves')
  assert.equal(seen('0,1>2,3'), 0b101)
})

test('a row can give no more than the least of what it has', () => {
  assert.equal(capacity([5, 3, 9], [0, 1]), 3)
  assert.equal(capacity([5, 3, 9], [2]), 9)
  assert.equal(capacity([5, 3, 9], []), Infinity)
  assert.equal(capacity([5], [1]), 0)
})
