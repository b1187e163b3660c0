/** The small strict reader of the API's XML: what it takes, what it refuses and by which rule. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { limits } from '../../kernel/limits.ts'
import { encodeCc5, xmlOf } from './cc5.ts'
import { readXml, type XmlElement } from './xml-reader.ts'

const read = (text: string | Buffer): XmlElement => {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text
  const result = readXml(bytes)
  return result.ok ? result.value : assert.fail(result.error.rule)
}

const ruleOf = (text: string | Buffer): string | undefined => {
  const result = readXml(typeof text === 'string' ? Buffer.from(text, 'utf8') : text)
  return result.ok ? undefined : result.error.rule
}

test('elements, text, the five entities, characters by number', () => {
  const root = read(
    '\ufeff <?xml version="1.0" encoding="UTF-8"?>\n<A b="1" c=\'2\'><B>x &amp; &#233;&#xE9;</B><C/>\n</A>\n',
  )
  assert.equal(root.name, 'A')
  assert.deepEqual(root.children, [
    { name: 'B', text: 'x & éé', children: [] },
    { name: 'C', text: '', children: [] },
  ])
})

test('bytes in the encoding that is declared, or in either when none is', () => {
  const turkish = Buffer.concat([
    Buffer.from('<A>'),
    Buffer.from([0xe9, 0xf0, 0xfd]),
    Buffer.from('</A>'),
  ])
  assert.equal(read(turkish).text, 'éğı')
  const declared = Buffer.concat([
    Buffer.from('<?xml version="1.0" encoding="iso-8859-9"?>'),
    turkish,
  ])
  assert.equal(read(declared).text, 'éğı')
  const wrong = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="utf-8"?>'), turkish])
  assert.equal(ruleOf(wrong), 'encoding')
  assert.equal(read('<A>éğı</A>').text, 'éğı')
  assert.equal(ruleOf(Buffer.from('<A>x</A>', 'utf16le')), 'encoding')
})

test('each attack and each fault has its rule', () => {
  const bomb = `<!DOCTYPE a [<!ENTITY b "${'x'.repeat(100)}">]><a>&b;</a>`
  const cases: readonly (readonly [string, string])[] = [
    [bomb, 'doctype'],
    ['<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', 'doctype'],
    ['<a><!ENTITY b "c"></a>', 'doctype'],
    ['<a>&b;</a>', 'entity'],
    ['<a>&</a>', 'entity'],
    ['<a>&#0;</a>', 'entity'],
    ['<a>&#xd800;</a>', 'entity'],
    ['<a>&#99999999;</a>', 'entity'],
    ['<a>&constructor;</a>', 'entity'],
    ['<a><![CDATA[x]]></a>', 'cdata'],
    ['<a><!-- x --></a>', 'comment'],
    ['<a><?php x?></a>', 'instruction'],
    ['<?xml version="2.0"?><a/>', 'declaration'],
    ['<?xml version="1.0" encoding="UTF-7"?><a/>', 'encoding'],
    ['<a>\u0001</a>', 'characters'],
    ['<a><b></a></b>', 'nesting'],
    ['<a>', 'nesting'],
    ['</a>', 'nesting'],
    ['<a/><b/>', 'trailing'],
    ['<a/>x', 'trailing'],
    ['x<a/>', 'no_xml'],
    ['', 'empty'],
    ['<a b=c/>', 'tag'],
    ['<a b="<"/>', 'tag'],
    ['<1/>', 'tag'],
    ['<é/>', 'tag'],
    ['< a/>', 'tag'],
    ['<a', 'tag'],
    ['<a>x<b/></a>', 'text_between_elements'],
    ['<a>'.repeat(limits.xmlDepthMax + 1), 'depth'],
    [`<a>${'<b/>'.repeat(limits.xmlElementsMax)}</a>`, 'elements'],
    [`<a>${'x'.repeat(limits.formBytesMax)}</a>`, 'too_large'],
  ]
  for (const [text, rule] of cases) assert.equal(ruleOf(text), rule, text.slice(0, 60))
})

test('no bytes make the reader throw or take long', () => {
  const pieces = fc.constantFrom(
    '<a>',
    '</a>',
    '<a',
    ' b="',
    '"',
    '&',
    '&#',
    ';',
    '<!',
    '<?',
    '>',
    '/>',
    '\u0000',
    'é',
    ' '.repeat(50),
    'x',
  )
  const property = fc.property(
    fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.array(pieces, { maxLength: 60 }).map((all) => Buffer.from(all.join(''))),
    ),
    fc.constantFrom(
      'text/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      '',
    ),
    (bytes, type) => {
      readXml(bytes)
      const xml = xmlOf(type, bytes)
      if (xml.ok) readXml(xml.value)
    },
  )
  fc.assert(property, { seed: 5, numRuns: 5_000 })
  const startedMs = performance.now()
  for (const long of [
    '<a' + ' '.repeat(60_000),
    '<a>' + '&'.repeat(60_000),
    '<a ' + 'b= '.repeat(20_000),
  ])
    ruleOf(long)
  assert.ok(performance.now() - startedMs < 1_000)
})

test('what is written is read back, in ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
      const bytes = encodeCc5([
        ['ErrMsg', text],
        ['Extra', [['A', '1\t2']]],
      ])
      assert.ok(bytes.every((byte) => byte < 0x80))
      const clean = text.replace(/[^\t\n\r\u0020-\ufffd]/gu, (one) => (one.length > 1 ? one : '?'))
      assert.equal(read(bytes).children[0]?.text, clean)
      assert.equal(read(bytes).children[1]?.children[0]?.text, '1\t2')
    }),
    { seed: 6 },
  )
})

test('the transports: a body, a form’s DATA encoded or not, with fields around it', () => {
  const xml = '<A><B>1+1 &amp; 2%</B></A>'
  const form = 'application/x-www-form-urlencoded'
  const encoded = encodeURIComponent(xml)
  for (const [type, body] of [
    ['text/xml', xml],
    ['application/xml; charset=utf-8', `\n${xml}`],
    ['', `\ufeff${xml}`],
    [form, xml],
    [form, `DATA=${xml}`],
    [form, `data=${xml}&other=1`],
    [form, `DATA=${encoded}`],
    [form, `a=1&DATA=${encoded}&b=2`],
    ['text/xml', `DATA=${xml}`],
    [
      'multipart/form-data; boundary=q',
      `--q\r\nContent-Disposition: form-data; name="DATA"\r\n\r\n${xml}\r\n--q--`,
    ],
  ] as const) {
    const found = xmlOf(type, Buffer.from(body))
    assert.ok(found.ok, body)
    assert.equal(read(found.value).children[0]?.text, '1+1 & 2%', body)
  }
  for (const [body, rule] of [
    ['', 'empty'],
    ['hello', 'no_xml'],
    ['XML=<a/>', 'no_xml'],
    ['DATA=%3', 'percent_escape'],
    ['{"a":1}', 'no_xml'],
  ] as const) {
    const found = xmlOf(form, Buffer.from(body))
    assert.ok(!found.ok && found.error.rule === rule, body)
  }
})
