import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isCallable, pinAddress } from './merchant-address.ts'

const inside = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:10.0.0.1',
  '::ffff:127.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  'fc00::1',
  'fdff::1',
  'ff02::1',
]
const metadata = ['169.254.169.254', '169.254.0.1', 'fe80::1', '::ffff:169.254.169.254']
const outside = ['8.8.8.8', '105.159.0.1', '172.32.0.1', '2a00:1450:4007::1', '::ffff:8.8.8.8']

test('outside the sandbox nothing inside a network is called; in it, all but link-local', () => {
  for (const address of inside) {
    assert.equal(isCallable(address, false), false, address)
    assert.equal(isCallable(address, true), true, address)
  }
  for (const address of metadata) {
    assert.equal(isCallable(address, false), false, address)
    assert.equal(isCallable(address, true), false, address)
  }
  for (const address of outside) {
    assert.equal(isCallable(address, false), true, address)
    assert.equal(isCallable(address, true), true, address)
  }
})

test('what is no address is never called', () => {
  for (const text of [
    '',
    'localhost',
    '1.2.3',
    '127.1',
    '0x7f000001',
    '::ffff:7f00:1',
    '1.1.1.1 ',
  ]) {
    assert.equal(isCallable(text, true), false, text)
  }
})

test('a literal address is judged as it stands, in brackets or not', async () => {
  assert.deepEqual(await pinAddress('127.0.0.1', false), { ok: false, error: 'refused' })
  assert.deepEqual(await pinAddress('[::1]', false), { ok: false, error: 'refused' })
  assert.deepEqual(await pinAddress('[::1]', true), {
    ok: true,
    value: { address: '::1', family: 6 },
  })
  assert.deepEqual(await pinAddress('8.8.8.8', false), {
    ok: true,
    value: { address: '8.8.8.8', family: 4 },
  })
})
