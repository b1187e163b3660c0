import { limits } from '../../kernel/limits.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { checkedField, type FormError, type PlacedField } from './form-field.ts'

const malformed = (offset: number): Result<never, FormError> =>
  fail({ rule: 'multipart_shape', field: null, offset })

/** [RFC7578] `multipart/form-data` with values only: a file has no place in a payment's form. */
export function readMultipart(
  contentType: string,
  body: Buffer,
): Result<readonly PlacedField[], FormError> {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType)
  if (boundary === null) return malformed(0)
  const delimiter = Buffer.from(`--${boundary[1] ?? boundary[2] ?? ''}`, 'latin1')
  const fields: PlacedField[] = []
  let at = body.indexOf(delimiter)
  if (at === -1) return malformed(0)
  for (;;) {
    const start = at + delimiter.length
    if (body.toString('latin1', start, start + 2) === '--') return ok(fields)
    if (body.toString('latin1', start, start + 2) !== '\r\n') return malformed(start)
    const end = body.indexOf(Buffer.concat([Buffer.from('\r\n'), delimiter]), start)
    if (end === -1) return malformed(start)
    if (fields.length === limits.formFieldsMax) {
      return fail({ rule: 'too_many_fields', field: null, offset: start })
    }
    const part = readPart(body.subarray(start + 2, end), start + 2)
    if (!part.ok) return part
    fields.push(part.value)
    at = end + 2
  }
}

const headersBytesMax = 1024

function readPart(part: Buffer, offset: number): Result<PlacedField, FormError> {
  const blank = part.indexOf('\r\n\r\n')
  if (blank === -1 || blank > headersBytesMax) return malformed(offset)
  const headers = part.toString('latin1', 0, blank)
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(headers)?.[1]
  if (disposition === undefined) return malformed(offset)
  const name = /(?:^|;)\s*name=(?:"([^"]*)"|([^\s;"]+))/i.exec(disposition)
  if (name === null) return malformed(offset)
  // [WHATWG-HTML §form-data] Browsers write these three characters of a name so.
  const text = (name[1] ?? name[2] ?? '')
    .replace(/%22/g, '"')
    .replace(/%0D/gi, '\r')
    .replace(/%0A/gi, '\n')
  if (/(?:^|;)\s*filename\*?=/i.test(disposition)) {
    return fail({ rule: 'file', field: text.slice(0, 40), offset })
  }
  return checkedField(Buffer.from(text, 'latin1'), part.subarray(blank + 4), offset)
}
