import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigurationError, readConfig } from './config.ts'

test('without a setting everything stays on this machine', () => {
  const config = readConfig({ PATH: '/bin' })
  assert.equal(config.host, '127.0.0.1')
  assert.deepEqual(
    [config.httpPort, config.shopPort, config.terminalsPort, config.issuersPort],
    [8080, 8081, 8583, 9001],
  )
  assert.equal(config.sandbox, true)
  assert.equal(config.databaseUrl, undefined)
  assert.equal(Object.isFrozen(config), true)
})

test('an empty value is an absent one', () => {
  const config = readConfig({ MONETIQUE_HTTP_PORT: '', DATABASE_URL: ' ' })
  assert.equal(config.httpPort, 8080)
  assert.equal(config.databaseUrl, undefined)
})

test('what is set is read', () => {
  const config = readConfig({
    MONETIQUE_HTTP_PORT: '80',
    MONETIQUE_HOST: '::1',
    MONETIQUE_PUBLIC_URL: 'https://pay.example.ma/',
    MONETIQUE_SANDBOX_NOW: '2013-09-15T09:00:00+01:00',
    DATABASE_URL: 'postgresql://u:p@db.example:5432/monetique',
  })
  assert.equal(config.httpPort, 80)
  assert.equal(config.host, '::1')
  assert.equal(config.publicUrl, 'https://pay.example.ma')
  assert.deepEqual(config.sandboxNow, new Date('2013-09-15T08:00:00Z'))
  assert.equal(config.databaseUrl, 'postgresql://u:p@db.example:5432/monetique')
})

test('each bad value is refused in a sentence that names it', () => {
  const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
    [{ MONETIQUE_PORT: '80' }, /^MONETIQUE_PORT is not a setting/],
    [{ MONETIQUE_HTTP_PORT: '0' }, /MONETIQUE_HTTP_PORT is "0": a TCP port/],
    [{ MONETIQUE_HTTP_PORT: '65536' }, /MONETIQUE_HTTP_PORT/],
    [{ MONETIQUE_HTTP_PORT: '80a' }, /MONETIQUE_HTTP_PORT/],
    [{ MONETIQUE_HTTP_PORT: '1e3' }, /MONETIQUE_HTTP_PORT/],
    [{ MONETIQUE_HTTP_PORT: '8081' }, /MONETIQUE_HTTP_PORT and MONETIQUE_SHOP_PORT both use/],
    [{ MONETIQUE_HTTP_PORT: '9003' }, /MONETIQUE_HTTP_PORT and MONETIQUE_ISSUERS_PORT both use/],
    [{ MONETIQUE_ISSUERS_PORT: '65535' }, /MONETIQUE_ISSUERS_PORT is 65535/],
    [{ MONETIQUE_HOST: 'a b' }, /MONETIQUE_HOST/],
    [{ MONETIQUE_PUBLIC_URL: 'pay.example.ma' }, /MONETIQUE_PUBLIC_URL is "pay.example.ma": http/],
    [{ MONETIQUE_PUBLIC_URL: 'https://pay.example.ma/fim' }, /MONETIQUE_PUBLIC_URL/],
    [{ MONETIQUE_SANDBOX: 'yes' }, /MONETIQUE_SANDBOX is "yes": 1 or 0/],
    [{ MONETIQUE_SANDBOX_NOW: '2013-09-15' }, /MONETIQUE_SANDBOX_NOW .*an instant with its zone/],
    [{ MONETIQUE_SANDBOX_NOW: '2013-09-15T09:00' }, /MONETIQUE_SANDBOX_NOW/],
    [{ MONETIQUE_SANDBOX_NOW: '2013-02-30T09:00:00Z' }, /MONETIQUE_SANDBOX_NOW/],
    [
      { MONETIQUE_SANDBOX: '0', MONETIQUE_SANDBOX_NOW: '2013-09-15T09:00:00Z' },
      /only for the sand/,
    ],
    [{ MONETIQUE_DIRECTORY: '/nowhere/at/all' }, /MONETIQUE_DIRECTORY .*not a folder/],
    [{ DATABASE_URL: 'mysql://x' }, /^DATABASE_URL is not a URL postgresql/],
  ]
  for (const [environment, expected] of cases) {
    assert.throws(
      () => readConfig(environment),
      (error) => error instanceof ConfigurationError && expected.test(error.message),
      JSON.stringify(environment),
    )
  }
})

test('a bad database URL is not repeated: it may hold a password', () => {
  assert.throws(
    () => readConfig({ DATABASE_URL: 'postgres//u:hunter2@h/d' }),
    (error) => error instanceof Error && !error.message.includes('hunter2'),
  )
})
