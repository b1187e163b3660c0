import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from '@sinclair/typebox'
import { ok } from '../../../kernel/result.ts'
import { randomBytes, systemClock } from '../../../platform/clock.ts'
import { openHttp, type HttpServer } from '../../../platform/http.ts'
import { silentLog } from '../../../platform/log.ts'
import { site as approvedSite } from '../nestpay/testing.ts'
import type { Access } from './access.ts'
import { RateLimiter, type Rate } from './rate-limit.ts'
import { route } from './route.ts'
import { serve } from './serve.ts'
import * as shape from './shapes.ts'

const echo = route({
  method: 'POST',
  path: '/v1/things/{id}',
  operationId: 'echo',
  tag: 'Test',
  summary: 'Echo',
  access: 'site',
  body: Type.Object(
    { amountMinor: shape.minorAmount, customer: Type.Optional(shape.customer) },
    shape.closed,
  ),
  query: Type.Object({ limit: shape.pageQuery.limit }, shape.closed),
  status: 201,
  answer: Type.Object({}),
  errors: [],
  example: { answer: {} },
  handle: ({ id, body }) => Promise.resolve(ok({ id, body })),
})

const failing = route({
  ...echo,
  path: '/v1/failing',
  body: Type.Object({}),
  query: Type.Object({}),
  handle: () => Promise.reject(new Error('a value of a customer')),
})

const access: Access = (authorization) =>
  authorization === 'Bearer site'
    ? { kind: 'site', site: approvedSite, key: 'site' }
    : authorization === 'Bearer operator'
      ? { kind: 'operator', key: 'operator' }
      : undefined

function open(rate: Rate = { perSecond: 1, burst: 1_000 }): HttpServer {
  const server = openHttp({ log: silentLog, random: randomBytes })
  serve(server, {
    routes: [echo, failing],
    access,
    publishable: access,
    idempotency: { run: async (_request, act) => ok(await act('00')) },
    rate: new RateLimiter(rate, systemClock),
    random: randomBytes,
    log: silentLog,
  })
  return server
}

type Said = { readonly status: number; readonly code: unknown; readonly field: unknown }

async function ask(
  changes: {
    readonly url?: string
    readonly method?: 'GET' | 'POST'
    readonly headers?: Readonly<Record<string, string>>
    readonly payload?: string | object
  },
  server = open(),
): Promise<Said> {
  const { headers = {}, ...rest } = changes
  const response = await server.inject({
    ...{ url: '/v1/things/7', method: 'POST', payload: { amountMinor: '1' }, ...rest },
    headers: { authorization: 'Bearer site', ...headers },
  })
  const body = response.json<{ error?: { code: string; field: string; requestId: string } }>()
  if (body.error !== undefined) {
    assert.equal(body.error.requestId, response.headers['x-request-id'])
  }
  assert.equal(response.headers['monetique-version'], '2013-09-30')
  return { status: response.statusCode, code: body.error?.code, field: body.error?.field }
}

const refused = (status: number, code: string, field: string | null = null): Said => ({
  ...{ status, code, field },
})

test('what is not allowed in a body is refused by its field', async () => {
  const bodies: readonly (readonly [object | string, Said])[] = [
    [{}, refused(400, 'missing_field', 'amountMinor')],
    [{ amountMinor: 24990 }, refused(400, 'invalid_field', 'amountMinor')],
    [{ amountMinor: '249.90' }, refused(400, 'invalid_field', 'amountMinor')],
    [{ amountMinor: '-1' }, refused(400, 'invalid_field', 'amountMinor')],
    [{ amountMinor: '01' }, refused(400, 'invalid_field', 'amountMinor')],
    [{ amountMinor: '1', ammount: '2' }, refused(400, 'unknown_field', 'ammount')],
    [{ amountMinor: '1', __proto__x: 1 }, refused(400, 'unknown_field', '__proto__x')],
    [
      { amountMinor: '1', customer: { email: 'nobody' } },
      refused(400, 'invalid_field', 'customer.email'),
    ],
    [[], refused(400, 'invalid_json')],
    ['"text"', refused(400, 'invalid_json')],
    ['{', refused(400, 'invalid_json')],
  ]
  const headers = { 'content-type': 'application/json' }
  for (const [payload, said] of bodies) assert.deepEqual(await ask({ payload, headers }), said)
})

test('the door: type, size, method, address, version, key, right', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  assert.deepEqual(
    await ask({ payload: 'amountMinor=1', headers: form }),
    refused(415, 'unsupported_media_type'),
  )
  const large = { amountMinor: '1'.repeat(70_000) }
  assert.deepEqual(await ask({ payload: large }), refused(413, 'body_too_large'))
  assert.deepEqual(await ask({ method: 'GET' }), refused(405, 'method_not_allowed'))
  assert.deepEqual(await ask({ url: '/v1/nothing' }), refused(404, 'not_found'))
  assert.deepEqual(
    await ask({ headers: { 'monetique-version': '2012-01-01' } }),
    refused(400, 'unknown_version', 'Monetique-Version'),
  )
  assert.deepEqual(
    await ask({ headers: { 'idempotency-key': ' ' } }),
    refused(400, 'invalid_idempotency_key', 'Idempotency-Key'),
  )
  assert.deepEqual(
    await ask({ headers: { authorization: 'Bearer stranger' } }),
    refused(401, 'unauthorized'),
  )
  assert.deepEqual(
    await ask({ headers: { authorization: 'Bearer operator' } }),
    refused(403, 'forbidden'),
  )
  assert.deepEqual(
    await ask({ url: '/v1/things/7?limit=0' }),
    refused(400, 'invalid_field', 'limit'),
  )
  assert.deepEqual(await ask({ headers: { 'monetique-version': '2013-09-30' } }), {
    ...{ status: 201, code: undefined, field: undefined },
  })
})

test('a failure of ours says nothing of what failed', async () => {
  const server = open()
  const response = await server.inject({
    ...{ url: '/v1/failing', method: 'POST', payload: {} },
    headers: { authorization: 'Bearer site' },
  })
  assert.equal(response.statusCode, 500)
  assert.ok(!response.payload.includes('customer'))
})

test('a rate that is used up is told, with when to come again', async () => {
  const server = open({ perSecond: 0.1, burst: 2 })
  for (let i = 0; i < 2; i++) assert.equal((await ask({}, server)).status, 201)
  const response = await server.inject({
    ...{ url: '/v1/things/7', method: 'POST', payload: { amountMinor: '1' } },
    headers: { authorization: 'Bearer site' },
  })
  assert.equal(response.statusCode, 429)
  assert.equal(response.headers['retry-after'], '10')
  assert.equal(response.headers['ratelimit-limit'], '2')
  assert.equal(response.headers['ratelimit-remaining'], '0')
  const other = await ask({ headers: { authorization: 'Bearer operator' } }, server)
  assert.equal(other.status, 403, 'another key has its own')
})

test('who has no key has the rate of an address, and takes nothing from a key', async () => {
  const server = open({ perSecond: 0.1, burst: 2 })
  const from = async (remoteAddress: string, authorization?: string): Promise<number> => {
    const headers = authorization === undefined ? {} : { authorization }
    const payload = { amountMinor: '1' }
    const asked = { url: '/v1/things/7', method: 'POST', payload, headers, remoteAddress } as const
    return (await server.inject(asked)).statusCode
  }
  const guesses = [undefined, 'Bearer one', 'Bearer another', 'Bearer a third']
  const told: number[] = []
  for (const guess of guesses) told.push(await from('198.51.100.7', guess))
  assert.deepEqual(told, [401, 401, 429, 429])
  assert.equal(await from('198.51.100.8'), 401, 'another address has its own')
  assert.equal(await from('198.51.100.7', 'Bearer site'), 201, 'and so has a key')
})
