import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aliasesOf, isHost } from './aliases.ts'

const addresses = {
  publicUrl: 'https://pay.example.ma',
  ownUrls: ['http://0.0.0.0:8080', 'http://localhost:8080'],
}
const url = '/test/gateway/pay.asp'

test('every address that leads here, and none twice', () => {
  const found = aliasesOf({ host: 'demo.shop.ma:9000', url }, addresses)
  for (const origin of [
    'http://demo.shop.ma:9000',
    'https://demo.shop.ma',
    'https://demo.shop.ma:443',
    'https://pay.example.ma',
    'http://pay.example.ma:80',
    'http://localhost:8080',
    'http://localhost',
    'https://shopping.maroctelecommerce.com',
  ]) {
    assert.ok(found.includes(`${origin}${url}`), origin)
  }
  assert.ok(found.includes('https://golden.maroccommerce.com/test/pay.cgi'))
  assert.ok(found.includes(`http://demo.shop.ma:9000${url}/`))
  assert.equal(new Set(found).size, found.length)
  assert.ok(found.length < 250, `${found.length}`)
})

test('a Host header that is no host adds nothing', () => {
  const without = aliasesOf({ host: undefined, url }, addresses)
  for (const host of ['evil.ma/x', 'a b', '', 'x?y', 'a@b', `${'a'.repeat(300)}`, 'h:123456']) {
    assert.equal(isHost(host), false, host)
    assert.deepEqual(aliasesOf({ host, url }, addresses), without)
  }
  assert.ok(isHost('[::1]:8080'))
})
