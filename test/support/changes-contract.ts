/** Changes of a payment and what banks are told of them, on every tranlog alike. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAD } from '../../src/kernel/currency.ts'
import { money } from '../../src/kernel/money.ts'
import { due, undue } from '../../src/ledger/index.ts'
import type { SentFacts, Tranlog } from '../../src/switch/index.ts'
import { advicesOf, owed, type OpenedStores } from './contract-stores.ts'
import { advice, approved, at, captured, event, moved, sent, voided } from './tranlog-facts.ts'

export function changesContract(open: () => OpenedStores): void {
  test('a refund is pending until its outcome, and moves money only when it is accepted', async () => {
    const { tranlog, books, chart } = open()
    const facts = await capturedPayment(open())
    const before = await owed(books)
    const amount = { amountMinor: 1_500n, name: 'r' }
    const asked = event('refund_sent', { ...amount, rrn: '325800777001' })
    await tranlog.record({
      change: { payment: captured(facts, 3, { pending: 1_500n }), event: asked },
    })
    assert.deepEqual(await pendingRefunds(tranlog, facts), [
      captured(facts, 3, { pending: 1_500n }),
    ])
    assert.equal(await owed(books), before)
    const done = event('refunded', { ...amount, responseCode: '00', rrn: '325800777001' })
    await tranlog.record({
      change: { payment: captured(facts, 4, { refunded: 1_500n }), event: done },
      transfers: [undue(chart, 'refund', moved(facts, { amount: money(1_500n, MAD) }))],
    })
    assert.deepEqual(await pendingRefunds(tranlog, facts), [])
    assert.deepEqual(await tranlog.find(facts.key), captured(facts, 4, { refunded: 1_500n }))
    assert.equal(await owed(books), before - 1_500n)
    const stored = await tranlog.events(facts.key)
    assert.deepEqual(stored.slice(1), [
      { ...asked, version: 3 },
      { ...done, version: 4 },
    ])
  })

  test('a refund that is declined is pending no more, and has moved nothing', async () => {
    const { tranlog, books } = open()
    const facts = await capturedPayment(open())
    const before = await owed(books)
    await tranlog.record({
      change: { payment: captured(facts, 3, { pending: 4_000n }), event: event('refund_sent') },
    })
    const declined = event('refund_declined', { responseCode: '05' })
    await tranlog.record({ change: { payment: captured(facts, 4), event: declined } })
    assert.deepEqual(await pendingRefunds(tranlog, facts), [])
    assert.deepEqual(await tranlog.find(facts.key), captured(facts, 4))
    assert.equal(await owed(books), before)
  })

  test('a void takes back what was captured, and ends when its bank has acknowledged it', async () => {
    const { tranlog, books, chart } = open()
    const before = await owed(books)
    const facts = await capturedPayment(open())
    const reversal = advice(facts, { kind: 'reversal', part: 1 })
    await tranlog.record({
      change: { payment: voided(facts, 3, 'reversing'), event: event('reversing') },
      transfers: [undue(chart, 'void', moved(facts))],
      advices: [reversal],
    })
    assert.deepEqual(await tranlog.find(facts.key), voided(facts, 3, 'reversing'))
    assert.equal(await owed(books), before)
    assert.deepEqual(await advicesOf(tranlog, [facts]), [reversal])
    await tranlog.record({
      acknowledged: { advice: reversal, at, code: '00' },
      change: { payment: voided(facts, 4, 'reversed'), event: event('reversed') },
    })
    assert.deepEqual(await tranlog.find(facts.key), voided(facts, 4, 'reversed'))
    assert.deepEqual(await advicesOf(tranlog, [facts]), [])
  })

  test('advices are told oldest first; of one instant, a payment’s captures in order', async () => {
    const { tranlog } = open()
    const facts = await capturedPayment(open())
    const other = await capturedPayment(open())
    const later = new Date(at.getTime() + 1)
    const wanted = [
      advice(facts, { kind: 'capture', part: 1 }),
      advice(facts, { kind: 'capture', part: 2 }),
      advice(facts, { kind: 'capture', part: 10 }),
      advice(facts, { kind: 'reversal', part: 1 }),
      advice(other, { kind: 'capture', part: 1 }, later),
    ]
    // Not in the order in which they were written.
    for (const i of [4, 3, 2, 1, 0]) {
      const one = wanted[i]
      if (one !== undefined) await tranlog.record({ advices: [one] })
    }
    assert.deepEqual(await advicesOf(tranlog, [facts, other]), wanted)
    const [first] = wanted
    assert.ok(first !== undefined)
    // Acknowledged twice, as after an unknown outcome: it changes nothing more.
    for (const code of ['00', '00']) {
      await tranlog.record({ acknowledged: { advice: first, at, code } })
    }
    assert.deepEqual(await advicesOf(tranlog, [facts, other]), wanted.slice(1))
  })

  test('the same advice twice is refused, with all that came with it', async () => {
    const { tranlog, books, chart } = open()
    const facts = await capturedPayment(open())
    const before = await owed(books)
    const capture = advice(facts, { kind: 'capture', part: 2 })
    await tranlog.record({ advices: [capture] })
    await assert.rejects(async () => {
      const transfers = [due(chart, 'capture', moved(facts, { part: 2 }))]
      await tranlog.record({ advices: [capture], transfers })
    })
    assert.equal(await owed(books), before)
    assert.deepEqual(await advicesOf(tranlog, [facts]), [capture])
  })

  test('a transfer is posted once, whoever brings it again', async () => {
    const { tranlog, books, chart } = open()
    const facts = await capturedPayment(open())
    const before = await owed(books)
    await assert.rejects(async () => {
      await tranlog.record({
        change: { payment: captured(facts, 3), event: event('captured_last') },
        transfers: [due(chart, 'capture', moved(facts))],
      })
    })
    assert.equal(await owed(books), before)
    assert.deepEqual(await tranlog.find(facts.key), captured(facts, 2))
    assert.equal((await tranlog.events(facts.key)).length, 1)
  })
}

/** A payment of which 40.00 was captured: version 2. */
async function capturedPayment({ tranlog, chart }: OpenedStores): Promise<SentFacts> {
  const facts = sent()
  await tranlog.recordSent(facts)
  await tranlog.record({ outcome: approved(facts) })
  const change = { payment: captured(facts, 2), event: event('captured') }
  await tranlog.record({ change, transfers: [due(chart, 'capture', moved(facts))] })
  return facts
}

const pendingRefunds = async (
  tranlog: Tranlog,
  facts: SentFacts,
): ReturnType<Tranlog['pendingRefunds']> =>
  (await tranlog.pendingRefunds()).filter(({ sent: { rrn } }) => rrn === facts.rrn)
