import { apiErrors } from '../errors.ts'
import { currentVersion } from '../version.ts'
import { openApiDocument } from './document.ts'
import { everyRoute } from './testing.ts'

type Json = Readonly<Record<string, unknown>>

/** What a merchant's server may call; the operator has the command line. */
const routes = everyRoute.filter(({ access }) => access === 'site' || access === 'both')

const head =
  '/** Written by `npm run client:types` from the API’s own description: not to be edited. */\n'

/** [OPENAPI 3.1] The document of the API as TypeScript, by file of clients/typescript/src. */
export const clientTypes: Readonly<Record<string, () => string>> = {
  'api.ts': () => {
    const { components } = openApiDocument(routes, '') as {
      readonly components: { readonly schemas: Readonly<Record<string, Json>> }
    }
    const schemas = Object.entries(components.schemas)
      .filter(([name]) => name !== 'Error')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, schema]) => `export type ${name} = ${typeOf(schema)}\n\n`)
    const codes = Object.keys(apiErrors).map((code) => `  | '${code}'\n`)
    return [
      `${head}export const apiVersion = '${currentVersion}'\n\n`,
      `export type ErrorCode =\n${codes.join('')}\n`,
      ...schemas,
    ].join('')
  },
  'operations.ts': () => {
    const names = new Set<string>()
    const operations = routes.map(({ operationId, query, body, answer, type }) => {
      const part = (schema: unknown): string =>
        schema === undefined ? 'undefined' : typeOf(named(schema, names))
      const told = type === undefined ? part(answer) : 'string'
      // In an address all is text; who writes a program counts in numbers.
      const asked = part(query).replace('limit?: string', 'limit?: number | string')
      return `  ${operationId}: { query: ${asked}; body: ${part(body)}; answer: ${told} }\n`
    })
    const places = routes.map(
      ({ operationId, method, path }) => `  ${operationId}: ['${method}', '${path}'],\n`,
    )
    return [
      `${head}import type { ${[...names].sort().join(', ')} } from './api.ts'\n\n`,
      `export type Operations = {\n${operations.join('')}}\n\n`,
      'export const places: { readonly [Name in keyof Operations]: readonly [string, string] } = {\n',
      `${places.join('')}}\n`,
    ].join('')
  },
}

/** As the document has it: what has a title is a type of its own. */
function named(schema: unknown, names: Set<string>): unknown {
  if (Array.isArray(schema)) return schema.map((one: unknown) => named(one, names))
  if (typeof schema !== 'object' || schema === null) return schema
  const { title } = schema as { readonly title?: unknown }
  if (typeof title === 'string') {
    names.add(title)
    return { $ref: `#/components/schemas/${title}` }
  }
  return Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [name, named(value, names)]),
  )
}

function typeOf(schema: unknown): string {
  const one = schema as Json
  if (typeof one['$ref'] === 'string') return one['$ref'].split('/').at(-1) ?? 'unknown'
  if ('const' in one) return literal(one['const'])
  if (Array.isArray(one['enum'])) return one['enum'].map(literal).join(' | ')
  if (Array.isArray(one['anyOf'])) return one['anyOf'].map(typeOf).join(' | ')
  switch (one['type']) {
    case 'string':
    case 'boolean':
    case 'null':
      return one['type']
    case 'integer':
    case 'number':
      return 'number'
    case 'array':
      return `readonly (${typeOf(one['items'])})[]`
    case 'object':
      return objectOf(one)
    default:
      return 'unknown'
  }
}

function objectOf(schema: Json): string {
  const patterns = Object.values((schema['patternProperties'] ?? {}) as Json)
  if (patterns.length > 0) return `{ readonly [name: string]: ${patterns.map(typeOf).join(' | ')} }`
  const required = new Set((schema['required'] ?? []) as readonly string[])
  const fields = Object.entries((schema['properties'] ?? {}) as Json).map(
    ([name, value]) => `readonly ${name}${required.has(name) ? '' : '?'}: ${typeOf(value)}`,
  )
  return fields.length === 0 ? 'Readonly<Record<string, never>>' : `{ ${fields.join('; ')} }`
}

const literal = (value: unknown): string => `'${String(value)}'`
