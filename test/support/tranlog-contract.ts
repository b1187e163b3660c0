/** What every tranlog and its ledger must do; run on the model and on PostgreSQL alike. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BusinessDate } from '../../src/kernel/business-date.ts'
import type { ShardKey } from '../../src/kernel/bucket.ts'
import { MAD } from '../../src/kernel/currency.ts'
import {
  requestKeyOf,
  type CardToken,
  type IssuerId,
  type MerchantId,
} from '../../src/kernel/ids.ts'
import type { Rrn, SiteId, Stan, TerminalId } from '../../src/kernel/ids.ts'
import { minorUnits, money } from '../../src/kernel/money.ts'
import { due, isBalanced, type Books, type Chart } from '../../src/ledger/index.ts'
import type { Payment, PaymentState, SentFacts, Tranlog } from '../../src/switch/index.ts'

export type Stores = { readonly tranlog: Tranlog; readonly books: Books; readonly chart: Chart }

const date = '2013-09-15' as BusinessDate
const at = new Date('2013-09-15T14:30:25.000Z')
let made = 0

function sent(): SentFacts {
  const number = String((made += 1)).padStart(6, '0')
  return {
    key: {
      shardKey: 17 as ShardKey,
      businessDate: date,
      requestKey: requestKeyOf('contract', number),
    },
    kind: 'preauthorization',
    channel: 'internet',
    door: 'nestpay',
    merchant: 'm-telecom' as MerchantId,
    site: '600000001' as SiteId,
    terminal: 'WEB00001' as TerminalId,
    order: { reference: `O-${number}`, attempt: 1 },
    amount: money(10_000n, MAD),
    card: {
      token: 'card_00' as CardToken,
      masked: '400000***0010',
      expiry: '9912',
      brand: 'visa',
      origin: 'moroccan',
    },
    issuer: 'atlas' as IssuerId,
    stan: number as Stan,
    rrn: `325800${number}` as Rrn,
    entryMode: '812',
    conditionCode: '59',
    eci: '07',
    sentAt: at,
  }
}

const approval = {
  answeredAt: at,
  responseCode: '00',
  approvalCode: 'A1B2C3',
  authorized: minorUnits(10_000n),
}

const approved = (facts: SentFacts): Payment => ({
  sent: facts,
  status: { state: 'approved', ...approval },
  version: 1,
})

function captured(facts: SentFacts, version: number): Payment {
  const none = minorUnits(0n)
  const status: PaymentState = {
    state: 'captured',
    ...approval,
    captured: minorUnits(4_000n),
    parts: 1,
    dueOn: date,
    refunded: none,
    refundPending: none,
  }
  return { sent: facts, status, version }
}

const event = {
  kind: 'captured',
  name: 'a',
  amountMinor: 4_000n,
  responseCode: null,
  stan: '000001',
  rrn: '325800000001',
  businessDate: date,
  recordedAt: at,
} as const

export function tranlogContract(open: () => Stores): void {
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

  test('state and money change together, and a stale change moves neither', async () => {
    const { tranlog, books, chart } = open()
    const facts = sent()
    await tranlog.recordSent(facts)
    await tranlog.record({ outcome: approved(facts) })
    const moved = {
      payment: facts.key,
      businessDate: date,
      part: 1,
      amount: money(4_000n, MAD),
      issuer: 'atlas',
      merchant: 'm-telecom',
      recordedAt: at,
    }
    const before = await owed(books)
    const transfers = [due(chart, 'capture', moved)]
    await tranlog.record({ change: { payment: captured(facts, 2), event }, transfers })
    assert.deepEqual(await tranlog.find(facts.key), captured(facts, 2))
    assert.equal(await owed(books), before + 4_000n)
    const stale = [due(chart, 'capture', { ...moved, part: 2 })]
    await assert.rejects(async () => {
      await tranlog.record({ change: { payment: captured(facts, 2), event }, transfers: stale })
    })
    assert.equal(await owed(books), before + 4_000n)
    const events = await tranlog.events(facts.key)
    assert.deepEqual(events, [{ ...event, version: 2 }])
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
}

async function owed(books: Books): Promise<bigint> {
  const found = await books.balances('now')
  assert.ok(found.ok && isBalanced(found.value.balances))
  const code = 'issuer_receivable/atlas/MAD'
  const balance = found.value.balances.find(({ account }) => account.code === code)
  return balance === undefined ? 0n : balance.debitMinor - balance.creditMinor
}
