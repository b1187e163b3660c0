/**
 * A bank that answers wrongly, to another question, twice, or too late: the customer has an answer
 * in time, what the bank may have done is reversed, and each fault is told.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { limits } from '../../src/kernel/limits.ts'
import type { Payment } from '../../src/switch/index.ts'
import { frame, type Message } from '../../src/wire/iso8583/index.ts'
import { openFaultyBanks, type FaultyBanks } from '../support/faulty-banks.ts'
import { answerTo, obliging, type HostileLine } from '../support/hostile-bank.ts'
import { until } from '../support/launched.ts'

let under: FaultyBanks

before(async () => {
  under = await openFaultyBanks()
})

after(async () => {
  await under.stop()
})

/** Machines that run the tests are slow at times; a deadline that is not kept is far beyond this. */
const slackMs = 4_000

const another = (text: string | undefined): string =>
  String((Number(text) + 1) % 1_000_000).padStart(6, '0')

/** What the bank does with an authorization of 1.NN, by NN. */
const faults: Readonly<Record<string, (message: Message, line: HostileLine) => void>> = {
  'another STAN': (message, line) => {
    line.answer(message, { 11: another(message.text(11)) })
  },
  'another terminal': (message, line) => {
    line.answer(message, { 41: 'XXXXXXXX' })
  },
  'another RRN': (message, line) => {
    line.answer(message, { 37: '999999999999' })
  },
  'a wrong MAC': (message, line) => {
    line.answer(message, {}, 'wrong')
  },
  'no MAC': (message, line) => {
    line.answer(message, {}, 'none')
  },
  'no response code': (message, line) => {
    line.answer(message, { 39: undefined })
  },
  'a message cut short': (message, line) => {
    line.write(frame(answerTo(message).subarray(0, -9)))
  },
  'a message with more behind it': (message, line) => {
    line.write(frame(Buffer.concat([answerTo(message), Buffer.from('more')])))
  },
  'bytes without a meaning': (_message, line) => {
    line.write(frame(Buffer.from('0110\u0000\u0001\u0002not a message at all')))
  },
  'the request itself': (message, line) => {
    line.write(frame(message.bytes))
  },
  silence: () => undefined,
}

const names = Object.keys(faults)

const expected: Readonly<Record<string, string | undefined>> = {
  'another STAN': 'unmatched',
  'another terminal': 'unmatched',
  'another RRN': 'unmatched',
  'a wrong MAC': 'wrong_mac',
  'no MAC': 'wrong_mac',
  'no response code': 'unexpected',
  'a message cut short': 'malformed',
  'a message with more behind it': 'malformed',
  'bytes without a meaning': 'malformed',
  'the request itself': 'unexpected',
}

const nameOf = (message: Message): string | undefined => names[Number(message.text(4)) - 100]

function assertUndone(name: string, payment: Payment, tookMs: number): void {
  assert.equal(payment.status.state, 'reversing', name)
  assert.ok(payment.status.state === 'reversing' && payment.status.cause === 'no_answer', name)
  assert.ok(tookMs < limits.issuerAnswerDeadlineMs + slackMs, `${name}: ${tookMs} ms`)
}

// Each on a bank of its own, all at once: most of the time goes by in waiting.
void describe('at the same time', { concurrency: true }, () => {
  test('an answer that is not the answer: declined in time, told, and reversed', async () => {
    const { atlas } = under.banks
    atlas.behaves((message, line) => {
      const fault = message.mti === '0100' ? faults[nameOf(message) ?? ''] : undefined
      if (fault === undefined) obliging(message, line)
      else fault(message, line)
    })
    const paid = await Promise.all(
      names.map(async (name, i) => ({ name, ...(await under.pay('atlas', BigInt(100 + i))) })),
    )
    for (const { name, payment, tookMs } of paid) assertUndone(name, payment, tookMs)
    for (const what of ['unmatched', 'wrong_mac', 'unexpected', 'malformed']) {
      const times = Object.values(expected).filter((one) => one === what).length
      assert.equal(under.told('atlas', what), times, what)
    }
    for (const { payment } of paid) await under.becomes(payment, 'reversed')
    for (const { name, payment } of paid) {
      const reversal = atlas.received('0420').find((one) => one.text(37) === payment.sent.rrn)
      assert.ok(reversal !== undefined, name)
      assert.equal(reversal.text(90)?.slice(0, 10), `0100${payment.sent.stan}`, name)
    }
    assert.equal(atlas.connections, 1, 'the link carried on throughout')
    const { payment } = await under.pay('atlas', 5_000n)
    assert.equal(payment.status.state, 'approved')
  })

  test('two answers are one approval; of two different ones the first counts', async () => {
    const { rif } = under.banks
    rif.behaves((message, line) => {
      line.answer(message)
      if (message.mti === '0100') line.answer(message, { 38: undefined, 39: '05' })
    })
    const { payment } = await under.pay('rif', 2_000n)
    assert.equal(payment.status.state, 'approved')
    await until('the second is told', async () => under.told('rif', 'unmatched') === 1)
    await under.becomes(payment, 'approved')
  })

  test('another amount than asked, or a part of it: given back, not charged', async () => {
    const { souss } = under.banks
    souss.behaves((message, line) => {
      if (message.mti !== '0100') return line.answer(message)
      const partial = message.text(4) === '000000003000'
      line.answer(message, { 4: '000000002999', ...(partial ? { 39: '10' } : {}) })
    })
    for (const minor of [3_000n, 3_001n]) {
      const { payment } = await under.pay('souss', minor)
      assert.equal(payment.status.state, 'reversing')
      await under.becomes(payment, 'reversed')
    }
  })

  test('an approval that comes after our reversal changes nothing', async () => {
    const visa = under.banks['visa-world']
    let held: Message | undefined
    visa.behaves((message, line) => {
      if (message.mti === '0100') {
        held = message
        return
      }
      line.answer(message)
      if (message.mti === '0420' && held !== undefined) line.answer(held)
    })
    const { payment, tookMs } = await under.pay('visa-world', 4_000n)
    assertUndone('late', payment, tookMs)
    await under.becomes(payment, 'reversed')
    await until(
      'the late approval is told',
      async () => under.told('visa-world', 'unmatched') === 1,
    )
    await under.becomes(payment, 'reversed')
    const { rows } = await under.database.owner.query<{ transfers: string }>(
      'SELECT count(*) AS transfers FROM transfer WHERE request_key = $1',
      [payment.sent.key.requestKey],
    )
    assert.equal(rows[0]?.transfers, 0n)
  })

  test('a reversal that the bank does not acknowledge is sent again until it does', async () => {
    const mastercard = under.banks['mastercard-world']
    let reversals = 0
    mastercard.behaves((message, line) => {
      if (message.mti === '0100') return
      if (!message.mti.startsWith('042')) return line.answer(message)
      reversals += 1
      // A wrong code, then a refusal that asks for another try; at last it is taken.
      if (reversals === 1) line.answer(message, {}, 'wrong')
      else if (reversals === 2) line.answer(message, { 39: '96' })
      else line.answer(message)
    })
    const { payment } = await under.pay('mastercard-world', 6_000n)
    assert.equal(payment.status.state, 'reversing')
    await under.becomes(payment, 'reversed')
    assert.equal(mastercard.received('0420').length, 1)
    const repeats = mastercard.received('0421')
    assert.equal(repeats.length, 2)
    assert.equal(new Set(repeats.map((one) => one.text(11))).size, 1, 'each repeat is the same')
  })
})
