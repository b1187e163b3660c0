/**
 * Every field of the form and of the API, fuzzed from a seed over the real door: bytes, lengths,
 * encodings. Never a failure of ours, never a crash, always a code; a set `FUZZ_SEED` repeats a run.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { encodeForm, field, signFields, type Field } from '../../src/wire/nestpay/index.ts'
import { cc5, postCc5 } from '../support/cc5.ts'
import { openWebCentre, storeKey, type WebCentre } from '../support/web-centre.ts'

const seed = Number(process.env['FUZZ_SEED'] ?? 20_130_915)
let web: WebCentre

before(async () => {
  web = await openWebCentre()
})

after(async () => {
  await web.stop()
})

/** Mulberry32: enough for choosing bytes, and the same everywhere. */
function randomFrom(start: number): (below: number) => number {
  let state = start | 0
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

type Random = ReturnType<typeof randomFrom>

const texts = [
  '',
  ' ',
  '\u0000',
  '\r\n',
  "' OR 1=1 --",
  '"><script>alert(1)</script>',
  '\u202e\u0000abc',
  '|\\|\\\\|',
  '%00%ff%',
  '../../etc/passwd',
  '999999999999999999999',
  '-1',
  '1e308',
  'NaN',
  '\u{1f4a9}'.repeat(40),
  '&amp;&#0;&lol;',
  ']]>',
  '${7*7}',
  '__proto__',
  'http://[::1]:0/',
  'http://127.0.0.1:1/',
  'constructor',
] as const

function wild(random: Random): Buffer {
  const kind = random(4)
  if (kind === 0) return Buffer.from(texts[random(texts.length)] ?? '')
  const length = [0, 1, 7, 64, 65, 256, 2_049, 8_193][random(8)] ?? 0
  const bytes = Buffer.alloc(length)
  for (let i = 0; i < length; i++) bytes[i] = kind === 1 ? random(256) : 0x20 + random(0x5f)
  return kind === 3 ? Buffer.from(bytes.toString('latin1'), 'utf8') : bytes
}

const fields =
  'clientid storetype TranType islemtipi amount currency oid okUrl failUrl callbackUrl CallbackResponse shopurl rnd HASH hashAlgorithm encoding lang refreshtime AutoRedirect sessionTimeout email tel BillToName BillToStreet1 BillToCity BillToCountry amountCur symbolCur currenciesList description Instalment taksit pan cv2'.split(
    ' ',
  )

async function gateWith(fields: readonly Field[] | Buffer): Promise<number> {
  const { status, body } = await web.gate(fields)
  assert.ok([303, 400, 409, 413].includes(status), `${status}: ${body.slice(0, 200)}`)
  assert.doesNotMatch(body, /<script>alert|node:internal|at file:/)
  if (status === 400) assert.match(body, /<code>(FORM-000[1-6]|3D-1004)<\/code>/)
  return status
}

test('the form: each field with wild bytes, signed and not', { timeout: 120_000 }, async (t) => {
  const random = randomFrom(seed)
  const counts = new Map<number, number>()
  for (const name of fields) {
    for (let i = 0; i < 16; i++) {
      const base = web.form(`FUZZ-${name}-${i}`).filter((one) => one.name !== name)
      const posted = [...base, field(name, wild(random))]
      const signed = random(4) === 0 ? posted : signFields(posted, storeKey)
      const again = name === 'HASH' ? posted : signed
      const status = await gateWith(
        random(8) === 0 ? Buffer.from(encodeForm(again).replaceAll('%', '')) : again,
      )
      counts.set(status, (counts.get(status) ?? 0) + 1)
    }
  }
  for (let i = 0; i < 200; i++) {
    const status = await gateWith(wild(random))
    counts.set(status, (counts.get(status) ?? 0) + 1)
  }
  t.diagnostic(`seed ${seed}: ${[...counts].map(([status, n]) => `${n} × ${status}`).join(', ')}`)
  assert.ok((counts.get(400) ?? 0) > 100 && (counts.get(303) ?? 0) > 50)
})

test('a page that was opened by wild fields is shown and paid', { timeout: 120_000 }, async () => {
  const random = randomFrom(seed + 1)
  let paid = 0
  for (let i = 0; i < 40; i++) {
    const oid = `FUZZ-PAY-${i}`
    const fields = [...web.form(oid), field('zz', wild(random)), field('symbolCur', wild(random))]
    const opened = await web.gate(signFields(fields, storeKey))
    if (opened.status !== 303) continue
    const receipt = await web.payWith(opened.headers.get('location') ?? '')
    assert.equal(receipt.status, 200)
    paid += 1
  }
  assert.ok(paid > 5)
})

const escaped = (bytes: Buffer): Buffer =>
  Buffer.from(
    [...bytes.toString('utf8')]
      .map((one) => (/[<>&]/.test(one) ? `&#${one.codePointAt(0) ?? 63};` : one))
      .join('')
      .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ' '),
  )

const elements =
  'Name Password ClientId Type Mode IPAddress Email OrderId GroupId TransId UserId Total Currency Number Expires Cvv2Val Instalment Taksit PayerSecurityLevel BillToName VersionInfo'.split(
    ' ',
  )

test('the API: each element with wild bytes, each body wild', { timeout: 120_000 }, async (t) => {
  const random = randomFrom(seed + 2)
  const base = { Total: '1.00', Currency: '504', Number: '4000000000000010', Expires: '12/39' }
  const counts = new Map<string, number>()
  const send = async (body: Buffer): Promise<void> => {
    const types = ['text/xml', 'application/x-www-form-urlencoded', undefined, 'text/plain']
    const answer = await postCc5(web.url, body, types[random(types.length)])
    assert.ok(answer.status < 500, answer.body)
    assert.match(answer.of('Response') ?? '', /^(Approved|Declined|Error)$/, answer.body)
    if (answer.of('Response') === 'Error')
      assert.match(answer.of('ERRORCODE') ?? '', /^CORE-\d{4}$/)
    const said =
      (answer.of('ERRORCODE') ?? '') === '' ? answer.of('Response') : answer.of('ERRORCODE')
    counts.set(said ?? '', (counts.get(said ?? '') ?? 0) + 1)
  }
  const mark = '@@@'
  for (const name of elements) {
    for (const Type of ['Auth', 'PostAuth', 'Void', 'Credit', '']) {
      for (let i = 0; i < 3; i++) {
        const Extra = { ORDERSTATUS: 'QUERY' }
        const xml = cc5({ Type, OrderId: `F-${name}-${i}`, ...base, Extra, [name]: mark })
        const [before = '', after = ''] = xml.split(mark)
        // Escaped, so that the value itself is met and not the reader of XML alone.
        const value = i === 0 ? wild(random) : escaped(wild(random))
        await send(Buffer.concat([Buffer.from(before), value, Buffer.from(after)]))
      }
    }
  }
  const whole = Buffer.from(cc5({ Type: 'Auth', OrderId: 'WHOLE', ...base }))
  for (let i = 0; i < 200; i++) {
    const bytes = Buffer.from(whole)
    for (let n = random(4); n >= 0; n--) bytes[random(bytes.length)] = random(256)
    await send(i % 4 === 0 ? wild(random) : bytes.subarray(0, 1 + random(bytes.length)))
  }
  t.diagnostic(`seed ${seed}: ${[...counts].map(([said, n]) => `${n} × ${said}`).join(', ')}`)
})

test('10 MB to either door are refused, and nobody waits', { timeout: 60_000 }, async () => {
  const body = Buffer.alloc(10 * 1024 * 1024, 'a=1&')
  for (const path of ['/fim/est3Dgate', '/fim/api']) {
    const sent = fetch(`${web.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new Uint8Array(body),
    })
    const status = await sent.then((one) => one.status).catch(() => 413)
    assert.equal(status, 413)
  }
  assert.equal((await web.get('/')).status, 200)
})
