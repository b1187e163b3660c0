/**
 * Requests that come again: many at once with one key, one with another body, one whose first run
 * died between its claim and its answer. The work is done once and everybody gets its answer.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { limits } from '../../src/kernel/limits.ts'
import { apiOf, newPayment, textIn, type Api } from '../support/api.ts'
import { openWebCentre, type WebCentre } from '../support/web-centre.ts'

let web: WebCentre
let api: Api

before(async () => {
  web = await openWebCentre()
  api = apiOf(web.url)
})

after(async () => {
  await web.stop()
})

const keyed = (key: string): Readonly<Record<string, string>> => ({ 'idempotency-key': key })

async function count(table: string, where: string): Promise<number> {
  const { rows } = await web.owner.query<{ n: bigint }>(
    `SELECT count(*) AS n FROM ${table} WHERE ${where}`,
  )
  return Number(rows[0]?.n)
}

test('fifty at once with one key: one payment, one page, one answer', async () => {
  const body = newPayment('I-1')
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => api.post('/v1/payments', body, keyed('fifty'))),
  )
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201])
  assert.equal(new Set(answers.map(({ text }) => text)).size, 1)
  assert.equal(await count('web_session', "reference = 'I-1'"), 1)
})

test('fifty captures and fifty refunds at once: each once', async () => {
  const created = await api.post('/v1/payments', newPayment('I-2', { capture: 'manual' }))
  await web.payWith(new URL(textIn(created.body, 'pageUrl')).pathname)
  const path = `/v1/payments/${textIn(created.body, 'id')}`
  for (const [action, amountMinor] of [
    ['capture', '10000'],
    ['refunds', '4000'],
  ]) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        api.post(`${path}/${action}`, { amountMinor }, keyed(`${action} I-2`)),
      ),
    )
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1, answers[0]?.text)
  }
  const { body } = await api.get(path)
  assert.deepEqual([body['capturedMinor'], body['refundedMinor']], ['10000', '4000'])
  assert.equal(await count('payment_event', "kind = 'refund_sent'"), 1)
})

test('the same key with another body, path or method is refused; field order is nothing', async () => {
  const first = await api.post('/v1/payments', newPayment('I-3'), keyed('reused'))
  assert.equal(first.status, 201)
  const other = await api.post('/v1/payments', newPayment('I-4'), keyed('reused'))
  assert.deepEqual([other.status, other.body['code']], [409, 'idempotency_key_reused'])
  const path = `/v1/payments/${textIn(first.body, 'id')}/void`
  assert.equal((await api.post(path, {}, keyed('reused'))).body['code'], 'idempotency_key_reused')
  const turned = Object.fromEntries(Object.entries(newPayment('I-3')).reverse())
  assert.equal((await api.post('/v1/payments', turned, keyed('reused'))).text, first.text)
  const elsewhere = await apiOf(web.url, 'sk_sandbox_600000002').post(
    '/v1/payments',
    newPayment('I-4'),
    keyed('reused'),
  )
  assert.equal(elsewhere.status, 201, 'a key belongs to its site')
})

test('a refusal is an answer too, and stays one', async () => {
  const created = await api.post('/v1/payments', newPayment('I-5', { capture: 'manual' }))
  const path = `/v1/payments/${textIn(created.body, 'id')}/capture`
  const early = await api.post(path, {}, keyed('early'))
  assert.equal(early.body['code'], 'wrong_state')
  await web.payWith(new URL(textIn(created.body, 'pageUrl')).pathname)
  assert.equal((await api.post(path, {}, keyed('early'))).text, early.text)
  assert.equal((await api.post(path, {}, keyed('later'))).status, 200)
})

test('a run that died with its claim: the next with the key ends the same work', async () => {
  const created = await api.post('/v1/payments', newPayment('I-6', { capture: 'manual' }))
  await web.payWith(new URL(textIn(created.body, 'pageUrl')).pathname)
  const path = `/v1/payments/${textIn(created.body, 'id')}`
  const capture = { amountMinor: '10000' }
  const first = await api.post(`${path}/capture`, capture, keyed('died'))
  assert.equal(first.status, 200)
  // As the crash leaves it: captured, and nobody knows that this request did it.
  await web.owner.query(
    "UPDATE api_request SET status = NULL, answer_sealed = NULL WHERE idempotency_key = 'died'",
  )
  web.advance(limits.idempotencyClaimStaleMs + 1_000)
  const again = await api.post(`${path}/capture`, capture, keyed('died'))
  assert.deepEqual([again.status, again.body['capturedMinor']], [200, '10000'])
})

test('a payment without an order of its own gets one from its key, once', async () => {
  const { order, ...body } = newPayment('none')
  assert.equal(order, 'none')
  const first = await api.post('/v1/payments', body, keyed('no order'))
  assert.match(textIn(first.body, 'order'), /^R[0-9a-f]{20}$/)
  await web.owner.query(
    "UPDATE api_request SET status = NULL, answer_sealed = NULL WHERE idempotency_key = 'no order'",
  )
  web.advance(limits.idempotencyClaimStaleMs + 1_000)
  const again = await api.post('/v1/payments', body, keyed('no order'))
  assert.equal(again.body['id'], first.body['id'])
})

test('what is stored of an answer cannot be read in the table', async () => {
  const created = await api.post('/v1/payments', newPayment('I-7'), keyed('sealed'))
  const token = textIn(created.body, 'pageUrl').split('/').at(-1) ?? ''
  const { rows } = await web.owner.query<{ row: string }>(
    `SELECT r::text AS row FROM api_request r
     UNION ALL SELECT o::text FROM web_order o`,
  )
  const held = rows.map(({ row }) => row).join('\n')
  assert.ok(!held.includes(token) && !held.includes(Buffer.from(token).toString('hex')))
})
