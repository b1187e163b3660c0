import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAD } from '../kernel/currency.ts'
import { paymentIdOf, type PaymentId } from '../kernel/ids.ts'
import { money } from '../kernel/money.ts'
import type { IssuerReply } from './issuer-port.ts'
import { aRequest, aSwitch } from './testing.ts'

const approval: IssuerReply = {
  kind: 'answered',
  responseCode: '00',
  approvalCode: 'A1B2C3',
  amountMinor: null,
}

let orders = 0

async function approved(): Promise<ReturnType<typeof aSwitch> & { readonly id: PaymentId }> {
  const opened = aSwitch(() => approval)
  const decided = await opened.switch.authorize(aRequest(`O-${(orders += 1)}`))
  assert.ok(decided.ok && decided.value.payment.status.state === 'approved')
  return { ...opened, id: paymentIdOf(decided.value.payment.sent.key) }
}

const part = (minor: bigint): { amount: ReturnType<typeof money> } => ({
  amount: money(minor, MAD),
})

test('nothing is captured after the last capture, whose bank has released the rest', async () => {
  const { switch: running, asked, id } = await approved()
  assert.ok((await running.capture(id, { name: 'a', ...part(2_000n) })).ok)
  const last = { name: 'b', final: true, ...part(3_000n) }
  assert.ok((await running.capture(id, last)).ok)
  const more = await running.capture(id, { name: 'c', ...part(1n) })
  assert.deepEqual(more, { ok: false, error: 'wrong_state' })
  const again = await running.capture(id, last)
  assert.ok(again.ok && again.value.status.state === 'captured')
  assert.equal(again.value.status.captured, 5_000n)
  await new Promise((resolve) => setImmediate(resolve))
  const marks = asked.filter(({ mti }) => mti === '0220').map(({ lastPart }) => lastPart)
  assert.deepEqual(marks, [false, true])
})

test('a capture of all that is left is the last, whether the merchant says so or not', async () => {
  const { switch: running, tranlog, id } = await approved()
  await running.capture(id, { name: 'a', ...part(9_999n) })
  const captured = await running.capture(id, { name: 'b' })
  assert.ok(captured.ok)
  const events = await tranlog.events(captured.value.sent.key)
  assert.deepEqual(
    events.map(({ kind, amountMinor }) => [kind, amountMinor]),
    [
      ['captured', 9_999n],
      ['captured_last', 1n],
    ],
  )
})

test('the sums of captures and refunds never pass what is there', async () => {
  const { switch: running, id } = await approved()
  const tooMuch = await running.capture(id, { name: 'a', ...part(10_001n) })
  assert.deepEqual(tooMuch, { ok: false, error: 'amount_too_large' })
  assert.ok((await running.capture(id, { name: 'a', ...part(4_000n) })).ok)
  for (const minor of [0n, -1n]) {
    const nothing = await running.refund(id, { name: 'none', ...part(minor) })
    assert.deepEqual(nothing, { ok: false, error: 'wrong_state' })
  }
  const refunded = await running.refund(id, { name: 'r', ...part(4_000n) })
  assert.ok(refunded.ok)
  assert.deepEqual(await running.refund(id, { name: 's', ...part(1n) }), {
    ok: false,
    error: 'wrong_state',
  })
})

test('a payment that was voided is not captured, and its void is asked for once', async () => {
  const { switch: running, asked, id } = await approved()
  assert.ok((await running.void(id, { cause: 'void' })).ok)
  assert.ok((await running.void(id, { cause: 'void' })).ok)
  assert.deepEqual(await running.capture(id, { name: 'a' }), { ok: false, error: 'wrong_state' })
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(asked.filter(({ mti }) => mti === '0420').length, 1)
})
