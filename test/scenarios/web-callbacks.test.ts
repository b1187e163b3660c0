/**
 * What merchants' servers answer to the callback, and what the centre makes of it: captured, left,
 * refused, or tried again. The browser waits for the first try only, and never depends on it.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '../../src/kernel/limits.ts'
import { says, valueOf, type Answer } from '../support/merchant.ts'
import { openWebCentre, wayBackIn, type WebCentre } from '../support/web-centre.ts'

let web: WebCentre

before(async () => {
  web = await openWebCentre()
})

after(async () => {
  await web.stop()
})

async function stateOf(oid: string): Promise<string | undefined> {
  const { rows } = await web.owner.query<{ state: string }>(
    'SELECT state FROM reporting.payments WHERE order_reference = $1 ORDER BY attempt DESC LIMIT 1',
    [oid],
  )
  return rows[0]?.state
}

async function triesOf(oid: string): Promise<readonly string[]> {
  const { rows } = await web.owner.query<{ said: string }>(
    `SELECT answer || ' ' || outcome AS said FROM reporting.callbacks
     WHERE order_reference = $1 ORDER BY attempt, try_number`,
    [oid],
  )
  return rows.map(({ said }) => said)
}

async function becomes(oid: string, state: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 40_000; waitedMs += 100) {
    if ((await stateOf(oid)) === state) return
    await sleep(100)
  }
  assert.fail(`${oid} is ${String(await stateOf(oid))}, not ${state}`)
}

const declined = { amount: '1000.05' }

async function payFor(
  oid: string,
  answer: Answer,
  changes: Readonly<Record<string, string | undefined>> = {},
): Promise<string> {
  web.merchant.answers(oid, answer)
  const path = await web.open(oid, changes)
  return (await web.payWith(path)).body
}

test('ACTION=POSTAUTH captures, however it is written', async () => {
  const spellings = ['ACTION=POSTAUTH', ' action=postauth\r\n', '\uFEFFAction=PostAuth\n\n']
  for (const [i, body] of spellings.entries()) {
    await payFor(`POST-${i}`, says(body))
    assert.equal(await stateOf(`POST-${i}`), 'captured')
    assert.deepEqual(await triesOf(`POST-${i}`), ['post_auth acknowledged'])
  }
})

test('APPROVED leaves the hold; FAILURE too, for a person to look; neither is asked again', async () => {
  const left = await payFor('LEFT', says('Approved'))
  const refused = await payFor('REFUSED', says('FAILURE'))
  await sleep(limits.callbackRetryMinMs + 1_000)
  for (const body of [left, refused]) {
    assert.equal(valueOf(wayBackIn(body).fields, 'ProcReturnCode'), '00')
  }
  assert.deepEqual(await triesOf('LEFT'), ['approved acknowledged'])
  assert.deepEqual(await triesOf('REFUSED'), ['failure refused'])
  assert.equal(await stateOf('LEFT'), 'approved')
  assert.equal(await stateOf('REFUSED'), 'approved')
})

test('a decline is told once whatever modules answer to it', async () => {
  await Promise.all(
    ['FAILURE', '', 'APPROVED'].map((body, i) => payFor(`NO-${i}`, says(body), declined)),
  )
  await sleep(limits.callbackRetryMinMs + 1_000)
  assert.deepEqual(await triesOf('NO-0'), ['failure acknowledged'])
  assert.deepEqual(await triesOf('NO-1'), ['empty acknowledged'])
  assert.deepEqual(await triesOf('NO-2'), ['approved acknowledged'])
})

test('anything else is tried again, until it is POSTAUTH', { timeout: 60_000 }, async () => {
  const bad: Readonly<Record<string, Answer>> = {
    empty: says(''),
    other_text: says('<html>No Data POST</html>'),
    http_status: says('ACTION=POSTAUTH', 500),
    redirect: (response) => {
      response.writeHead(302, { location: `${web.merchant.url}/elsewhere` }).end('ACTION=POSTAUTH')
    },
    connection: (response) => {
      response.destroy()
    },
    too_large: says('x'.repeat(limits.callbackAnswerBytesMax + 1)),
  }
  await Promise.all(
    Object.entries(bad).map(async ([kind, answer]) => {
      const oid = `AGAIN-${kind}`
      const body = await payFor(oid, (response, count) => {
        if (count === 1) answer(response, count)
        else says('ACTION=POSTAUTH')(response, count)
      })
      assert.equal(valueOf(wayBackIn(body).fields, 'ProcReturnCode'), '00')
      assert.equal(await stateOf(oid), 'approved')
      await becomes(oid, 'captured')
      assert.deepEqual(await triesOf(oid), [`${kind} unacknowledged`, 'post_auth acknowledged'])
      const calls = web.merchant.received(oid)
      assert.ok(
        calls.every(({ path }) => path === '/callback'),
        'a redirect is not followed',
      )
      assert.equal(calls[0]?.body, calls[1]?.body, 'each try says the same')
    }),
  )
})

test(
  'a merchant that hangs: the browser goes on, the callback comes back',
  { timeout: 90_000 },
  async () => {
    const startedMs = performance.now()
    const body = await payFor('HANGS', (response, count) => {
      if (count > 1) says('ACTION=POSTAUTH')(response, count)
    })
    const waitedMs = performance.now() - startedMs
    assert.ok(waitedMs >= limits.callbackFirstAnswerMs - 500, `${waitedMs} ms`)
    assert.ok(waitedMs < limits.callbackFirstAnswerMs + 3_000, `${waitedMs} ms`)
    assert.equal(valueOf(wayBackIn(body).fields, 'ProcReturnCode'), '00')
    await becomes('HANGS', 'captured')
    assert.deepEqual(await triesOf('HANGS'), ['timeout unacknowledged', 'post_auth acknowledged'])
  },
)

test('no callback where the merchant wants none; one where it says nothing of it', async () => {
  for (const [i, wanted] of ['', 'false', '0', 'FALSE'].entries()) {
    await payFor(`NONE-${i}`, says('ACTION=POSTAUTH'), { CallbackResponse: wanted })
    assert.equal(web.merchant.received(`NONE-${i}`).length, 0)
    assert.equal(await stateOf(`NONE-${i}`), 'approved')
  }
  await payFor('NO-URL', says('ACTION=POSTAUTH'), { callbackUrl: undefined, CallbackResponse: '1' })
  assert.equal(web.merchant.received('NO-URL').length, 0)
  for (const [i, wanted] of ['true', '1', undefined].entries()) {
    await payFor(`ONE-${i}`, says('ACTION=POSTAUTH'), { callbackResponse: wanted })
    assert.equal(await stateOf(`ONE-${i}`), 'captured')
  }
})

test('a server that is nowhere does not harm the customer', async () => {
  const body = await payFor('NOWHERE', says(''), {
    callbackUrl: 'http://no-such-host.invalid/callback',
  })
  assert.equal(valueOf(wayBackIn(body).fields, 'ProcReturnCode'), '00')
  assert.deepEqual((await triesOf('NOWHERE'))[0], 'connection unacknowledged')
  const metadata = await payFor('METADATA', says(''), {
    callbackUrl: 'http://169.254.169.254/latest/',
  })
  assert.equal(valueOf(wayBackIn(metadata).fields, 'ProcReturnCode'), '00')
  assert.deepEqual((await triesOf('METADATA'))[0], 'address_refused unacknowledged')
})
