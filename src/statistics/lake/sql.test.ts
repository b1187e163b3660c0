import assert from 'node:assert/strict'
import { test } from 'node:test'
import { operationsIn } from './sql.ts'

const file = (path: string, currencies?: readonly string[]) => ({ path, currencies })

test('only where there may be others is each row asked for its currency', () => {
  const dirhams = file('d', ['MAD'])
  const mixed = file('m', ['EUR', 'MAD'])
  const unknown = file('u')
  const [d, m, u, mu] = [
    "read_parquet(['d'])",
    "read_parquet(['m'])",
    "read_parquet(['u'])",
    "read_parquet(['m', 'u'])",
  ]
  const asked = (relation: string, currency: string) =>
    `(FROM ${relation} WHERE currency = '${currency}')`
  assert.equal(operationsIn([dirhams], 'MAD'), d)
  assert.equal(operationsIn([mixed], 'MAD'), asked(m, 'MAD'))
  assert.equal(operationsIn([dirhams, mixed, unknown], 'EUR'), asked(mu, 'EUR'))
  assert.equal(
    operationsIn([dirhams, unknown], 'MAD'),
    `(FROM ${d} UNION ALL FROM ${asked(u, 'MAD')})`,
  )
  assert.equal(operationsIn([dirhams], 'USD'), asked(d, 'USD'), 'nothing, of the same columns')
  assert.equal(operationsIn([file('e', [])], 'MAD'), asked("read_parquet(['e'])", 'MAD'))
})
