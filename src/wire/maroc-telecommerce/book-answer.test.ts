import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBookAnswer } from './index.ts'

const says = (body: string, cart = '1001') => readBookAnswer(Buffer.from(body), Buffer.from(cart))

test('booked: the cart that was asked, a date and a number', () => {
  for (const body of ['1;1001;20130915;1', ' 1;1001;20130915;2\r\n', '\ufeff1;1001;20130915;2']) {
    assert.equal(says(body), 'booked', body)
  }
  assert.equal(says('1;é;20;20130915;1', 'é;20'), 'booked', 'a cart may hold a semicolon')
})

test('not booked', () => {
  for (const body of ['0;Null;Null;Null', '0;Null;Null;1', '0;1001;20130915;1', '0;;;']) {
    assert.equal(says(body), 'not_booked', body)
  }
})

test('another cart and nonsense are no answer', () => {
  for (const body of [
    '1;1002;20130915;1',
    '1;10010;20130915;1',
    '1;1001;2013-09-15;1',
    '1;1001;20130915;',
    '1;1001;20130915;1;1',
    '1;1001;20130915;1 <!-- served by -->',
    '1',
    '0',
    'OK',
    'ACTION=POSTAUTH',
    '<html>0;Null;Null;1</html>',
  ]) {
    assert.equal(says(body), 'other_text', body)
  }
  assert.equal(says(' \n'), 'empty')
})
