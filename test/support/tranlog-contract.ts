/** What every tranlog must do; run on the model and on PostgreSQL alike. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { due } from '../../src/ledger/index.ts'
import type { Rrn } from '../../src/kernel/ids.ts'
import type { Payment, SentFacts } from '../../src/switch/index.ts'
import type { StoredTask } from '../../src/switch/tranlog.ts'
import { advicesOf, owed, type OpenedStores } from './contract-stores.ts'
import { advice, approved, at, captured, event, moved, sent } from './tranlog-facts.ts'

const reversal = { kind: 'reversal', part: 1 } as const

export function tranlogContract(open: () => OpenedStores): void {
  test('of fifty equal requests at once exactly one is not a duplicate', async () => {
    const { tranlog } = open()
    const facts = sent()
    const all = await Promise.all(Array.from({ length: 50 }, () => tranlog.recordSent(facts)))
    const firsts = all.filter((one) => one.ok && one.value.duplicateOf === null)
    assert.equal(firsts.length, 1)
    for (const one of all) {
      assert.ok(one.ok)
      if (one.value.duplicateOf !== null) assert.deepEqual(one.value.duplicateOf, facts)
    }
    assert.deepEqual(await tranlog.findSent(facts.key.shardKey, facts.key.requestKey), facts)
  })

  test('a request is unresolved until its outcome, which is read back as it was', async () => {
    const { tranlog } = open()
    const facts = sent()
    await tranlog.recordSent(facts)
    const open1 = await tranlog.unresolved()
    assert.ok(open1.some(({ rrn }) => rrn === facts.rrn))
    await tranlog.record({ outcome: approved(facts) })
    assert.deepEqual(await tranlog.find(facts.key), approved(facts))
    const open2 = await tranlog.unresolved()
    assert.ok(!open2.some(({ rrn }) => rrn === facts.rrn))
  })

  test('what a payment says of a kept card is read back from request and outcome', async () => {
    const { tranlog } = open()
    const uses = [
      { use: 'first', firstReference: null },
      { use: 'recurring', firstReference: '325800000001' as Rrn },
    ] as const
    for (const onFile of uses) {
      const facts = sent({ onFile, entryMode: '102', conditionCode: '01', eci: null })
      await tranlog.recordSent(facts)
      const { shardKey, requestKey } = facts.key
      assert.deepEqual(await tranlog.findSent(shardKey, requestKey), facts)
      await tranlog.record({ outcome: approved(facts), advices: [advice(facts, reversal)] })
      assert.deepEqual(await tranlog.find(facts.key), approved(facts))
      const told = (await tranlog.pendingAdvices()).find(({ message }) => message.rrn === facts.rrn)
      assert.deepEqual(told?.message.onFile, onFile)
    }
  })

  test('state and money change together, and a stale change moves neither', async () => {
    const { tranlog, books, chart } = open()
    const facts = sent()
    await tranlog.recordSent(facts)
    await tranlog.record({ outcome: approved(facts) })
    const before = await owed(books)
    const capture = event('captured')
    const transfers = [due(chart, 'capture', moved(facts))]
    await tranlog.record({ change: { payment: captured(facts, 2), event: capture }, transfers })
    assert.deepEqual(await tranlog.find(facts.key), captured(facts, 2))
    assert.equal(await owed(books), before + 4_000n)
    const stale = [due(chart, 'capture', moved(facts, { part: 2 }))]
    await assert.rejects(async () => {
      await tranlog.record({
        change: { payment: captured(facts, 2), event: capture },
        transfers: stale,
      })
    })
    assert.equal(await owed(books), before + 4_000n)
    const events = await tranlog.events(facts.key)
    assert.deepEqual(events, [{ ...capture, version: 2 }])
  })

  test('a payment has one outcome: a second is refused, and what would come with it', async () => {
    const { tranlog, books, chart } = open()
    const facts = sent()
    await tranlog.recordSent(facts)
    await tranlog.record({ outcome: approved(facts) })
    const before = await owed(books)
    const late: Payment = {
      sent: facts,
      status: { state: 'declined', reason: 'other', answeredAt: at, responseCode: '05' },
      version: 1,
    }
    await assert.rejects(async () => {
      const transfers = [due(chart, 'purchase', moved(facts))]
      const advices = [advice(facts, { kind: 'reversal', part: 1 })]
      await tranlog.record({ outcome: late, transfers, advices })
    })
    assert.deepEqual(await tranlog.find(facts.key), approved(facts))
    assert.equal(await owed(books), before)
    assert.deepEqual(await advicesOf(tranlog, [facts]), [])
  })

  test('of many writes at once, the one that is refused harms none of the others', async () => {
    const { tranlog } = open()
    const all = Array.from({ length: 20 }, () => sent())
    await Promise.all(all.map((facts) => tranlog.recordSent(facts)))
    const [first] = all
    assert.ok(first !== undefined)
    await tranlog.record({ outcome: approved(first) })
    const results = await Promise.allSettled(
      all.map(async (facts) => {
        await tranlog.record({ outcome: approved(facts) })
      }),
    )
    assert.deepEqual(
      results.map(({ status }) => status),
      all.map((facts) => (facts === first ? 'rejected' : 'fulfilled')),
    )
    for (const facts of all) assert.deepEqual(await tranlog.find(facts.key), approved(facts))
  })

  test('requests without an outcome are told oldest first, from the watermark on', async () => {
    const { tranlog } = open()
    const minutes = (count: number): Date => new Date(at.getTime() + count * 60_000)
    const [late, early, between] = [3, 1, 2].map((minute) => sent({ sentAt: minutes(minute) }))
    assert.ok(late !== undefined && early !== undefined && between !== undefined)
    for (const facts of [late, early, between]) await tranlog.recordSent(facts)
    const mine = new Set([late, early, between].map(({ rrn }) => rrn))
    const unresolved = async (): Promise<readonly SentFacts[]> =>
      (await tranlog.unresolved()).filter(({ rrn }) => mine.has(rrn))
    assert.deepEqual(await unresolved(), [early, between, late])
    await tranlog.moveWatermark(minutes(2))
    assert.deepEqual(await unresolved(), [between, late])
    await tranlog.moveWatermark(minutes(1))
    assert.deepEqual(await unresolved(), [between, late], 'a watermark never goes back')
  })

  test('a task is due, put off, and gone when done', async () => {
    const { tranlog } = open()
    const facts = sent()
    const task = { topic: 't', name: facts.rrn, body: { a: 'b' }, delayMs: 0 }
    const name = { payment: facts.key, topic: 't', name: facts.rrn }
    const later = new Date(at.getTime() + 60_000)
    const due = async (before: Date): Promise<number> =>
      (await tranlog.tasksDue(before, 1_000)).filter((one) => one.task.name === facts.rrn).length
    await tranlog.recordSent(facts)
    await tranlog.record({
      outcome: approved(facts),
      tasks: [{ payment: facts.key, task, dueAt: at, tries: 0 }],
    })
    assert.equal(await due(at), 1)
    await tranlog.record({ taskRetry: { task: name, dueAt: later, tries: 1 } })
    assert.equal(await due(at), 0)
    assert.equal(await due(later), 1)
    await tranlog.record({ taskDone: name })
    assert.equal(await due(later), 0)
  })

  test('a task may end in others; a second one of a name is the first', async () => {
    const { tranlog } = open()
    const facts = sent()
    const stored = (name: string, body: string): StoredTask => ({
      payment: facts.key,
      task: { topic: 'f', name: `${facts.rrn}/${name}`, body: { a: body }, delayMs: 0 },
      dueAt: at,
      tries: 0,
    })
    const waiting = async (): Promise<readonly string[]> =>
      (await tranlog.tasksDue(at, 1_000))
        .filter(({ task }) => task.name.startsWith(facts.rrn))
        .map(({ task }) => `${task.name.slice(facts.rrn.length)} ${task.body['a'] ?? ''}`)
        .sort()
    await tranlog.recordSent(facts)
    await tranlog.record({ outcome: approved(facts), tasks: [stored('1', 'first')] })
    const taskDone = { payment: facts.key, topic: 'f', name: `${facts.rrn}/1` }
    const tasks = [stored('2', 'second'), stored('3', 'third')]
    await tranlog.record({ taskDone, tasks })
    assert.deepEqual(await waiting(), ['/2 second', '/3 third'])
    // As after an unknown outcome: all of it comes again.
    await tranlog.record({ taskDone, tasks: [stored('2', 'other'), stored('4', 'fourth')] })
    assert.deepEqual(await waiting(), ['/2 second', '/3 third', '/4 fourth'])
  })
}
