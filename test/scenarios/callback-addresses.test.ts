/**
 * Where a callback may go, as the centre calls it: nothing inside a network outside the sandbox,
 * whatever name or spelling leads there; no redirect followed; an answer that is no answer, never
 * ends, or breaks off is told apart, within bounds.
 */
import assert from 'node:assert/strict'
import { createServer as createHttpServer, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'
import { after, before, test } from 'node:test'
import { merchantCaller } from '../../src/edge/online/checkout/merchant-call.ts'
import { limits } from '../../src/kernel/limits.ts'
import { systemTimers } from '../../src/platform/clock.ts'

let paths: string[] = []
let http: Server
let port: number

const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/good': (response) => response.end('ACTION=POSTAUTH'),
  '/redirect': (response) =>
    response.writeHead(302, { location: `http://127.0.0.1:${port}/elsewhere` }).end(),
  '/metadata': (response) =>
    response.writeHead(307, { location: 'http://169.254.169.254/latest/' }).end(),
  '/endless': (response) => {
    const more = (): void => {
      if (!response.destroyed) response.write('x'.repeat(1024), () => setImmediate(more))
    }
    more()
  },
  '/reset': (response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('ACTION=', () => response.socket?.resetAndDestroy())
  },
  '/nonsense': (response) => response.end(Buffer.from([0, 255, 254, 13, 10, 0])),
}

before(async () => {
  http = createHttpServer((request, response) => {
    paths.push(request.url ?? '')
    answers[request.url ?? '']?.(response)
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  port = (http.address() as AddressInfo).port
})

after(() => {
  http.close()
})

const inSandbox = merchantCaller({ timers: systemTimers, sandbox: true })
const inLife = merchantCaller({ timers: systemTimers, sandbox: false })

test('outside the sandbox no spelling of an address inside leads anywhere', async () => {
  paths = []
  const hosts = [
    '127.0.0.1',
    'localhost',
    'LOCALHOST',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    '0177.0.0.1',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:ffff:10.0.0.1]',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '[fe80::1]',
    '[fd00::1]',
    '[64:ff9b::7f00:1]',
  ]
  for (const host of hosts) {
    const called = await inLife(`http://${host}:${port}/good`, 'a=1')
    assert.deepEqual(called, { ok: false, error: { kind: 'address_refused' } }, host)
  }
  // Some systems know this name, some do not: it leads nowhere on any.
  assert.equal((await inLife(`http://localhost.:${port}/good`, 'a=1')).ok, false)
  assert.deepEqual(paths, [])
})

test('in the sandbox one’s own machine may be called, link-local addresses never', async () => {
  for (const host of ['127.0.0.1', 'localhost']) {
    const called = await inSandbox(`http://${host}:${port}/good`, 'a=1')
    assert.ok(called.ok && called.value.body.toString() === 'ACTION=POSTAUTH', host)
  }
  for (const host of ['169.254.169.254', '[fe80::1]', '[::ffff:a9fe:a9fe]']) {
    const called = await inSandbox(`http://${host}:${port}/good`, 'a=1')
    assert.deepEqual(called, { ok: false, error: { kind: 'address_refused' } }, host)
  }
})

test('a redirect is an answer like another, and is not followed', async () => {
  paths = []
  for (const path of ['/redirect', '/metadata']) {
    const called = await inSandbox(`http://127.0.0.1:${port}${path}`, 'a=1')
    assert.ok(called.ok && called.value.status >= 300 && called.value.status < 400)
  }
  assert.deepEqual(paths, ['/redirect', '/metadata'])
})

test('an answer without an end is cut, one that breaks off is told apart', async () => {
  const startedMs = performance.now()
  const endless = await inSandbox(`http://127.0.0.1:${port}/endless`, 'a=1')
  assert.deepEqual(endless, { ok: false, error: { kind: 'too_large', status: 200 } })
  assert.ok(performance.now() - startedMs < limits.callbackTimeoutMs)
  const reset = await inSandbox(`http://127.0.0.1:${port}/reset`, 'a=1')
  assert.deepEqual(reset, { ok: false, error: { kind: 'connection' } })
  const nonsense = await inSandbox(`http://127.0.0.1:${port}/nonsense`, 'a=1')
  assert.ok(nonsense.ok && nonsense.value.body.length === 6)
})

test('a server that speaks no HTTP, or a byte at a time, ends within the bound', async () => {
  const noise = createTcpServer((socket) => socket.end('220 mail.example ESMTP\r\n'))
  const drip = createTcpServer((socket) => {
    socket.on('error', () => undefined)
    socket.write('HTTP/1.1 200 OK\r\n')
    const timer = setInterval(() => socket.write('X-A: b\r\n'), 200)
    socket.on('close', () => {
      clearInterval(timer)
    })
  })
  const silent = createTcpServer(() => undefined)
  const urls = await Promise.all(
    [noise, drip, silent].map(async (server) => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    }),
  )
  const startedMs = performance.now()
  const kinds = await Promise.all(
    urls.map(async (url) => {
      const called = await inSandbox(url, 'a=1')
      return called.ok ? 'answered' : called.error.kind
    }),
  )
  assert.deepEqual(kinds, ['connection', 'timeout', 'timeout'])
  assert.ok(performance.now() - startedMs < limits.callbackTimeoutMs + 3_000)
  for (const server of [noise, drip, silent]) server.close()
})
