/** What is typed, what is said where, and the exit status: 0 only when it did what was asked. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { buildMessage, asciibin } from '../wire/iso8583/index.ts'
import { runCommand } from './run.ts'

async function run(...words: readonly string[]) {
  const out: string[] = []
  const err: string[] = []
  const terminal = { out: (line: string) => out.push(line), err: (line: string) => err.push(line) }
  const status = await runCommand(words, terminal)
  return { status, out: out.join('\n'), err: err.join('\n') }
}

const names = [
  'day',
  'ledger',
  'bank',
  'iso8583',
  'database',
  'vault',
  'sandbox',
  'figures',
  'lake',
  'note',
  'forecast',
  'nation',
  'import',
]

test('--help lists every command, and each command has its own', async () => {
  for (const words of [[], ['--help'], ['-h']]) {
    const { status, out, err } = await run(...words)
    assert.deepEqual([status, err], [0, ''])
    for (const name of names) assert.match(out, new RegExp(`\\./monetique ${name} `))
  }
  for (const name of names) {
    const { status, out, err } = await run(name, '--help')
    assert.deepEqual([status, err], [0, ''])
    for (const other of names) assert.equal(out.includes(`./monetique ${other} `), other === name)
  }
})

test('what is typed wrongly is 2, with the usage on standard error', async () => {
  for (const words of [
    ['dya'],
    ['dya', '--help'],
    ['day'],
    ['day', 'clsoe'],
    ['day', 'status', '--jsno'],
    ['ledger', 'balance'],
    ['ledger', 'trial-balance', '--date'],
    ['iso8583', 'decode'],
    ['iso8583', 'decode', '00', '--dialect', 'ebcdic'],
    ['bank', 'books'],
    ['database'],
    ['nation'],
    ['import'],
    ['import', 'package.json'],
    ['import', '/no/such.csv', '--mapping', 'package.json'],
    ['nation', 'empty'],
    ['nation', 'fill', '--seed', '-1'],
    ['nation', 'fill', '--seed', '1.5'],
    ['nation', 'fill', '--scale', '2'],
    ['nation', 'fill', '--scale', 'half'],
    ['nation', 'fill', '--from', '2011-12'],
    ['nation', 'fill', '--to', '2013-13'],
    ['nation', 'fill', '--from', '2013-02', '--to', '2013-01'],
    ['nation', 'fill', '--targets', '/no/such/file.json'],
    ['vault'],
    ['sandbox', 'clock', 'advance', '1w'],
    ['sandbox', 'clock', 'advance', '-1d'],
    ['figures'],
    ['figures', '--month', '2013-9'],
    ['figures', 'check'],
    ['figures', 'check', 'package.json', '--verify'],
    ['figures', 'print', '--month', '2013-09'],
    ['lake'],
    ['lake', 'empty'],
    ['lake', 'forget'],
    ['lake', 'list', 'operations'],
    ['note'],
    ['note', '--month', '2013-13'],
    ['note', '--month', '2013-09', '--lang', 'de'],
    ['note', '--month', '2013-09', '--format', 'doc'],
    ['note', 'release', '--month', '2013-09'],
    ['note', 'withdraw', '--month', '2013-09', '--by', 'Amina'],
    ['note', 'publish'],
    ['forecast'],
    ['forecast', '--month', '2013-09', '--months', '0'],
    ['forecast', '--month', '2013-09', '--channel', 'post'],
  ]) {
    const { status, out, err } = await run(...words)
    assert.deepEqual([status, out], [2, ''], words.join(' '))
    assert.match(err, /\.\/monetique /, words.join(' '))
  }
})

test('a wrong setting is 78, and any other failure 1 with one line', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'monetique-command-'))
  process.env['MONETIQUE_DATA_DIR'] = folder
  const missing = await run('database', 'url')
  assert.deepEqual([missing.status, missing.out], [1, ''])
  assert.match(missing.err, /^no database has been started in .*npm start$/)
  const noKey = await run('vault', 'rotate')
  assert.deepEqual([noKey.status, noKey.out], [1, ''])
  process.env['MONETIQUE_HTTP_PORT'] = 'eighty'
  assert.equal((await run('day', 'status')).status, 78)
  delete process.env['MONETIQUE_HTTP_PORT']
})

test('a decoded message shows no card data, to a person or to a program', async () => {
  const pan = '4111111111111111'
  const fields = { 2: pan, 11: '000123', 35: `${pan}=17122011234`, 48: '9203000' }
  const built = buildMessage(asciibin, { mti: '0200', fields: { ...fields, 63: `see ${pan}` } })
  assert.ok(built.ok)
  const hex = built.value.toString('hex')
  for (const options of [[], ['--json']]) {
    const { status, out, err } = await run('iso8583', 'decode', hex, ...options)
    assert.deepEqual([status, err], [0, ''])
    for (const secret of [pan, Buffer.from(pan).toString('hex'), '9203000', '17122011234']) {
      assert.ok(!out.toLowerCase().includes(secret), secret)
    }
    assert.match(out, /411111\*\*\*1111/)
  }
  const json = JSON.parse((await run('iso8583', 'decode', hex, '--json')).out) as { mti: string }
  assert.equal(json.mti, '0200')
  const cut = await run('iso8583', 'decode', hex.slice(0, -2), '--json')
  assert.deepEqual([cut.status, cut.out], [1, ''])
  assert.ok(!cut.err.includes(pan))
})

/** A centre that gives one answer to everything. */
let answer: { readonly status: number; readonly body: object } = { status: 200, body: {} }
const centre = createServer((_request, response) => {
  response.writeHead(answer.status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer.body))
})
after(() => centre.close())

test('a ledger that is not balanced is not a success, in JSON either', async () => {
  await new Promise<void>((done) => centre.listen(0, '127.0.0.1', done))
  process.env['MONETIQUE_HTTP_PORT'] = String((centre.address() as AddressInfo).port)
  const balance = { account: 'a/b/MAD', debitMinor: '2', creditMinor: '1', balanceMinor: '1' }
  const body = { date: null, asOf: '2013-09-15T12:00:00Z', provisional: true, balances: [balance] }
  answer = { status: 200, body: { ...body, balanced: false } }
  for (const options of [[], ['--json']]) {
    const { status, out, err } = await run('ledger', 'trial-balance', ...options)
    assert.equal(status, 1)
    assert.match(out, /a\/b\/MAD/)
    assert.match(err, /not balanced/)
  }
  answer = { status: 200, body: { ...body, balanced: true } }
  const { status, out } = await run('ledger', 'balance', 'a/b/MAD', '--json')
  assert.equal(status, 0)
  assert.deepEqual(JSON.parse(out), { ...body, balanced: true })
  assert.equal((await run('ledger', 'balance', 'unknown', '--json')).status, 1)
})

test('what the centre refuses is said in its words, and is 1', async () => {
  answer = { status: 503, body: { error: { code: 'day_not_closed', message: 'not closed yet' } } }
  const { status, out, err } = await run('day', 'close', '--json')
  assert.deepEqual([status, out, err], [1, '', 'not closed yet'])
})
