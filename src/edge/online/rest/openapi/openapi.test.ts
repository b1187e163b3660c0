import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { readFileSync } from 'node:fs'
import type { TSchema } from '@sinclair/typebox'
import { rootFolder } from '../../../../platform/root.ts'
import { errorsPage } from './errors-page.ts'
import { curlOf } from './page.ts'
import { everyRoute } from './testing.ts'
import { openApiDocument } from './document.ts'
import { checkOf } from '../validate.ts'

const document = openApiDocument(everyRoute, 'http://127.0.0.1:8080')

test('each route is in the document, under its own name', () => {
  const names = everyRoute.map(({ operationId }) => operationId)
  assert.equal(new Set(names).size, names.length)
  const paths = document['paths'] as Readonly<Record<string, Readonly<Record<string, unknown>>>>
  for (const { method, path, operationId } of everyRoute) {
    const operation = paths[path]?.[method.toLowerCase()] as { operationId?: string } | undefined
    assert.equal(operation?.operationId, operationId)
  }
})

test('each example is as its schema says', () => {
  for (const { operationId, query, body, answer, example, type } of everyRoute) {
    const check = (what: string, schema: TSchema, value: unknown): void => {
      assert.deepEqual(checkOf(schema)(value), undefined, `${operationId}: ${what}`)
    }
    if (query !== undefined) check('query', query, example.query ?? {})
    if (body !== undefined) check('body', body, example.body ?? {})
    if (type === undefined) check('answer', answer, example.answer)
  }
})

test('every reference leads somewhere, and no rule is lost on the way to JSON', () => {
  const text = JSON.stringify(document)
  const { components } = document as { components: { schemas: Readonly<Record<string, unknown>> } }
  for (const [, name = ''] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
    assert.ok(name in components.schemas, name)
  }
  for (const [, pattern = ''] of text.matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)) {
    assert.doesNotThrow(() => new RegExp(JSON.parse(pattern) as string, 'u'))
  }
})

test('the example for a shell is one command', () => {
  const create = everyRoute.find(({ operationId }) => operationId === 'createPayment')
  assert.ok(create !== undefined)
  const curl = curlOf(create, 'http://h')
  assert.ok(curl.startsWith("curl -X POST 'http://h/v1/payments' \\\n"))
  assert.ok(curl.includes('sk_sandbox_600000001'))
})

test('docs/api-errors.md is made from the table of errors: npm run api-errors', () => {
  const held = readFileSync(join(rootFolder, 'docs', 'api-errors.md'), 'utf8')
  assert.equal(held, errorsPage())
})
