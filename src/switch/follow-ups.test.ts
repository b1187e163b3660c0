import assert from 'node:assert/strict'
import { test } from 'node:test'
import { money } from '../kernel/money.ts'
import { MAD } from '../kernel/currency.ts'
import { paymentIdOf, requestKeyOf } from '../kernel/ids.ts'
import type { IssuerReply } from './issuer-port.ts'
import { aRequest, aSwitch } from './testing.ts'

const approval: IssuerReply = {
  kind: 'answered',
  responseCode: '00',
  approvalCode: 'A1B2C3',
  amountMinor: null,
}

/** What follows each change, by the state that it led to. */
function following() {
  const opened = aSwitch(() => approval)
  opened.switch.tasks.follow((payment, change) => {
    const kind = typeof change === 'string' ? change : change.kind
    const name = `${kind} ${payment.status.state} ${payment.version}`
    return [{ topic: 'f', name, body: {}, delayMs: 0 }]
  })
  const tasks = async (): Promise<readonly string[]> =>
    (await opened.tranlog.tasksDue(new Date('2013-09-16T00:00:00Z'), 100)).map(
      ({ task }) => task.name,
    )
  return { ...opened, tasks }
}

test('each change of a payment leaves its work behind, whoever asked for the change', async () => {
  const { switch: running, tasks } = following()
  const decided = await running.authorize(aRequest('F-1'))
  assert.ok(decided.ok)
  const id = paymentIdOf(decided.value.payment.sent.key)
  await running.capture(id, { name: 'a', amount: money(4_000n, MAD) })
  await running.capture(id, { name: 'a', amount: money(4_000n, MAD) })
  await running.refund(id, { name: 'r', amount: money(1_000n, MAD) })
  assert.deepEqual(await tasks(), [
    'outcome approved 1',
    'captured captured 2',
    'refunded captured 4',
  ])
})

test('a void and the outcome that recovery gives are followed too', async () => {
  const { switch: running, tranlog, tasks } = following()
  const decided = await running.authorize(aRequest('F-2'))
  assert.ok(decided.ok)
  const { sent } = decided.value.payment
  await running.void(paymentIdOf(sent.key), { cause: 'hold_expired' })
  const lost = { ...sent, key: { ...sent.key, requestKey: requestKeyOf('lost') } }
  await tranlog.recordSent(lost)
  await running.start()
  const found = await tasks()
  assert.ok(found.includes('reversing reversing 2'))
  assert.ok(found.includes('outcome reversing 1'))
  assert.ok(found.includes('recovered reversing 1'))
  assert.equal(found.filter((name) => name.startsWith('recovered')).length, 1)
})
