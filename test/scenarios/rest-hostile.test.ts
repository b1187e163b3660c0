/**
 * Whatever is sent to the API, the answer is its own: an error with a code that is documented, and
 * never a failure of ours. From a seed, so that what was found can be found again.
 */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { apiErrors } from '../../src/edge/online/rest/errors.ts'
import { everyRoute } from '../../src/edge/online/rest/openapi/testing.ts'
import { apiOf, newPayment, type Api, type ApiAnswer } from '../support/api.ts'
import { postCard } from '../support/card-token.ts'
import { openWebCentre, type WebCentre } from '../support/web-centre.ts'

const seed = 2013
let web: WebCentre
let api: Api

before(async () => {
  web = await openWebCentre()
  api = apiOf(web.url)
})

after(async () => {
  await web.stop()
})

function assertRefused(answer: ApiAnswer): void {
  const { status, body, text } = answer
  const code = body['code'] as keyof typeof apiErrors
  assert.ok(code in apiErrors, text)
  assert.equal(apiErrors[code].status, status)
  assert.ok(status < 500, text)
  assert.match(String(body['requestId']), /^req_/)
}

const settles = (answer: ApiAnswer): void => {
  if (answer.status >= 300) assertRefused(answer)
}

const wrongValue = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.constantFrom('', '\u0000', '\ud800', "'; DROP TABLE payment; --", '9'.repeat(40), '1e3'),
  fc.integer(),
  fc.double(),
  fc.constantFrom(null, true, [], {}, [[[]]]),
)

/** Halves of characters cannot be sent in an address. */
const wellFormed = (text: string): string => encodeURIComponent(Buffer.from(text).toString())

const options = { seed, numRuns: 150 }

test('any value in any field of a new payment', async () => {
  const good = { ...newPayment('H-1'), customer: { name: 'A' }, metadata: { a: 'b' } }
  const names = [...Object.keys(good), 'capture', 'language', 'expiresInSeconds', 'extra']
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), wrongValue, async (name, value) => {
      settles(await api.post('/v1/payments', { ...good, [name]: value }))
    }),
    options,
  )
})

test('any body at all', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), async (body) => {
      settles(await api.post('/v1/payments', body))
    }),
    options,
  )
  for (const body of ['['.repeat(30_000), '{"a":'.repeat(10_000), 'x'.repeat(70_000)]) {
    assertRefused(await api.post('/v1/payments', body))
  }
})

test('any value in any field of a card, and any source', async () => {
  const fields = fc.constantFrom('number', 'expiry', 'cvc', 'name', 'extra')
  await fc.assert(
    fc.asyncProperty(fields, wrongValue, async (name, value) => {
      const { status, body } = await postCard(web.url, { [name]: value as string })
      if (status === 201) return
      const code = body['code'] as keyof typeof apiErrors
      assert.equal(apiErrors[code].status, status)
      assert.ok(status < 500)
      settles(await api.post('/v1/payments', { ...newPayment('H-3'), source: value }))
    }),
    options,
  )
})

test('any id in any address', async () => {
  const ids = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
    fc.stringMatching(/^(pay|ref|evt|we|link)_[0-9a-z]{32}(_[0-9])?$/),
    fc.constantFrom('\u0000', '..', "'", 'pay_', `pay_${'z'.repeat(32)}`, `we_${'f'.repeat(32)}`),
  )
  const routes = everyRoute.filter(
    ({ path, access }) => path.includes('{id}') && access !== 'operator',
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...routes), ids, async (route, id) => {
      const path = route.path.replace('{id}', wellFormed(id))
      settles(await api.call(route.method, path))
    }),
    { ...options, numRuns: 300 },
  )
})

test('any parameter of any list', async () => {
  const lists = everyRoute.filter(({ query, access }) => query !== undefined && access === 'both')
  const names = ['limit', 'after', 'status', 'order', 'from', 'to', 'site', 'type', 'by', 'x']
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...lists.filter(({ path }) => !path.includes('{id}'))),
      fc.array(fc.tuple(fc.constantFrom(...names), fc.string({ unit: 'binary' })), {
        maxLength: 3,
      }),
      async ({ path }, pairs) => {
        const query = pairs.map(([n, v]) => `${n}=${wellFormed(v)}`).join('&')
        settles(await api.get(`${path}?${query}`))
      },
    ),
    { ...options, numRuns: 300 },
  )
  for (const query of ['from=0000-01-01', 'to=9999-12-31', 'limit=1&limit=2', '__proto__=1']) {
    settles(await api.get(`/v1/payments?${query}`))
  }
})

test('any header', async () => {
  const names = ['idempotency-key', 'monetique-version', 'authorization', 'content-type']
  const values = fc.stringMatching(/^[\x21-\x7e\x80-\xff][\x20-\x7e]{0,300}$/)
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), values, async (name, value) => {
      settles(await api.post('/v1/payments', newPayment('H-2'), { [name]: value }))
    }),
    options,
  )
})

/** What no client library sends. */
async function raw(text: string): Promise<string> {
  const { port, hostname } = new URL(web.url)
  return await new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text))
    let said = ''
    socket.on('data', (chunk) => (said += chunk.toString()))
    socket.on('close', () => {
      resolve(said)
    })
    socket.on('error', reject)
    socket.setTimeout(5_000, () => socket.destroy())
  })
}

test('addresses that cannot be read, floods of headers, two lengths', async () => {
  const head = 'Host: a\r\nConnection: close\r\nAuthorization: Bearer sk_sandbox_600000001\r\n'
  const answers = await Promise.all([
    raw(`GET /v1/payments/%E0%A4%A HTTP/1.1\r\n${head}\r\n`),
    raw(`GET /v1/payments/%00 HTTP/1.1\r\n${head}\r\n`),
    raw(`GET /v1/payments HTTP/1.1\r\n${head}${`X-A: ${'b'.repeat(40)}\r\n`.repeat(1_000)}\r\n`),
    raw(`POST /v1/payments HTTP/1.1\r\n${head}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`),
    raw(`POST /v1/payments HTTP/1.1\r\n${head}Content-Length: 10000000\r\n\r\n`),
  ])
  const statuses = answers.map((said) => Number(/^HTTP\/1\.1 ([0-9]{3})/.exec(said)?.[1]))
  assert.ok(
    statuses.every((status) => status >= 400 && status < 500),
    String(statuses),
  )
  assert.ok(answers[0]?.includes('"requestId":"req_'), answers[0])
  assert.equal((await api.post('/v1/payments', newPayment('H-3'))).status, 201)
})
