import { limits } from '../../kernel/limits.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import { checkedField, type FormError, type PlacedField } from './form-field.ts'

/** [WHATWG-URL §5.1] `name=value&…`, percent escapes to bytes, `+` to a space. */
export function readUrlencoded(body: Buffer): Result<readonly PlacedField[], FormError> {
  const fields: PlacedField[] = []
  let start = 0
  while (start <= body.length) {
    const separator = body.indexOf(0x26, start)
    const end = separator === -1 ? body.length : separator
    if (end > start) {
      if (fields.length === limits.formFieldsMax) {
        return fail({ rule: 'too_many_fields', field: null, offset: start })
      }
      const read = readPair(body.subarray(start, end), start)
      if (!read.ok) return read
      fields.push(read.value)
    }
    start = end + 1
  }
  return ok(fields)
}

function readPair(pair: Buffer, offset: number): Result<PlacedField, FormError> {
  const equals = pair.indexOf(0x3d)
  const name = decodePercent(equals === -1 ? pair : pair.subarray(0, equals))
  if (!name.ok) return fail({ rule: 'percent_escape', field: null, offset: offset + name.error })
  const value = decodePercent(equals === -1 ? Buffer.alloc(0) : pair.subarray(equals + 1))
  if (!value.ok) {
    const at = offset + equals + 1 + value.error
    return fail({
      rule: 'percent_escape',
      field: name.value.toString('latin1').slice(0, 40),
      offset: at,
    })
  }
  return checkedField(name.value, value.value, offset)
}

/** The error is the offset of a `%` that two hexadecimal digits do not follow. */
export function decodePercent(encoded: Buffer): Result<Buffer, number> {
  if (!encoded.includes(0x25) && !encoded.includes(0x2b)) return ok(Buffer.from(encoded))
  const bytes = Buffer.alloc(encoded.length)
  let length = 0
  for (let i = 0; i < encoded.length; i++) {
    const byte = encoded[i] ?? 0
    if (byte === 0x25) {
      const digits = encoded.toString('latin1', i + 1, i + 3)
      if (!/^[0-9A-Fa-f]{2}$/.test(digits)) return fail(i)
      bytes[length++] = Number.parseInt(digits, 16)
      i += 2
    } else bytes[length++] = byte === 0x2b ? 0x20 : byte
  }
  return ok(bytes.subarray(0, length))
}
