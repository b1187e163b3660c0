import { limits } from '../../kernel/limits.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { findField, trimBytes } from './field.ts'
import { parseForm } from './form.ts'
import { decodePercent } from './urlencoded.ts'
import { escapeXml, type XmlError } from './xml-text.ts'

/**
 * The XML of a request to `/fim/api` [CMI §5], whichever way it came: the body itself, or the field
 * `DATA` of a form, which many clients do not url-encode.
 */
export function xmlOf(contentType: string, body: Buffer): Result<Buffer, XmlError> {
  const trimmed = trimBytes(body)
  if (trimmed.length === 0) return fail({ rule: 'empty', offset: 0 })
  if (trimmed.length > limits.formBytesMax) {
    return fail({ rule: 'too_large', offset: limits.formBytesMax })
  }
  // A byte order mark may stand before the document.
  if (/^(?:\u00ef\u00bb\u00bf)?\s*</.test(trimmed.toString('latin1', 0, 64))) return ok(trimmed)
  if (/^\s*multipart\/form-data/i.test(contentType)) {
    const form = parseForm(contentType, body)
    const data = form.ok ? findField(form.value, 'DATA') : undefined
    return data === undefined ? fail({ rule: 'no_xml', offset: 0 }) : ok(data.value)
  }
  const plain = /^data\s*=\s*(?=<)/i.exec(trimmed.toString('latin1', 0, 64))
  if (plain !== null) {
    // Other fields may follow, and hold no markup.
    return ok(trimmed.subarray(plain[0].length, trimmed.lastIndexOf(0x3e) + 1))
  }
  return encodedData(trimmed)
}

function encodedData(body: Buffer): Result<Buffer, XmlError> {
  const text = body.toString('latin1')
  const start = /(?:^|&)data=/i.exec(text)
  if (start === null) return fail({ rule: 'no_xml', offset: 0 })
  const from = start.index + start[0].length
  const end = text.indexOf('&', from)
  const value = decodePercent(body.subarray(from, end === -1 ? body.length : end))
  return value.ok ? ok(value.value) : fail({ rule: 'percent_escape', offset: from + value.error })
}

/** A name with its text, or with what is within it. */
export type Cc5Element = readonly [name: string, content: string | readonly Cc5Element[]]

/** The answer as bytes: the encoding that merchants' parsers expect, in which all is ASCII. */
export const encodeCc5 = (elements: readonly Cc5Element[]): Buffer =>
  Buffer.from(
    `<?xml version="1.0" encoding="ISO-8859-9"?>\n${render(['CC5Response', elements])}\n`,
    'latin1',
  )

const render = ([name, content]: Cc5Element): string =>
  `<${name}>${typeof content === 'string' ? escapeXml(content) : content.map(render).join('')}</${name}>`
