/**
 * What the rules of money refuse, over real banks: a void after the business day of the capture
 * closed, a refund above what was captured, whoever races. The banks' books show nothing of it.
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
  type BookedOriginal,
  type RunningBanks,
} from '../../sandbox/bank/index.ts'
import type { BusinessDate } from '../../src/kernel/business-date.ts'
import { MAD } from '../../src/kernel/currency.ts'
import { paymentIdOf, type PaymentId } from '../../src/kernel/ids.ts'
import { money } from '../../src/kernel/money.ts'
import { systemClock, systemTimers } from '../../src/platform/clock.ts'
import { rootFolder } from '../../src/platform/root.ts'
import type { Payment } from '../../src/switch/index.ts'
import { freePorts } from '../support/ports.ts'
import { withTestDatabase } from '../support/database.ts'
import { requestOf } from '../support/faulty-banks.ts'
import { until } from '../support/launched.ts'
import { openSwitch, type SwitchUnderTest } from '../support/switch.ts'

const folder = mkdtempSync(join(tmpdir(), 'monetique-banks-'))
let today = '2013-09-15' as BusinessDate
let banks: RunningBanks
let centre: SwitchUnderTest

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
    onFailure: () => undefined,
  })
  centre = await openSwitch({ url, issuersPort: basePort, date: () => today })
})

after(async () => {
  await centre.stop()
  await banks.close()
})

async function paid(minor: bigint, kind: 'purchase' | 'preauthorization'): Promise<Payment> {
  const asked = requestOf(centre, '4000000000000010', minor)
  const decided = await centre.switch.authorize({ ...asked, kind })
  assert.ok(decided.ok && decided.value.payment.status.state !== 'declined')
  return decided.value.payment
}

const idOf = ({ sent }: Payment): PaymentId => paymentIdOf(sent.key)

const originals = (): readonly BookedOriginal[] => readBooks(folder, 'atlas').originals

const booked = ({ sent }: Payment): BookedOriginal | undefined =>
  originals().find(({ rrn }) => rrn === sent.rrn)

/** All that the bank was to be told, it was told. */
const drained = (): Promise<void> =>
  until('nothing waits', () => Promise.resolve(centre.switch.storeAndForward.depth === 0))

test('a void after the close is refused, of a purchase and of a capture', async () => {
  const purchase = await paid(7_500n, 'purchase')
  const captured = await paid(8_000n, 'preauthorization')
  const parted = await paid(9_000n, 'preauthorization')
  const held = await paid(1_000n, 'preauthorization')
  assert.ok((await centre.switch.capture(idOf(captured), { name: 'a' })).ok)
  const part = { name: 'a', amount: money(4_000n, MAD) }
  assert.ok((await centre.switch.capture(idOf(parted), part)).ok)

  today = '2013-09-16' as BusinessDate
  // The second part is of the new day: the first is closed all the same.
  assert.ok((await centre.switch.capture(idOf(parted), { name: 'b' })).ok)
  for (const payment of [purchase, captured, parted]) {
    const refused = await centre.switch.void(idOf(payment), { cause: 'void' })
    assert.deepEqual(refused, { ok: false, error: 'day_closed' })
  }
  // A hold is nobody's money yet: it may be given back on any day.
  assert.ok((await centre.switch.void(idOf(held), { cause: 'void' })).ok)
  await drained()
  assert.equal(booked(purchase)?.postedMinor, '7500')
  assert.equal(booked(captured)?.postedMinor, '8000')
  assert.equal(booked(parted)?.postedMinor, '9000')
  assert.equal(booked(held)?.state, 'reversed')
  // What cannot be voided can be refunded.
  assert.ok((await centre.switch.refund(idOf(purchase), { name: 'back' })).ok)
})

test('a void on the day itself is taken, once', async () => {
  const payment = await paid(2_000n, 'purchase')
  const voids = await Promise.all(
    Array.from({ length: 10 }, () => centre.switch.void(idOf(payment), { cause: 'void' })),
  )
  assert.ok(voids.every(({ ok }) => ok))
  await drained()
  assert.equal(booked(payment)?.state, 'reversed')
  assert.deepEqual(await centre.switch.refund(idOf(payment), { name: 'r' }), {
    ok: false,
    error: 'wrong_state',
  })
})

test('refunds never add up to more than was captured, whoever races', async () => {
  const payment = await paid(10_000n, 'preauthorization')
  const part = { name: 'a', amount: money(6_000n, MAD) }
  assert.ok((await centre.switch.capture(idOf(payment), part)).ok)
  await drained()
  const refund = (name: string, minor: bigint) =>
    centre.switch.refund(idOf(payment), { name, amount: money(minor, MAD) })
  // Of the authorized amount, only what was captured can come back.
  assert.deepEqual(await refund('all', 10_000n), { ok: false, error: 'amount_too_large' })
  assert.deepEqual(await refund('more', 6_001n), { ok: false, error: 'amount_too_large' })
  const earlier = originals().length
  const raced = await Promise.all(Array.from({ length: 20 }, (_, i) => refund(`r${i}`, 1_500n)))
  assert.equal(raced.filter(({ ok }) => ok).length, 4)
  assert.equal(originals().length, earlier + 4, 'the others never reached the bank')
  assert.deepEqual(await refund('last', 1n), { ok: false, error: 'wrong_state' })
  const again = await refund('r0', 1_500n)
  assert.ok(again.ok, 'the same name gets the same answer')
  assert.equal(originals().length, earlier + 4)
  const found = await centre.switch.find(payment.sent.key)
  assert.ok(found?.status.state === 'captured' && found.status.refunded === 6_000n)
})
