import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { limits } from '../../../kernel/limits.ts'
import { MAD } from '../../../kernel/currency.ts'
import { money } from '../../../kernel/money.ts'
import { openHttp } from '../../../platform/http.ts'
import { silentLog } from '../../../platform/log.ts'
import { cardPage } from './card-page.ts'
import { sendPage } from './layout.ts'
import { inventory } from './page-script.ts'
import { registerPageReports, reportsPath } from './reports.ts'

function bench() {
  const told: object[] = []
  const counted: string[] = []
  let nowMs = 0
  const server = openHttp({ log: silentLog, random: randomBytes })
  registerPageReports(server, {
    clock: { now: () => new Date(0), monotonicMs: () => nowMs },
    log: { ...silentLog, warn: (facts: object) => void told.push(facts) } as never,
    observe: (directive) => counted.push(directive),
  })
  const report = (type: string, payload: string | Buffer) =>
    server.inject({
      method: 'POST',
      url: reportsPath,
      headers: { 'content-type': type },
      payload,
    })
  return { server, told, counted, report, pass: (ms: number) => (nowMs += ms) }
}

test('both shapes of report are told, without session or card', async () => {
  const { told, counted, report } = bench()
  const old = {
    'csp-report': {
      'document-uri': 'http://127.0.0.1:8080/pay/AAECAwQFBgcICQoLDA0ODxAREhM?x=1',
      'effective-directive': 'script-src-elem',
      'blocked-uri': 'https://evil.example/skim.js',
      'script-sample': 'var pan="4000000000000010"\n',
    },
  }
  const body = {
    documentURL: 'http://h/pay/SECRET/cancel',
    effectiveDirective: 'form-action',
    blockedURL: 'https://evil.example/',
  }
  assert.equal((await report('application/csp-report', JSON.stringify(old))).statusCode, 204)
  await report('application/reports+json', JSON.stringify([{ type: 'csp-violation', body }]))
  assert.deepEqual(counted, ['script-src-elem', 'form-action'])
  assert.deepEqual(told, [
    {
      directive: 'script-src-elem',
      blocked: 'https://evil.example/skim.js',
      page: 'http://127.0.0.1:8080/pay/SESSION?x=1',
      sample: 'var pan="#" ',
    },
    {
      directive: 'form-action',
      blocked: 'https://evil.example/',
      page: 'http://h/pay/SESSION/cancel',
      sample: '',
    },
  ])
})

test('nonsense is nothing, a flood fills no log, and a body over the bound is refused', async () => {
  const { told, counted, report, pass } = bench()
  for (const nonsense of ['', '{', '[[]]', 'null', '{"csp-report":3}', '"x"']) {
    assert.equal((await report('application/csp-report', nonsense)).statusCode, 204)
  }
  assert.ok(counted.every((directive) => directive === 'other'))
  const one = JSON.stringify({ 'csp-report': { 'effective-directive': 'x'.repeat(99) } })
  const before = told.length
  for (let i = 0; i < limits.pageReportsPerMinute + 20; i++) {
    await report('application/csp-report', one)
  }
  assert.equal(told.length, limits.pageReportsPerMinute)
  pass(60_001)
  await report('application/csp-report', one)
  assert.equal(told.length, limits.pageReportsPerMinute + 1)
  assert.ok(before <= told.length)
  const large = Buffer.alloc(limits.pageReportBytesMax + 1, 'x')
  assert.equal((await report('application/csp-report', large)).statusCode, 413)
})

test('a page runs the script that its policy names by hash, and the inventory lists it', async () => {
  const { server } = bench()
  server.get('/page', (_request, reply) =>
    sendPage(
      reply,
      cardPage({
        merchant: 'M',
        reference: 'R',
        amount: money(1n, MAD),
        language: 'fr',
        path: '/pay/x',
        attempt: 1,
        problems: {},
        name: '',
        notice: null,
        indicative: null,
      }),
      randomBytes,
    ),
  )
  const { body, headers } = await server.inject({ method: 'GET', url: '/page' })
  const script = /<script>([\s\S]*?)<\/script>/.exec(body)?.[1] ?? ''
  const hash = `sha256-${createHash('sha256').update(script).digest('base64')}`
  const policy = String(headers['content-security-policy'])
  assert.ok(policy.includes(`script-src '${hash}'`), policy)
  assert.ok(policy.includes(`report-uri ${reportsPath}`))
  assert.ok(inventory.some(({ integrity }) => integrity === hash))
  const listed = await server.inject({ method: 'GET', url: '/pay/scripts' })
  assert.equal(listed.json<{ scripts: unknown[] }>().scripts.length, inventory.length)
})
