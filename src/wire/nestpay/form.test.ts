import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { limits } from '../../kernel/limits.ts'
import { field, textOf } from './field.ts'
import { parseForm } from './form.ts'
import { encodeForm } from './outbound.ts'

const urlencoded = 'application/x-www-form-urlencoded; charset=ISO-8859-9'
const parse = (body: string | Buffer, type = urlencoded): ReturnType<typeof parseForm> =>
  parseForm(type, typeof body === 'string' ? Buffer.from(body, 'latin1') : body)

function fieldsOf(body: string, type?: string): readonly (readonly [string, string])[] {
  const parsed = parse(body, type)
  assert.ok(parsed.ok)
  return parsed.value.map(({ name, value }) => [name, value.toString('latin1')] as const)
}

test('order, empty values, plus and escapes to raw bytes', () => {
  assert.deepEqual(fieldsOf('b=1&&a=x+y%2B&c=&d&e=%C9%F0='), [
    ['b', '1'],
    ['a', 'x y+'],
    ['c', ''],
    ['d', ''],
    ['e', '\xc9\xf0='],
  ])
})

test('text for people: UTF-8, else ISO-8859-9', () => {
  assert.equal(textOf(Buffer.from('Éloïse')), 'Éloïse')
  assert.equal(textOf(Buffer.from([0xc9, 0x6c, 0xf0])), 'Élğ')
})

test('multipart of a browser', () => {
  const body =
    '--B\r\nContent-Disposition: form-data; name="amount"\r\n\r\n10.60\r\n' +
    '--B\r\nContent-Disposition: form-data; name="BillToName"\r\n\r\nÉ\r\nx\r\n--B--\r\n'
  assert.deepEqual(fieldsOf(body, 'multipart/form-data; boundary=B'), [
    ['amount', '10.60'],
    ['BillToName', '\xc9\r\nx'],
  ])
  assert.deepEqual(fieldsOf(body, 'Multipart/Form-Data; charset=x; boundary="B"').length, 2)
})

test('each broken body names its rule, field and offset', () => {
  const part = (headers: string): string => `--B\r\n${headers}\r\n\r\nx\r\n--B--`
  const named = 'Content-Disposition: form-data; name="a"'
  const cases: readonly (readonly [string, string, string | null, string?])[] = [
    ['a=%4', 'percent_escape', 'a'],
    ['a=%zz', 'percent_escape', 'a'],
    ['%=1', 'percent_escape', null],
    ['a=1&A=2', 'duplicate', 'A'],
    ['%00=1', 'name_characters', '?'],
    ['%C3%A9=1', 'name_characters', '??'],
    ['=1', 'name_characters', ''],
    [`${'n'.repeat(129)}=1`, 'name_too_long', 'n'.repeat(40)],
    [`a=${'x'.repeat(8 * 1024 + 1)}`, 'value_too_long', 'a'],
    [Array.from({ length: 201 }, (_, i) => `f${i}=1`).join('&'), 'too_many_fields', null],
    ['x'.repeat(limits.formBytesMax + 1), 'too_large', null],
    ['{}', 'content_type', null, 'application/json'],
    ['a=1', 'content_type', null, ''],
    ['a=1', 'multipart_shape', null, 'multipart/form-data'],
    ['a=1', 'multipart_shape', null, 'multipart/form-data; boundary=B'],
    [part(`${named}; filename="f"`), 'file', 'a', 'multipart/form-data; boundary=B'],
    [part('X: y'), 'multipart_shape', null, 'multipart/form-data; boundary=B'],
    [`--B\r\n${named}\r\n\r\nx`, 'multipart_shape', null, 'multipart/form-data; boundary=B'],
  ]
  for (const [body, rule, name, type] of cases) {
    const parsed = parse(body, type ?? urlencoded)
    assert.ok(!parsed.ok, body.slice(0, 40))
    assert.equal(parsed.error.rule, rule)
    assert.equal(parsed.error.field, name)
  }
})

test('property: what is encoded is parsed back, and nothing throws on any bytes', () => {
  const value = fc.uint8Array({ maxLength: 40 })
  fc.assert(
    fc.property(fc.array(value, { maxLength: 8 }), (values) => {
      const fields = values.map((bytes, i) => field(`f ${i}`, Buffer.from(bytes)))
      const parsed = parse(encodeForm(fields))
      assert.ok(parsed.ok)
      assert.deepEqual(parsed.value, fields)
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      parse(Buffer.from(bytes))
      parse(Buffer.from(bytes), 'multipart/form-data; boundary=a')
    }),
  )
})
