import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plantedBugs } from './planted-bug.ts'
import { runSeed } from './run.ts'

const first = 1
const count = 1_000

/** Within so many seeds each planted bug must show itself. */
const foundWithin = 100

test(`${count} seeds: every request ends, nothing is posted twice, and all books agree`, async (t) => {
  const totals = { payments: 0, transfers: 0, crashes: 0 }
  const states: Record<string, number> = {}
  for (let seed = first; seed < first + count; seed++) {
    const { violations, stats } = await runSeed(seed)
    const replay = `npm run simulate -- --seed ${seed} --count 1`
    assert.deepEqual(violations, [], `to see it again: ${replay}`)
    totals.payments += stats.payments
    totals.transfers += stats.transfers
    totals.crashes += stats.crashes
    for (const [state, times] of Object.entries(stats.states)) {
      states[state] = (states[state] ?? 0) + times
    }
  }
  t.diagnostic(JSON.stringify({ seeds: count, ...totals, states }))
  // Seeds that do little would find little.
  for (const state of ['approved', 'captured', 'declined', 'reversed']) {
    assert.ok((states[state] ?? 0) > count / 10, `few payments end ${state}`)
  }
  assert.ok(totals.crashes > count, 'few crashes')
  assert.ok(totals.transfers > count, 'little money moves')
})

for (const bug of plantedBugs) {
  test(`the planted bug ${bug} is found`, async (t) => {
    for (let seed = first; seed < first + foundWithin; seed++) {
      const [violation] = (await runSeed(seed, { bug })).violations
      if (violation === undefined) continue
      t.diagnostic(`seed ${seed}: ${violation}`)
      return
    }
    assert.fail(`not within ${foundWithin} seeds`)
  })
}

test('the same seed is the same life, message by message', async () => {
  for (const seed of [3, 257, 421]) {
    const once = await runSeed(seed, { tracing: true })
    const again = await runSeed(seed, { tracing: true })
    assert.ok(once.trace.length > 0)
    assert.deepEqual(again, once)
  }
})
