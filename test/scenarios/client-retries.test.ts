/** The TypeScript client on a bad line: what it sends again, with what, and when it gives up. */
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import {
  Monetique,
  MonetiqueError,
  MonetiqueUnreachableError,
} from '../../clients/typescript/src/index.ts'

type Asked = { readonly url: string; readonly key: string | undefined; readonly body: string }
type Say = (response: ServerResponse) => void

let url: string
const asked: Asked[] = []
/** One for each request to come; after the last, a payment. */
let script: Say[] = []

const server = createServer((request: IncomingMessage, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const key = request.headers['idempotency-key']
    asked.push({
      url: request.url ?? '',
      key: typeof key === 'string' ? key : undefined,
      body: Buffer.concat(chunks).toString(),
    })
    const say = script.shift() ?? json(200, { id: 'pay_1', object: 'payment' })
    say(response)
  })
})

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

after(() => {
  server.close()
  server.closeAllConnections()
})

const json =
  (status: number, body: object, headers: Readonly<Record<string, string>> = {}): Say =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }

const error = (status: number, code: string, headers = {}): Say =>
  json(status, { error: { code, message: 'm', field: null, requestId: 'req_1' } }, headers)

const cut: Say = (response) => {
  response.destroy()
}

const silent: Say = () => undefined

function client(changes: object = {}): Monetique {
  asked.length = 0
  return new Monetique('sk_sandbox_600000001', { baseUrl: `${url}/`, ...changes })
}

const body = { amountMinor: '1', currency: 'MAD', returnUrl: 'https://shop.example/' }

test('cut, overloaded, failed: sent again with the same key and body, until it is answered', async () => {
  const monetique = client()
  script = [cut, error(503, 'unavailable'), error(500, 'internal_error'), json(502, {})]
  assert.equal((await monetique.payments.create(body)).id, 'pay_1')
  assert.equal(asked.length, 5)
  assert.equal(new Set(asked.map(({ key }) => key)).size, 1)
  assert.match(asked[0]?.key ?? '', /^[0-9a-f-]{36}$/)
  assert.equal(new Set(asked.map((one) => one.body)).size, 1)
})

test('what is refused is not sent again', async () => {
  const monetique = client()
  script = [error(409, 'order_already_paid')]
  await assert.rejects(monetique.payments.create(body), { code: 'order_already_paid', status: 409 })
  assert.equal(asked.length, 1)
})

test('too many requests: as late as the centre says, or not at all if that is too late', async () => {
  const monetique = client()
  script = [error(429, 'rate_limited', { 'retry-after': '1' })]
  const startedMs = performance.now()
  await monetique.payments.retrieve('pay_1')
  assert.ok(performance.now() - startedMs >= 990)
  assert.equal(asked[0]?.key, undefined, 'what only reads has no key')
  script = [error(429, 'rate_limited', { 'retry-after': '3600' })]
  await assert.rejects(monetique.payments.retrieve('pay_1'), { code: 'rate_limited' })
})

test('it gives up, and says whether it was refused or never answered', async () => {
  const monetique = client({ retriesMax: 2, timeoutMs: 100, backoffMaxMs: 50 })
  script = [silent, cut, silent]
  await assert.rejects(monetique.payments.create(body), MonetiqueUnreachableError)
  assert.equal(asked.length, 3)
  script = [1, 2, 3].map(() => error(503, 'unavailable'))
  await assert.rejects(monetique.payments.create(body), MonetiqueError)
  script = [json(200, [], {}), (response) => response.end('<html>')]
  await monetique.payments.retrieve('pay_1')
  await assert.rejects(monetique.payments.retrieve('pay_1'), { code: 'unreadable_answer' })
})

test('a caller who has gone stops it at once', async () => {
  const monetique = client()
  const gone = new AbortController()
  script = [error(503, 'unavailable'), silent]
  const asking = monetique.payments.retrieve('pay_1', { signal: gone.signal })
  setTimeout(() => {
    gone.abort(new Error('closed'))
  }, 20)
  await assert.rejects(asking, /closed/)
  script = []
})

test('addresses are written as the API reads them', async () => {
  const monetique = client()
  await monetique.payments.retrieve('pay_/../x?y')
  await monetique.statistics({ from: '2013-09-01', to: '2013-09-30', by: 'gateway,cardOrigin' })
  assert.deepEqual(
    asked.map((one) => one.url),
    [
      '/v1/payments/pay_%2F..%2Fx%3Fy',
      '/v1/statistics?from=2013-09-01&to=2013-09-30&by=gateway%2CcardOrigin',
    ],
  )
})
