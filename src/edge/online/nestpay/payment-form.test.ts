import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Site } from '../../../directory/index.ts'
import { MAD } from '../../../kernel/currency.ts'
import { field } from '../../../wire/nestpay/index.ts'
import { isCallbackWanted, readPaymentForm } from './payment-form.ts'

const site = { currency: MAD } as Site

const right = {
  storetype: '3D_PAY_HOSTING',
  amount: '31,50',
  currency: '504',
  OID: 'A-1',
  okurl: 'https://shop.ma/ok',
  failUrl: 'http://127.0.0.1:8081/fail',
}

type Changes = Readonly<Record<string, string>>

const read = (changes: Changes): ReturnType<typeof readPaymentForm> =>
  readPaymentForm(
    Object.entries({ ...right, ...changes }).map(([name, value]) => field(name, value)),
    site,
  )

test('what merchants post, in their spellings', () => {
  const plain = read({})
  assert.ok(plain.ok)
  assert.equal(plain.value.amount.minor, 3_150n)
  assert.equal(plain.value.kind, 'preauthorization')
  assert.equal(plain.value.reference, 'A-1')
  assert.equal(plain.value.language, 'fr')
  for (const storetype of ['3DPAYHOSTING', '3d_pay_hosting', '3d', 'pay_hosting', 'regular']) {
    assert.ok(read({ storetype }).ok, storetype)
  }
  const other = read({ trantype: 'AUTH', lang: 'AR', sessionTimeout: '30', OID: ' ' })
  assert.ok(other.ok)
  assert.equal(other.value.kind, 'purchase')
  assert.equal(other.value.language, 'ar')
  assert.equal(other.value.sessionSeconds, 30)
  assert.equal(other.value.reference, '')
  const street = read({ BillToStreet1: 'Rue 1\r\nFès', AutoRedirect: '1', refreshtime: '5' })
  assert.ok(street.ok)
})

test('each wrong field is refused by name and code', () => {
  const url = 'FORM-0004'
  const cases: readonly (readonly [Changes, string, string])[] = [
    [{ storetype: '' }, 'FORM-0003', 'storetype'],
    [{ storetype: 'oos' }, 'FORM-0004', 'storetype'],
    [{ TranType: 'Credit' }, 'FORM-0004', 'TranType'],
    [{ amount: '' }, 'FORM-0003', 'amount'],
    [{ amount: '0.00' }, 'FORM-0004', 'amount'],
    [{ amount: '1.005' }, 'FORM-0004', 'amount'],
    [{ amount: '-1' }, 'FORM-0004', 'amount'],
    [{ currency: '978' }, 'FORM-0005', 'currency'],
    [{ OID: 'x'.repeat(65) }, 'FORM-0004', 'oid'],
    [{ OID: 'a\u0000b' }, 'FORM-0004', 'oid'],
    [{ okurl: '' }, 'FORM-0003', 'okUrl'],
    [{ okurl: '/ok' }, url, 'okUrl'],
    [{ okurl: 'javascript:alert(1)' }, url, 'okUrl'],
    [{ okurl: 'http:shop.ma' }, url, 'okUrl'],
    [{ failUrl: 'https://a:b@shop.ma/' }, url, 'failUrl'],
    [{ callbackUrl: 'ftp://shop.ma/' }, url, 'callbackUrl'],
    [{ callbackUrl: 'http://shop;sandbox/' }, url, 'callbackUrl'],
    [{ shopurl: `https://shop.ma/${'é'.repeat(1_020)}` }, url, 'shopurl'],
    [{ shopurl: 'https://shop.ma/\na' }, url, 'shopurl'],
    [{ sessionTimeout: '29' }, 'FORM-0004', 'sessionTimeout'],
    [{ sessionTimeout: '2701' }, 'FORM-0004', 'sessionTimeout'],
    [{ AutoRedirect: 'perhaps' }, 'FORM-0004', 'AutoRedirect'],
    [{ refreshtime: '-1' }, 'FORM-0004', 'refreshtime'],
    [{ TEL: '1'.repeat(33) }, 'FORM-0004', 'TEL'],
    [{ email: `a\u001b@b.ma` }, 'FORM-0004', 'email'],
    [{ BillToStreet12: 'x'.repeat(256) }, 'FORM-0004', 'BillToStreet12'],
    [{ pan: '4000000000000010' }, 'FORM-0006', 'pan'],
    [{ cv2: '000' }, 'FORM-0006', 'cv2'],
  ]
  for (const [changes, code, name] of cases) {
    const refused = read(changes)
    assert.ok(!refused.ok, JSON.stringify(changes))
    assert.deepEqual([refused.error.code, refused.error.field], [code, name])
  }
})

test('a callback is wanted with an address, unless it is switched off', () => {
  const url = field('callbackURL', 'https://shop.ma/cb')
  assert.equal(isCallbackWanted([]), false)
  assert.equal(isCallbackWanted([field('CallbackResponse', 'true')]), false)
  assert.equal(isCallbackWanted([url]), true)
  for (const [said, wanted] of [
    ['true', true],
    ['1', true],
    ['', false],
    ['False', false],
    ['0', false],
  ] as const) {
    assert.equal(isCallbackWanted([url, field('callbackResponse', said)]), wanted, said)
  }
})
