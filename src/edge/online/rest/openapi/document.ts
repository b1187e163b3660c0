import type { TSchema } from '@sinclair/typebox'
import { apiErrors, errorBody, type ErrorCode } from '../errors.ts'
import type { Route } from '../route.ts'
import { apiError } from '../shapes.ts'
import { currentVersion, knownVersions } from '../version.ts'

type Json = Readonly<Record<string, unknown>>

/** [OPENAPI 3.1] The API as its routes describe themselves: the same schemas that check it. */
export function openApiDocument(routes: readonly Route[], baseUrl: string): Json {
  const schemas = new Map<string, Json>()
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of routes) {
    const methods = (paths[route.path] ??= {})
    methods[route.method.toLowerCase()] = operation(route, schemas)
  }
  schemas.set('Error', inlined(apiError, schemas))
  return {
    openapi: '3.1.0',
    info: {
      title: 'Monétique',
      version: currentVersion,
      description: about,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: baseUrl }],
    security: [{ key: [] }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description:
            'A site’s key sees that site only. In the sandbox: `sk_sandbox_SITE`. Publishable keys ' +
            'are `pk_SITE`, in the sandbox `pk_sandbox_SITE` too.',
        },
      },
      schemas: Object.fromEntries(schemas),
    },
  }
}

const about =
  'Amounts are strings of minor units. Ids carry a prefix. Lists are read page by page with ' +
  '`limit` and `after`. Every POST takes an `Idempotency-Key`: the same request again is done ' +
  'once and gets the same answer for 24 hours. Errors have one shape and stable codes.'

function operation(route: Route, schemas: Map<string, Json>): Json {
  const { operationId, tag, summary, description, body, example } = route
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    parameters: parametersOf(route, schemas),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: hasRequired(body),
            content: {
              'application/json': {
                schema: referred(body, schemas),
                ...(example.body === undefined ? {} : { example: example.body }),
              },
            },
          },
        }),
    responses: {
      [String(route.status)]: {
        description: 'Done',
        headers: { 'X-Request-Id': textHeader, 'Monetique-Version': textHeader },
        content: {
          [route.type ?? 'application/json']: {
            schema: referred(route.answer, schemas),
            example: example.answer,
          },
        },
      },
      ...errorResponses(route),
    },
  }
}

const textHeader = { schema: { type: 'string' } }

const hasRequired = (schema: TSchema): boolean => {
  const required: unknown = schema['required']
  return Array.isArray(required) && required.length > 0
}

function parametersOf(route: Route, schemas: Map<string, Json>): readonly Json[] {
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }
  const properties = (route.query?.['properties'] ?? {}) as Readonly<Record<string, TSchema>>
  const query = Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: inlined(schema, schemas),
    ...(route.example.query?.[name] === undefined ? {} : { example: route.example.query[name] }),
  }))
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'The same request with the same key is done once and answered alike.',
    schema: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      pattern: '^[\\x20-\\x7e]*[\\x21-\\x7e][\\x20-\\x7e]*$',
    },
  }
  const version = {
    name: 'Monetique-Version',
    in: 'header',
    required: false,
    schema: { type: 'string', enum: [...knownVersions] },
  }
  return [
    ...(route.path.includes('{id}') ? [id] : []),
    ...query,
    ...(route.method === 'GET' || route.access === 'frame' ? [] : [key]),
    version,
  ]
}

/** What any request may get, by what it brings; then the route's own. */
export function errorsOf(route: Route): readonly ErrorCode[] {
  const codes: ErrorCode[] = ['unauthorized', 'unknown_version', 'rate_limited', 'unknown_field']
  if (route.query !== undefined || route.body !== undefined) codes.push('invalid_field')
  if (route.path.includes('site') || route.access !== 'both') codes.push('forbidden')
  if (route.query !== undefined) codes.push('missing_field', 'forbidden')
  if (route.body !== undefined) codes.push('missing_field', 'invalid_json')
  if (route.method !== 'GET') {
    codes.push('body_too_large', 'unsupported_media_type', 'invalid_json')
    if (route.access !== 'frame') codes.push('invalid_idempotency_key', 'idempotency_key_reused')
  }
  return [...new Set([...route.errors, ...codes, 'internal_error', 'unavailable'] as const)]
}

function errorResponses(route: Route): Readonly<Record<string, Json>> {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of errorsOf(route)) {
    const { status } = apiErrors[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\``).join(', '),
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/Error' },
            examples: Object.fromEntries(
              codes.map((code) => [
                code,
                { value: errorBody({ code }, 'req_000000000000000000000000') },
              ]),
            ),
          },
        },
      },
    ]),
  )
}

/** A schema with a title is described once, and referred to from then on. */
function referred(schema: TSchema, schemas: Map<string, Json>): Json {
  const title: unknown = schema['title']
  if (typeof title !== 'string') return inlined(schema, schemas)
  if (!schemas.has(title)) {
    // Before its parts, so that a shape within itself ends here.
    schemas.set(title, {})
    schemas.set(title, inlined(schema, schemas))
  }
  return { $ref: `#/components/schemas/${title}` }
}

const inlined = (schema: TSchema, schemas: Map<string, Json>): Json =>
  Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [name, plain(value as unknown, schemas)]),
  )

function plain(value: unknown, schemas: Map<string, Json>): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => plain(one, schemas))
  if (typeof value !== 'object' || value === null) return value
  if ('title' in value) return referred(value as TSchema, schemas)
  return inlined(value as TSchema, schemas)
}
