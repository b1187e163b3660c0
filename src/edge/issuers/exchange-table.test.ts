import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ExchangeTable } from './exchange-table.ts'

type Item = { readonly exchange: number; readonly name: string }

/** Numbers that want the same slots: of a few classes, and a few beside each other. */
const numbers = fc
  .tuple(fc.nat(12), fc.constantFrom(0, 1024, 11_000_000, 81_000_000))
  .map(([number, base]) => base + number)

test('whatever is added and removed, a map says the same', () => {
  fc.assert(
    fc.property(fc.array(numbers, { maxLength: 200 }), (sequence) => {
      const table = new ExchangeTable<Item>()
      const model = new Map<number, Item>()
      for (const [step, exchange] of sequence.entries()) {
        if (model.has(exchange)) {
          table.remove(exchange)
          model.delete(exchange)
        } else {
          const item = { exchange, name: `step ${step}` }
          table.add(item)
          model.set(exchange, item)
        }
        for (const one of sequence) assert.equal(table.get(one), model.get(one))
        assert.equal(table.size, model.size)
      }
    }),
  )
})

test('ten thousand at once, removed in another order', () => {
  const table = new ExchangeTable<Item>()
  const items = Array.from({ length: 10_000 }, (_, n) => ({ exchange: 11_995_000 + n, name: '' }))
  for (const item of items) table.add(item)
  assert.equal(table.size, items.length)
  for (let step = 0; step < items.length; step++) {
    const item = items[(step * 7_919) % items.length]
    assert.ok(item !== undefined)
    assert.equal(table.get(item.exchange), item)
    table.remove(item.exchange)
    table.remove(item.exchange)
    assert.equal(table.get(item.exchange), undefined)
  }
  assert.equal(table.size, 0)
})
