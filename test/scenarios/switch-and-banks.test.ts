/**
 * The switch with real banks over real sockets and a real database: approved, captured, refunded,
 * voided, declined, and a bank that is late, silent, answers twice or hangs up. At the end the
 * bank's books, the tranlog and the ledger agree one by one.
 */
import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  readBooks,
  runBanks,
  sandboxProfiles,
  type RunningBanks,
} from '../../sandbox/bank/index.ts'
import type { BusinessDate } from '../../src/kernel/business-date.ts'
import { MAD } from '../../src/kernel/currency.ts'
import { paymentIdOf, type PaymentId } from '../../src/kernel/ids.ts'
import { money } from '../../src/kernel/money.ts'
import { isBalanced } from '../../src/ledger/index.ts'
import { systemClock, systemTimers } from '../../src/platform/clock.ts'
import { rootFolder } from '../../src/platform/root.ts'
import type { AuthorizationRequest, Payment } from '../../src/switch/index.ts'
import { freePorts } from '../support/ports.ts'
import { withTestDatabase } from '../support/database.ts'
import { requestOf } from '../support/faulty-banks.ts'
import { openSwitch, type SwitchUnderTest } from '../support/switch.ts'

const date = '2013-09-15' as BusinessDate
const folder = mkdtempSync(join(tmpdir(), 'monetique-banks-'))
let banks: RunningBanks
let centre: SwitchUnderTest
const errors: string[] = []

before(async () => {
  const { url } = await withTestDatabase()
  const basePort = await freePorts(5)
  banks = await runBanks({
    dataFolder: folder,
    host: '127.0.0.1',
    basePort,
    profiles: sandboxProfiles(join(rootFolder, 'sandbox', 'directory', 'keys')),
    clock: systemClock,
    timers: systemTimers,
    log: () => undefined,
    onFailure: (error) => {
      throw error
    },
  })
  const onError = (error: Error): void => void errors.push(error.message)
  centre = await openSwitch({ url, issuersPort: basePort, date, onError })
})

after(async () => {
  await centre.stop()
  await banks.close()
})

const request = (
  minor: bigint,
  more: Partial<AuthorizationRequest> = {},
): AuthorizationRequest => ({ ...requestOf(centre, '4000000000000010', minor), ...more })

async function authorized(asked: AuthorizationRequest): Promise<Payment> {
  const decided = await centre.switch.authorize(asked)
  assert.ok(decided.ok, decided.ok ? '' : decided.error)
  return decided.value.payment
}

const idOf = (payment: Payment): PaymentId => paymentIdOf(payment.sent.key)

async function eventually(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (await holds()) return
    await new Promise<void>((resolve) => systemTimers.after(50, resolve))
  }
  assert.fail(`${what} did not happen; ${errors.join('; ')}`)
}

const booked = (payment: Payment) =>
  readBooks(folder, payment.sent.issuer ?? '').originals.find(({ rrn }) => rrn === payment.sent.rrn)

test('a pre-authorization is held, captured in two parts, and refunded in part', async () => {
  const payment = await authorized(request(24_990n))
  assert.equal(payment.status.state, 'approved')
  assert.equal(booked(payment)?.heldMinor, '24990')
  const id = idOf(payment)
  const first = await centre.switch.capture(id, { name: 'a', amount: money(10_000n, MAD) })
  assert.ok(first.ok && first.value.status.state === 'captured')
  const again = await centre.switch.capture(id, { name: 'a', amount: money(10_000n, MAD) })
  assert.deepEqual(again, first)
  const tooMuch = await centre.switch.capture(id, { name: 'b', amount: money(14_991n, MAD) })
  assert.deepEqual(tooMuch, { ok: false, error: 'amount_too_large' })
  const rest = await centre.switch.capture(id, { name: 'b' })
  assert.ok(rest.ok && rest.value.status.state === 'captured')
  assert.equal(rest.value.status.captured, 24_990n)
  await eventually('both captures at the bank', () => booked(payment)?.postedMinor === '24990')
  const refund = await centre.switch.refund(id, { name: 'r', amount: money(4_990n, MAD) })
  assert.ok(refund.ok && refund.value.status.state === 'captured')
  assert.equal(refund.value.status.refunded, 4_990n)
  const over = await centre.switch.refund(id, { name: 's', amount: money(20_001n, MAD) })
  assert.deepEqual(over, { ok: false, error: 'amount_too_large' })
})

test('fifty equal requests at once reach the bank once', async () => {
  const asked = request(5_000n)
  const before = readBooks(folder, 'atlas').originals.length
  const decisions = await Promise.all(Array.from({ length: 50 }, () => authorized(asked)))
  assert.equal(new Set(decisions.map(idOf)).size, 1)
  assert.equal(readBooks(folder, 'atlas').originals.length, before + 1)
})

test('each known amount is declined with its own reason', async () => {
  for (const code of ['05', '14', '41', '43', '51', '54', '57', '61', '65']) {
    const payment = await authorized(request(100_000n + BigInt(code)))
    assert.equal(payment.status.state, 'declined', code)
    assert.equal(payment.status.responseCode, code)
  }
})

test('a purchase is due at once and can be voided while the day is open', async () => {
  const payment = await authorized(request(7_500n, { kind: 'purchase' }))
  assert.equal(payment.status.state, 'captured')
  const undone = await centre.switch.void(idOf(payment), { cause: 'void' })
  assert.ok(undone.ok && undone.value.status.state === 'reversing')
  await eventually('the reversal', async () => {
    const now = await centre.switch.find(payment.sent.key)
    return now?.status.state === 'reversed'
  })
  assert.equal(booked(payment)?.state, 'reversed')
})

test('a bank that is silent, late, hangs up or answers twice', async () => {
  const silent = ['99', '68', '91'].map(async (code) => {
    const payment = await authorized(request(100_000n + BigInt(code)))
    assert.equal(payment.status.state, 'reversing', code)
    await eventually(`the reversal after ${code}`, async () => {
      const now = await centre.switch.find(payment.sent.key)
      return now?.status.state === 'reversed'
    })
    const state = booked(payment)?.state
    assert.ok(state === undefined || state === 'reversed', `${code}: ${state ?? ''}`)
  })
  await Promise.all(silent)
  const twice = await authorized(request(100_098n))
  assert.equal(twice.status.state, 'approved')
})

test('the trial balance is in balance, and what the banks posted is what they owe', async () => {
  await eventually('nothing waits', () => centre.switch.storeAndForward.depth === 0)
  const found = await centre.books.balances('now')
  assert.ok(found.ok && isBalanced(found.value.balances))
  const owed = found.value.balances.find(
    ({ account }) => account.code === 'issuer_receivable/atlas/MAD',
  )
  const posted = readBooks(folder, 'atlas').accounts.reduce(
    (sum, { postedMinor }) => sum + BigInt(postedMinor),
    0n,
  )
  assert.ok(owed !== undefined)
  assert.equal(owed.debitMinor - owed.creditMinor, posted)
})
