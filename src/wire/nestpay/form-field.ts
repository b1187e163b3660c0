import { limits } from '../../kernel/limits.ts'
import { fail, ok, type Result } from '../../kernel/result.ts'
import type { Field } from './field.ts'

/** What is wrong with a body: the field where there is one, and the rule that it breaks. */
export type FormError = {
  readonly rule:
    | 'content_type'
    | 'too_large'
    | 'too_many_fields'
    | 'name_too_long'
    | 'name_characters'
    | 'value_too_long'
    | 'percent_escape'
    | 'multipart_shape'
    | 'file'
    | 'duplicate'
  /** The field's name as far as it is known, printable. */
  readonly field: string | null
  /** Where in the body, in bytes. */
  readonly offset: number
}

/** A field and where it began in the body. */
export type PlacedField = { readonly field: Field; readonly offset: number }

/** The bounds of one field, the same for both encodings. */
export function checkedField(
  name: Buffer,
  value: Buffer,
  offset: number,
): Result<PlacedField, FormError> {
  const shown = printable(name)
  if (name.length > limits.formFieldNameBytesMax) {
    return fail({ rule: 'name_too_long', field: shown, offset })
  }
  if (name.length === 0 || name.some((byte) => byte < 0x20 || byte > 0x7e)) {
    return fail({ rule: 'name_characters', field: shown, offset })
  }
  if (value.length > limits.formFieldValueBytesMax) {
    return fail({ rule: 'value_too_long', field: shown, offset })
  }
  return ok({ field: { name: name.toString('latin1'), value }, offset })
}

const printable = (name: Buffer): string =>
  name
    .subarray(0, 40)
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '?')
