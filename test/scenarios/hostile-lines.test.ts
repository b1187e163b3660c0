/**
 * A bank's line that breaks: frames that are none, half of one, hang-ups, floods, a bank that does
 * not read, that is silent or refuses where it should sign on. The customer has an answer in time,
 * what the bank may have seen is reversed, the reason is told, and the line comes back.
 */
import assert from 'node:assert/strict'
import { createServer, type AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { dialer } from '../../src/edge/issuers/index.ts'
import { limits } from '../../src/kernel/limits.ts'
import { frame } from '../../src/wire/iso8583/index.ts'
import { openFaultyBanks, type BankName, type FaultyBanks } from '../support/faulty-banks.ts'
import { answerTo, obliging, type Behaviour, type HostileLine } from '../support/hostile-bank.ts'
import { until } from '../support/launched.ts'

let under: FaultyBanks

before(async () => {
  under = await openFaultyBanks()
})

after(async () => {
  await under.stop()
})

const slackMs = 4_000

const isUp = (bank: BankName) => () => Promise.resolve(under.isUp(bank))

/** One payment at a bank whose line breaks so: answered in time, undone, and a new line comes. */
async function undoneBy(bank: BankName, behaviour: Behaviour): Promise<{ tookMs: number }> {
  await until(`${bank} is up`, isUp(bank))
  let broken: HostileLine | undefined
  under.banks[bank].behaves((message, line) => {
    if (message.mti === '0100' && broken === undefined) {
      broken = line
      behaviour(message, line)
    } else if (line !== broken) obliging(message, line)
  })
  const { payment, tookMs } = await under.pay(bank, 1_000n)
  assert.equal(payment.status.state, 'reversing')
  assert.ok(tookMs < limits.issuerAnswerDeadlineMs + slackMs, `${tookMs} ms`)
  await under.becomes(payment, 'reversed')
  await until(`${bank} is up again`, isUp(bank))
  return { tookMs }
}

/** Numerical Recipes' generator: the same bytes at each run. */
function randomBytesOf(seed: number, count: number): Buffer {
  let state = seed
  return Buffer.from(
    Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state >>> 24
    }),
  )
}

// Each on a bank of its own, all at once: most of the time goes by in waiting.
void describe('at the same time', { concurrency: true }, () => {
  test('frames that are none end the line at once, and their requests with it', async () => {
    const faults: readonly (readonly [RegExp, Behaviour])[] = [
      [/65535 bytes is above the greatest/, (_, line) => line.write(Buffer.from([255, 255, 1]))],
      [/a frame of no bytes/, (_, line) => line.write(Buffer.from([0, 0]))],
      [
        /4097 bytes is above the greatest/,
        (_, line) => line.write(Buffer.concat([Buffer.from([16, 1]), Buffer.alloc(4097, '0')])),
      ],
      [/closed by the bank/, (_, line) => line.close()],
      [
        /closed by the bank/,
        (message, line) => {
          line.write(frame(answerTo(message)).subarray(0, 40))
          line.close()
        },
      ],
    ]
    for (const [reason, behaviour] of faults) {
      const told = under.reasons('rif').length
      const { tookMs } = await undoneBy('rif', behaviour)
      assert.ok(tookMs < slackMs, `a line that is lost is not waited for: ${tookMs} ms`)
      assert.match(under.reasons('rif')[told] ?? '', reason)
    }
    for (let seed = 1; seed <= 5; seed++) {
      const bytes = randomBytesOf(seed, 40 + seed * 300)
      await undoneBy('rif', (_message, line) => line.write(bytes))
    }
  })

  test('half a frame, then silence: the line is tested, given up and dialled again', async () => {
    const { tookMs } = await undoneBy('atlas', (message, line) => {
      line.write(frame(answerTo(message)).subarray(0, 40))
    })
    assert.ok(tookMs >= limits.issuerAnswerDeadlineMs - 100)
    await until('the reason is told', async () =>
      under.reasons('atlas').includes('the echo was not answered'),
    )
    // A bank that is there and will not be asked: its echo is declined.
    under.banks.atlas.behaves((message, line) => {
      if (message.mti === '0800') line.answer(message, { 39: '91' })
    })
    const { payment } = await under.pay('atlas', 1_000n)
    assert.equal(payment.status.state, 'reversing')
    await until('the refusal is told', async () =>
      under.reasons('atlas').includes('the echo was refused with 91'),
    )
    const refused = await under.pay('atlas', 1_000n)
    assert.ok(refused.tookMs < slackMs)
    assert.ok(
      refused.payment.status.state === 'declined' &&
        refused.payment.status.reason === 'issuer_unavailable',
    )
    assert.ok(
      !under.banks.atlas.received('0420').some((m) => m.text(37) === refused.payment.sent.rrn),
    )
    under.banks.atlas.behaves(obliging)
    await under.becomes(payment, 'reversed')
  })

  test('a sign-on that is refused, not answered, or followed by noise', async () => {
    const { souss } = under.banks
    await until('souss is up', isUp('souss'))
    const signOns: readonly (readonly [RegExp, Behaviour])[] = [
      [/the sign-on was refused with 58/, (message, line) => line.answer(message, { 39: '58' })],
      [/the sign-on was not answered/, () => undefined],
      // In one write: the line is gone by the time the sign-on would count.
      [
        /above the greatest/,
        (message, line) =>
          line.write(Buffer.concat([frame(answerTo(message)), Buffer.from([255, 255])])),
      ],
    ]
    for (const [reason, behaviour] of signOns) {
      souss.behaves((message, line) => {
        if (message.mti === '0800') behaviour(message, line)
        else line.close()
      })
      // The first request ends the line, and the next sign-on meets the fault.
      if (under.isUp('souss')) await under.pay('souss', 1_000n)
      await until(`${String(reason)} is told`, async () =>
        under.reasons('souss').some((one) => reason.test(one)),
      )
      assert.equal(under.isUp('souss'), false)
      const { payment, tookMs } = await under.pay('souss', 1_000n)
      assert.equal(payment.status.state, 'declined', 'nothing was sent')
      assert.ok(tookMs < slackMs)
      souss.behaves(obliging)
      await until('souss is up again', isUp('souss'))
    }
  })

  test('a flood of what nobody asked for is cut, and other banks do not notice', async () => {
    const visa = under.banks['visa-world']
    await until('visa-world is up', isUp('visa-world'))
    const connections = visa.connections
    visa.behaves((message, line) => {
      obliging(message, line)
      if (message.mti !== '0100') return
      const unsigned = frame(answerTo(message, {}, 'none'))
      for (let i = 0; i < 20; i++) line.write(Buffer.concat(Array<Buffer>(1_000).fill(unsigned)))
    })
    const { payment } = await under.pay('visa-world', 1_000n)
    assert.equal(payment.status.state, 'approved', 'the answer came before the flood')
    const flood = 'the bank sent a flood of messages that nobody asked for'
    await until('the flood is told', async () => under.reasons('visa-world').includes(flood))
    assert.equal(under.told('visa-world', 'wrong_mac'), limits.issuerUselessPerSecondMax + 1)
    visa.behaves(obliging)
    await until('visa-world is up again', isUp('visa-world'))
    assert.ok(visa.connections > connections)
    assert.equal((await under.pay('visa-world', 1_000n)).payment.status.state, 'approved')
  })

  test('a bank that does not read: found out, given up, and told all of it later', async () => {
    await undoneBy('mastercard-world', (_message, line) => line.stopReading())
    await until('the reason is told', async () =>
      under.reasons('mastercard-world').includes('the echo was not answered'),
    )
  })
})

test('a line whose other end does not read says so, and closes all the same', async () => {
  const server = createServer((socket) => socket.pause())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  let reason: string | undefined
  let open = false
  const transport = dialer({ host: '127.0.0.1', port, tls: null })({
    onOpen: () => {
      open = true
    },
    onMessages: () => undefined,
    onClose: (why) => {
      reason = why
    },
  })
  await until('the line is open', async () => open)
  const message = Buffer.alloc(limits.frameBytesMax, 'x')
  for (let i = 0; i < 4_000 && !transport.congested; i++) {
    for (let j = 0; j < 64; j++) transport.send(message)
    await new Promise(setImmediate)
  }
  assert.equal(transport.congested, true)
  transport.close()
  await until('it closes', async () => reason !== undefined)
  assert.equal(reason, 'closed by the centre')
  server.close()
})
