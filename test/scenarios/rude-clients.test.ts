/**
 * Clients of the web door who take their time, send too much, or all at once: they are cut or
 * refused within bounds, nothing of theirs reaches a bank twice, and others do not notice.
 */
import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import { limits } from '../../src/kernel/limits.ts'
import { encodeForm } from '../../src/wire/nestpay/index.ts'
import { valueOf } from '../support/merchant.ts'
import { goodCard, openWebCentre, wayBackIn, type WebCentre } from '../support/web-centre.ts'

let web: WebCentre

before(async () => {
  web = await openWebCentre()
})

after(async () => {
  await web.stop()
})

/** What the server says until it closes, to a client that acts on its own. */
function raw(act: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(web.url).port), '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      resolve(text)
    })
    act(socket)
  })
}

const post = (path: string, length: number): string =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
  `Content-Length: ${length}\r\n\r\n`

async function answersQuickly(): Promise<void> {
  const startedMs = performance.now()
  assert.equal((await web.get('/')).status, 200)
  assert.ok(performance.now() - startedMs < 2_000)
}

test('a hundred bodies at a byte a second are cut, and nobody waits for them', async () => {
  const body = encodeForm(web.form('SLOW'))
  const startedMs = performance.now()
  const slow = Array.from({ length: 100 }, () =>
    raw((socket) => {
      let sent = 0
      socket.write(post('/fim/est3Dgate', Buffer.byteLength(body)))
      const timer = setInterval(() => socket.write(body.slice(sent, (sent += 1))), 1_000)
      socket.on('close', () => {
        clearInterval(timer)
      })
    }),
  )
  await answersQuickly()
  const path = await web.open('QUICK')
  assert.equal(valueOf(wayBackIn((await web.payWith(path)).body).fields, 'ProcReturnCode'), '00')
  for (const said of await Promise.all(slow)) assert.match(said, /^(HTTP\/1\.1 408|$)/)
  assert.ok(performance.now() - startedMs < limits.requestTimeoutMs + 10_000)
})

test('bodies of ten megabytes are refused before they are read, declared or not', async () => {
  const declared = await raw((socket) => {
    socket.write(post('/fim/est3Dgate', 10 * 1024 * 1024))
    socket.write('a='.padEnd(512 * 1024, 'x'))
  })
  assert.match(declared, /^HTTP\/1\.1 413/)
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
  const chunked = await raw((socket) => {
    socket.write(
      'POST /fim/est3Dgate HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n' +
        'Content-Type: application/x-www-form-urlencoded\r\n\r\n',
    )
    let left = 160
    const more = (): void => {
      if (left-- > 0 && socket.writable) socket.write(chunk, more)
    }
    more()
  })
  assert.match(chunked, /^(HTTP\/1\.1 413|$)/)
  await answersQuickly()
})

test('floods of headers, and requests that are none, are refused at once', async () => {
  const many = Array.from({ length: 5_000 }, (_, i) => `X-${i}: y\r\n`).join('')
  const floods = [
    `GET / HTTP/1.1\r\nHost: a\r\n${many}\r\n`,
    `GET / HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`,
    `GET /${'y'.repeat(100_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
    'POST /fim/est3Dgate HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nab',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000 not TLS here',
    `${'\u0000'.repeat(1_000)}\r\n\r\n`,
  ]
  const startedMs = performance.now()
  for (const flood of floods) {
    const said = await raw((socket) => socket.write(flood))
    assert.match(said, /^(HTTP\/1\.1 4[0-9]{2}|$)/, flood.slice(0, 40))
    assert.doesNotMatch(said, /node:internal|at file:/)
  }
  assert.ok(performance.now() - startedMs < 10_000)
  await answersQuickly()
})

test('fifty posts of one order’s card reach the bank once', async () => {
  const path = await web.open('FIFTY', { amount: '77.00' })
  const card = { ...goodCard, attempt: '1' }
  const pages = await Promise.all(Array.from({ length: 50 }, () => web.post(path, card)))
  const rrns = new Set(pages.map(({ body }) => valueOf(wayBackIn(body).fields, 'HostRefNum')))
  assert.equal(rrns.size, 1)
  const booked = web.booksOf('atlas').originals.filter(({ amountMinor }) => amountMinor === '7700')
  assert.deepEqual(
    booked.map(({ rrn }) => rrn),
    [...rrns],
  )
})
