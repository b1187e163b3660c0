import { limits } from '../../kernel/limits.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Field } from './field.ts'
import type { FormError, PlacedField } from './form-field.ts'
import { readMultipart } from './multipart.ts'
import { readUrlencoded } from './urlencoded.ts'

/** A form's body as ordered names and raw bytes; nothing is transcoded, nothing repeated. */
export function parseForm(contentType: string, body: Buffer): Result<readonly Field[], FormError> {
  if (body.length > limits.formBytesMax) {
    return fail({ rule: 'too_large', field: null, offset: limits.formBytesMax })
  }
  const read = readBody(contentType, body)
  if (!read.ok) return read
  const seen = new Set<string>()
  for (const { field, offset } of read.value) {
    const name = field.name.toLowerCase()
    // Which of two values a reader takes differs by reader: neither is safe.
    if (seen.has(name)) return fail({ rule: 'duplicate', field: field.name, offset })
    seen.add(name)
  }
  return ok(read.value.map(({ field }) => field))
}

function readBody(contentType: string, body: Buffer): Result<readonly PlacedField[], FormError> {
  const mediaType = (contentType.split(';')[0] ?? '').trim().toLowerCase()
  if (mediaType === 'application/x-www-form-urlencoded') return readUrlencoded(body)
  if (mediaType === 'multipart/form-data') return readMultipart(contentType, body)
  return fail({ rule: 'content_type', field: null, offset: 0 })
}
