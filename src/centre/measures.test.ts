import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Registry } from 'prom-client'
import { rootFolder } from '../platform/root.ts'
import { measuresIn } from './measures.ts'

test('each metric is explained to operators, and no other', () => {
  const registry = new Registry()
  const measures = measuresIn(registry)
  measures.queues(() => ({ tranlog: 0, advices: 0 }))
  measures.links(() => [])
  const present = registry.getMetricsAsArray().map(({ name }) => name)
  const text = readFileSync(join(rootFolder, 'docs', 'operating.md'), 'utf8')
  const told = [...text.matchAll(/^\| `(monetique_[a-z_]+)`/gm)].map(([, name = '']) => name)
  assert.deepEqual(told.sort(), present.sort())
})
