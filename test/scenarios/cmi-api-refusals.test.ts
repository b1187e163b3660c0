/**
 * What `/fim/api` takes and refuses over real sockets: both transports, both encodings, users and
 * passwords, wrong elements, attacks by XML and by size; each a CC5Response with a stable code.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { limits } from '../../src/kernel/limits.ts'
import { cc5, credentials, postCc5, type Cc5Answer } from '../support/cc5.ts'
import { openWebCentre, type WebCentre } from '../support/web-centre.ts'

let web: WebCentre

before(async () => {
  web = await openWebCentre()
})

after(async () => {
  await web.stop()
})

const post = (body: string | Uint8Array, type?: string): Promise<Cc5Answer> =>
  postCc5(web.url, body, type)

const form = 'application/x-www-form-urlencoded'

const sale = {
  Type: 'Auth',
  Total: '10.00',
  Currency: '504',
  Number: '4000000000000010',
  Expires: '12/2039',
  Cvv2Val: '000',
}

async function stored(): Promise<number> {
  const { rows } = await web.owner.query<{ count: string }>(
    'SELECT (SELECT count(*) FROM web_order) + (SELECT count(*) FROM web_session) AS count',
  )
  return Number(rows[0]?.count)
}

function assertCode(answer: Cc5Answer, code: string, what: string): void {
  assert.equal(answer.of('Response'), 'Error', `${what}: ${answer.body}`)
  assert.equal(answer.of('ERRORCODE'), code, `${what}: ${answer.body}`)
  assert.match(answer.contentType, /^text\/xml/, what)
  assert.doesNotMatch(answer.body, /sandbox-api|4000000000000010|node:internal|at file:/, what)
}

test('both transports, with and without a declaration, in both encodings', async () => {
  const head = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?>\n`
  let count = 0
  for (const declared of ['', head('UTF-8'), head('ISO-8859-9'), head('iso-8859-1')]) {
    for (const [type, wrap] of [
      ['text/xml', (xml: string) => xml],
      ['application/xml', (xml: string) => xml],
      ['text/xml; charset=ISO-8859-9', (xml: string) => `\r\n${xml}\r\n`],
      [undefined, (xml: string) => xml],
      [form, (xml: string) => `DATA=${xml}`],
      [form, (xml: string) => `DATA=${encodeURIComponent(xml)}`],
      [form, (xml: string) => new URLSearchParams({ DATA: xml, x: '1' }).toString()],
      [form, (xml: string) => xml],
    ] as const) {
      const oid = `SENT-${++count}`
      const xml = declared + cc5({ ...sale, OrderId: oid, BillToName: 'A & B' })
      const answer = await post(wrap(xml), type)
      assert.equal(
        answer.of('Response'),
        'Approved',
        `${declared} ${type ?? 'none'}: ${answer.body}`,
      )
      assert.equal(answer.of('OrderId'), oid)
    }
  }
})

test('an order number beyond ASCII: read in the encoding declared, answered escaped', async () => {
  const xml = cc5({ ...sale, OrderId: 'Şişe-é' })
  // What ISO-8859-9 has in the place of Latin-1’s thorn are the letters with a cedilla.
  const turkish = Buffer.from(xml.replace('Şişe-é', '\u00dei\u00fee-\u00e9'), 'latin1')
  const head = Buffer.from('<?xml version="1.0" encoding="ISO-8859-9"?>')
  const first = await post(Buffer.concat([head, turkish]), 'text/xml')
  assert.equal(first.of('OrderId'), 'Şişe-é')
  assert.match(first.body, /<OrderId>&#350;i&#351;e-&#233;<\/OrderId>/)
  for (const body of [xml, `DATA=${encodeURIComponent(xml)}`]) {
    assertCode(await post(body, form), 'CORE-2506', 'the same order, in UTF-8')
  }
})

test('users: a wrong name, password or site are one and the same refusal', async () => {
  const earlier = await stored()
  for (const [name, value] of [
    ['Password', 'sandbox-apj'],
    ['Password', 'SANDBOX-API'],
    ['Password', `sandbox-api${'x'.repeat(100)}`],
    ['Name', 'API'],
    ['Name', 'admin'],
    ['ClientId', '699999999'],
    ['ClientId', '401121'],
  ] as const) {
    const answer = await post(cc5({ ...sale, OrderId: 'USER', [name]: value }))
    assertCode(answer, 'CORE-1003', `${name}=${value}`)
    assert.equal(answer.of('ErrMsg'), 'Wrong Name, Password or ClientId')
  }
  for (const name of Object.keys(credentials)) {
    const answer = await post(cc5({ ...sale, [name]: '' }))
    assertCode(answer, 'CORE-1002', name)
    assert.match(answer.of('ErrMsg') ?? '', new RegExp(name))
  }
  assert.equal(await stored(), earlier)
  const sites = Array.from({ length: 7 }, (_, i) => `60000000${i + 1}`)
  for (const ClientId of sites) {
    const answer = await post(cc5({ ClientId, OrderId: 'x', Extra: { ORDERSTATUS: 'QUERY' } }))
    assertCode(answer, 'CORE-2501', 'its user is right')
  }
})

test('a flood of wrong passwords is turned away, and the right one still gets in', async () => {
  const wrong = Array.from({ length: 60 }, (_, i) =>
    post(cc5({ Password: `guess-${i}`, OrderId: 'x' })),
  )
  const codes = new Set((await Promise.all(wrong)).map((answer) => answer.of('ERRORCODE')))
  codes.delete('CORE-9001')
  assert.deepEqual([...codes], ['CORE-1003'])
  const right = await post(cc5({ OrderId: 'x', Extra: { ORDERSTATUS: 'QUERY' } }))
  assertCode(right, 'CORE-2501', 'known again')
})

test('each wrong element: a code that names it, and nothing stored', async () => {
  const earlier = await stored()
  type Elements = Parameters<typeof cc5>[0]
  const cases: readonly (readonly [string, string | null, Elements])[] = [
    ['CORE-1004', null, { Type: 'auth' }],
    ['CORE-1004', null, { Type: 'Refund' }],
    ['CORE-1004', null, { Type: '' }],
    ['CORE-1004', null, { Type: '', Extra: { ORDERSTATUS: 'yes' } }],
    ['CORE-1002', 'Total', { Total: '' }],
    ['CORE-1002', 'Currency', { Currency: '' }],
    ['CORE-1002', 'Number', { Number: '' }],
    ['CORE-1002', 'Expires', { Expires: '' }],
    ['CORE-1002', 'OrderId', { Type: 'PostAuth', OrderId: '' }],
    ['CORE-1002', 'OrderId', { Type: 'Void', OrderId: '' }],
    ['CORE-1002', 'OrderId', { Type: '', OrderId: '', Extra: { ORDERHISTORY: 'QUERY' } }],
    ['CORE-5110', 'Total', { Total: '0' }],
    ['CORE-5110', 'Total', { Total: '-1' }],
    ['CORE-5110', 'Total', { Total: '1.005' }],
    ['CORE-5110', 'Total', { Total: '1e3' }],
    ['CORE-5110', 'Total', { Total: '99999999999.00' }],
    ['CORE-5110', 'Total', { Type: 'PostAuth', Total: 'all' }],
    ['CORE-5110', 'Number', { Number: '4000000000000011' }],
    ['CORE-5110', 'Number', { Number: 'abc' }],
    ['CORE-5110', 'Expires', { Expires: '13/39' }],
    ['CORE-5110', 'Expires', { Expires: '01/13' }],
    ['CORE-5110', 'Cvv2Val', { Cvv2Val: '12' }],
    ['CORE-5110', 'OrderId', { OrderId: 'x'.repeat(65) }],
    ['CORE-5110', 'OrderId', { OrderId: 'a\tb' }],
    ['CORE-5110', 'BillToName', { BillToName: 'x'.repeat(256) }],
    ['CORE-2504', null, { Currency: '978' }],
    ['CORE-2504', null, { Type: 'Credit', Currency: '840' }],
    ['CORE-1005', 'Instalment', { Instalment: '3' }],
    ['CORE-1005', 'PbOrder', { PbOrder: { OrderType: '0' } }],
    ['CORE-1005', null, { Type: '', Extra: { RECURRINGID: 'r', ORDERSTATUS: 'QUERY' } }],
    ['CORE-1005', 'md', { Number: '435508:86D9842A9C594E17:4122:##700655000200' }],
  ]
  for (const [code, name, elements] of cases) {
    const answer = await post(cc5({ ...sale, OrderId: 'WRONG', ...elements }), 'text/xml')
    assertCode(answer, code, JSON.stringify(elements))
    if (name !== null) assert.match(answer.of('ErrMsg') ?? '', new RegExp(name))
  }
  const twice = cc5({ ...sale, OrderId: 'WRONG' }).replace('</Total>', '</Total><Total>1</Total>')
  assertCode(await post(twice), 'CORE-5110', 'an element twice')
  const lower = cc5({ ...sale, OrderId: 'WRONG' }).replaceAll('ClientId', 'clientid')
  assertCode(await post(lower), 'CORE-1002', 'names are case-sensitive')
  assert.equal(await stored(), earlier)
})

test('elements in any order, unknown ones beside them', async () => {
  const elements = Object.entries({ ...sale, OrderId: 'ORDER', ...credentials, Zz: '1' })
  const xml = elements.toReversed().map(([name, value]) => `<${name}>${value}</${name}>`)
  const answer = await post(`<CC5Request>${xml.join('')}<Extra/></CC5Request>`)
  assert.equal(answer.of('Response'), 'Approved', answer.body)
})

test('attacks by XML and by size: refused by rule, quickly, and the door stays open', async () => {
  const inside = cc5({ ...sale, OrderId: 'ATTACK' })
  const laughs = Array.from(
    { length: 9 },
    (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`,
  ).join('')
  const bombs: readonly (readonly [RegExp, string])[] = [
    [/doctype/, `<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]>${inside.replace('10.00', '&l9;')}`],
    [/doctype/, `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>${inside}`],
    [/doctype/, `<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">${inside}`],
    [/entity/, inside.replace('10.00', '&xxe;')],
    [/cdata/, inside.replace('10.00', '<![CDATA[10.00]]>')],
    [/comment/, inside.replace('10.00', '<!-- -->10.00')],
    [/instruction/, inside.replace('10.00', '<?php ?>')],
    [/depth/, '<CC5Request>'.repeat(5_000)],
    [/elements/, `<CC5Request>${'<a/>'.repeat(5_000)}</CC5Request>`],
    [/encoding/, `<?xml version="1.0" encoding="UTF-16"?>${inside}`],
    [/nesting/, inside.slice(0, -3) + '>'],
    [/empty|no_xml/, ''],
    [/no_xml/, 'hello'],
    [/trailing/, inside + inside],
    [/CC5Request/, '<CC5Response/>'],
  ]
  const earlier = await stored()
  const startedMs = performance.now()
  for (const [rule, body] of bombs) {
    for (const sent of [body, `DATA=${encodeURIComponent(body)}`]) {
      const answer = await post(sent, sent === body ? 'text/xml' : form)
      const isWhole = sent.length <= limits.formBytesMax
      assert.equal(answer.status, isWhole ? 200 : 413)
      const code = /CC5Request/.test(rule.source) ? 'CORE-1002' : 'CORE-1001'
      assertCode(answer, isWhole ? code : 'CORE-1001', body.slice(0, 60))
      if (isWhole) assert.match(answer.of('ErrMsg') ?? '', rule)
    }
  }
  assert.ok(performance.now() - startedMs < 5_000)
  for (const bytes of [limits.formBytesMax + 1, 10 * 1024 * 1024]) {
    const body = Buffer.alloc(bytes, 'x')
    const refused = await post(body, 'text/xml').catch(() => undefined)
    // A client that is still writing may see the line cut before it reads.
    if (refused !== undefined) {
      assert.equal(refused.status, 413)
      assertCode(refused, 'CORE-1001', 'too large')
    }
  }
  for (const [body, type] of [
    ['{"a":1}', 'application/json'],
    ['{"a":', 'application/json'],
    [cc5({ OrderId: 'x' }), 'application/octet-stream; ;;'],
    [Buffer.from(inside, 'utf16le'), 'text/xml'],
  ] as const) {
    const answer = await post(body, type)
    assert.ok(answer.status < 500)
    if (type !== 'application/octet-stream; ;;') assertCode(answer, 'CORE-1001', type)
  }
  const got = await fetch(`${web.url}/fim/api`)
  assert.equal(got.status, 405)
  assert.match(await got.text(), /CORE-1002/)
  assert.equal(await stored(), earlier)
  assert.equal((await post(inside)).of('Response'), 'Approved')
})

test('no card and no password of these requests is in the database', async () => {
  await post(cc5({ ...sale, OrderId: 'SECRET', Number: '5453010000066100', Cvv2Val: '739' }))
  for (const table of ['web_order', 'web_session', 'web_attempt', 'payment', 'request']) {
    const { rows } = await web.owner.query<{ line: string }>(
      `SELECT t::text AS line FROM ${table} t`,
    )
    assert.ok(rows.length > 0)
    for (const { line } of rows) {
      assert.doesNotMatch(line, /5453010000066100|4000000000000010|sandbox-api/)
      // The same as hexadecimal, as a form's bytes are shown.
      assert.ok(!line.includes(Buffer.from('5453010000066100').toString('hex')))
      assert.ok(!line.includes(Buffer.from('sandbox-api').toString('hex')))
    }
  }
})
