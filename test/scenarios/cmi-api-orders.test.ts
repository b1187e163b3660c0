/**
 * Orders by `/fim/api` with the real banks: paid by card, captured in parts, voided before the day
 * closes, given back after it, and what the status and the history say of each.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { cc5, postCc5, type Cc5Answer } from '../support/cc5.ts'
import { says, valueOf } from '../support/merchant.ts'
import { openWebCentre, wayBackIn, type WebCentre } from '../support/web-centre.ts'

let web: WebCentre

before(async () => {
  web = await openWebCentre()
})

after(async () => {
  await web.stop()
})

type Elements = Parameters<typeof cc5>[0]

const call = (elements: Elements): Promise<Cc5Answer> =>
  postCc5(web.url, `<?xml version="1.0" encoding="ISO-8859-9"?>${cc5(elements)}`, 'text/xml')

const card = { Number: '4000000000000010', Expires: '12/2039', Cvv2Val: '000' }

const byCard = (Type: string, OrderId: string, changes: Elements = {}): Promise<Cc5Answer> =>
  call({ Type, OrderId, Total: '249.90', Currency: '504', ...card, ...changes })

const change = (Type: string, OrderId: string, more: Elements = {}): Promise<Cc5Answer> =>
  call({ Type, OrderId, ...more })

const status = (OrderId: string): Promise<Cc5Answer> =>
  call({ OrderId, Extra: { ORDERSTATUS: 'QUERY' } })

const history = (OrderId: string): Promise<Cc5Answer> =>
  call({ OrderId, Extra: { ORDERHISTORY: 'QUERY' } })

function assertApproved(answer: Cc5Answer): void {
  assert.equal(answer.status, 200)
  assert.match(answer.contentType, /^text\/xml; ?charset=ISO-8859-9/i)
  assert.ok(answer.body.startsWith('<?xml version="1.0" encoding="ISO-8859-9"?>'))
  const said = ['Response', 'ProcReturnCode', 'ErrMsg', 'ERRORCODE'].map((name) => answer.of(name))
  assert.deepEqual(said, ['Approved', '00', '', ''], answer.body)
}

function assertRefused(answer: Cc5Answer, code: string): void {
  assert.equal(answer.of('Response'), 'Error', answer.body)
  assert.equal(answer.of('ProcReturnCode'), '99')
  assert.equal(answer.of('ERRORCODE'), code, answer.body)
  assert.equal(answer.of('NUMCODE'), `99${code.slice(-4)}`)
  assert.notEqual(answer.of('ErrMsg'), '')
}

type Row = { state: string; captured: string | null; refunded: string | null }

async function rowOf(oid: string): Promise<Row | undefined> {
  const { rows } = await web.owner.query<Row>(
    `SELECT state, captured_minor::text AS captured, refunded_minor::text AS refunded
     FROM reporting.payments WHERE order_reference = $1 ORDER BY attempt DESC LIMIT 1`,
    [oid],
  )
  return rows[0]
}

test('a hold from the page: captured in parts by API, seen by status and history', async () => {
  const path = await web.open('PAGE-1', { CallbackResponse: '' })
  const back = wayBackIn((await web.payWith(path)).body).fields
  const transId = valueOf(back, 'TransId') ?? ''
  const held = await status('PAGE-1')
  assert.equal(held.of('ErrMsg'), 'Record(s) found for PAGE-1')
  assert.deepEqual(
    ['TRANS_STAT', 'CHARGE_TYPE_CD', 'ORIG_TRANS_AMT', 'CAPTURE_AMT', 'TRANS_ID'].map(held.of),
    ['A', 'S', '24990', '', transId],
  )

  const part = await change('PostAuth', 'PAGE-1', { Total: '100.00', Currency: '504' })
  assertApproved(part)
  assert.match(part.of('TransId') ?? '', new RegExp(`^${transId}M[0-9]+$`))
  assert.equal(part.of('AuthCode'), valueOf(back, 'AuthCode'))
  assertApproved(await change('PostAuth', 'PAGE-1', { Total: '49,90' }))
  assertRefused(await change('PostAuth', 'PAGE-1', { Total: '100.01' }), 'CORE-2503')
  assert.deepEqual(await rowOf('PAGE-1'), { state: 'captured', captured: '14990', refunded: '0' })
  const rest = await change('PostAuth', 'PAGE-1')
  assertApproved(rest)
  const again = await change('PostAuth', 'PAGE-1')
  assert.equal(again.of('TransId'), rest.of('TransId'), 'all is captured: said again, taken once')
  assert.equal((await rowOf('PAGE-1'))?.captured, '24990')
  assertRefused(await change('PostAuth', 'PAGE-1', { Total: '1.00' }), 'CORE-2503')

  const now = await status('PAGE-1')
  assert.deepEqual(['TRANS_STAT', 'CAPTURE_AMT', 'PAN', 'NUMCODE'].map(now.of), [
    'C',
    '24990',
    '4000 00** **** 0010',
    '0',
  ])
  const line = now.of('ORDERSTATUS') ?? ''
  assert.ok(line.startsWith('ORD_ID:PAGE-1\tCHARGE_TYPE_CD:S\tORIG_TRANS_AMT:24990\t'), line)
  for (const pair of line.split('\t')) assert.match(pair, /^[A-Z0-9_]+:/)
  assert.match(now.of('AUTH_DTTM') ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d$/)

  const all = await history('PAGE-1')
  assert.equal(all.of('TRXCOUNT'), '4')
  const lines = ['TRX1', 'TRX2', 'TRX3', 'TRX4'].map((name) => all.of(name)?.split('\t') ?? [])
  assert.deepEqual(
    lines.map((one) => one.slice(0, 4)),
    [
      ['S', 'C', '24990', '10000'],
      ['S', 'C', '24990', '4990'],
      ['S', 'C', '24990', '10000'],
      ['S', 'A', '24990', ''],
    ],
  )
  assert.ok(lines.every((one) => one.length === 11))
  assert.equal(lines[0]?.[10], rest.of('TransId'))
  assert.equal(lines[3]?.[10], transId)
})

test('PostAuth after the callback’s own capture is the same capture', async () => {
  await web.payWith(await web.open('PAGE-2'))
  assert.deepEqual(await rowOf('PAGE-2'), { state: 'captured', captured: '24990', refunded: '0' })
  assertApproved(await change('PostAuth', 'PAGE-2'))
  assertApproved(await change('PostAuth', 'PAGE-2', { Total: '249.90' }))
  assert.equal((await rowOf('PAGE-2'))?.captured, '24990')
})

test('an order is paid once, by page or by API', async () => {
  web.merchant.answers('BOTH-1', says('APPROVED'))
  const path = await web.open('BOTH-1')
  assertApproved(await byCard('Auth', 'BOTH-1'))
  assert.match((await web.get(path)).body, /déjà payée/)
  assertRefused(await byCard('Auth', 'BOTH-1'), 'CORE-2506')
  assertRefused(await byCard('PreAuth', 'BOTH-1', { Total: '1.00' }), 'CORE-2506')
  assert.equal(web.merchant.received('BOTH-1').length, 0, 'the API answers, nobody is called')

  await web.payWith(await web.open('BOTH-2'))
  assertRefused(await byCard('Auth', 'BOTH-2'), 'CORE-2506')

  const raced = await Promise.all(Array.from({ length: 10 }, () => byCard('Auth', 'BOTH-3')))
  const approved = raced.filter((one) => one.of('Response') === 'Approved')
  assert.ok(approved.length > 0)
  assert.equal(new Set(approved.map((one) => one.of('TransId'))).size, 1)
  const { rows } = await web.owner.query(
    "SELECT 1 FROM reporting.attempts WHERE order_reference = 'BOTH-3'",
  )
  assert.equal(rows.length, 1)
})

test('a decline is the bank’s own code, and the order may be tried again', async () => {
  const declined = await byCard('Auth', 'DECLINED', { Total: '1000.51' })
  assert.deepEqual(['Response', 'ProcReturnCode', 'AuthCode', 'NUMCODE'].map(declined.of), [
    'Declined',
    '51',
    '',
    '51',
  ])
  assert.equal((await status('DECLINED')).of('TRANS_STAT'), 'D')
  assertRefused(await change('PostAuth', 'DECLINED'), 'CORE-2502')
  assertRefused(await change('Credit', 'DECLINED'), 'CORE-2502')
  assertRefused(await change('Void', 'DECLINED'), 'CORE-2502')
  assertApproved(await byCard('Auth', 'DECLINED', { Expires: '12.2039' }))
  const all = await history('DECLINED')
  assert.equal(all.of('TRXCOUNT'), '2')
  assert.match(all.of('TRX1') ?? '', /^S\tC\t24990\t24990\t/)
  assert.match(all.of('TRX2') ?? '', /^S\tD\t100051\t\t/)
})

test('a page whose order was declined by API leads back to the shop', async () => {
  const path = await web.open('PAGE-API', { amount: '1000.51' })
  await byCard('Auth', 'PAGE-API', { Total: '1000.51' })
  assert.match((await web.get(path)).body, /Paiement refusé/)
  const left = await web.post(`${path}/cancel`, {})
  assert.equal(left.status, 200)
  assert.match(left.body, /href="http:\/\/127\.0\.0\.1:8081\/"/)
  await web.payWith(await web.open('PAGE-API'))
  assert.equal((await rowOf('PAGE-API'))?.state, 'captured')
})

test('an order number of the gateway’s, and the three spellings of an expiry', async () => {
  for (const Expires of ['12/39', '12/2039', '12.2039']) {
    const answer = await byCard('PreAuth', '', { Expires })
    assertApproved(answer)
    assert.match(answer.of('OrderId') ?? '', /^M[0-9a-f]{16}$/)
  }
})

test('Void before the close undoes a sale, a hold and a capture; again it says the same', async () => {
  const sale = await byCard('Auth', 'VOID-1')
  const voided = await change('Void', 'VOID-1')
  assertApproved(voided)
  assertApproved(await change('Void', 'VOID-1'))
  assert.match((await rowOf('VOID-1'))?.state ?? '', /^revers/)
  const told = await status('VOID-1')
  assert.equal(told.of('TRANS_STAT'), 'V')
  assert.match(told.of('VOID_DTTM') ?? '', /^\d{4}-/)
  assert.equal(told.of('TRANS_ID'), sale.of('TransId'))
  assertRefused(await byCard('Auth', 'VOID-1'), 'CORE-2506')
  assertRefused(await change('PostAuth', 'VOID-1'), 'CORE-2502')

  const hold = await byCard('PreAuth', 'VOID-2')
  assertApproved(await call({ Type: 'Void', TransId: hold.of('TransId') ?? '' }))
  assert.equal((await status('VOID-2')).of('TRANS_STAT'), 'V')

  await byCard('PreAuth', 'VOID-3')
  const captured = await change('PostAuth', 'VOID-3', { Total: '10.00' })
  assertApproved(await call({ Type: 'Void', TransId: captured.of('TransId') ?? '' }))

  await byCard('PreAuth', 'VOID-4')
  const one = await change('PostAuth', 'VOID-4', { Total: '10.00' })
  await change('PostAuth', 'VOID-4', { Total: '20.00' })
  assertRefused(await call({ Type: 'Void', TransId: one.of('TransId') ?? '' }), 'CORE-2502')
  assertApproved(await change('Void', 'VOID-4'))
})

test('while a bank is silent the order is pending, and nobody else may try it', async () => {
  const silent = byCard('Auth', 'SILENT', { Total: '1000.99' })
  const asked = async (): Promise<string | undefined> => (await status('SILENT')).of('TRANS_STAT')
  for (let i = 0; i < 100 && (await asked()) !== 'PN'; i++) await sleep(20)
  const pending = await status('SILENT')
  assert.deepEqual(['TRANS_STAT', 'ORIG_TRANS_AMT', 'TRANS_ID'].map(pending.of), ['PN', '', ''])
  assertRefused(await byCard('Auth', 'SILENT', { Total: '1.00' }), 'CORE-2507')
  assertRefused(await change('Void', 'SILENT'), 'CORE-2507')
  const declined = await silent
  assert.deepEqual(['Response', 'ProcReturnCode'].map(declined.of), ['Declined', '91'])
  assert.match((await status('SILENT')).of('TRANS_STAT') ?? '', /^[RD]$/)
  assertApproved(await byCard('Auth', 'SILENT', { Total: '1.00' }))
})

test('GroupId names a change: the same again is one, another amount is refused', async () => {
  await byCard('PreAuth', 'GROUP-1')
  const first = await change('PostAuth', 'GROUP-1', { GroupId: 'g1', Total: '10.00' })
  const again = await change('PostAuth', 'GROUP-1', { GroupId: 'g1', Total: '10.00' })
  assertApproved(again)
  assert.equal(again.of('TransId'), first.of('TransId'))
  assert.equal(again.of('GroupId'), 'g1')
  assertRefused(await change('PostAuth', 'GROUP-1', { GroupId: 'g1', Total: '11.00' }), 'CORE-2509')
  assert.equal((await rowOf('GROUP-1'))?.captured, '1000')
})

test('another site’s order, an unknown one and one that was only opened: no record', async () => {
  const sale = await byCard('Auth', 'MINE')
  const other = { ClientId: '600000002' }
  const theirs = (elements: Elements) => call({ ...other, ...elements })
  for (const answer of [
    await theirs({ OrderId: 'MINE', Extra: { ORDERSTATUS: 'QUERY' } }),
    await theirs({ OrderId: 'MINE', Extra: { ORDERHISTORY: 'QUERY' } }),
    await theirs({ Type: 'Void', OrderId: 'MINE' }),
    await theirs({ Type: 'Void', TransId: sale.of('TransId') ?? '' }),
    await theirs({ Type: 'PostAuth', TransId: sale.of('TransId') ?? '' }),
    await status('NOBODY'),
    await change('Credit', 'NOBODY'),
    await call({ Type: 'Void', TransId: '0'.repeat(32) }),
    await call({ Type: 'Void', TransId: 'x' }),
  ]) {
    assertRefused(answer, 'CORE-2501')
    assert.match(answer.of('ErrMsg') ?? '', /^No record found for /)
  }
  await web.open('OPENED')
  const opened = await status('OPENED')
  assertRefused(opened, 'CORE-2501')
  assert.equal(opened.of('ErrMsg'), 'No record found for OPENED')
  assert.equal((await rowOf('MINE'))?.state, 'captured')
})

// The last: it turns the business day.
test('Credit: refused until the day closes, then in parts up to what was captured', async () => {
  await byCard('Auth', 'CREDIT-1')
  await byCard('PreAuth', 'CREDIT-2')
  await change('PostAuth', 'CREDIT-2', { Total: '100.00' })
  for (const more of [{}, { Total: '249.90' }, { Total: '0.01', Currency: '504' }]) {
    const early = await change('Credit', 'CREDIT-1', more)
    assertRefused(early, 'CORE-2508')
    assert.equal(early.of('NUMCODE'), '992508')
    assert.match(early.of('ErrMsg') ?? '', /not yet settled/)
  }
  web.turnTo('2013-09-16')
  assertRefused(await change('Void', 'CREDIT-1'), 'CORE-2505')
  assert.equal((await status('CREDIT-1')).of('TRANS_STAT'), 'S')
  assert.equal((await status('CREDIT-1')).of('SETTLEID'), '20130915')

  const part = await change('Credit', 'CREDIT-1', { Total: '100.00', Currency: '504' })
  assertApproved(part)
  assertApproved(await change('Credit', 'CREDIT-1', { Total: '100.00' }))
  assertRefused(await change('Credit', 'CREDIT-1', { Total: '49.91' }), 'CORE-2503')
  assertRefused(await change('Void', 'CREDIT-1'), 'CORE-2502')
  assertApproved(await change('Credit', 'CREDIT-1'))
  assertRefused(await change('Credit', 'CREDIT-1', { Total: '0.01' }), 'CORE-2503')
  assertRefused(await change('Credit', 'CREDIT-1'), 'CORE-2503')
  assert.deepEqual(await rowOf('CREDIT-1'), {
    state: 'captured',
    captured: '24990',
    refunded: '24990',
  })
  const told = await status('CREDIT-1')
  assert.deepEqual(['CHARGE_TYPE_CD', 'TRANS_STAT', 'ORIG_TRANS_AMT'].map(told.of), [
    'C',
    'C',
    '4990',
  ])
  const all = await history('CREDIT-1')
  assert.equal(all.of('TRXCOUNT'), '4')
  assert.match(all.of('TRX4') ?? '', /^S\tS\t24990\t24990\t.*\t20130915$/)
  assert.equal(all.of('TRX3')?.split('\t')[10], part.of('TransId'))

  // Of two days: what the open one captured waits for its own close.
  await change('PostAuth', 'CREDIT-2', { Total: '50.00' })
  assertRefused(await change('Credit', 'CREDIT-2', { Total: '100.01' }), 'CORE-2508')
  assertApproved(await change('Credit', 'CREDIT-2'))
  assert.deepEqual(await rowOf('CREDIT-2'), {
    state: 'captured',
    captured: '15000',
    refunded: '10000',
  })
  assertRefused(await change('Credit', 'CREDIT-2', { Total: '50.01' }), 'CORE-2503')
})
