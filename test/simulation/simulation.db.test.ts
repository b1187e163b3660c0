import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { withTestDatabase } from '../support/database.ts'
import { postgresStores } from './postgres-stores.ts'
import { runSeed } from './run.ts'

const first = 1
const count = 36

let stores: Awaited<ReturnType<typeof postgresStores>>
/** The server never fails here: whatever the stores had to repeat would be a fault of theirs. */
const errors: Error[] = []

before(async () => {
  stores = await postgresStores(await withTestDatabase(), (error) => errors.push(error))
})

after(() => stores.close())

test(`${count} seeds on PostgreSQL: every rule holds, and each life is that in memory`, async () => {
  for (let seed = first; seed < first + count; seed++) {
    const real = await runSeed(seed, { stores: stores.open, tracing: true })
    assert.deepEqual(real.violations, [], `seed ${seed}:\n${real.trace.join('\n')}`)
    const model = await runSeed(seed, { tracing: true })
    assert.deepEqual(real.trace, model.trace, `seed ${seed} is another life in memory`)
    assert.deepEqual(real.stats, model.stats)
  }
  assert.deepEqual(errors, [])
})

test('a bug planted in the tranlog is found on PostgreSQL too', async () => {
  const found = []
  for (let seed = first; seed < first + count && found.length === 0; seed++) {
    const { violations } = await runSeed(seed, {
      stores: stores.open,
      bug: 'reversal-not-stored',
    })
    found.push(...violations)
  }
  assert.notEqual(found.length, 0)
})
