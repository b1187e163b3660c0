/**
 * The story of a person who types `npm start`, again and again, on a machine where things go wrong:
 * ports taken, processes killed in every combination, a second window, an impatient Ctrl-C.
 */
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { after, test } from 'node:test'
import { launch, makePlace, until, type Place, type ProcessName } from '../support/launched.ts'

const place = await makePlace()
after(() => place.remove())

const none: readonly ProcessName[] = []
const answers = async (where: Place): Promise<boolean> => {
  try {
    return (await fetch(`http://127.0.0.1:${where.httpPort}/healthz`)).status < 500
  } catch {
    return false
  }
}

test('starts, says where, answers, and stops without a trace on Ctrl-C', async () => {
  const started = launch(place)
  await started.says(`ready http://127.0.0.1:${place.httpPort}`)
  assert.match(started.output().trimEnd(), /\nready http:\/\/127\.0\.0\.1:[0-9]+$/)
  assert.deepEqual(await place.alive(), ['launcher', 'centre', 'sandbox', 'postgres'])
  assert.equal(await answers(place), true)
  // As a terminal does: the whole foreground group, npm included.
  process.kill(-(started.process.pid ?? 0), 'SIGINT')
  // npm itself may end by the signal; what it started has stopped in order.
  assert.ok([0, null].includes(await started.exited()), started.output())
  assert.deepEqual(await place.alive(), none)
})

test('a taken port is named with its setting, and nothing is left half started', async () => {
  const squatter = createServer()
  await new Promise<void>((done) => squatter.listen(place.httpPort, '127.0.0.1', done))
  const refused = launch(place)
  assert.notEqual(await refused.exited(), 0)
  assert.match(refused.output(), new RegExp(`port ${place.httpPort} .*in use.*MONETIQUE_HTTP_PORT`))
  assert.deepEqual(await place.alive(), none)
  await new Promise((done) => squatter.close(done))
})

test('every other taken port is named too, all of them at once', async () => {
  const banks = Number(place.env['MONETIQUE_ISSUERS_PORT'])
  const shop = Number(place.env['MONETIQUE_SHOP_PORT'])
  const ports = [shop, banks, banks + 1, banks + 2, banks + 3, banks + 4]
  const squatters = await Promise.all(
    ports.map(async (port) => {
      const squatter = createServer()
      await new Promise<void>((done) => squatter.listen(port, '127.0.0.1', done))
      return squatter
    }),
  )
  const refused = launch(place, { command: ['node', 'scripts/start.mjs'] })
  assert.equal(await refused.exited(), 1)
  for (const port of ports) {
    const setting = port === shop ? 'MONETIQUE_SHOP_PORT' : 'MONETIQUE_ISSUERS_PORT'
    assert.match(refused.output(), new RegExp(`port ${port} .*in use.*${setting}`))
  }
  assert.deepEqual(await place.alive(), none)
  for (const squatter of squatters) await new Promise((done) => squatter.close(done))
})

test('an unknown or malformed setting is a clear error', async () => {
  for (const [env, expected] of [
    [{ MONETIQUE_HTTP_PROT: '80' }, /MONETIQUE_HTTP_PROT is not a setting/],
    [{ MONETIQUE_HTTP_PORT: 'eighty' }, /MONETIQUE_HTTP_PORT is "eighty"/],
  ] as const) {
    const refused = launch(place, { env, command: ['node', 'scripts/start.mjs'] })
    assert.equal(await refused.exited(), 1)
    assert.match(refused.output(), expected)
  }
})

test('a second start on the same data says who is there and disturbs nothing', async () => {
  const first = launch(place, { command: ['node', 'scripts/start.mjs'] })
  await first.says('ready ')
  const second = launch(place, { command: ['node', 'scripts/start.mjs'] })
  assert.equal(await second.exited(), 1)
  assert.match(second.output(), new RegExp(`already running on .*pid ${first.process.pid ?? 0}`))
  assert.equal(await answers(place), true)

  // Each process that dies is started again while the others go on.
  for (const name of ['centre', 'sandbox', 'postgres'] as const) {
    const before = place.pid(name)
    process.kill(before, 'SIGKILL')
    await first.says(new RegExp(`${name} runs again`))
    await until(`${name} is back`, async () => (await place.alive()).length === 4)
    assert.notEqual(place.pid(name), before)
    await until('the centre answers', () => answers(place))
  }
  first.process.kill('SIGTERM')
  assert.equal(await first.exited(), 0)
  assert.deepEqual(await place.alive(), none)
})

test('a killed launcher leaves nothing running, and the next start works', async () => {
  const first = launch(place, { command: ['node', 'scripts/start.mjs'] })
  await first.says('ready ')
  first.process.kill('SIGKILL')
  await until('all of it stops by itself', async () => (await place.alive()).length === 0)
})

for (const victims of [
  ['launcher', 'centre', 'sandbox', 'postgres'],
  ['launcher', 'postgres'],
  ['launcher', 'centre'],
  ['launcher'],
] as const) {
  test(`after kill -9 of ${victims.join(', ')} the next start works at once`, async () => {
    const killed = launch(place, { command: ['node', 'scripts/start.mjs'] })
    await killed.says('ready ')
    for (const name of victims) process.kill(place.pid(name), 'SIGKILL')
    const next = launch(place, { command: ['node', 'scripts/start.mjs'] })
    await next.says('ready ')
    assert.equal(await answers(place), true)
    assert.equal((await place.alive()).length, 4)
    process.kill(next.process.pid ?? 0, 'SIGINT')
    assert.equal(await next.exited(), 0)
    assert.deepEqual(await place.alive(), none)
  })
}

test('npm killed alone takes everything with it', async () => {
  const started = launch(place)
  await started.says('ready ')
  started.process.kill('SIGKILL')
  await until('all of it stops', async () => (await place.alive()).length === 0)
})

test('a second Ctrl-C forces the end', async () => {
  const started = launch(place, { command: ['node', 'scripts/start.mjs'] })
  await started.says('ready ')
  started.process.kill('SIGINT')
  started.process.kill('SIGINT')
  await started.exited()
  await until('all of it is gone', async () => (await place.alive()).length === 0)
})

test('a data directory too deep for a socket works over TCP', async () => {
  const deep = await makePlace(`${'d'.repeat(100)}/${'e'.repeat(60)}`)
  try {
    const started = launch(deep, { command: ['node', 'scripts/start.mjs'] })
    await started.says('ready ')
    started.process.kill('SIGINT')
    assert.equal(await started.exited(), 0)
  } finally {
    await deep.remove()
  }
})
